"""The commands that say what one recording does: analyze, beats, chords, key, sections, pitch."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import typer

from sori.app.cli_options import JsonOption, LibraryOption
from sori.errors import ParameterError

__all__ = ["add_to"]

SourceArgument = Annotated[
    str, typer.Argument(metavar="FILE", help="An audio file, or the path, id or title of a track.")
]
OutputOption = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write here; the ending says what, as in .csv .mid .jams .png .wav.",
    ),
]
FormOption = Annotated[
    str | None, typer.Option("--format", metavar="FORM", help="What to write, where the ending does not say.")
]
PartOption = Annotated[
    str | None,
    typer.Option(
        "--part", metavar="PART", help="Which of several, for forms that hold one: beats, chords, notes ..."
    ),
]


def add_to(app: typer.Typer) -> None:
    """Give these commands to the command line."""
    for command in (analyze, beats, chords, key, sections, pitch, correct):
        app.command(command.__name__)(command)


def analyze(
    file: SourceArgument,
    library: LibraryOption = None,
    json: JsonOption = False,
    output: OutputOption = None,
    form: FormOption = None,
    part: PartOption = None,
) -> None:
    """Hear everything in one file, in the library or not."""
    from sori.app import report
    from sori.app.actions import writing
    from sori.app.actions.analyzing import analyze as act
    from sori.app.actions.analyzing import flat

    what = writing.order(output, form, part, source=file, as_json=json)
    heard = act(file, library=library)
    if what is None:
        report.analysis(heard.track, flat(heard.track), as_json=json)
    else:
        writing.write_down(heard.track, heard.track.results, what)
    _say(heard.note)


def beats(
    file: SourceArgument,
    library: LibraryOption = None,
    json: JsonOption = False,
    output: OutputOption = None,
    form: FormOption = None,
    part: PartOption = None,
) -> None:
    """Tempo and how it moves, beats, bars, metre, long cycles."""
    _answer("beats", file, library, as_json=json, output=output, form=form, part=part)


def chords(
    file: SourceArgument,
    library: LibraryOption = None,
    names: Annotated[
        str,
        typer.Option(
            metavar="STYLE",
            help="lead (Am7), harte (A:min7), german, latin, french, spanish, korean, roman or nashville.",
        ),
    ] = "lead",
    transpose: Annotated[int, typer.Option(metavar="N", help="Semitones up, or down if negative.")] = 0,
    capo: Annotated[
        int, typer.Option(metavar="FRET", min=0, max=11, help="Name the shapes to play with a capo here.")
    ] = 0,
    fingerings: Annotated[
        str | None,
        typer.Option(metavar="INSTRUMENT", help="Also how to play them: guitar, ukulele, piano ..."),
    ] = None,
    free: Annotated[
        bool, typer.Option("--free", help="Let chords change wherever the sound does, not at beats only.")
    ] = False,
    json: JsonOption = False,
    output: OutputOption = None,
    form: FormOption = None,
    part: PartOption = None,
) -> None:
    """Every chord with its time, how sure it is, and what else it may be."""
    wanted: dict[str, Any] = {"names": names, "transpose": transpose, "capo": capo, "fingerings": fingerings}
    subject = "free_chords" if free else "chords"
    _answer(subject, file, library, as_json=json, output=output, form=form, part=part, **wanted)


def key(
    file: SourceArgument,
    library: LibraryOption = None,
    scl: Annotated[
        list[str] | None,
        typer.Option("--scl", metavar="FILE", help="A Scala file: is it this scale? More than one may be."),
    ] = None,
    json: JsonOption = False,
    output: OutputOption = None,
    form: FormOption = None,
    part: PartOption = None,
) -> None:
    """The key, where it changes, the tuning, and the scale that is really used, in cents."""
    _answer("key", file, library, as_json=json, output=output, form=form, part=part, scl=scl or ())


def sections(
    file: SourceArgument,
    library: LibraryOption = None,
    json: JsonOption = False,
    output: OutputOption = None,
    form: FormOption = None,
    part: PartOption = None,
) -> None:
    """Sections and which of them return, a likely chorus, a short excerpt that stands for all."""
    _answer("sections", file, library, as_json=json, output=output, form=form, part=part)


def pitch(
    file: SourceArgument,
    library: LibraryOption = None,
    melody: Annotated[
        bool, typer.Option("--melody", help="Follow the leading voice of many, not a single voice.")
    ] = False,
    method: Annotated[
        str | None,
        typer.Option(metavar="yin|learned", help="Periods, or a network that learned without labels."),
    ] = None,
    json: JsonOption = False,
    output: OutputOption = None,
    form: FormOption = None,
    part: PartOption = None,
) -> None:
    """Fundamental frequency from moment to moment, and the notes it makes."""
    from sori.app.actions.pitch_method import check_method

    check_method(method, melody=melody)
    _answer(
        "melody" if melody else "pitch",
        file,
        library,
        as_json=json,
        output=output,
        form=form,
        part=part,
        method=method if method != "yin" else None,
    )


def correct(
    track: Annotated[str, typer.Argument(metavar="TRACK", help="A path, an id, a title or a part of one.")],
    library: LibraryOption = None,
    tempo: Annotated[
        str | None, typer.Option("--tempo", metavar="x2|/2|2/3|3/2", help="So many times as many beats.")
    ] = None,
    tap: Annotated[
        str | None, typer.Option("--tap", metavar="S,S,S", help="Times of three or more beats in a row.")
    ] = None,
    shift_beats: Annotated[
        float, typer.Option("--shift-beats", metavar="N", help="Move bars by beats; 0.5 moves beats by half.")
    ] = 0.0,
    shift_s: Annotated[float, typer.Option("--shift", metavar="S", help="Move all beats by seconds.")] = 0.0,
    key: Annotated[str | None, typer.Option("--key", metavar="KEY", help="Such as Am or 'F# minor'.")] = None,
    chord: Annotated[
        list[str] | None, typer.Option("--chord", metavar="S=NAME", help="What sounds there: 12.5=Am7.")
    ] = None,
    undo: Annotated[
        list[str] | None, typer.Option("--undo", metavar="beats|key|chords", help="Let what was heard stand.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Say what is right, once and for all: no later hearing touches it."""
    from sori.app import report
    from sori.app.actions import correcting

    if undo:
        if tempo or tap or shift_beats or shift_s or key or chord:
            raise ParameterError("--undo goes alone; correct in a second command")
        found = correcting.undo(track, undo, library=library)
    else:
        found = correcting.correct(
            track,
            library=library,
            tempo=tempo,
            taps_s=[_seconds(each, "--tap") for each in tap.split(",")] if tap else (),
            shift_beats=shift_beats,
            shift_s=shift_s,
            key=key,
            chords=[_named(each) for each in chord or []],
        )
    report.show(found, as_json=json)


