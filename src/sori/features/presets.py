"""What to compute when: `preset` gives a transform with its settings for a task, and the reason for them.

A preset is called like a transform, and turns into plain data (`Preset.to_dict`) to be saved with a model
that was trained on it, so that both stay together.
"""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable, Mapping
from typing import Any, Self

from sori.arrays import Array, waveform
from sori.arrays.framing import check_numbers
from sori.errors import DataError, ParameterError

__all__ = ["Preset", "Step", "preset", "presets"]

Value = str | int | float | bool | None
_ROOMS = ("sori.signal.", "sori.spectral.")


@dataclasses.dataclass(frozen=True)
class Step:
    """One function of ours, by its full name, and the options it is given beside the array."""

    function: str
    options: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, function: str, **options: Value) -> Self:
        """Return the step that calls ``function`` with ``options``."""
        return cls(function, tuple(options.items()))

    def resolve(self) -> Callable[..., Array]:
        """Return the function itself.

        Raises
        ------
        DataError
            When it is no public function of the rooms of transforms: what a file names is not run otherwise.
        """
        module, _, name = str(self.function).rpartition(".")
        try:
            home = importlib.import_module(module) if module.startswith(_ROOMS) else None
        except ImportError:
            home = None
        if home is None or name not in getattr(home, "__all__", ()):
            raise DataError(f"{self.function!r} is no public function of sori.signal or sori.spectral")
        found: Callable[..., Array] = getattr(home, name)
        return found


@dataclasses.dataclass(frozen=True)
class Preset:
    """A transform with all its settings, for a named use.

    ``sample_rate`` is what a signal is resampled to, ``None`` where it stays as it is; ``excerpt_samples``
    how much of its middle is taken then (what is shorter is filled up with silence at its end), ``None`` for
    all.
    The first of ``steps`` is given the sample rate, each next one takes what the one before it returned.
    ``version`` changes with the numbers that come out.
    """

    name: str
    reason: str
    steps: tuple[Step, ...]
    sample_rate: int | None = None
    excerpt_samples: int | None = None
    version: int = 1

    def __call__(self, x: Array, *, sample_rate: float) -> Array:
        """Return the features of a signal.

        Parameters
        ----------
        x : (..., time) real
            Of any array library.
        sample_rate : float
            That of ``x``, Hz.

        Returns
        -------
        (..., rows, frames) real

        Raises
        ------
        ParameterError
            As the steps, and for a rate that is not positive.
        """
        _, x = waveform(x)
        check_numbers(sample_rate=sample_rate)
        if not sample_rate > 0:
            raise ParameterError(f"sample_rate={sample_rate}: want a positive number of Hz")
        if self.sample_rate is not None and sample_rate != self.sample_rate:
            from sori.signal.resampling import resample

            x = resample(x, orig_sr=sample_rate, target_sr=self.sample_rate, method="sinc")
            sample_rate = self.sample_rate
        if self.excerpt_samples is not None:
            from sori.signal.edges import fix_length

            x = fix_length(x, self.excerpt_samples, short="end", crop="centre")
        first, *rest = self.steps
        found = first.resolve()(x, sample_rate=sample_rate, **dict(first.options))
        for step in rest:
            found = step.resolve()(found, **dict(step.options))
        return found

    @property
    def options(self) -> dict[str, Value]:
        """The options of the transform itself, the first step."""
        return dict(self.steps[0].options)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, for JSON."""
        found = dataclasses.asdict(self)
        found["steps"] = [{"function": step.function, "options": dict(step.options)} for step in self.steps]
        return found

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the preset that `to_dict` has written down, whatever the preset of that name is now.

        Raises
        ------
        DataError
            When the data are none, or name a function that is not ours.
        """
        try:
            steps = tuple(Step.of(step["function"], **step["options"]) for step in data["steps"])
            made = cls(**{**data, "steps": steps})
            check_numbers(sample_rate=made.sample_rate or 1, excerpt_samples=made.excerpt_samples or 1)
        except (KeyError, TypeError, AttributeError, ParameterError) as why:
            raise DataError(f"this is no preset ({why}): want what Preset.to_dict returns") from None
        if not steps:
            raise DataError("this is no preset: it has no steps")
        for step in steps:
            step.resolve()
        return made


def preset(name: str) -> Preset:
    """Return a preset by its name; `presets` lists them.

    Examples
    --------
    >>> import numpy as np
    >>> preset("tagging")(np.zeros(40 * 12000), sample_rate=12000).shape
    (96, 1366)
    >>> preset("speech").reason
    'What recognisers of speech are trained on: 25 ms see a vowel stand still, 10 ms follow a consonant.'

    Raises
    ------
    ParameterError
        For an unknown name.
    """
    try:
        return _BY_NAME[name]
    except KeyError:
        raise ParameterError(f"preset {name!r}: want one of {', '.join(_BY_NAME)}") from None


def presets() -> tuple[Preset, ...]:
    """Return all presets: those for tasks first, then those with the numbers of other programs."""
    return tuple(_BY_NAME.values())


_LOG_MEL = "sori.spectral.log_mel.log_mel_spectrogram"
_MEL = "sori.spectral.mel.mel_spectrogram"
_MFCC = "sori.spectral.cepstrum.mfcc"
_TORCHAUDIO: dict[str, Value] = {
    "n_fft": 400,
    "hop_length": 200,
    "n_mels": 128,
    "scale": "htk",
    "norm": None,
    "pad_mode": "reflect",
}

