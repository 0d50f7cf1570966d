"""The constant-Q transform, its inverse, and chroma under contract."""

from __future__ import annotations

from contracts.case import Case
from sori.spectral.chroma import cens, chroma_cqt, chroma_fold, chroma_stft, scaled_frames
from sori.spectral.constant_q import cqt, cqt_magnitude, icqt, ivqt, vqt
from sori.spectral.tonnetz import tonnetz

_SOME = {"sample_rate": 22050, "hop_length": 128, "fmin": 500.0, "n_bins": 24}
_QUANTISED = "levels are cut into steps, which have no gradient"

CASES = {
    "sori.spectral.constant_q.cqt": [
        Case(lambda x: cqt(x, sample_rate=22050), "wave"),
        Case(
            lambda x: cqt(
                x,
                sample_rate=22050,
                hop_length=100,
                fmin=220.0,
                n_bins=25,
                bins_per_octave=10,
                norm=2,
                scale=False,
                pad_mode="reflect",
            ),
            "wave",
        ),
        Case(lambda x: cqt(x, sample_rate=22050, n_bins=20, fmin=200.0, center=False), "wave"),
    ],
    "sori.spectral.constant_q.vqt": [
        Case(lambda x: vqt(x, sample_rate=22050, hop_length=441, n_bins=36), "wave")
    ],
    "sori.spectral.constant_q.cqt_magnitude": [
        Case(lambda x: cqt_magnitude(x, sample_rate=22050, n_bins=30, filter_scale=0.5), "wave")
    ],
    "sori.spectral.constant_q.icqt": [
        Case(lambda x: icqt(cqt(x, **_SOME), **_SOME, n_iter=2), "short"),
    ],
    "sori.spectral.constant_q.ivqt": [
        Case(
            lambda S: ivqt(
                S,
                sample_rate=22050,
                hop_length=100,
                fmin=200.0,
                bins_per_octave=128,
                filter_scale=0.1,
                length=2000,
                n_iter=2,
            ),
            "complex",
        )
    ],
    "sori.spectral.chroma.chroma_stft": [
        Case(lambda x: chroma_stft(x, sample_rate=22050), "wave"),
        Case(lambda x: chroma_stft(x, sample_rate=22050, n_fft=1024, n_chroma=7, tuning=0.2, norm=1), "wave"),
    ],
    "sori.spectral.chroma.chroma_cqt": [
        Case(
            lambda x: chroma_cqt(
                x, sample_rate=22050, n_chroma=5, bins_per_octave=10, n_octaves=4, fmin=110.0, norm=2
            ),
            "wave",
        )
    ],
    "sori.spectral.chroma.chroma_fold": [
        Case(lambda S: chroma_fold(S, n_chroma=12, bins_per_octave=24, fmin=55.0), "mel")
    ],
    "sori.spectral.chroma.cens": [
        Case(cens, "chroma", gradient=False, note=_QUANTISED),
        Case(lambda S: cens(S, smoothing=8, norm=1), "chroma", gradient=False, note=_QUANTISED),
    ],
    "sori.spectral.chroma.scaled_frames": [
        Case(lambda S, norm=norm: scaled_frames(S, norm=norm), "magnitude") for norm in (1, 2, float("inf"))
    ],
    "sori.spectral.tonnetz.tonnetz": [Case(tonnetz, "chroma")],
}

_CONSTANT = "builds a constant of the transform"
_CHAIN = "a link of the transform, which is tried whole"
NUMPY_ONLY = {
    "sori.spectral.chroma.chroma_filterbank": _CONSTANT,
    "sori.spectral.chroma.octave_fold": _CONSTANT,
    "sori.spectral.tonnetz.tonnetz_circles": _CONSTANT,
    "sori.spectral.constant_q.ConstantQ": "the names of options",
    "sori.spectral.constant_q_chain.analysed": _CHAIN,
    "sori.spectral.constant_q_chain.largest_gain": "a number, worked out once",
    "sori.spectral.constant_q_chain.strided": _CHAIN,
    "sori.spectral.constant_q_chain.synthesised": _CHAIN,
    "sori.spectral.constant_q_kernels.Decimation": "whole numbers",
    "sori.spectral.constant_q_kernels.Group": "whole numbers",
    "sori.spectral.constant_q_kernels.Plan": "whole numbers",
    "sori.spectral.constant_q_kernels.adjoint_decimator": _CONSTANT,
    "sori.spectral.constant_q_kernels.adjoint_kernels": _CONSTANT,
    "sori.spectral.constant_q_kernels.constant_q_hz": _CONSTANT,
    "sori.spectral.constant_q_kernels.constant_q_lengths": _CONSTANT,
    "sori.spectral.constant_q_kernels.decimator": _CONSTANT,
    "sori.spectral.constant_q_kernels.gains": _CONSTANT,
    "sori.spectral.constant_q_kernels.inverse_gains": _CONSTANT,
    "sori.spectral.constant_q_kernels.kernels": _CONSTANT,
    "sori.spectral.constant_q_kernels.plan": "whole numbers",
}