def _seconds(text: str, option: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ParameterError(f"{option} came with {text!r}; write seconds, as in 12.5") from None


def _named(text: str) -> tuple[float, str]:
    time, equals, name = text.partition("=")
    if not equals:
        raise ParameterError(f"--chord came as {text!r}; write seconds and a name, as in 12.5=Am7")
    return _seconds(time, "--chord"), name


def _answer(
    subject: str,
    file: str,
    library: str | None,
    *,
    as_json: bool,
    output: str | None,
    form: str | None,
    part: str | None,
    method: str | None = None,
    **wanted: Any,
) -> None:
    from sori.app import report_music
    from sori.app.actions import music, writing
    from sori.app.actions.hearing import hear_now

    choice = music.SUBJECTS[subject]
    what = writing.order(output, form, part, source=file, usual=choice.parts, as_json=as_json)
    choice.check(**wanted, form=what.form if what else None)
    stages = choice.stages if what is None else (*choice.stages, *choice.beside)
    heard = hear_now(file, stages=stages, library=library)
    if method is not None:
        from sori.app.actions.pitch_method import heard_again

        heard = dataclasses.replace(heard, track=heard_again(heard.track, method))
    if what is None:
        report_music.show(subject, choice.answer(heard.track, **wanted), as_json=as_json)
    else:
        said = writing.write_down(heard.track, choice.told(heard.track, stages, **wanted), what)
        _say(said)
    _say(heard.note)


def _say(note: str | None) -> None:
    if note:
        import sys

        from sori.app.output import lines, printable

        lines([f"sori: {printable(note)}"], to=sys.stderr)