_BY_NAME = {
    made.name: made
    for made in (
        Preset(
            "pitch",
            "Bands a third of a semitone apart from 30 Hz to 3 kHz: every interval is the same step wherever "
            "it lies, tuning and vibrato can be seen, and all fundamentals of music are there.",
            (
                Step.of(
                    "sori.spectral.constant_q.cqt_magnitude",
                    hop_length=256,
                    fmin=30.0,
                    n_bins=240,
                    bins_per_octave=36,
                ),
                Step.of("sori.spectral.decibels.amplitude_to_db", ref="max", top_db=80.0),
            ),
            sample_rate=22050,
        ),
        Preset(
            "rhythm",
            "Fifty frames a second place an onset as exactly as it is heard, short frames keep it sharp, and "
            "ln(1 + 1000 S) lets soft strokes count beside loud ones.",
            (
                Step.of(
                    _LOG_MEL,
                    n_fft=1024,
                    hop_length=441,
                    n_mels=128,
                    fmin=30.0,
                    fmax=11000.0,
                    compression="log1p",
                    ref=1e-3,
                ),
            ),
            sample_rate=22050,
        ),
        Preset(
            "tagging",
            "The front end of Choi et al. (ISMIR 2016) and of many networks after it: 29.12 s from the "
            "middle at 12 kHz, 96 mel bands in dB, 1366 frames; tags need no treble and not all of the time.",
            (Step.of(_LOG_MEL, n_fft=512, hop_length=256, n_mels=96, ref=1.0, top_db=80.0),),
            sample_rate=12000,
            excerpt_samples=349440,
        ),
        Preset(
            "emotion",
            "How excited music is lies in its loudness and brightness: mel bands up to 16 kHz, in dB against "
            "full scale, so that loud and soft stay apart.",
            (Step.of(_LOG_MEL, n_fft=2048, hop_length=512, n_mels=128, fmax=16000.0, ref=1.0),),
            sample_rate=44100,
        ),
        Preset(
            "speech",
            "What recognisers of speech are trained on: 25 ms see a vowel stand still, 10 ms follow a "
            "consonant.",
            (Step.of("sori.spectral.speech.kaldi_fbank", n_mels=80),),
            sample_rate=16000,
        ),
        Preset(
            "environment",
            "Sounds of the world have no notes and no one rate: 50 Hz to 14 kHz catches engines and birds, "
            "and 100 frames a second a footstep (the front end of Kong et al., PANNs, 2020).",
            (
                Step.of(
                    _LOG_MEL,
                    n_fft=1024,
                    hop_length=320,
                    n_mels=64,
                    fmin=50.0,
                    fmax=14000.0,
                    pad_mode="reflect",
                ),
            ),
            sample_rate=32000,
        ),
        Preset(
            "unknown",
            "When nothing is known of the task: mel bands in dB are close to what the ear keeps, small, and "
            "what most published networks have learned from.",
            (Step.of(_LOG_MEL, n_fft=2048, hop_length=512, n_mels=128, ref=1.0, top_db=80.0),),
            sample_rate=22050,
        ),
        Preset(
            "librosa",
            "The numbers of librosa.feature.melspectrogram (0.11) at its defaults, at any rate.",
            (Step.of(_MEL, n_fft=2048, hop_length=512, n_mels=128),),
        ),
        Preset(
            "librosa_mfcc",
            "The numbers of librosa.feature.mfcc (0.11) at its defaults, at any rate, one signal at a time "
            "(its floor 80 dB below the largest is that of the whole batch).",
            (Step.of(_MFCC, n_fft=2048, hop_length=512, n_mels=128, n_mfcc=20, top_db=80.0),),
        ),
        Preset(
            "torchaudio",
            "The numbers of torchaudio.transforms.MelSpectrogram (2.11) at its defaults, at any rate.",
            (Step.of(_MEL, **_TORCHAUDIO),),
        ),
        Preset(
            "torchaudio_mfcc",
            "The numbers of torchaudio.transforms.MFCC (2.11) at its defaults, one signal at a time (its "
            "floor 80 dB below the largest is that of the whole batch).",
            (Step.of(_MFCC, n_mfcc=40, top_db=80.0, **_TORCHAUDIO),),
        ),
        Preset(
            "kaldi",
            "The numbers of Kaldi's compute-fbank-feats without dither, 80 bands, at any rate; both "
            "err where float32 does, in bands 110 dB below the loudest.",
            (Step.of("sori.spectral.speech.kaldi_fbank", n_mels=80),),
        ),
        Preset(
            "kaldi_mfcc",
            "The numbers of Kaldi's compute-mfcc-feats without dither at its defaults, at any rate; both err "
            "where float32 does, with bands 110 dB below the loudest. (torchaudio: another energy_floor.)",
            (Step.of("sori.spectral.speech.kaldi_mfcc"),),
        ),
        Preset(
            "htk",
            "The numbers of HTK's FBANK: 26 bands of amplitudes, 25 ms every 10 ms, at any rate.",
            (Step.of("sori.spectral.speech.htk_fbank", n_mels=26),),
        ),
        Preset(
            "htk_mfcc",
            "The numbers of HTK's MFCC_0: 12 coefficients and the first, of 26 bands, at any rate.",
            (Step.of("sori.spectral.speech.htk_mfcc", n_mfcc=12, n_mels=26, last="c0"),),
        ),
    )
}
