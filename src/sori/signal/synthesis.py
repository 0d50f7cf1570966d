"""Sounds made from nothing: oscillators, tones, clicks, envelopes.

Everything returns a new float32 array ``(time,)``; ``sample_rate`` never has a default. A frequency
is one number, or one value per sample ``(time,)`` (vibrato, glides), in which case the array also
sets the length. Oscillators peak at about 1, so loudness is a multiplication away.

Conventions
-----------
A sound of ``duration_s`` seconds has ``round(duration_s * sample_rate)`` samples. Frequencies lie
strictly between 0 Hz and half the sample rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sori.arrays.framing import check_numbers
from sori.errors import ParameterError

__all__ = [
    "Samples",
    "adsr",
    "as_float32",
    "check_frequencies",
    "chirp",
    "clicks",
    "harmonic_tone",
    "sample_count",
    "sawtooth",
    "sine",
    "square",
]

Samples = NDArray[np.float32]


def sine(
    frequency_hz: ArrayLike, *, sample_rate: int, duration_s: float | None = None, phase: float = 0.0
) -> Samples:
    """Return a sine of peak 1.

    Parameters
    ----------
    frequency_hz : float, or array (time,)
        One frequency, or one per sample.
    sample_rate : int
        Samples per second.
    duration_s : float, optional
        Length in seconds; left out when ``frequency_hz`` is an array.
    phase : float
        Starting phase in cycles: 0.25 starts at the crest.

    Returns
    -------
    ndarray (time,), float32

    Raises
    ------
    ParameterError
        If a frequency is not strictly between 0 and half the sample rate, or the length is unknown.
    """
    cycles, _ = _cycles(frequency_hz, duration_s, sample_rate, phase)
    return as_float32(np.sin(2 * np.pi * cycles))


def chirp(
    start_hz: float,
    stop_hz: float,
    *,
    sample_rate: int,
    duration_s: float,
    sweep: Literal["linear", "exponential"] = "exponential",
) -> Samples:
    """Return a sine gliding from one frequency to another.

    An exponential sweep spends as long on each octave, a linear one as long on each hertz.

    Parameters
    ----------
    start_hz, stop_hz : float
        Frequency of the first and of the last sample.
    sample_rate : int
        Samples per second.
    duration_s : float
        Length in seconds.
    sweep : {"linear", "exponential"}
        The path between the two frequencies.

    Returns
    -------
    ndarray (time,), float32

    Raises
    ------
    ParameterError
        If ``sweep`` is not one of the two, or a frequency cannot be represented.
    """
    n = sample_count(duration_s, sample_rate)
    check_frequencies(np.array([start_hz, stop_hz]), sample_rate)
    if sweep == "linear":
        frequency = np.linspace(start_hz, stop_hz, n)
    elif sweep == "exponential":
        frequency = np.geomspace(start_hz, stop_hz, n)
    else:
        raise ParameterError(f"sweep is {sweep!r}; wanted 'linear' or 'exponential'. Choose one of the two.")
    return sine(frequency, sample_rate=sample_rate)


def sawtooth(
    frequency_hz: ArrayLike, *, sample_rate: int, duration_s: float | None = None, phase: float = 0.0
) -> Samples:
    """Return a falling-step sawtooth with its aliases held down.

    The trivial ramp's jump is rounded over two samples by the polynomial residual of a
    band-limited step, which costs nothing and removes the harsh part of the aliasing.

    Parameters
    ----------
    frequency_hz, sample_rate, duration_s, phase
        As in `sine`.

    Returns
    -------
    ndarray (time,), float32

    References
    ----------
    Välimäki, Pekonen, Nam: Perceptually informed synthesis of bandlimited classical waveforms
    using integrated polynomial interpolation, JASA 131 (2012).
    """
    cycles, step = _cycles(frequency_hz, duration_s, sample_rate, phase + 0.5)
    return as_float32(2 * (cycles % 1.0) - 1 - _step_residual(cycles % 1.0, step))


def square(
    frequency_hz: ArrayLike,
    *,
    sample_rate: int,
    duration_s: float | None = None,
    duty: float = 0.5,
    phase: float = 0.0,
) -> Samples:
    """Return a pulse wave, high for ``duty`` of each period, with its aliases held down.

    Parameters
    ----------
    frequency_hz, sample_rate, duration_s, phase
        As in `sine`.
    duty : float
        Share of the period at +1, strictly between 0 and 1.

    Returns
    -------
    ndarray (time,), float32

    Raises
    ------
    ParameterError
        If ``duty`` is outside (0, 1), or a frequency cannot be represented.
    """
    if not 0 < duty < 1:
        raise ParameterError(f"duty is {duty}; wanted a share strictly between 0 and 1, such as 0.5.")
    cycles, step = _cycles(frequency_hz, duration_s, sample_rate, phase)
    up, down = cycles % 1.0, (cycles - duty) % 1.0
    naive = np.where(up < duty, 1.0, -1.0)
    return as_float32(naive + _step_residual(up, step) - _step_residual(down, step))


def harmonic_tone(
    frequency_hz: float,
    *,
    sample_rate: int,
    duration_s: float,
    amplitudes: Sequence[float] = (1.0, 0.5, 0.33, 0.25, 0.2, 0.17),
    decay_s: float | None = None,
    damping: float = 0.0,
    inharmonicity: float = 0.0,
) -> Samples:
    r"""Return a sum of partials, each with its own decay.

    Partial :math:`k` sounds at :math:`k f \sqrt{1 + B k^2}` and falls by 60 dB in
    ``decay_s / (1 + damping * (k - 1))`` seconds. Partials above half the sample rate are left out.

    Parameters
    ----------
    frequency_hz : float
        Fundamental.
    sample_rate : int
        Samples per second.
    duration_s : float
        Length in seconds.
    amplitudes : sequence of float
        Amplitude of each partial from the first; the sum is scaled so that they add up to 1.
    decay_s : float, optional
        60 dB decay time of the first partial; ``None`` holds the tone.
    damping : float
        How much faster high partials die.
    inharmonicity : float
        Stiffness :math:`B` of the string, about 4e-4 in the middle of a piano.

    Returns
    -------
    ndarray (time,), float32

    Raises
    ------
    ParameterError
        If the fundamental cannot be represented or no amplitude is given.
    """
    if not amplitudes or not np.any(amplitudes):
        raise ParameterError("amplitudes are empty or all zero; wanted at least one partial that sounds.")
    check_frequencies(np.array([frequency_hz]), sample_rate)
    n = sample_count(duration_s, sample_rate)
    time = np.arange(n) / sample_rate
    out = np.zeros(n)
    for k, amplitude in enumerate(amplitudes, start=1):
        partial_hz = k * frequency_hz * np.sqrt(1 + inharmonicity * k * k)
        if partial_hz >= 0.5 * sample_rate or amplitude == 0:
            continue
        rate = 0.0 if decay_s is None else -np.log(1000.0) * (1 + damping * (k - 1)) / decay_s
        # A damped sinusoid is the imaginary part of one complex power series: one exp, no sin.
        out += amplitude * np.exp((rate + 2j * np.pi * partial_hz) * time).imag
    return as_float32(out / np.sum(np.abs(amplitudes)))


def clicks(
    times_s: ArrayLike,
    *,
    sample_rate: int,
    duration_s: float | None = None,
    frequency_hz: float = 1000.0,
    click_s: float = 0.05,
) -> Samples:
    """Return short decaying beeps at the given times, to hear beats or onsets.

    Parameters
    ----------
    times_s : array (clicks,)
        Where each click starts, seconds, not negative; those past the end are left out.
    sample_rate : int
        Samples per second.
    duration_s : float, optional
        Length of the result; by default it ends with the last click.
    frequency_hz : float
        Pitch of the click.
    click_s : float
        Length of one click.

    Returns
    -------
    ndarray (time,), float32

    Raises
    ------
    ParameterError
        If a time is negative or not finite.
    """
    starts = np.atleast_1d(np.asarray(times_s, dtype=np.float64))
    if starts.size and (not np.isfinite(starts).all() or starts.min() < 0):
        raise ParameterError("times_s holds a negative or non-finite time; wanted seconds from the start.")
    beep = harmonic_tone(
        frequency_hz, sample_rate=sample_rate, duration_s=click_s, amplitudes=(1.0,), decay_s=click_s
    )
    first = np.round(starts * sample_rate).astype(np.int64)
    last = int(first.max()) + len(beep) if first.size else 0
    out = np.zeros(last if duration_s is None else sample_count(duration_s, sample_rate), dtype=np.float32)
    for start in first[first < len(out)]:
        part = out[start : start + len(beep)]
        part += beep[: len(part)]
    return out


def adsr(
    duration_s: float,
    *,
    sample_rate: int,
    attack_s: float = 0.005,
    decay_s: float = 0.1,
    sustain: float = 0.7,
    release_s: float = 0.05,
) -> Samples:
    """Return an envelope that rises, settles, holds and lets go within ``duration_s``.

    It starts and ends at 0, so that a note shaped by it begins and stops without a click. Parts
    that do not fit are shortened in proportion.

    Parameters
    ----------
    duration_s : float
        Length of the whole envelope, release included.
    sample_rate : int
        Samples per second.
    attack_s, decay_s, release_s : float
        Lengths of the rise to 1, of the fall to ``sustain``, and of the fall to 0.
    sustain : float
        Level held in between, 0 to 1.

    Returns
    -------
    ndarray (time,), float32
    """
    n = sample_count(duration_s, sample_rate)
    shrink = min(1.0, duration_s / max(attack_s + decay_s + release_s, 1e-9))
    knots = np.array([0.0, attack_s * shrink, (attack_s + decay_s) * shrink, duration_s - release_s * shrink])
    position = np.append(knots * sample_rate, max(n - 1, 1))
    return as_float32(np.interp(np.arange(n), position, [0.0, 1.0, sustain, sustain, 0.0]))


def _cycles(
    frequency_hz: ArrayLike, duration_s: float | None, sample_rate: int, phase: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the phase in cycles at every sample and its increments."""
    frequency = np.asarray(frequency_hz, dtype=np.float64)
    check_frequencies(frequency, sample_rate)
    if frequency.ndim == 0:
        if duration_s is None:
            raise ParameterError("one frequency came without duration_s; give duration_s in seconds.")
        n = sample_count(duration_s, sample_rate)
        step = np.full(n, frequency / sample_rate)
        return phase + np.arange(n) * (frequency / sample_rate), step
    if frequency.ndim != 1 or duration_s is not None:
        raise ParameterError(
            f"frequency_hz has shape {frequency.shape} and duration_s is {duration_s}; wanted one number "
            "with duration_s, or an array (time,) without it."
        )
    step = frequency / sample_rate
    return phase + np.cumsum(step) - step, step


