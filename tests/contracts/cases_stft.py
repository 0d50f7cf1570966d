"""The short-time Fourier transform, windows, magnitudes and decibels under contract."""

from __future__ import annotations

from contracts.case import Case
from sori.arrays import spectrogram
from sori.spectral.decibels import amplitude_to_db, db_to_amplitude, db_to_power, power_to_db
from sori.spectral.magnitude import complex_of, from_polar, magnitude, phase, power
from sori.spectral.stft import framed, istft, stft

CASES = {
    "sori.spectral.stft.stft": [
        Case(lambda x: stft(x, n_fft=1024), "wave"),
        Case(lambda x: stft(x, n_fft=1000, win_length=800, hop_length=333, pad_mode="reflect"), "wave"),
        Case(lambda x: stft(x, n_fft=255, hop_length=300, window=("kaiser", 8.0), center=False), "wave"),
    ],
    "sori.spectral.stft.framed": [
        Case(lambda x: framed(x, n_fft=512, hop_length=None, then=power, window="blackman"), "wave")
    ],
    "sori.spectral.stft.istft": [
        Case(lambda S: istft(S, hop_length=256), "complex"),
        Case(
            lambda S: istft(S, hop_length=300, win_length=900, n_fft=1025, length=9000, window="hamming"),
            "complex",
        ),
        Case(lambda S: istft(S, hop_length=1024, window="boxcar", center=False), "complex"),
    ],
    "sori.spectral.decibels.power_to_db": [
        Case(lambda S: power_to_db(S, ref="max", top_db=80), "power"),
        Case(lambda S: power_to_db(S, ref=0.5, amin=1e-6), "power"),
    ],
    "sori.spectral.decibels.amplitude_to_db": [
        Case(lambda S: amplitude_to_db(S, ref="max", top_db=60), "magnitude"),
        Case(lambda S: amplitude_to_db(S, ref=2.0), "magnitude"),
    ],
    "sori.spectral.decibels.db_to_amplitude": [Case(lambda x: db_to_amplitude(x, ref=2.0), "level_db")],
    "sori.spectral.decibels.db_to_power": [Case(lambda x: db_to_power(x), "level_db")],
    "sori.spectral.magnitude.magnitude": [Case(lambda S: magnitude(_checked(S)), "complex")],
    "sori.spectral.magnitude.power": [Case(lambda S: power(_checked(S)), "complex")],
    "sori.spectral.magnitude.phase": [Case(lambda S: phase(_checked(S)), "complex")],
    "sori.spectral.magnitude.complex_of": [
        Case(lambda S: complex_of(magnitude(_checked(S)), phase(S)), "complex")
    ],
    "sori.spectral.magnitude.from_polar": [
        Case(lambda S: from_polar(magnitude(_checked(S)), phase(S)), "complex")
    ],
}

NUMPY_ONLY = {
    "sori.spectral.frames.SpectrumStream": "hands out batches of frames as they are finished",
    "sori.spectral.partials.Partials": "a table of what was found",
    "sori.spectral.partials.partials": "picks peaks of a table",
    "sori.spectral.peaks.PeakFinder": "picks peaks, as many as there are",
    "sori.spectral.peaks.Peaks": "a table of what was found",
    "sori.spectral.stft.Framing": "names of options",
    "sori.spectral.windows.frame_window": "builds a constant",
    "sori.spectral.windows.window": "builds a constant",
}


def _checked(S: object) -> object:
    """Look at what is given: these few functions are for inner loops and do not."""
    return spectrogram(S, complex_valued=True)[1]
