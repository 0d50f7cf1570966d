"""The answers of the actions as lines for people, or as the documented JSON."""

from __future__ import annotations

import dataclasses
import os
import shlex
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sori.app.output import SCHEMA, clock, json_rows, json_text, lines, printable, table, write
from sori.app.report_music import by_hand
from sori.library.entries import TAGS

if TYPE_CHECKING:
    from sori.library.track import Track

__all__ = ["analysis", "demo", "doctor", "export", "failures", "index", "map_", "playlist", "show", "similar"]

_SHOWN = 10
_HARDLY = 0.01  # not worth a word


def index(counts: Any, *, as_json: bool, quiet: bool) -> None:
    """Say what an index run did: a summary and the failures on standard error, JSON on standard output."""
    if as_json:
        write(json_text({"schema": SCHEMA, **dataclasses.asdict(counts)}))
    if quiet:
        return
    said = [
        f"{counts.heard} heard",
        f"{counts.recognised} recognised" if counts.recognised else "",
        f"{counts.unchanged} unchanged" if counts.unchanged else "",
        f"{counts.missing} gone" if counts.missing else "",
        f"{len(counts.failures)} failed" if counts.failures else "",
    ]
    pace = (
        f" ({counts.audio_s / counts.seconds:.0f} x real time)" if counts.audio_s and counts.seconds else ""
    )
    left = f"; stopped with {counts.to_do - counts.done} files to do" if counts.stopped else ""
    rows = [f"sori: {', '.join(filter(None, said))} in {counts.seconds:.1f} s{pace}{left}"]
    rows += [f"  {printable(f.path)}: {printable(f.reason)}" for f in counts.failures[:_SHOWN]]
    if len(counts.failures) > _SHOWN:
        rows.append(f"  and {len(counts.failures) - _SHOWN} more; `sori failures` lists all")
    lines(rows, to=sys.stderr)


def failures(found: list[dict[str, Any]], *, as_json: bool) -> None:
    """Write the files that failed."""
    if as_json:
        write(json_text({"schema": SCHEMA, "failures": found}))
    else:
        lines(table([(f["kind"], printable(f["path"]), printable(f["reason"])) for f in found]))


def export(tracks: list[dict[str, Any]], csv_text: str | None, *, output: str | None) -> None:
    """Write all tracks, one per line: as CSV where there is such a text, else as JSON."""
    write(json_rows({"schema": SCHEMA}, "tracks", tracks) if csv_text is None else csv_text, output)


def show(track: Track, *, as_json: bool) -> None:
    """Write everything known about one track."""
    if as_json:
        write(json_text({"schema": SCHEMA, **dataclasses.asdict(track)}))
    else:
        lines(_facts(track))


def analysis(track: Track, flat: dict[str, Any], *, as_json: bool) -> None:
    """Write what was heard in one file; ``flat`` is its JSON."""
    if as_json:
        write(json_text({"schema": SCHEMA, **flat}))
    else:
        lines(_facts(track))


def similar(answer: dict[str, Any], *, as_json: bool) -> None:
    """Write what sounds alike, each with its reasons on a line of its own."""
    _outdated(answer)
    if as_json:
        write(json_text({"schema": SCHEMA, **answer}))
        return
    rows = table([(f"{r['similarity']:.0%}", *_named(r)) for r in answer["results"]], right=frozenset({0}))
    for row, result in zip(rows, answer["results"], strict=True):
        lines([row, f"      {_why(result)}"])
    if not rows:
        lines(["nothing found"])


def demo(answer: dict[str, Any], *, as_json: bool) -> None:
    """Write what a demonstration found."""
    if as_json:
        write(json_text({"schema": SCHEMA, **answer, "counts": dataclasses.asdict(answer["counts"])}))
        return
    index(answer["counts"], as_json=False, quiet=False)
    for example in answer["examples"]:
        title, artist = _named(example["seeds"][0])
        lines(["", f"Like {title}{f' by {artist}' if artist else ''}:"])
        similar(example, as_json=False)
    place = shlex.quote(printable(answer["library"]))
    lines(
        [
            "",
            f"Look and listen: sori serve --library {place} opens the page.",
            f"Go on with: sori similar TITLE --library {place}, and sori index FOLDER for your own music.",
        ]
    )


