"""The commands that recommend: similar, playlist, path, map."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sori.app.cli_options import JsonOption, LibraryOption, WeightsOption, span, tempo_span
from sori.errors import ParameterError

__all__ = ["add_to"]

Seeds = Annotated[
    list[str], typer.Argument(metavar="TRACK", help="Paths, ids or titles; several are taken together.")
]
TempoOption = Annotated[
    str | None,
    typer.Option(
        "--tempo", metavar="MIN-MAX", help="Only these tempos, BPM; one number takes 6 % around it."
    ),
]
YearOption = Annotated[str | None, typer.Option("--year", metavar="A-B", help="Only these years.")]
GenreOption = Annotated[str | None, typer.Option("--genre", help="Only this genre.")]
FolderOption = Annotated[str | None, typer.Option("--folder", metavar="DIR", help="Only what lies in here.")]
OutputOption = Annotated[
    str | None, typer.Option("--output", "-o", metavar="FILE", help="Write a playlist: .m3u8 or .json.")
]


def add_to(app: typer.Typer) -> None:
    """Give these commands to the command line."""
    for command in (similar, playlist, path, map_):
        app.command(command.__name__.rstrip("_"))(command)


def similar(
    tracks: Annotated[
        list[str],
        typer.Argument(metavar="TRACK", help="Paths, ids or titles, or files outside the library."),
    ],
    library: LibraryOption = None,
    count: Annotated[int, typer.Option("--count", "-n", help="How many.")] = 20,
    weights: WeightsOption = None,
    tempo: TempoOption = None,
    half_double: Annotated[
        bool, typer.Option("--half-double", help="Tempos count at half and double time too.")
    ] = False,
    duration: Annotated[
        str | None, typer.Option("--duration", metavar="MIN-MAX", help="Only these lengths, in minutes.")
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", metavar="KEY", help="Only this key, as in Am, 'F# minor' or 8A.")
    ] = None,
    compatible_key: Annotated[
        bool, typer.Option("--compatible-key", help="Only keys that go with the first track's.")
    ] = False,
    year: YearOption = None,
    genre: GenreOption = None,
    folder: FolderOption = None,
    per_artist: Annotated[int, typer.Option(help="At most so many by one artist; 0 for any number.")] = 2,
    same_recordings: Annotated[
        bool, typer.Option("--same-recordings", help="Show other files of what was found, too.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Find the tracks that sound most like others, and say why."""
    from sori.app import report
    from sori.app.actions.recommending import similar as act

    if key is not None and compatible_key:
        raise ParameterError("--key and --compatible-key both say which keys pass; give one of them")
    answer = act(
        tracks,
        library=library,
        count=count,
        weights=weights,
        compatible_key=compatible_key,
        per_artist=per_artist or None,
        same_recordings=same_recordings,
        filters={
            **_filters(year, genre, folder),
            "tempo_bpm": tempo_span(tempo),
            "half_double": half_double,
            "key": key,
            "same_key": key is not None,
            "duration_s": _seconds(duration),
        },
    )
    report.similar(answer, as_json=json)


def playlist(
    tracks: Seeds,
    library: LibraryOption = None,
    length: Annotated[int | None, typer.Option(help="How many tracks; 20 by default.")] = None,
    duration: Annotated[float | None, typer.Option(metavar="MIN", help="About how many minutes.")] = None,
    tempo_ramp: Annotated[
        str | None, typer.Option(metavar="A:B", help="Let the tempo go from A to B, in BPM.")
    ] = None,
    compatible_keys: Annotated[
        bool, typer.Option("--compatible-keys", help="Every key goes with the one before.")
    ] = False,
    artist_spacing: Annotated[int, typer.Option(help="Tracks between two by one artist.")] = 3,
    album_spacing: Annotated[int, typer.Option(help="Tracks between two of one album.")] = 1,
    weights: WeightsOption = None,
    year: YearOption = None,
    genre: GenreOption = None,
    folder: FolderOption = None,
    variety: Annotated[float, typer.Option(help="Above 0, another list for each seed; try 0.3.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Which of the lists that variety allows.")] = 0,
    output: OutputOption = None,
    json: JsonOption = False,
) -> None:
    """Grow a playlist from one or more tracks."""
    from sori.app import report
    from sori.app.actions import recommending as act

    rules: dict[str, Any] = {"artist_spacing": artist_spacing, "album_spacing": album_spacing}
    rules |= {"compatible_keys": compatible_keys, "tempo_ramp": span(tempo_ramp, "--tempo-ramp", ":")}
    answer, listed = act.playlist(
        tracks,
        library=library,
        length=length,
        duration_s=None if duration is None else 60 * duration,
        rules=rules,
        weights=weights,
        filters=_filters(year, genre, folder),
        variety=variety,
        seed=seed,
    )
    left_out = act.write_playlist(output, listed) if output else []
    report.playlist({**answer, "left_out": left_out}, as_json=json, written=output)


def path(
    start: Annotated[str, typer.Argument(metavar="A", help="The first track.")],
    end: Annotated[str, typer.Argument(metavar="B", help="The last track.")],
    library: LibraryOption = None,
    length: Annotated[int, typer.Option(help="How many tracks, both ends included.")] = 10,
    weights: WeightsOption = None,
    output: OutputOption = None,
    json: JsonOption = False,
) -> None:
    """Find a gradual way from one track to another."""
    from sori.app import report
    from sori.app.actions import recommending as act

    answer, listed = act.path(start, end, library=library, length=length, weights=weights)
    left_out = act.write_playlist(output, listed) if output else []
    report.playlist({**answer, "left_out": left_out}, as_json=json, written=output)


def map_(
    library: LibraryOption = None,
    weights: WeightsOption = None,
    seed: Annotated[int, typer.Option(help="For the draws of the layout.")] = 0,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write here: .csv or .json.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Lay all tracks out on a plane, alike ones together: CSV, or JSON."""
    from sori.app import report
    from sori.app.actions import recommending as act

    if output and not output.endswith((".csv", ".json")):
        raise ParameterError(f"{output!r} is no name for a map; let it end in .csv or .json")
    if output and json:
        raise ParameterError(f"--json goes with no file; {output!r} says by its ending what is written")
    as_json = output.endswith(".json") if output else json
    answer = act.map_of(library=library, weights=weights, seed=seed)
    report.map_(answer, act.map_csv(answer["points"]), as_json=as_json, output=output)


def _seconds(text: str | None) -> tuple[float, float] | None:
    found = span(text, "--duration")
    return None if found is None else (60 * found[0], 60 * found[1])


def _filters(year: str | None, genre: str | None, folder: str | None) -> dict[str, Any]:
    years = span(year, "--year")
    return {
        "years": None if years is None else (int(years[0]), int(years[1])),
        "genre": genre,
        "folder": folder,
    }
