"""Results of one track as a file of any form, for those who have no file system to share with us."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from sori.app.actions import music, writing
from sori.app.actions.hearing import hear_track
from sori.errors import ParameterError
from sori.library.ear import Ear

__all__ = ["ending_of", "export_track"]


def ending_of(form: str) -> str:
    """Return the ending of a file of a form: of a name such as ``midi``, or of an ending itself.

    Raises
    ------
    ParameterError
        There is no such form.

    >>> ending_of("midi"), ending_of("mid"), ending_of("png")
    ('.mid', '.mid', '.png')
    """
    known = writing.formats()
    for each in known:
        if form in (each["format"], each["extension"][1:]):
            return str(each["extension"])
    names = ", ".join(each["format"] for each in known)
    raise ParameterError(f"the format came as {form!r}; choose one of {names}")


def export_track(
    track_id: str,
    target: str,
    *,
    form: str,
    part: str | None = None,
    subject: str | None = None,
    transpose: int = 0,
    capo: int = 0,
    path: str | None = None,
    library: str | None = None,
    ear: Ear | None = None,
) -> None:
    """Write what is known of a track to a file, hearing what is lacking.

    Parameters
    ----------
    form, part
        As ``--format`` (or an ending) and ``--part``.
    subject
        Which command's results: one of `sori.app.actions.music.SUBJECTS`; without it, those of the subject
        that ``part`` belongs to, or everything.
    transpose, capo
        For chords.
    path
        The file of the track to hear, where that is known.

    Raises
    ------
    ParameterError
        For what there is none of, or what does not go together.
    """
    ending = ending_of(form)
    if subject is None and part is not None:
        subject = next((name for name, each in music.SUBJECTS.items() if part in each.parts), None)
    if subject is not None and subject not in music.SUBJECTS:
        raise ParameterError(f"subject came as {subject!r}; choose one of {', '.join(music.SUBJECTS)}")
    with tempfile.TemporaryDirectory(dir=os.path.dirname(target)) as folder:
        output = os.path.join(folder, f"export{ending}")
        usual = music.SUBJECTS[subject].parts if subject else ()
        what = writing.order(output, None, part, source=path or "", usual=usual)
        assert what is not None  # there is an output
        stages, told = None, None
        if subject is not None:
            choice = music.SUBJECTS[subject]
            wanted: dict[str, Any] = {"transpose": transpose, "capo": capo} if subject == "chords" else {}
            if subject == "chords":
                choice.check(names="lead", fingerings=None, form=what.form, **wanted)
            stages = (*choice.stages, *choice.beside)
        track = hear_track(track_id, stages=stages, library=library, ear=ear, path=path).track
        if subject is not None and stages is not None:
            told = choice.told(track, stages, **wanted)
        writing.write_down(track, track.results if told is None else told, what)
        os.replace(output, target)
