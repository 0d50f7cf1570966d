"""What is made of phases, and of magnitudes without them, under contract."""

from __future__ import annotations

from contracts.case import Case
from sori.spectral.exchange import exchange_phase
from sori.spectral.gansynth import from_gansynth_representation, gansynth_representation
from sori.spectral.griffin_lim import griffin_lim
from sori.spectral.instantaneous import instantaneous_frequency, unwrap
from sori.spectral.phase_vocoder import phase_vocoder, time_stretch

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
    "sori.spectral.phase_vocoder.time_stretch": [
        Case(lambda x: time_stretch(x, rate=0.8, n_fft=512), "short")
    ],
}

NUMPY_ONLY = {
    "sori.spectral.turns.cumulative_turns": STEP,
    "sori.spectral.turns.turns": STEP,
    "sori.spectral.turns.wrapped": STEP,
    "sori.spectral.overlap.joined": "the body of istft, which is under contract",
    "sori.spectral.overlap.weights": "builds a constant",
    "sori.spectral.overlap.Sum": "adds in place, chunk by chunk",
    "sori.spectral.overlap.together": "counts frames",
}
