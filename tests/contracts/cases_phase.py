"""What is made of phases, and of magnitudes without them, under contract."""

from __future__ import annotations

from typing import Any

import numpy as np

from contracts.case import Case
from sori.arrays import namespace, spectrogram, waveform
from sori.spectral.exchange import exchange_phase
from sori.spectral.gansynth import from_gansynth_representation, gansynth_representation
from sori.spectral.griffin_lim import griffin_lim
from sori.spectral.instantaneous import instantaneous_frequency, unwrap
from sori.spectral.phase_vocoder import phase_vocoder, pitch_shift, time_stretch
from sori.spectral.scaling import BandStatistics, from_range, standardize, to_range, unstandardize
from sori.spectral.stft import stft
from sori.spectral.streaming import in_blocks, signal_blocks

STATISTICS = BandStatistics()
STATISTICS.update(np.random.default_rng(0).normal(-40, 10, (40, 50)))


def cut(x: Any, pad_mode: str) -> Any:
    """Return the spectra of a signal that comes in four unequal blocks."""
    _, x = waveform(x)
    blocks = [x[..., :3], x[..., 3:900], x[..., 900:901], x[..., 901:]]
    parts = in_blocks(
        lambda block: stft(block, n_fft=256, hop_length=100, center=False),
        blocks,
        n_fft=256,
        hop_length=100,
        pad_mode=pad_mode,
    )
    return namespace(x).concat(list(parts), axis=-1)


def joined_again(S: Any) -> Any:
    """Return the signal of a spectrogram that comes in two groups of columns."""
    xp, S = spectrogram(S, complex_valued=True)
    halves = signal_blocks([S[..., :7], S[..., 7:]], n_fft=1024, hop_length=200, window="hamming")
    return xp.concat([xp.real(S[..., 0, :0]), *halves], axis=-1)


CHAOTIC = "an iteration that divides by magnitudes near 0 carries their rounding on"
STEP = "a step of phase_vocoder and of the representation of GANSynth, which are under contract"

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
    "sori.spectral.exchange.exchange_phase": [
        Case(lambda x: exchange_phase(x, 0.5 * x * x, n_fft=512), "short")
    ],
    "sori.spectral.gansynth.gansynth_representation": [
        Case(lambda x: gansynth_representation(x, n_fft=512), "short"),
        Case(lambda x: gansynth_representation(x, n_fft=512, mel_sample_rate=22050, range_db=60), "short"),
    ],
    "sori.spectral.gansynth.from_gansynth_representation": [
        Case(lambda x: from_gansynth_representation(gansynth_representation(x, n_fft=256)), "short"),
        Case(
            lambda x: from_gansynth_representation(
                gansynth_representation(x, n_fft=256), mel_sample_rate=8000, length=1000
            ),
            "short",
        ),
    ],
    "sori.spectral.instantaneous.instantaneous_frequency": [
        Case(lambda S: instantaneous_frequency(S, sample_rate=22050), "complex")
    ],
    "sori.spectral.instantaneous.unwrap": [
        Case(lambda x: unwrap(40 * x), "mel"),
        Case(lambda S: unwrap(S, axis=-2, period=0.5), "magnitude"),
    ],
    "sori.spectral.phase_vocoder.phase_vocoder": [
        Case(lambda S: phase_vocoder(S, rate=1.3), "complex"),
        Case(lambda S: phase_vocoder(S, rate=0.4, lock=True), "complex"),
    ],
    "sori.spectral.phase_vocoder.pitch_shift": [
        Case(lambda x: pitch_shift(x, semitones=3, n_fft=512, method="sinc"), "short")
    ],
    "sori.spectral.phase_vocoder.time_stretch": [
        Case(lambda x: time_stretch(x, rate=0.8, n_fft=512), "short")
    ],
    "sori.spectral.scaling.to_range": [
        Case(lambda x: to_range(x, "-1..1"), "level_db"),
        Case(lambda x: to_range(x, "0..120", top_db=-10.0), "level_db"),
    ],
    "sori.spectral.scaling.from_range": [Case(lambda x: from_range(x, "-80..0", top_db=3.0), "level_db")],
    "sori.spectral.scaling.standardize": [Case(lambda S: standardize(S, STATISTICS), "level_db")],
    "sori.spectral.scaling.unstandardize": [Case(lambda S: unstandardize(S, STATISTICS), "level_db")],
    "sori.spectral.streaming.in_blocks": [
        Case(lambda x: cut(x, "constant"), "short"),
        Case(lambda x: cut(x, "reflect"), "short"),
    ],
    "sori.spectral.streaming.signal_blocks": [Case(joined_again, "complex")],
}

NUMPY_ONLY = {
    "sori.spectral.scaling.BandStatistics": "gathers in float64, over files",
    "sori.spectral.turns.cumulative_turns": STEP,
    "sori.spectral.turns.turns": STEP,
    "sori.spectral.turns.wrapped": STEP,
    "sori.spectral.overlap.joined": "the body of istft, which is under contract",
    "sori.spectral.overlap.weights": "builds a constant",
    "sori.spectral.overlap.Sum": "adds in place, chunk by chunk",
    "sori.spectral.overlap.together": "counts frames",
}