def _step_residual(position: NDArray[np.float64], step: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what to add so that a rising jump of 2 at position 0 is rounded over two samples."""
    after = np.minimum(position / step, 1.0)
    before = np.minimum((1 - position) / step, 1.0)
    return np.asarray(2 * after - after * after - 1 + (1 - before) ** 2, dtype=np.float64)


def check_frequencies(frequency: NDArray[np.float64], sample_rate: float) -> None:
    """Refuse frequencies outside 0 Hz to half of ``sample_rate``."""
    check_numbers(sample_rate=sample_rate)
    if frequency.size and not (np.all(frequency > 0) and np.all(frequency < sample_rate / 2)):
        worst = frequency.flat[int(np.argmax(np.abs(frequency - sample_rate / 4)))]
        raise ParameterError(
            f"a frequency of {worst:g} Hz came; wanted more than 0 and less than {sample_rate / 2:g} Hz. "
            "Lower the frequency or raise sample_rate."
        )


def sample_count(duration_s: float, sample_rate: int) -> int:
    """Return how many samples ``duration_s`` seconds are."""
    check_numbers(duration_s=duration_s, sample_rate=sample_rate)
    if not (sample_rate > 0 and duration_s >= 0):
        raise ParameterError(
            f"duration_s is {duration_s} and sample_rate {sample_rate}; wanted a length of 0 s or more at a "
            "positive rate."
        )
    return round(duration_s * sample_rate)


def as_float32(samples: ArrayLike) -> Samples:
    """Return ``samples`` as a float32 array."""
    return np.asarray(samples, dtype=np.float32)
