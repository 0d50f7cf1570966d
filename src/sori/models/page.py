"""An evaluation as a page of HTML that stands alone: nothing is fetched, sounds are inside.

It can be sent by mail, opened on a phone, and read in the dark.
"""

from __future__ import annotations

import base64
import html
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sori import audio
from sori.errors import DataError, DecodeError
from sori.models.data import LearningData
from sori.models.evaluation import Evaluation
from sori.models.model import SoundModel
from sori.signal.excerpts import loudest_excerpt

__all__ = ["page"]

_HEARD_S = 6.0  # of a mistake, its loudest part
_RATE, _BIT_RATE = 22050, 48_000
_NUMBERED = 30  # labels up to which the confusion matrix has numbers in it


def page(name: str, model: SoundModel, data: LearningData, evaluation: Evaluation) -> str:
    """Return the page of an evaluation; ``name`` is that of the model's file."""
    found = evaluation.figures
    style = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
    body = [
        _head(name, found),
        _warnings(found["warnings"]),
        _by_label(found["labels"]),
        ""
        if found["multi_label"]
        else _confusion([each["label"] for each in found["labels"]], found["confusion"]),
        _parts(found),
        _mistakes(data, evaluation),
        _failures(found["failures"]),
        _facts(model, found),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{_text(name)}: {_percent(found['accuracy'])}"
        f" right</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(filter(None, body))
        + "\n</main>\n</body>\n</html>\n"
    )


def _head(name: str, found: Mapping[str, Any]) -> str:
    low, high = found["accuracy_interval"]
    more = [
        ("F, mean of labels", _percent(found["macro_f"]), _between(found["macro_f_interval"])),
        ("the most frequent alone", _percent(found["chance"]), "what knowing nothing gives"),
    ]
    if found["multi_label"]:
        more.insert(0, ("average precision", _percent(found["mean_average_precision"]), "mean of labels"))
    tiles = "".join(
        f'<div class="tile"><b>{value}</b><span>{_text(what)}</span><small>{_text(said)}</small></div>'
        for what, value, said in more
    )
    return (
        f"<header>\n<h1>{_text(name)}</h1>\n<p>{_text(found['data'])}:"
        f" {_text(found['said'])}</p>\n</header>\n"
        f'<section class="tiles">\n<div class="tile main"><b>{_percent(found["accuracy"])}</b>'
        f"<span>right, of {found['recordings']:,} recordings</span>{_bar(found['accuracy'], (low, high))}"
        f"<small>95 % of resampled groups ({found['groups']:,}): {100 * low:.1f} to {100 * high:.1f}"
        f" %</small></div>\n"
        f"{tiles}\n</section>"
    )


def _warnings(warnings: Sequence[str]) -> str:
    if not warnings:
        return ""
    items = "".join(f"<li>{_text(warning)}</li>" for warning in warnings)
    return f'<section class="warning" role="alert">\n<h2>Read this first</h2>\n<ul>{items}</ul>\n</section>'


def _by_label(labels: Sequence[Mapping[str, Any]]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{_text(each["label"])}</th><td>{each["recordings"]}</td>'
        f"<td>{_hundredths(each['precision'])}</td><td>{_hundredths(each['recall'])}</td>"
        f"<td>{_hundredths(each['f'])}</td>"
        f'<td class="wide">{_bar(each["f"], each["f_interval"])}</td></tr>\n'
        for each in labels
    )
    return (
        '<section>\n<h2>Each label</h2>\n<div class="scroll"><table class="labels">\n<thead><tr>'
        f"{_columns('label', 'recordings', 'precision', 'recall', 'F')}"
        '<th scope="col" class="wide">F and 95 % of it</th>'
        f"</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
        "<p>In per cent. Precision: of what was called so, how much is. Recall: of what is so, how much"
        " was called so."
        " F: both in one.</p>\n</section>"
    )


def _confusion(labels: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """Return the confusion matrix: a row for what is, a column for what was said."""
    head = "".join(f'<th scope="col"><span>{_text(label)}</span></th>' for label in labels)
    numbered = len(labels) <= _NUMBERED
    rows = []
    for k, (label, row) in enumerate(zip(labels, counts, strict=True)):
        total = sum(row)
        cells = []
        for j, count in enumerate(row):
            share = count / total if total else 0.0
            kind = "right" if j == k else "wrong"
            said = f"{label} called {labels[j]}: {count} of {total}"
            shown = str(count) if numbered and count else ""
            style = f' style="--share:{share:.3f}"' if count else ""
            cells.append(f'<td class="{kind}"{style} title="{_text(said)}">{shown}</td>')
        rows.append(f'<tr><th scope="row">{_text(label)}</th>{"".join(cells)}</tr>\n')
    size = "" if numbered else " dense"
    return (
        "<section>\n<h2>What is taken for what</h2>\n<p>A row is what a recording is, a column what it"
        " was called.</p>\n"
        f'<div class="scroll"><table class="confusion{size}">\n<thead><tr><td></td>{head}</tr></thead>\n'
        f"<tbody>\n{''.join(rows)}</tbody>\n</table></div>\n</section>"
    )


def _parts(found: Mapping[str, Any]) -> str:
    if len(found["parts"]) < 2:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{_text(part["name"])}</th><td>{part["recordings"]}</td>'
        f"<td>{_hundredths(part['accuracy'])}</td>"
        f'<td class="wide">{_bar(part["accuracy"], None)}</td></tr>\n'
        for part in found["parts"]
    )
    return (
        '<section>\n<h2>Each part in turn</h2>\n<div class="scroll"><table class="labels">\n<thead><tr>'
        f'{_columns("part", "recordings", "right, %")}<th scope="col" class="wide"></th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody>\n</table></div>\n<p>Mean of the parts:"
        f" {_percent(found['mean_of_parts'])}</p>\n</section>"
    )


