"""What is made of phases, and of magnitudes without them, under contract."""

from __future__ import annotations

from contracts.case import Case
from sori.spectral.griffin_lim import griffin_lim

CHAOTIC = "an iteration that divides by magnitudes near 0 carries their rounding on"

CASES = {
    "sori.spectral.griffin_lim.griffin_lim": [
        Case(
            lambda S: griffin_lim(S, hop_length=256, n_iter=2),
            "magnitude",
            float32_tolerance=1e-3,
            note=CHAOTIC,
        ),
        Case(
            lambda S: griffin_lim(
                S, hop_length=128, win_length=800, n_iter=2, length=4000, pad_mode="reflect"
            ),
            "magnitude",
            float32_tolerance=1e-3,
            note=CHAOTIC,
        ),
    ],
}

NUMPY_ONLY = {
    "sori.spectral.overlap.joined": "the body of istft, which is under contract",
    "sori.spectral.overlap.weights": "builds a constant",
    "sori.spectral.overlap.Sum": "adds in place, chunk by chunk",
    "sori.spectral.overlap.together": "counts frames",
}
