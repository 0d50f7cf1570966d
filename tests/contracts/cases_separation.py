"""Harmonic-percussive separation under contract."""

from __future__ import annotations

from contracts.case import Case
from sori.spectral.separation import hpss, hpss_masks, hpss_waveform, soft_mask

CASES = {
    "sori.spectral.separation.soft_mask": [
        Case(lambda a, b: soft_mask(a, b), "magnitude", "magnitude"),
        Case(lambda a, b: soft_mask(a, b, exponent=0.5, of_nothing=0.0), "mel", "mel"),
    ],
    "sori.spectral.separation.hpss_masks": [
        Case(lambda S: hpss_masks(S, kernel_size=7).harmonic, "magnitude"),
        Case(lambda S: hpss_masks(S, kernel_size=(3, 5), exponent=3.0, margin=(1.0, 2.0)), "magnitude"),
        Case(
            lambda S: hpss_masks(S, kernel_size=5, exponent=float("inf"), margin=2.0),
            "magnitude",
            gradient=False,
            note="a hard mask is 0 or 1: it has no gradient",
        ),
    ],
    "sori.spectral.separation.hpss": [
        Case(lambda S: hpss(S, kernel_size=5), "magnitude"),
        Case(lambda S: hpss(S, kernel_size=3, margin=(2.0, 3.0)), "complex"),
    ],
    "sori.spectral.separation.hpss_waveform": [
        Case(lambda x: hpss_waveform(x, n_fft=512, kernel_size=3), "wave"),
        Case(lambda x: hpss_waveform(x, n_fft=512, hop_length=200, kernel_size=(3, 5), margin=2.0), "short"),
    ],
}
NUMPY_ONLY = {
    "sori.spectral.separation.Masks": "a result",
    "sori.spectral.separation.Separated": "a result",
}