def playlist(answer: dict[str, Any], *, as_json: bool, written: str | None) -> None:
    """Write tracks in their order; what could not be kept to goes to standard error."""
    _outdated(answer)
    if as_json:
        write(json_text({"schema": SCHEMA, **answer}))
    else:
        rows = [
            (str(number), *_named(t), clock(t["duration_s"]), _tempo(t), _key(t))
            for number, t in enumerate(answer["tracks"], 1)
        ]
        lines(table(rows, right=frozenset({0, 3, 4})))
        lines(
            [
                f"{len(rows)} tracks, {clock(answer['duration_s'])}"
                + (f", in {printable(written)}" if written else "")
            ]
        )
    notes = [*answer.get("relaxed", []), *answer["left_out"]]
    if answer.get("short"):
        notes.append("there are not enough tracks for what was asked")
    lines([f"sori: {printable(note)}" for note in notes], to=sys.stderr)


def map_(answer: dict[str, Any], csv_text: str, *, as_json: bool, output: str | None) -> None:
    """Write the map, as CSV unless JSON is asked for."""
    _outdated(answer)
    write(json_text({"schema": SCHEMA, **answer}) if as_json else csv_text, output)


def doctor(findings: list[dict[str, Any]], *, as_json: bool) -> None:
    """Write what was examined, and how to mend what is broken."""
    if as_json:
        write(json_text({"schema": SCHEMA, "findings": findings}))
        return
    rows = table([("ok" if f["ok"] else "BAD", f["what"], printable(f["found"])) for f in findings])
    for row, finding in zip(rows, findings, strict=True):
        lines([row] if finding["ok"] else [row, f"     fix: {printable(finding['fix'])}"])


def _outdated(answer: dict[str, Any]) -> None:
    count = answer["outdated"]
    if count:
        said = f"{count} tracks were" if count > 1 else "1 track was"
        lines([f"sori: {said} heard by another version and left out; run `sori index` again"], to=sys.stderr)


def _why(result: dict[str, Any]) -> str:
    """Return the reasons in one line; without any, what comes nearest to one."""
    said = [f"perhaps {result['relation'].rstrip('?')}"] if result["relation"] else []
    said += result["reasons"]
    nearest = max(result["shares"], key=result["shares"].get, default=None)
    return "; ".join(said) or (f"nearest in {nearest}" if nearest else "nothing in particular")


def _named(track: dict[str, Any]) -> tuple[str, str]:
    """Return title and artist; a file without tags is named by its path."""
    if track["title"]:
        return printable(track["title"]), printable(track["artist"] or "")
    return printable(os.path.basename(track["path"])), printable(track["artist"] or "")


def _tempo(track: dict[str, Any]) -> str:
    return f"{track['tempo_bpm']:.0f} BPM" if track["tempo_bpm"] else ""


def _key(track: dict[str, Any]) -> str:
    return f"{track['key_tonic']} {track['key_mode']}" if track["key_tonic"] else ""


