"""One vector for a recording by a short recipe: which features, of which part of the sound, in which numbers.

::

    RECIPE = Recipe("my tags", 1, (
        Entry("mfcc", statistics=("mean", "std"), deltas=1),
        Entry("centroid", source="percussive", statistics=("median", "p90")),
    ))
    feature_vector(x, sample_rate=44100, recipe=RECIPE)     # as long as RECIPE.names

The transform is computed once and shared; the harmonic and the percussive part only where they are asked for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Literal, Self

from sori.arrays import Array, at_least, namespace, tiny, waveform
from sori.errors import DataError, ParameterError
from sori.features.summaries import summarise, summary_names
from sori.spectral.bands import band_energies
from sori.spectral.cepstrum import mfcc_from_log_mel
from sori.spectral.chroma import chroma_filterbank
from sori.spectral.decibels import power_to_db
from sori.spectral.descriptors import (
    spectral_bandwidth,
    spectral_centroid,
    spectral_contrast,
    spectral_flatness,
    spectral_rolloff,
)
from sori.spectral.flux import spectral_flux
from sori.spectral.frame_level import rms_from_spectrogram
from sori.spectral.magnitude import magnitude
from sori.spectral.mel import mel_filterbank
from sori.spectral.separation import hpss_masks
from sori.spectral.stft import stft
from sori.units import PITCH_CLASSES

__all__ = ["FEATURES", "Entry", "Recipe", "feature_vector"]

Source = Literal["mix", "harmonic", "percussive"]

_N_MFCC, _N_MELS, _OCTAVES = 20, 64, 6
_SILENT_DB = -100.0

FEATURES: dict[str, tuple[str, ...]] = {
    "level_db": ("level_db",),
    "mel_db": tuple(f"mel_{band}_db" for band in range(_N_MELS)),
    "mfcc": tuple(f"mfcc_{k}" for k in range(_N_MFCC)),
    "centroid": ("centroid_hz",),
    "bandwidth": ("bandwidth_hz",),
    "rolloff": ("rolloff_hz",),
    "flatness": ("flatness",),
    "contrast": tuple(f"contrast_{band}_db" for band in range(_OCTAVES + 1)),
    "flux": ("flux",),
    "chroma": tuple(f"chroma_{name}" for name in PITCH_CLASSES),
}
"""What can be asked for, and the names of its rows."""


@dataclasses.dataclass(frozen=True)
class Entry:
    """One feature of `FEATURES`, of the whole or a part of the sound, and which numbers are taken of it.

    ``statistics`` and ``deltas`` are those of `sori.features.summaries.summarise`.
    """

    feature: str
    source: Source = "mix"
    statistics: tuple[str, ...] = ("mean", "std")
    deltas: int = 0

    def __post_init__(self) -> None:
        if self.feature not in FEATURES:
            raise ParameterError(f"feature={self.feature!r}: want one of {', '.join(FEATURES)}")
        if self.source not in ("mix", "harmonic", "percussive"):
            raise ParameterError(f"source={self.source!r}: want 'mix', 'harmonic' or 'percussive'")
        object.__setattr__(self, "statistics", tuple(self.statistics))
        summary_names(["x"], statistics=self.statistics, deltas=self.deltas)


@dataclasses.dataclass(frozen=True)
class Recipe:
    """What goes into a vector, in which order.

    ``version`` is yours: change it with the recipe, and never compare vectors of two versions. Signals are
    resampled to ``sample_rate`` first, so that the numbers of one song do not depend on its file.
    ``texture_s`` summarises second by second first, in windows of that length.
    """

    name: str
    version: int
    entries: tuple[Entry, ...]
    sample_rate: int = 22050
    n_fft: int = 2048
    hop_length: int = 512
    texture_s: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "entries", tuple(self.entries))
        if not self.entries:
            raise ParameterError("a recipe needs an entry: Entry('mfcc')")
        if len(set(self.names)) < len(self.names):
            raise ParameterError("a number is asked for twice: want each feature of a source in one entry")

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each number, such as ``harmonic_mfcc_3_delta_std``."""
        over = None if self.texture_s is None else ("mean", "std")
        return tuple(
            name if entry.source == "mix" else f"{entry.source}_{name}"
            for entry in self.entries
            for name in summary_names(
                FEATURES[entry.feature],
                statistics=entry.statistics,
                deltas=entry.deltas,
                over_textures=over,
            )
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the recipe as plain data, for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the recipe that `to_dict` has written down.

        Raises
        ------
        DataError
            When the data are none.
        """
        try:
            return cls(**{**data, "entries": tuple(Entry(**entry) for entry in data["entries"])})
        except (KeyError, TypeError, ParameterError) as why:
            raise DataError(f"this is no recipe ({why}): want what Recipe.to_dict returns") from None


def feature_vector(x: Array, *, sample_rate: float, recipe: Recipe) -> Array:
    """Return one vector of a signal.

    Parameters
    ----------
    x : (..., time) real
        The signal, of any array library.
    sample_rate : float
        That of ``x``, Hz.
    recipe : Recipe
        What goes in.

    Returns
    -------
    (..., len(recipe.names)) real

    Raises
    ------
    ParameterError
        For what is no signal, and a rate that is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> recipe = Recipe("short", 1, (Entry("level_db", statistics=("max",)),))
    >>> recipe.names, feature_vector(np.ones(22050), sample_rate=22050, recipe=recipe).round(1).tolist()
    (('level_db_max',), [0.0])
    """
    xp, x = waveform(x)
    if not sample_rate > 0:
        raise ParameterError(f"sample_rate={sample_rate}: want a positive number of Hz")
    rate = recipe.sample_rate
    if sample_rate != rate:
        from sori.signal.resampling import resample

        x = resample(x, orig_sr=sample_rate, target_sr=rate, method="sinc")
    S = magnitude(stft(x, n_fft=recipe.n_fft, hop_length=recipe.hop_length))
    parts = {"mix": S}
    if any(entry.source != "mix" for entry in recipe.entries):
        masks = hpss_masks(S)
        parts |= {"harmonic": S * masks.harmonic, "percussive": S * masks.percussive}
    texture = recipe.texture_s
    frames = None if texture is None else max(1, round(texture * rate / recipe.hop_length))
    kept: dict[tuple[str, str], Array] = {}
    each = []
    for entry in recipe.entries:
        key = entry.feature, entry.source
        if key not in kept:
            kept[key] = _ROWS[entry.feature](parts[entry.source], rate, recipe.n_fft)
        each.append(
            summarise(kept[key], statistics=entry.statistics, deltas=entry.deltas, texture_frames=frames)
        )
    return xp.concat(each, axis=-1)


def _mel_db(S: Array, rate: int, n_fft: int) -> Array:
    xp = namespace(S)
    spectrum = xp.matrix_transpose(S * S)
    bands = band_energies(spectrum, mel_filterbank, sample_rate=rate, n_fft=n_fft, n_mels=_N_MELS)
    return power_to_db(xp.matrix_transpose(bands), top_db=80.0)


def _level_db(S: Array, rate: int, n_fft: int) -> Array:
    level = rms_from_spectrogram(S, n_fft=n_fft, window_power=3 / 8)
    return _row(20 * namespace(S).log10(at_least(level, 10 ** (_SILENT_DB / 20))))


def _chroma(S: Array, rate: int, n_fft: int) -> Array:
    """Return the share of each pitch class in each frame; nothing of silence."""
    xp = namespace(S)
    bands = band_energies(xp.matrix_transpose(S * S), chroma_filterbank, sample_rate=rate, n_fft=n_fft)
    total = xp.sum(bands, axis=-1, keepdims=True)
    share = bands / xp.where(total < tiny(S) * 1e6, xp.ones_like(total), total)
    return xp.matrix_transpose(share)


def _row(x: Array) -> Array:
    return namespace(x).expand_dims(x, axis=-2)


_ROWS: dict[str, Callable[[Array, int, int], Array]] = {
    "level_db": _level_db,
    "mel_db": _mel_db,
    "mfcc": lambda S, rate, n_fft: mfcc_from_log_mel(_mel_db(S, rate, n_fft), n_mfcc=_N_MFCC),
    "centroid": lambda S, rate, n_fft: _row(spectral_centroid(S, sample_rate=rate, n_fft=n_fft)),
    "bandwidth": lambda S, rate, n_fft: _row(spectral_bandwidth(S, sample_rate=rate, n_fft=n_fft)),
    "rolloff": lambda S, rate, n_fft: _row(spectral_rolloff(S, sample_rate=rate, n_fft=n_fft)),
    "flatness": lambda S, rate, n_fft: _row(spectral_flatness(S)),
    "contrast": lambda S, rate, n_fft: spectral_contrast(S, sample_rate=rate, n_fft=n_fft),
    "flux": lambda S, rate, n_fft: _row(spectral_flux(S, compression=1.0, mean=True)),
    "chroma": _chroma,
}
