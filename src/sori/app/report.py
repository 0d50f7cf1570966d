"""The answers of the actions as lines for people, or as the documented JSON."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

from sori.app.output import clock, json_text, lines, printable, table, write

__all__ = ["failures", "index", "show"]

SCHEMA = 1
"""Version of every JSON answer; it grows when a key changes its meaning or goes away."""

_SHOWN = 10


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
    left = f"; stopped with {counts.to_do - counts.done} to do" if counts.stopped else ""
    rows = [f"sori: {', '.join(filter(None, said))} in {counts.seconds:.1f} s{pace}{left}"]
    rows += [f"  {printable(f.path)}: {printable(f.reason)}" for f in counts.failures[:_SHOWN]]
    if len(counts.failures) > _SHOWN:
        rows.append(f"  and {len(counts.failures) - _SHOWN} more; `sori failures` lists all")
    for row in rows:
        print(row.encode(sys.stderr.encoding or "utf-8", "backslashreplace").decode(), file=sys.stderr)


def failures(found: list[dict[str, Any]], *, as_json: bool) -> None:
    """Write the files that failed."""
    if as_json:
        write(json_text({"schema": SCHEMA, "failures": found}))
    else:
        lines(table([(f["kind"], printable(f["path"]), printable(f["reason"])) for f in found]))


def show(track: dict[str, Any], *, as_json: bool) -> None:
    """Write everything known about one track."""
    if as_json:
        write(json_text({"schema": SCHEMA, **track}))
        return
    rows = [(name, printable(value)) for name, value in _facts(track) if value]
    lines(table(rows))


def _facts(track: dict[str, Any]) -> list[tuple[str, str]]:
    channels = {1: "mono", 2: "stereo"}.get(track["channels"], f"{track['channels']} channels")
    tempo, key = track["tempo_bpm"], track["key_tonic"]
    heard = track["results"]
    return [
        ("title", track["title"] or ""),
        ("artist", track["artist"] or ""),
        ("album", track["album"] or ""),
        ("genre", track["genre"] or ""),
        ("year", str(track["year"] or "")),
        ("file", track["path"] + ("  (missing)" if track["missing"] else "")),
        *(("also in", path) for path in track["paths"] if path != track["path"]),
        ("length", f"{clock(track['duration_s'])}, {track['sample_rate'] / 1000:g} kHz {channels}"),
        ("tempo", f"{tempo:.1f} BPM{_sure(track['tempo_confidence'])}" if tempo else "none"),
        ("", _alternatives(heard.get("tempo"), lambda c: f"{c['bpm']:.1f} ({c['relation']})")),
        ("key", f"{key} {track['key_mode']}{_sure(track['key_confidence'])}" if key else "none"),
        ("", _alternatives(heard.get("key"), lambda c: f"{c['tonic']} {c['mode']} ({c['confidence']:.0%})")),
        ("tuning", f"A4 = {track['tuning_hz']:.1f} Hz" if track["tuning_hz"] else ""),
        ("loudness", _loudness(heard.get("loudness"))),
        ("beats", _beats(heard.get("beats"))),
        ("highlight", _highlight(heard.get("highlight"))),
        ("id", track["id"]),
    ]


def _sure(confidence: float | None) -> str:
    return f"  ({confidence:.0%} sure)" if confidence is not None else ""


def _alternatives(result: dict[str, Any] | None, said: Any) -> str:
    others = (result or {}).get("alternatives") or []
    return "or " + ", ".join(said(other) for other in others[:3]) if others else ""


def _loudness(result: dict[str, Any] | None) -> str:
    if not result or result.get("integrated_lufs") is None:
        return ""
    said = f"{result['integrated_lufs']:.1f} LUFS"
    if result.get("range_lu") is not None:
        said += f", range {result['range_lu']:.1f} LU"
    if result.get("true_peak_dbtp") is not None:
        said += f", true peak {result['true_peak_dbtp']:.1f} dBTP"
    return said


def _beats(result: dict[str, Any] | None) -> str:
    times = (result or {}).get("times_s") or []
    return f"{len(times)}, the first at {times[0]:.2f} s" if times else ""


def _highlight(result: dict[str, Any] | None) -> str:
    loudest = (result or {}).get("loudest")
    return f"{clock(loudest['start_s'])} to {clock(loudest['end_s'])}" if loudest else ""
