"""Spectral descriptors, flux, level and zero crossings of frames under contract."""

from __future__ import annotations

from contracts.case import Case
from sori.spectral.descriptors import (
    spectral_bandwidth,
    spectral_centroid,
    spectral_contrast,
    spectral_flatness,
    spectral_rolloff,
)
from sori.spectral.flux import spectral_flux
from sori.spectral.frame_level import rms, rms_from_spectrogram, zero_crossing_rate

_MEL_HZ = tuple(100.0 * 1.1**band for band in range(40))

CASES = {
    "sori.spectral.descriptors.spectral_centroid": [
        Case(lambda S: spectral_centroid(S, sample_rate=22050), "magnitude"),
        Case(lambda S: spectral_centroid(S, sample_rate=22050, frequencies_hz=_MEL_HZ), "mel"),
    ],
    "sori.spectral.descriptors.spectral_bandwidth": [
        Case(lambda S: spectral_bandwidth(S, sample_rate=22050), "magnitude"),
        Case(lambda S: spectral_bandwidth(S, sample_rate=22050, order=3.0, normalized=False), "magnitude"),
    ],
    "sori.spectral.descriptors.spectral_contrast": [
        Case(lambda S: spectral_contrast(S, sample_rate=22050), "magnitude"),
        Case(lambda S: spectral_contrast(S, sample_rate=22050, quantile=0.2, linear=True), "magnitude"),
    ],
    "sori.spectral.descriptors.spectral_flatness": [
        Case(lambda S: spectral_flatness(S), "magnitude"),
        Case(lambda S: spectral_flatness(S, exponent=1.0), "mel"),
    ],
    "sori.spectral.descriptors.spectral_rolloff": [
        Case(
            lambda S: spectral_rolloff(S, sample_rate=22050),
            "magnitude",
            gradient=False,
            note="one of the frequencies of the rows: a step, without a gradient",
        )
    ],
    "sori.spectral.flux.spectral_flux": [
        Case(lambda S: spectral_flux(S), "magnitude"),
        Case(
            lambda S: spectral_flux(S, lag=2, rectify=False, compression=10.0, max_size=3, mean=True), "mel"
        ),
    ],
    "sori.spectral.frame_level.rms": [
        Case(lambda x: rms(x), "wave"),
        Case(lambda x: rms(x, frame_length=500, hop_length=300, pad_mode="reflect"), "short"),
    ],
    "sori.spectral.frame_level.rms_from_spectrogram": [
        Case(lambda S: rms_from_spectrogram(S, window_power=0.375), "magnitude")
    ],
    "sori.spectral.frame_level.zero_crossing_rate": [
        Case(
            lambda x: zero_crossing_rate(x),
            "wave",
            gradient=False,
            note="a count: a step, without a gradient",
        )
    ],
}
NUMPY_ONLY: dict[str, str] = {}
