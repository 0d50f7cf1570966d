"""Each layer once, with options other than the usual ones, and what it is given."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.spectral.scaling import BandStatistics

_RATE: dict[str, Any] = {"sample_rate": 22050}
_SMALL: dict[str, Any] = {"n_fft": 1024, "hop_length": 256}
_TONE: dict[str, Any] = {**_RATE, "n_bins": 36, "bins_per_octave": 12, "fmin": 110.0}


def _statistics() -> BandStatistics:
    found = BandStatistics()
    found.update(np.random.default_rng(0).normal(-40, 10, (40, 100)))
    return found


# Layer: options, then what it takes.
EXAMPLES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "AWeight": (_RATE, ("wave",)),
    "AllPass": ({**_RATE, "centre_hz": 1000.0}, ("wave",)),
    "AmplitudeToDb": ({"ref": "max", "top_db": 60.0}, ("magnitude",)),
    "BandPass": ({**_RATE, "low_hz": 300.0, "high_hz": 3000.0}, ("wave",)),
    "BandStop": ({**_RATE, "low_hz": 300.0, "high_hz": 3000.0}, ("wave",)),
    "BarkSpectrogram": ({**_RATE, **_SMALL}, ("wave",)),
    "BeatSpectrum": ({}, ("mel",)),
    "CWeight": (_RATE, ("wave",)),
    "Cens": ({}, ("chroma",)),
    "ChromaCqt": (_RATE, ("wave",)),
    "ChromaFold": ({"n_chroma": 12, "bins_per_octave": 12}, ("cqt_magnitude",)),
    "ChromaStft": ({**_RATE, **_SMALL}, ("wave",)),
    "Compressed": ({"compression": "log1p"}, ("mel",)),
    "Compressor": (_RATE, ("wave",)),
    "Cqt": (_TONE, ("wave",)),
    "CqtMagnitude": (_TONE, ("wave",)),
    "CrossSimilarity": ({}, ("mel", "mel")),
    "DbToAmplitude": ({}, ("level_db",)),
    "DbToPower": ({}, ("level_db",)),
    "Dct": ({"n_out": 13, "axis": -2}, ("mel",)),
    "Deemphasis": ({}, ("wave",)),
    "Delta": ({"width": 5}, ("mel",)),
    "ErbSpectrogram": ({**_RATE, **_SMALL, "n_bands": 40}, ("wave",)),
    "ExchangePhase": (_SMALL, ("wave", "wave")),
    "Expanded": ({}, ("level_db",)),
    "Fade": ({**_RATE, "in_s": 0.1, "out_s": 0.1}, ("wave",)),
    "FourierTempogram": ({"win_length": 16}, ("curve",)),
    "FromGansynthRepresentation": ({"range_db": 100.0}, ("gansynth",)),
    "FromPolar": ({}, ("magnitude", "magnitude")),
    "FromRange": ({"form": "-1..1"}, ("level_db",)),
    "GansynthRepresentation": (_SMALL, ("wave",)),
    "Gate": (_RATE, ("wave",)),
    "GriffinLim": ({"n_iter": 2}, ("magnitude",)),
    "HighPass": ({**_RATE, "cutoff_hz": 300.0}, ("wave",)),
    "HighShelf": ({**_RATE, "cutoff_hz": 3000.0, "gain_db": 6.0}, ("wave",)),
    "Hpss": ({"kernel_size": (17, 9)}, ("magnitude",)),
    "HpssMasks": ({"kernel_size": 9}, ("magnitude",)),
    "HpssWaveform": ({**_SMALL, "kernel_size": 9}, ("wave",)),
    "HtkFbank": (_RATE, ("wave",)),
    "HtkMfcc": (_RATE, ("wave",)),
    "Icqt": ({**_TONE, "n_iter": 2}, ("cqt",)),
    "Idct": ({"axis": -2}, ("mel",)),
    "InstantaneousFrequency": (_RATE, ("complex",)),
    "Istft": ({"length": 10000}, ("complex",)),
    "Ivqt": ({**_TONE, "n_iter": 2}, ("cqt",)),
    "KWeighted": (_RATE, ("wave",)),
    "KaldiFbank": (_RATE, ("wave",)),
    "KaldiMfcc": (_RATE, ("wave",)),
    "LeftRight": ({}, ("channels",)),
    "Lifter": ({"length": 22.0}, ("mel",)),
    "Limiter": (_RATE, ("wave",)),
    "LogMelSpectrogram": ({**_RATE, **_SMALL, "n_mels": 40, "top_db": 80.0}, ("wave",)),
    "LowPass": ({**_RATE, "cutoff_hz": 3000.0}, ("wave",)),
    "LowShelf": ({**_RATE, "cutoff_hz": 300.0, "gain_db": -6.0}, ("wave",)),
    "Magnitude": ({}, ("complex",)),
    "MelSpectrogram": ({**_RATE, **_SMALL, "n_mels": 40}, ("wave",)),
    "MelToAudio": ({**_RATE, **_SMALL, "n_iter": 2}, ("mel",)),
    "MelToMagnitude": ({**_RATE, "n_fft": 1024}, ("mel",)),
    "MelToStftPower": ({**_RATE, "n_fft": 1024, "n_iter": 3}, ("mel",)),
    "Mfcc": ({**_RATE, **_SMALL, "n_mfcc": 13}, ("wave",)),
    "MfccFromLogMel": ({"n_mfcc": 13}, ("level_db",)),
    "MfccToAudio": ({**_RATE, **_SMALL, "n_mels": 40, "n_iter": 2}, ("mfcc",)),
    "MfccToMel": ({"n_mels": 40}, ("mfcc",)),
    "MidSide": ({}, ("channels",)),
    "MixAtSnr": ({"snr_db": 10.0}, ("wave", "wave")),
    "MuLawCompress": ({}, ("unit",)),
    "MuLawExpand": ({}, ("unit",)),
    "NormalizeLoudness": ({**_RATE, "target_lufs": -23.0}, ("wave",)),
    "NormalizePeak": ({}, ("wave",)),
    "NormalizeRms": ({}, ("wave",)),
    "Notch": ({**_RATE, "centre_hz": 1000.0}, ("wave",)),
    "OnsetStrength": (_RATE, ("wave",)),
    "Pcen": ({**_RATE, "hop_length": 512}, ("mel",)),
    "Peaking": ({**_RATE, "centre_hz": 1000.0, "gain_db": 6.0}, ("wave",)),
    "Phase": ({}, ("complex",)),
    "PhaseVocoder": ({"rate": 1.25}, ("complex",)),
    "PitchShift": ({"semitones": 2.0, **_SMALL}, ("wave",)),
    "Power": ({}, ("complex",)),
    "PowerToDb": ({"top_db": 60.0}, ("magnitude",)),
    "Preemphasis": ({}, ("wave",)),
    "RegressionDelta": ({}, ("mel",)),
    "Resample": ({"orig_sr": 22050, "target_sr": 16000}, ("wave",)),
    "Rms": ({}, ("wave",)),
    "RmsFromSpectrogram": ({}, ("power",)),
    "ScaledFrames": ({}, ("mel",)),
    "SelfSimilarity": ({}, ("mel",)),
    "SoftMask": ({}, ("magnitude", "power")),
    "SpectralBandwidth": (_RATE, ("magnitude",)),
    "SpectralCentroid": (_RATE, ("magnitude",)),
    "SpectralContrast": (_RATE, ("magnitude",)),
    "SpectralFlatness": ({}, ("magnitude",)),
    "SpectralFlux": ({"max_size": 3}, ("magnitude",)),
    "SpectralRolloff": (_RATE, ("magnitude",)),
    "StackMemory": ({}, ("mel",)),
    "Standardize": ({"statistics": _statistics()}, ("level_db",)),
    "Stft": ({"n_fft": 512, "window": ("kaiser", 8.0)}, ("wave",)),
    "Tempogram": ({"win_length": 16}, ("curve",)),
    "TimeStretch": ({"rate": 0.8, **_SMALL}, ("wave",)),
    "ToMono": ({}, ("channels",)),
    "ToRange": ({"form": "-1..1"}, ("level_db",)),
    "Tonnetz": ({}, ("chroma",)),
    "Unlifter": ({"length": 50.0}, ("mel",)),
    "Unstandardize": ({"statistics": _statistics()}, ("level_db",)),
    "Unwrap": ({}, ("mel",)),
    "Vqt": (_TONE, ("wave",)),
    "ZeroCrossingRate": ({}, ("wave",)),
}


def given(name: str, *, batch: int = 2) -> list[NDArray[Any]]:
    """Return what a layer takes, a batch of each."""
    return [_one(kind, seed, batch) for seed, kind in enumerate(EXAMPLES[name][1])]


def _one(kind: str, seed: int, batch: int) -> NDArray[Any]:
    from contracts.case import Case

    if kind == "cqt":
        return _one("complex", seed, batch)[:, :36]
    if kind == "cqt_magnitude":
        return np.abs(_one("cqt", seed, batch))
    if kind == "curve":
        return _one("mel", seed, batch)[:, 0]
    if kind == "mfcc":
        return _one("level_db", seed, batch)[:, :20]
    if kind == "gansynth":
        return np.stack([_one("magnitude", 0, batch)[:, 1:], _one("magnitude", 1, batch)[:, 1:]], axis=1)
    if kind == "channels":
        return np.stack([_one("wave", seed, batch), _one("wave", seed + 1, batch)], axis=1)
    found = Case(lambda x: x, kind).arrays(seed, lead=(batch,))[0]
    return found[..., :9216] if kind == "wave" else found
