"""The card of a model: what it does, what it learned from, how well it does, and how to run it."""

from __future__ import annotations

import hashlib
from typing import Any

from sori.models.model import SoundModel

__all__ = ["card_text"]


def card_text(name: str, model: SoundModel, onnx: bytes) -> str:
    """Return the card of an exported model as Markdown; ``name`` is that of its file."""
    card = model.card
    rows = [
        f"# {name}",
        "",
        _does(model),
        "",
        "## Run it",
        "",
        f"- input `samples`: float32 `(time,)`, mono at **{model.sample_rate} Hz**, full scale at ±1, of"
        f" any length."
        f" It is heard in excerpts of {model.excerpt_samples / model.sample_rate:g} s, half of one apart,"
        f" and what is"
        " said of them is averaged; memory grows with the length, so cut what is longer than some minutes.",
        f"- output `scores`: float32 `({len(model.labels)},)`, each between 0 and 1"
        + (
            "; a label is meant where its score is above a half."
            if model.multi_label
            else ", together 1; the largest is the answer."
        ),
        "- output `embedding`: a place among other sounds, like beside like.",
        "- the labels, in the order of the scores, stand in the file's metadata as `labels` (JSON).",
        "",
        f"SHA-256 `{hashlib.sha256(onnx).hexdigest()}`, {len(onnx):,} bytes.",
        "",
        "## Labels",
        "",
        ", ".join(f"`{label}`" for label in model.labels),
        "",
        "## What it learned from, and how well it does",
        "",
        *_facts(card),
    ]
    return "\n".join(rows) + "\n"


def _does(model: SoundModel) -> str:
    kind = "A classifier of summary features" if model.card["kind"] == "summary" else "A network"
    does = "says which of" if not model.multi_label else "says which (none, one or several) of"
    return f"{kind} that hears a recording and {does} {len(model.labels)} labels it is."


def _facts(card: Any) -> list[str]:
    rows = []
    if data := card.get("data"):
        rows.append(f"- {data['recordings']} recordings of {data['name']}; {data['parts']}.")
    rows.append(f"- options: {', '.join(f'{key} {value}' for key, value in card['options'].items())}.")
    rows.append(f"- training: {', '.join(f'{key} {value}' for key, value in card['training'].items())}.")
    if figures := card.get("figures"):
        low, high = figures["accuracy_interval"]
        rows.append(
            f"- accuracy {figures['accuracy']:.3f} ({low:.3f} to {high:.3f}) on {figures['recordings']}"
            f" recordings that"
            f" were kept from it; F {figures['macro_f']:.3f}."
        )
    else:
        rows.append("- nothing was kept from it to test it with.")
    rows.append(f"- made by {card.get('made_by', 'sori')}.")
    return rows
