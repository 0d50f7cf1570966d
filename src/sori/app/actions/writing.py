"""Results of one recording as a file: data in many forms, a picture, or sound."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sori.app.output import check_place, write_bytes, writing
from sori.errors import ParameterError
from sori.library.track import Track

if TYPE_CHECKING:
    from sori.formats import Results

__all__ = ["PICTURES", "SOUNDS", "Order", "formats", "order", "write_down"]

PICTURES = (".png", ".svg", ".pdf")
SOUNDS = (".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".aiff")

_DRAWN_HZ = 22050
_WHOLE = {"chordpro": ("chords",)}
"""What a form cannot be without, although it takes more."""


@dataclasses.dataclass(frozen=True)
class Order:
    """What to write and where to: a form of `sori.formats.FORMS`, ``"picture"`` or ``"sound"``.

    ``output`` is ``None`` for standard output, ``part`` where the form takes everything.
    """

    output: str | None
    form: str
    part: str | None


def formats() -> list[dict[str, Any]]:
    """Return every form that results can be written in: its ending, its kind, and what one file holds."""
    from sori.display.sonification import SOUNDS as SOUNDING
    from sori.formats import FORMS

    data = [(name, each.extensions[0], "data", each.parts) for name, each in FORMS.items()]
    pictures = [(ending[1:], ending, "picture", ()) for ending in PICTURES]
    sounds = [(ending[1:], ending, "sound", tuple(SOUNDING)) for ending in SOUNDS]
    return [
        {"format": name, "extension": ending, "kind": kind, "parts": list(parts)}
        for name, ending, kind, parts in (*data, *pictures, *sounds)
    ]


def order(
    output: str | None,
    form: str | None,
    part: str | None,
    *,
    source: str,
    usual: Sequence[str] = (),
    as_json: bool = False,
) -> Order | None:
    """Return what is to be written, ``None`` where nothing is; refuse what cannot be before it is heard.

    A form that holds one thing gets ``part``, or the first of the ``usual`` ones that it can hold. The
    ``source`` itself is never written over.

    Raises
    ------
    ParameterError
        For an ending, a form, a part or a place that there is none of, and options that fight.
    """
    if output is None and form is None:
        if part is not None:
            raise ParameterError("--part says what goes into a file; name one with --output")
        return None
    if as_json:
        raise ParameterError("--json goes with no file; the ending of --output, or --format, says what it is")
    if output is not None and output != "-":
        _spare((source,), output)
        check_place(output)
    form = _form(output, form)
    part = _part(form, part, usual)
    return Order(None if output == "-" else output, form, part)


def _spare(recordings: Sequence[str], output: str) -> None:
    """Refuse to write over a recording, under whatever name."""
    if os.path.exists(output):
        for path in recordings:
            if os.path.exists(path) and os.path.samefile(path, output):
                raise ParameterError(f"{output} is the recording itself; name another file with --output")


def _part(form: str, part: str | None, usual: Sequence[str]) -> str | None:
    """Return what goes into a form that takes one thing; ``None`` where it takes all there is."""
    from sori.display.sonification import SOUNDS as SOUNDING
    from sori.formats import FORMS

    holds: Sequence[str] = SOUNDING if form == "sound" else ()
    if form in FORMS:
        holds = FORMS[form].parts or _WHOLE.get(form, ())
    if part is not None and part not in holds:
        what = f"holds {', '.join(holds)}" if holds else "has no parts; leave --part out"
        raise ParameterError(f"--part came as {part!r}; {form} {what}")
    if not holds or (form == "sound" and part is None and not usual):
        return None
    part = part or next((each for each in usual if each in holds), None)
    if part is None and usual:
        raise ParameterError(f"{usual[0]} cannot be written as {form}, which holds {', '.join(holds)}")
    if part is None and len(holds) > 1:
        raise ParameterError(f"{form} holds one thing; say which with --part: {', '.join(holds)}")
    return None if form in _WHOLE else part or holds[0]


def _form(output: str | None, form: str | None) -> str:
    from sori.formats import FORMS

    if form is not None:
        if form not in FORMS:
            raise ParameterError(f"--format came as {form!r}; choose one of {', '.join(FORMS)}")
        return form
    ending = Path(output or "").suffix.lower()
    if ending in PICTURES:
        return "picture"
    if ending in SOUNDS:
        return "sound"
    for name, each in FORMS.items():
        if ending in each.extensions:
            return name
    known = " ".join([*(each.extensions[0] for each in FORMS.values()), *PICTURES, *SOUNDS])
    raise ParameterError(f"{output!r} does not say what to write; let it end in one of {known}")


def write_down(track: Track, told: Mapping[str, Any], what: Order) -> str | None:
    """Write results of a track, by stage, to a file or to standard output; say so if no tune is left in it.

    Raises
    ------
    ParameterError
        The file named is the recording itself.
    DecodeError, OSError
        A picture or sound was asked for and the recording cannot be read, or the file not be written.
    """
    from sori.formats import Results, render

    if what.output is not None:
        _spare((track.path, *track.paths), what.output)
    about = {"duration_s": track.duration_s, "title": track.title or "", "artist": track.artist or ""}
    results = Results.from_plain({**about, **told})
    shown = results if what.form == "json" or what.part is not None else _readable(results)
    if what.form == "picture":
        _draw(track, shown, what.output or "")
    elif what.form == "sound":
        _sound(track, shown, what)
    else:
        write_bytes(render(shown, form=what.form, part=what.part), what.output)
    if shown.notes is None and results.notes is not None and results.melody_notes is None:
        return "more than one voice sounds, so no notes are written; --melody follows the leading voice"
    return None


def _readable(results: Results) -> Results:
    """Leave out what is taken for a single voice where many sound: it would be scattered noise."""
    if results.notes is None or results.notes.single_voice:
        return results
    return dataclasses.replace(results, pitch=None, notes=None, contour=None)


def _draw(track: Track, results: Results, output: str) -> None:
    from sori import audio
    from sori.display.overview import overview

    # The picture ends at 7 kHz and has one channel: hours need no more than they must.
    samples, sample_rate = audio.load(track.path, sample_rate=_DRAWN_HZ, mono=True)
    figure = overview(samples, results, sample_rate=sample_rate).get_figure(root=True)
    assert figure is not None  # overview made one
    with writing(output) as file:
        figure.savefig(file, dpi=120, format=Path(output).suffix[1:].lower())


def _sound(track: Track, results: Results, what: Order) -> None:
    from sori import audio
    from sori.display.sonification import sonify

    samples, sample_rate = audio.load(track.path, mono=True)
    parts = None if what.part is None else [what.part]
    made = sonify(samples, results, sample_rate=sample_rate, parts=parts)
    audio.save(what.output or "", made, sample_rate=sample_rate)
