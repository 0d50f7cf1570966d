"""Second-order filters by their musical parameters: pass, notch, all-pass, peaking and shelving.

The ``*_biquad`` functions design, for `sori.signal.filtering.filter_sections`; the others apply. The
steepness is said in one of three ways: ``q``; ``bandwidth_octaves`` (between the points of half the power, or
of half the gain in dB for a peak); ``slope`` for shelves, 1 being as steep as it can be without a bump.

Source: R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients" (W3C Note, 2021):
analogue prototypes by the bilinear transform, exact at the given frequency.
"""

from __future__ import annotations

import math

from sori.arrays import Array
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.signal.filtering import Sections, filter_sections

__all__ = [
    "all_pass",
    "all_pass_biquad",
    "band_pass_biquad",
    "check_frequency",
    "high_pass_biquad",
    "high_shelf",
    "high_shelf_biquad",
    "low_pass_biquad",
    "low_shelf",
    "low_shelf_biquad",
    "notch",
    "notch_biquad",
    "peaking",
    "peaking_biquad",
]

_WIDEST = 50.0
_FLAT = math.sqrt(0.5)  # the q of a Butterworth filter: as flat as can be


def low_pass_biquad(
    *, sample_rate: float, cutoff_hz: float, q: float | None = None, bandwidth_octaves: float | None = None
) -> Sections:
    """Return a low-pass filter, -12 dB per octave; at the cutoff its gain is ``q`` (-3 dB if not given).

    >>> section, = low_pass_biquad(sample_rate=48000, cutoff_hz=12000)
    >>> round(sum(section[0]) / (1 + sum(section[1])), 12)
    1.0
    """
    cos, alpha = _turn(sample_rate, cutoff_hz, q, bandwidth_octaves)
    return _section((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha)


def high_pass_biquad(
    *, sample_rate: float, cutoff_hz: float, q: float | None = None, bandwidth_octaves: float | None = None
) -> Sections:
    """Return a high-pass filter, 12 dB per octave; at the cutoff its gain is ``q`` (-3 dB if not given)."""
    cos, alpha = _turn(sample_rate, cutoff_hz, q, bandwidth_octaves)
    return _section((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha)


def band_pass_biquad(
    *,
    sample_rate: float,
    centre_hz: float,
    q: float | None = None,
    bandwidth_octaves: float | None = None,
    gain: str = "peak",
) -> Sections:
    """Return a band-pass filter: 0 dB at the centre (``gain="peak"``), or ``q`` there (``"skirt"``)."""
    cos, alpha = _turn(sample_rate, centre_hz, q, bandwidth_octaves)
    if gain not in ("peak", "skirt"):
        raise ParameterError(f"gain={gain!r}: want 'peak' (0 dB at the centre) or 'skirt' (q at the centre)")
    b = alpha
    if gain == "skirt":
        b = math.sqrt(1 - cos * cos) / 2
    return _section(b, 0.0, -b, 1 + alpha, -2 * cos, 1 - alpha)


def notch_biquad(
    *, sample_rate: float, centre_hz: float, q: float | None = None, bandwidth_octaves: float | None = None
) -> Sections:
    """Return a filter that takes one frequency away and is 0 dB far from it."""
    cos, alpha = _turn(sample_rate, centre_hz, q, bandwidth_octaves)
    return _section(1.0, -2 * cos, 1.0, 1 + alpha, -2 * cos, 1 - alpha)


def all_pass_biquad(
    *, sample_rate: float, centre_hz: float, q: float | None = None, bandwidth_octaves: float | None = None
) -> Sections:
    """Return a filter of 0 dB everywhere that turns the phase, by half a turn at the centre."""
    cos, alpha = _turn(sample_rate, centre_hz, q, bandwidth_octaves)
    return _section(1 - alpha, -2 * cos, 1 + alpha, 1 + alpha, -2 * cos, 1 - alpha)


def peaking_biquad(
    *,
    sample_rate: float,
    centre_hz: float,
    gain_db: float,
    q: float | None = None,
    bandwidth_octaves: float | None = None,
) -> Sections:
    """Return a bell: ``gain_db`` at the centre, 0 dB far from it; -``gain_db`` undoes it."""
    cos, alpha = _turn(sample_rate, centre_hz, q, bandwidth_octaves)
    a = _root_of_gain(gain_db)
    return _section(1 + alpha * a, -2 * cos, 1 - alpha * a, 1 + alpha / a, -2 * cos, 1 - alpha / a)


def low_shelf_biquad(
    *,
    sample_rate: float,
    cutoff_hz: float,
    gain_db: float,
    q: float | None = None,
    slope: float | None = None,
) -> Sections:
    """Return a shelf: ``gain_db`` at low frequencies, half of it at the cutoff, 0 dB at high ones."""
    cos, a, root = _shelf(sample_rate, cutoff_hz, gain_db, q, slope)
    more, less = a + 1, a - 1
    return _section(
        a * (more - less * cos + root),
        2 * a * (less - more * cos),
        a * (more - less * cos - root),
        more + less * cos + root,
        -2 * (less + more * cos),
        more + less * cos - root,
    )


def high_shelf_biquad(
    *,
    sample_rate: float,
    cutoff_hz: float,
    gain_db: float,
    q: float | None = None,
    slope: float | None = None,
) -> Sections:
    """Return a shelf: ``gain_db`` at high frequencies, half of it at the cutoff, 0 dB at low ones."""
    cos, a, root = _shelf(sample_rate, cutoff_hz, gain_db, q, slope)
    more, less = a + 1, a - 1
    return _section(
        a * (more + less * cos + root),
        -2 * a * (less + more * cos),
        a * (more + less * cos - root),
        more - less * cos + root,
        2 * (less - more * cos),
        more - less * cos - root,
    )


def notch(x: Array, *, sample_rate: float, centre_hz: float, q: float = 30.0) -> Array:
    """Return ``x`` (..., time) without one frequency, a hum of the mains say.

    Parameters
    ----------
    x : (..., time) real
    sample_rate, centre_hz : float
        Hz.
    q : float
        The notch is ``centre_hz / q`` wide.

    Returns
    -------
    (..., time) real
    """
    return filter_sections(x, notch_biquad(sample_rate=sample_rate, centre_hz=centre_hz, q=q))


def all_pass(x: Array, *, sample_rate: float, centre_hz: float, q: float = _FLAT) -> Array:
    """Return ``x`` (..., time) with its phases turned about ``centre_hz`` and its spectrum unchanged."""
    return filter_sections(x, all_pass_biquad(sample_rate=sample_rate, centre_hz=centre_hz, q=q))


def peaking(x: Array, *, sample_rate: float, centre_hz: float, gain_db: float, q: float = _FLAT) -> Array:
    """Return ``x`` (..., time) with the band about ``centre_hz`` raised by ``gain_db``."""
    sections = peaking_biquad(sample_rate=sample_rate, centre_hz=centre_hz, gain_db=gain_db, q=q)
    return filter_sections(x, sections)


def low_shelf(x: Array, *, sample_rate: float, cutoff_hz: float, gain_db: float, slope: float = 1.0) -> Array:
    """Return ``x`` (..., time) with what is below ``cutoff_hz`` raised by ``gain_db``."""
    sections = low_shelf_biquad(sample_rate=sample_rate, cutoff_hz=cutoff_hz, gain_db=gain_db, slope=slope)
    return filter_sections(x, sections)


def high_shelf(
    x: Array, *, sample_rate: float, cutoff_hz: float, gain_db: float, slope: float = 1.0
) -> Array:
    """Return ``x`` (..., time) with what is above ``cutoff_hz`` raised by ``gain_db``."""
    sections = high_shelf_biquad(sample_rate=sample_rate, cutoff_hz=cutoff_hz, gain_db=gain_db, slope=slope)
    return filter_sections(x, sections)


def check_frequency(sample_rate: float, **frequencies_hz: float) -> None:
    """Raise `ParameterError` for the first named frequency that is not between 0 and half the sample rate."""
    check_numbers(sample_rate=sample_rate, **frequencies_hz)
    if not sample_rate > 0:
        raise ParameterError(f"sample_rate={sample_rate}: want a positive number of Hz")
    for name, hz in frequencies_hz.items():
        if not 0 < hz < sample_rate / 2:
            raise ParameterError(
                f"{name}={hz}: want more than 0 and less than {sample_rate / 2:g}, half the sample rate"
            )


def _turn(
    sample_rate: float, hz: float, q: float | None, bandwidth_octaves: float | None
) -> tuple[float, float]:
    """Return the cosine of the angle per sample and the cookbook's alpha."""
    check_frequency(sample_rate, frequency_hz=hz)
    turn = 2 * math.pi * hz / sample_rate
    if q is not None and bandwidth_octaves is not None:
        raise ParameterError(f"q={q} and bandwidth_octaves={bandwidth_octaves}: want one of them")
    if bandwidth_octaves is not None:
        check_numbers(bandwidth_octaves=bandwidth_octaves)
        if not bandwidth_octaves > 0:
            raise ParameterError(f"bandwidth_octaves={bandwidth_octaves}: want more than 0")
        sine = math.sin(turn)
        # Near half the rate an octave is wider than any number can say: _WIDEST is as good.
        width = min(math.log(2) / 2 * bandwidth_octaves * turn / sine, _WIDEST)
        return math.cos(turn), sine * math.sinh(width)
    q = _FLAT if q is None else q
    if q != math.inf:
        check_numbers(q=q)
    if not q > 0:
        raise ParameterError(f"q={q}: want more than 0")
    return math.cos(turn), math.sin(turn) / (2 * q)


def _shelf(
    sample_rate: float, hz: float, gain_db: float, q: float | None, slope: float | None
) -> tuple[float, float, float]:
    """Return the cosine of the angle per sample, the root of the gain, and the cookbook's 2 sqrt(A) alpha."""
    a = _root_of_gain(gain_db)
    if q is not None and slope is not None:
        raise ParameterError(f"q={q} and slope={slope}: want one of them")
    if q is None:
        slope = 1.0 if slope is None else slope
        check_numbers(slope=slope)
        if not 0 < slope <= 1:
            raise ParameterError(
                f"slope={slope}: want more than 0 and at most 1, the steepest without a bump"
            )
        q = 1 / math.sqrt((a + 1 / a) * (1 / slope - 1) + 2)
    cos, alpha = _turn(sample_rate, hz, q, None)
    return cos, a, 2 * math.sqrt(a) * alpha


def _root_of_gain(gain_db: float) -> float:
    check_numbers(gain_db=gain_db)
    if not -200 <= gain_db <= 200:
        raise ParameterError(f"gain_db={gain_db}: want -200 to 200")
    return float(10 ** (gain_db / 40))


def _section(b0: float, b1: float, b2: float, a0: float, a1: float, a2: float) -> Sections:
    return (((b0 / a0, b1 / a0, b2 / a0), (a1 / a0, a2 / a0)),)