def _mistakes(data: LearningData, evaluation: Evaluation) -> str:
    worst = evaluation.figures["worst"]
    if not worst:
        return ""
    players = [_player(data, number) for number in evaluation.worst]
    cards = "".join(_mistake(each, player) for each, player in zip(worst, players, strict=True))
    return (
        "<section>\n<h2>Worst mistakes</h2>\n"
        "<p>Wrong answers, the surest first. Some may be wrong labels.</p>\n"
        f'<div class="cards">\n{cards}</div>\n</section>'
    )


def _mistake(each: Mapping[str, Any], player: str) -> str:
    answers = [f"{answer['label']} ({_percent(answer['score'])})" for answer in each["said"]]
    return (
        f'<article>\n<p class="truth"><b>{_text(", ".join(each["labels"]) or "nothing")}</b></p>\n'
        f"<p>called <b>{_text(', '.join(answers) or 'nothing')}</b></p>\n{player}\n"
        f"<small>{_text(each['id'])}</small>\n</article>\n"
    )


def _player(data: LearningData, number: int) -> str:
    """Return a player with the loudest seconds of a clip in it."""
    try:
        found = data.load(number, _RATE)
    except (DecodeError, DataError, OSError) as why:
        return f"<p><em>cannot be played: {_text(str(why))}</em></p>"
    if len(found) > _HEARD_S * _RATE:
        found = loudest_excerpt(found, sample_rate=_RATE, duration_s=_HEARD_S)
    loudest = float(np.abs(found).max(initial=0.0))
    if loudest > 0:  # quiet clips are heard on a telephone, too
        found = found * np.float32(0.7 / loudest)
    with tempfile.TemporaryDirectory(prefix="sori-") as folder:
        path = Path(folder) / "clip.mp3"
        audio.save(path, found, sample_rate=_RATE, bit_rate_bps=_BIT_RATE)
        encoded = base64.b64encode(path.read_bytes()).decode()
    return f'<audio controls preload="metadata" src="data:audio/mpeg;base64,{encoded}"></audio>'


def _failures(failures: Sequence[Mapping[str, Any]]) -> str:
    if not failures:
        return ""
    items = "".join(
        f"<li><code>{_text(each['id'])}</code>: {_text(each['reason'])}</li>" for each in failures
    )
    return f"<section>\n<h2>Not heard</h2>\n<ul>{items}</ul>\n</section>"


def _facts(model: SoundModel, found: Mapping[str, Any]) -> str:
    card = model.card
    hears = f"{model.excerpt_samples / model.sample_rate:g} s at {model.sample_rate:,} Hz at once"
    pairs: list[tuple[str, Any]] = [("model", card["kind"]), ("hears", hears)]
    if data := card.get("data"):
        pairs.append(("learned from", f"{data['recordings']} recordings of {data['name']}; {data['parts']}"))
    if reason := card.get("reason"):
        pairs.append(("why this model", reason))
    pairs += [*card["training"].items(), *card["options"].items(), ("made by", card.get("made_by", "sori"))]
    rows = "".join(
        f"<dt>{_text(str(key).replace('_', ' '))}</dt><dd>{_text(str(value))}</dd>" for key, value in pairs
    )
    summary = "<summary>The model and its options</summary>"
    return f"<section>\n<details>\n{summary}\n<dl>{rows}</dl>\n</details>\n</section>"


def _bar(value: float | None, interval: Iterable[float] | None) -> str:
    """Return a bar for a share, with a line from one end of its interval to the other."""
    if value is None:
        return ""
    span = ""
    if interval is not None:
        low, high = interval
        span = f'<i style="left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"></i>'
    return f'<span class="bar" aria-hidden="true"><b style="width:{100 * value:.1f}%"></b>{span}</span>'


def _between(edges: Sequence[float] | None) -> str:
    return "" if edges is None else f"95 %: {100 * edges[0]:.1f} to {100 * edges[1]:.1f} %"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _columns(*names: str) -> str:
    return "".join(f'<th scope="col">{_text(name)}</th>' for name in names)


def _hundredths(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"


def _text(text: str) -> str:
    return html.escape(text, quote=True)
