"""Sori: ears for your computer.

::

    from sori import load, info, blocks, save      read and write audio files
    from sori import hear                          everything Sori can hear in one file
    from sori import SqlCatalog                    a library, to be asked from Python

    from sori import resample, loudness, normalize_loudness, ...      signals: all of them in sori.signal
    from sori import stft, log_mel_spectrogram, mfcc, cqt, hpss, ...  spectrograms: all in sori.spectral
    from sori import preset                        which spectrogram for which task, and why
    sori.effects                                   augmentation: ranges, draws, and pure functions of them
    sori.layers, sori.display                      the same as layers of networks; pictures
    sori.errors                                    what can go wrong

Transforms take and return arrays of NumPy, PyTorch or JAX. Names are loaded when first used: importing the
package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sori import display, effects, errors, features, layers, signal, spectral
    from sori.analysis.listen import hear
    from sori.audio import blocks, identify, info, load, read_tags, save
    from sori.features.presets import preset
    from sori.library.catalog import SqlCatalog
    from sori.signal import loudness, mix_at_snr, normalize_loudness, resample, to_mono
    from sori.spectral import (
        amplitude_to_db,
        chroma_cqt,
        cqt,
        griffin_lim,
        hpss,
        in_blocks,
        istft,
        log_mel_spectrogram,
        mel_spectrogram,
        mfcc,
        pitch_shift,
        power_to_db,
        stft,
        time_stretch,
    )

__all__ = [
    "SqlCatalog",
    "amplitude_to_db",
    "blocks",
    "chroma_cqt",
    "cqt",
    "display",
    "effects",
    "errors",
    "features",
    "griffin_lim",
    "hear",
    "hpss",
    "identify",
    "in_blocks",
    "info",
    "istft",
    "layers",
    "load",
    "log_mel_spectrogram",
    "loudness",
    "mel_spectrogram",
    "mfcc",
    "mix_at_snr",
    "normalize_loudness",
    "pitch_shift",
    "power_to_db",
    "preset",
    "read_tags",
    "resample",
    "save",
    "signal",
    "spectral",
    "stft",
    "time_stretch",
    "to_mono",
]

_NAMES = {
    "sori.library.catalog": "SqlCatalog",
    "sori.analysis.listen": "hear",
    "sori.audio": "blocks identify info load read_tags save",
    "sori.features.presets": "preset",
    "sori.signal": "loudness mix_at_snr normalize_loudness resample to_mono",
    "sori.spectral": "amplitude_to_db chroma_cqt cqt griffin_lim hpss in_blocks istft log_mel_spectrogram "
    "mel_spectrogram mfcc pitch_shift power_to_db stft time_stretch",
}
_HOME = {name: module for module, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    if name in __all__:
        return importlib.import_module(f"sori.{name}")
    raise AttributeError(f"module 'sori' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
