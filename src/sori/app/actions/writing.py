"""Results of one recording as a file: data in many forms, a picture, or sound."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sori.errors import ParameterError
from sori.library.track import Track

if TYPE_CHECKING:
    from sori.formats import Results

__all__ = ["PICTURES", "SOUNDS", "write_down"]

PICTURES = (".png", ".svg", ".pdf")
SOUNDS = (".wav", ".flac", ".ogg")


def write_down(
    track: Track,
    stages: Sequence[str] | None,
    *,
    output: str | None,
    form: str | None,
    part: str | None = None,
    usual: str | None = None,
) -> None:
    """Write these stages of a track (by default all) to a file, or to standard output where none is named.

    A form that holds one thing gets ``part``, or the ``usual`` one.

    Raises
    ------
    ParameterError
        For an ending or a form that there is none of.
    """
    from sori.app.output import write_bytes
    from sori.formats import FORMS, Results, form_of, render

    told = {name: track.results[name] for name in (stages or track.results) if name in track.results}
    about = {"duration_s": track.duration_s, "title": track.title or "", "artist": track.artist or ""}
    results = Results.from_plain({**about, **told})
    ending = Path(output).suffix.lower() if output else ""
    if form is None and ending in PICTURES:
        _draw(track, results, output or "")
    elif form is None and ending in SOUNDS:
        _sound(track, results, output or "")
    elif form is None and output is None:
        raise ParameterError("no file and no form is named; give --output FILE or --format FORM")
    else:
        form = form or form_of(output or "")
        if part is None and form in FORMS and FORMS[form].whole is None:
            part = usual
        write_bytes(render(results, form=form, part=part), output)


def _draw(track: Track, results: Results, output: str) -> None:
    from sori import audio
    from sori.display.overview import overview

    samples, sample_rate = audio.load(track.path)
    axes = overview(samples, results, sample_rate=sample_rate)
    figure = axes.get_figure(root=True)
    assert figure is not None  # overview made one
    figure.savefig(output, dpi=120)


def _sound(track: Track, results: Results, output: str) -> None:
    from sori import audio
    from sori.display.sonification import sonify

    samples, sample_rate = audio.load(track.path)
    audio.save(output, sonify(samples, results, sample_rate=sample_rate), sample_rate=sample_rate)
