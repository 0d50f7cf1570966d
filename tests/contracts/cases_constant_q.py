"""The constant-Q transform, its inverse, and chroma under contract."""

from __future__ import annotations

from contracts.case import Case
from sori.spectral.constant_q import cqt, cqt_magnitude, icqt, ivqt, vqt

CASES = {
    "sori.spectral.constant_q.cqt": [
        Case(lambda x: cqt(x, sample_rate=22050), "wave"),
        Case(
            lambda x: cqt(
                x,
                sample_rate=22050,
                hop_length=100,
                fmin=110.0,
                n_bins=50,
                bins_per_octave=10,
                norm=2,
                scale=False,
                pad_mode="reflect",
            ),
            "wave",
        ),
        Case(lambda x: cqt(x, sample_rate=22050, n_bins=40, fmin=200.0, center=False), "wave"),
    ],
    "sori.spectral.constant_q.vqt": [Case(lambda x: vqt(x, sample_rate=22050, hop_length=441), "wave")],
    "sori.spectral.constant_q.cqt_magnitude": [
        Case(lambda x: cqt_magnitude(x, sample_rate=22050, n_bins=60, filter_scale=0.5), "wave")
    ],
    "sori.spectral.constant_q.icqt": [
        Case(
            lambda x: icqt(
                cqt(x, sample_rate=22050, hop_length=256), sample_rate=22050, hop_length=256, n_iter=4
            ),
            "wave",
        )
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
                n_iter=3,
            ),
            "complex",
        )
    ],
}

_CONSTANT = "builds a constant of the transform"
_CHAIN = "a link of the transform, which is tried whole"
NUMPY_ONLY = {
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