def _facts(track: Track) -> list[str]:
    channels = {1: "mono", 2: "stereo"}.get(track.channels, f"{track.channels} channels")
    heard = track.results
    sure_tempo, sure_key = f"  ({track.tempo_confidence:.0%} sure)", f"  ({track.key_confidence:.0%} sure)"
    facts = [
        ("title", track.title or ""),
        ("artist", track.artist or ""),
        ("album", track.album or ""),
        ("genre", track.genre or ""),
        ("year", str(track.year or "")),
        ("file", track.path + ("  (missing)" if track.missing else "")),
        *(
            ("also in", path + ("  (missing)" if path in track.missing_paths else ""))
            for path in track.paths
            if path != track.path
        ),
        ("length", f"{clock(track.duration_s)}, {track.sample_rate / 1000:g} kHz {channels}"),
        ("tempo", f"{track.tempo_bpm:.1f} BPM{sure_tempo}" if track.tempo_bpm else "none"),
        ("", _alternatives(heard.get("tempo"), lambda c: f"{c['bpm']:.1f} ({c['relation']})")),
        ("key", f"{track.key_tonic} {track.key_mode}{sure_key}" if track.key_tonic else "none"),
        ("", _alternatives(heard.get("key"), lambda c: f"{c['tonic']} {c['mode']} ({c['confidence']:.0%})")),
        ("tuning", f"A4 = {track.tuning_hz:.1f} Hz" if track.tuning_hz else ""),
        ("loudness", _loudness(heard.get("loudness"))),
        ("beats", _beats(heard.get("beats"))),
        ("metre", _metre(heard.get("metre"))),
        ("chords", _chords(heard.get("chords"))),
        ("sections", _sections(heard.get("sections"))),
        ("highlight", _highlight(heard.get("highlight"))),
        *_tone(heard.get("expression")),
        *_tags(heard),
        ("by hand", by_hand(track.corrected)),
        ("id", track.id),
    ]
    return table([(name, printable(value)) for name, value in facts if value])


def _tags(heard: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what trained models said, by the name of each."""
    return [
        (stage, ", ".join(result["labels"]) or "nothing")
        for stage, result in sorted(heard.items())
        if stage.startswith(TAGS)
    ]


def _alternatives(result: Mapping[str, Any] | None, said: Callable[[Any], str]) -> str:
    others = [other for other in (result or {}).get("alternatives") or [] if other["confidence"] >= _HARDLY]
    return "or " + ", ".join(said(other) for other in others[:3]) if others else ""


def _loudness(result: Mapping[str, Any] | None) -> str:
    if not result or result.get("integrated_lufs") is None:
        return ""
    said = f"{result['integrated_lufs']:.1f} LUFS"
    if result.get("range_lu") is not None:
        said += f", range {result['range_lu']:.1f} LU"
    if result.get("true_peak_dbtp") is not None:
        said += f", true peak {result['true_peak_dbtp']:.1f} dBTP"
    return said


def _beats(result: Mapping[str, Any] | None) -> str:
    times = (result or {}).get("times_s") or []
    return f"{len(times)}, the first at {times[0]:.2f} s" if times else ""


def _metre(result: Mapping[str, Any] | None) -> str:
    beats = (result or {}).get("beats_per_bar")
    return f"{beats} beats to the bar" if beats else ""


def _chords(result: Mapping[str, Any] | None) -> str:
    """Return the chords that last longest, most first, and how many changes there are."""
    chords = (result or {}).get("chords") or []
    lasting: dict[str, float] = {}
    for chord in chords:
        if chord["label"] not in ("N", "X"):
            lasting[chord["label"]] = lasting.get(chord["label"], 0.0) + chord["end_s"] - chord["start_s"]
    if not lasting:
        return ""
    from sori.theory.lead_sheet import chord_name

    most = sorted(lasting, key=lasting.__getitem__, reverse=True)[:6]
    return f"mostly {', '.join(map(chord_name, most))}; {len(chords)} in a row"


def _sections(result: Mapping[str, Any] | None) -> str:
    found = (result or {}).get("sections") or []
    return "  ".join(f"{s['label']} {clock(s['start_s'])}" for s in found) if len(found) > 1 else ""


def _tone(result: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    words = ((result or {}).get("tone") or {}).get("words") or []
    said = [word["word"] for word in words if word["word"] != "between"]
    return [("tone", ", ".join(said))] if said else []


def _highlight(result: Mapping[str, Any] | None) -> str:
    loudest = (result or {}).get("loudest")
    return f"{clock(loudest['start_s'])} to {clock(loudest['end_s'])}" if loudest else ""
