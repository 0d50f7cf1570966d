"""Each layer once, with options other than the usual ones, and what it is given."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

RATE = 22050

# Layer: options, then what it takes. A kind that is not said is "wave".
EXAMPLES: dict[str, tuple[dict[str, Any], str]] = {
    "AmplitudeToDb": ({"ref": "max", "top_db": 60.0}, "magnitude"),
    "DbToAmplitude": ({}, "level_db"),
    "DbToPower": ({}, "level_db"),
    "Istft": ({"length": 10000}, "complex"),
    "Magnitude": ({}, "complex"),
    "MelSpectrogram": ({"sample_rate": RATE, "n_fft": 1024, "n_mels": 40}, "wave"),
    "Phase": ({}, "complex"),
    "Power": ({}, "complex"),
    "PowerToDb": ({"top_db": 60.0}, "magnitude"),
    "Stft": ({"n_fft": 512, "window": ("kaiser", 8.0)}, "wave"),
}


def given(name: str, *, seed: int = 0, batch: int = 2) -> NDArray[Any]:
    """Return what a layer takes, a batch of it."""
    from contracts.case import Case

    kind = EXAMPLES[name][1]
    found = Case(lambda x: x, kind).arrays(seed, lead=(batch,))[0]
    return found[..., :8192] if kind == "wave" else found
