"""Which forms there are, what each can hold, and writing and reading them."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

from sori.errors import DataError, ParameterError
from sori.formats.chordpro import to_chordpro
from sori.formats.jams import JAMS_PARTS, from_jams, to_jams
from sori.formats.json_form import from_json, to_json
from sori.formats.labels import from_audacity, from_beats, from_lab, to_audacity, to_beats, to_lab
from sori.formats.midi import from_midi, to_midi
from sori.formats.results import Results
from sori.formats.rows import PARTS, parts_in
from sori.formats.tables import from_csv, to_csv
from sori.formats.text import decoded

__all__ = ["FORMS", "Form", "form_of", "read", "render", "write"]


@dataclasses.dataclass(frozen=True)
class Form:
    """A way to write results.

    Attributes
    ----------
    extensions
        Endings of file names, the usual one first.
    parts
        What one file may hold, one of them at a time; empty where a file holds everything it can.
    whole, one
        Writers: of everything, and of one part. A form has one of the two, JAMS both.
    back
        The reader, given the file and the part; ``None`` where there is none.
    """

    extensions: tuple[str, ...]
    parts: tuple[str, ...] = ()
    whole: Callable[[Results], str | bytes] | None = None
    one: Callable[[Results, str], str] | None = None
    back: Callable[[bytes, str | None], Results] | None = None


_LABELLED = ("chords", "sections", "keys")

FORMS: dict[str, Form] = {
    "json": Form((".json",), whole=to_json, back=lambda data, part: from_json(decoded(data))),
    "csv": Form(
        (".csv",), tuple(PARTS), one=to_csv, back=lambda data, part: from_csv(decoded(data), part or "")
    ),
    "jams": Form(
        (".jams",),
        whole=to_jams,
        one=lambda results, part: to_jams(results, parts=[part]),
        back=lambda data, part: from_jams(decoded(data), part),
    ),
    "beats": Form((".beats",), ("beats",), one=to_beats, back=lambda data, part: from_beats(decoded(data))),
    "lab": Form(
        (".lab",), _LABELLED, one=to_lab, back=lambda data, part: from_lab(decoded(data), part or "")
    ),
    "audacity": Form(
        (".txt",),
        ("beats", *_LABELLED, "onsets", "notes", "melody_notes", "accents", "swells"),
        one=to_audacity,
        back=lambda data, part: from_audacity(decoded(data), part or ""),
    ),
    "midi": Form((".mid", ".midi"), whole=to_midi, back=lambda data, part: from_midi(data)),
    "chordpro": Form((".cho", ".chordpro", ".chopro", ".crd", ".pro"), whole=to_chordpro),
}
"""The forms by name."""


def form_of(path: str | os.PathLike[str]) -> str:
    """Return the form that a file name's ending stands for.

    Raises
    ------
    ParameterError
        For an ending that none has.

    >>> form_of("song.lab")
    'lab'
    """
    ending = Path(path).suffix.lower()
    for name, form in FORMS.items():
        if ending in form.extensions:
            return name
    known = ", ".join(f"{'/'.join(form.extensions)} ({name})" for name, form in FORMS.items())
    raise ParameterError(f"{os.fspath(path)!r} ends in no form's ending; want {known}, or say the form")


def render(results: Results, *, form: str, part: str | None = None) -> bytes:
    """Return results in a form, as the bytes of a file.

    Parameters
    ----------
    results : Results
    form : str
        A name in `FORMS`.
    part : str, optional
        What to write in a form that holds one thing; not needed where the results hold one of its parts only.

    Raises
    ------
    ParameterError
        For an unknown form, a part it cannot hold or the results have not, and where it is open which.
    """
    chosen = _form(form)
    if part is None and chosen.whole is not None:
        made = chosen.whole(results)
    else:
        part = _part(form, part, parts_in(results))
        assert chosen.one is not None
        made = chosen.one(results, part)
    return made if isinstance(made, bytes) else made.encode("utf-8")


def write(
    results: Results, path: str | os.PathLike[str], *, form: str | None = None, part: str | None = None
) -> None:
    """Write results to a file, in the form that its name's ending stands for or in ``form``.

    Raises
    ------
    ParameterError
        As `render` and `form_of`; nothing is written then.
    OSError
        When the file cannot be written.
    """
    data = render(results, form=form or form_of(path), part=part)
    Path(path).write_bytes(data)


def read(path: str | os.PathLike[str], *, form: str | None = None, part: str | None = None) -> Results:
    """Read results from a file.

    Parameters
    ----------
    path : path
    form : str, optional
        A name in `FORMS`; by the ending of the file's name if not given.
    part : str, optional
        What it holds, in forms that do not say so themselves: CSV, ``.lab``, labels of Audacity.

    Raises
    ------
    ParameterError
        For a form that is not read, or a part it cannot hold.
    DataError
        When the file is not of that form; the message names the file and the line.
    OSError
        When it cannot be read.
    """
    form = form or form_of(path)
    chosen = _form(form)
    if chosen.back is None:
        readable = ", ".join(name for name, one in FORMS.items() if one.back is not None)
        raise ParameterError(f"form={form!r} is written only; want one of {readable}")
    if chosen.parts or part is not None:
        part = _part(form, part, chosen.parts)
    try:
        return chosen.back(Path(path).read_bytes(), part)
    except DataError as error:
        raise DataError(f"{os.fspath(path)!r}: {error}") from error


def _form(form: str) -> Form:
    if form not in FORMS:
        raise ParameterError(f"form={form!r}: want one of {', '.join(FORMS)}")
    return FORMS[form]


def _part(form: str, part: str | None, there: tuple[str, ...]) -> str:
    """Return the part to write or read, which the form must be able to hold."""
    holds = FORMS[form].parts or (JAMS_PARTS if form == "jams" else ())
    if part is None:
        possible = [name for name in holds if name in there]
        if len(possible) != 1:
            found = ", ".join(possible) or f"none of {', '.join(holds)}"
            raise ParameterError(f"form={form!r} holds one thing; there is {found}: say which with part=")
        return possible[0]
    if part not in holds:
        want = f"want one of {', '.join(holds)}" if holds else "it holds everything: leave part out"
        raise ParameterError(f"part={part!r} does not go into form={form!r}; {want}")
    return part
