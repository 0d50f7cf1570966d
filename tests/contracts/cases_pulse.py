"""Per-channel energy normalisation, tempograms and self-similarity under contract."""

from __future__ import annotations

from contracts.case import Case
from sori.spectral.most_repeated import most_repeated, most_repeated_excerpt
from sori.spectral.pcen import pcen
from sori.spectral.self_similarity import (
    cross_similarity,
    diagonal_mean,
    lag_matrix,
    recurrence,
    self_similarity,
    stack_memory,
    unit_columns,
)
from sori.spectral.tempogram import beat_spectrum, fourier_tempogram, onset_strength, tempogram

_STEP = "chooses frames: a step, without a gradient"

CASES = {
    "sori.spectral.pcen.pcen": [
        Case(lambda S: pcen(S, sample_rate=22050, hop_length=512), "mel"),
        Case(
            lambda S: pcen(S, sample_rate=22050, hop_length=512, power=0.0, max_size=3, return_final=True),
            "mel",
        ),
        Case(lambda S: pcen(S, sample_rate=22050, hop_length=512, bias=0.0, power=1.0, initial=1.0), "mel"),
    ],
    "sori.spectral.tempogram.onset_strength": [
        Case(lambda x: onset_strength(x, sample_rate=22050, n_fft=1024, n_mels=40), "wave"),
        Case(
            lambda x: onset_strength(
                x, sample_rate=22050, n_fft=512, hop_length=100, n_mels=20, lag=2, max_size=3, top_db=None
            ),
            "short",
        ),
    ],
    "sori.spectral.tempogram.tempogram": [
        Case(lambda x: tempogram(x * x, win_length=64), "short"),
        Case(lambda x: tempogram(x, win_length=33, normalized=False), "short"),
    ],
    "sori.spectral.tempogram.fourier_tempogram": [
        Case(lambda x: fourier_tempogram(x, win_length=64), "short")
    ],
    "sori.spectral.tempogram.beat_spectrum": [
        Case(lambda S: beat_spectrum(S), "chroma"),
        Case(lambda S: beat_spectrum(S, metric="correlation", method="autocorrelation", n_lags=10), "mel"),
    ],
    "sori.spectral.self_similarity.stack_memory": [
        Case(lambda S: stack_memory(S, n_steps=3, delay=2), "mel")
    ],
    "sori.spectral.self_similarity.unit_columns": [Case(lambda S: unit_columns(S, "correlation"), "mel")],
    "sori.spectral.self_similarity.cross_similarity": [
        Case(lambda a, b: cross_similarity(a, b), "chroma", "chroma"),
        Case(lambda a, b: cross_similarity(a, b, metric="gaussian"), "mel", "mel"),
    ],
    "sori.spectral.self_similarity.self_similarity": [
        Case(lambda S: self_similarity(S, metric="correlation"), "chroma"),
        Case(lambda S: self_similarity(S, metric="gaussian", bandwidth=2.0, n_steps=2), "chroma"),
    ],
    "sori.spectral.self_similarity.lag_matrix": [Case(lambda S: lag_matrix(S), "mel")],
    "sori.spectral.self_similarity.diagonal_mean": [
        Case(lambda S: diagonal_mean(S, n_frames=7), "magnitude")
    ],
    "sori.spectral.self_similarity.recurrence": [
        Case(lambda S: recurrence(S, width=2), "mel", gradient=False, note=_STEP),
        Case(lambda S: recurrence(S, k=5, mutual=True), "mel", gradient=False, note=_STEP),
    ],
    "sori.spectral.most_repeated.most_repeated": [
        Case(lambda S: most_repeated(S, n_frames=8), "chroma", gradient=False, note=_STEP),
        Case(lambda S: most_repeated(S, n_frames=8, metric="precomputed"), "mel", gradient=False, note=_STEP),
    ],
    "sori.spectral.most_repeated.most_repeated_excerpt": [
        Case(lambda x: most_repeated_excerpt(x, sample_rate=22050, duration_s=0.4, n_fft=1024), "wave")
    ],
}
NUMPY_ONLY = {
    "sori.spectral.pcen.pcen_coefficient": "a number from numbers",
    "sori.spectral.tempogram.tempo_frequencies": "builds a constant",
    "sori.spectral.tempogram.fourier_tempo_frequencies": "builds a constant",
}
