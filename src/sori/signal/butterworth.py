"""Butterworth filters, as flat as can be where they pass: `low_pass`, `high_pass`, `band_pass`, `band_stop`.

The poles of the analogue prototype lie evenly on a half circle; the bilinear transform takes them over, exact
at the cutoffs. `butterworth_sections` designs, the others apply.
"""

from __future__ import annotations

import math

from sori.arrays import Array
from sori.arrays.framing import check_counts
from sori.errors import ParameterError
from sori.signal.biquad import check_frequency, high_pass_biquad, low_pass_biquad
from sori.signal.filtering import Sections, filter_both_ways, filter_sections

__all__ = ["band_pass", "band_stop", "butterworth_sections", "high_pass", "low_pass"]

_MOST = 24  # an order beyond which nobody hears a difference and the ringing is long


def low_pass(
    x: Array, *, sample_rate: float, cutoff_hz: float, order: int = 2, zero_phase: bool = False
) -> Array:
    """Return the signal without what is above a cutoff.

    Parameters
    ----------
    x : (..., time) real
    sample_rate : float
        Hz.
    cutoff_hz : float
        Where the power is halved, Hz.
    order : int
        6 dB per octave each.
    zero_phase : bool
        Filter forwards and backwards: no delay, and a quarter of the power at the cutoff.

    Returns
    -------
    (..., time) real

    Raises
    ------
    ParameterError
        For a cutoff outside 0 to half the sample rate and an order outside 1 to 24.
    """
    return _applied(x, _one_sided(sample_rate, cutoff_hz, order, high=False), zero_phase)


def high_pass(
    x: Array, *, sample_rate: float, cutoff_hz: float, order: int = 2, zero_phase: bool = False
) -> Array:
    """Return the signal without what is below a cutoff; see `low_pass`."""
    return _applied(x, _one_sided(sample_rate, cutoff_hz, order, high=True), zero_phase)


def band_pass(
    x: Array, *, sample_rate: float, low_hz: float, high_hz: float, order: int = 2, zero_phase: bool = False
) -> Array:
    """Return what is between two frequencies, at each of which the power is halved.

    Parameters
    ----------
    x : (..., time) real
    sample_rate, low_hz, high_hz : float
        Hz, in rising order of the last two.
    order : int
        6 dB per octave each, on either side.
    zero_phase : bool
        See `low_pass`.

    Returns
    -------
    (..., time) real
    """
    return _applied(x, _two_sided(sample_rate, low_hz, high_hz, order, stop=False), zero_phase)


def band_stop(
    x: Array, *, sample_rate: float, low_hz: float, high_hz: float, order: int = 2, zero_phase: bool = False
) -> Array:
    """Return what is not between two frequencies, at each of which the power is halved; see `band_pass`."""
    return _applied(x, _two_sided(sample_rate, low_hz, high_hz, order, stop=True), zero_phase)


def butterworth_sections(
    *,
    sample_rate: float,
    order: int,
    low_hz: float | None = None,
    high_hz: float | None = None,
    stop: bool = False,
) -> Sections:
    """Return second-order sections that pass from ``low_hz`` to ``high_hz``.

    Parameters
    ----------
    sample_rate : float
        Hz.
    order : int
        6 dB per octave each, at each given end.
    low_hz, high_hz : float, optional
        Where the power is halved. Without ``low_hz`` a low-pass filter, without ``high_hz`` a high-pass one.
    stop : bool
        With both ends: pass what is outside them.

    Returns
    -------
    tuple of ((b0, b1, b2), (a1, a2))

    Raises
    ------
    ParameterError
        For frequencies out of order or outside 0 to half the sample rate.

    Examples
    --------
    >>> len(butterworth_sections(sample_rate=44100, order=5, high_hz=1000.0))
    3
    """
    if low_hz is not None and high_hz is not None:
        return _two_sided(sample_rate, low_hz, high_hz, order, stop=stop)
    if stop or (low_hz is None and high_hz is None):
        raise ParameterError(
            f"low_hz={low_hz}, high_hz={high_hz}, stop={stop}: want a frequency, and both to stop a band"
        )
    if high_hz is not None:
        return _one_sided(sample_rate, high_hz, order, high=False)
    assert low_hz is not None
    return _one_sided(sample_rate, low_hz, order, high=True)


def _applied(x: Array, sections: Sections, zero_phase: bool) -> Array:
    return filter_both_ways(x, sections) if zero_phase else filter_sections(x, sections)


def _check_order(order: int) -> None:
    check_counts(order=order)
    if order > _MOST:
        raise ParameterError(f"order={order}: want at most {_MOST}")


def _one_sided(sample_rate: float, hz: float, order: int, *, high: bool) -> Sections:
    _check_order(order)
    check_frequency(sample_rate, cutoff_hz=hz)
    design = high_pass_biquad if high else low_pass_biquad
    sections: Sections = ()
    for k in range(order // 2):
        # A pair of poles at an angle from the imaginary axis is a resonance of this q at the cutoff.
        q = 1 / (2 * math.sin((2 * k + 1) * math.pi / (2 * order)))
        sections += design(sample_rate=sample_rate, cutoff_hz=hz, q=q)
    if order % 2:
        t = math.tan(math.pi * hz / sample_rate)
        b = 1 / (1 + t) if high else t / (1 + t)
        sections += (((b, -b if high else b, 0.0), ((t - 1) / (t + 1), 0.0)),)
    return sections


def _two_sided(sample_rate: float, low_hz: float, high_hz: float, order: int, *, stop: bool) -> Sections:
    _check_order(order)
    check_frequency(sample_rate, low_hz=low_hz, high_hz=high_hz)
    if not low_hz < high_hz:
        raise ParameterError(f"low_hz={low_hz}, high_hz={high_hz}: want the lower one first")
    low, high = (math.tan(math.pi * hz / sample_rate) for hz in (low_hz, high_hz))
    width, squared = high - low, low * high
    centre = 2 * math.atan(math.sqrt(squared))  # radians per sample
    b = (1.0, -2 * math.cos(centre), 1.0) if stop else (1.0, 0.0, -1.0)
    # 1 where it passes: at half the sample rate, or at the centre
    at = math.pi if stop and centre < math.pi / 2 else 0.0 if stop else centre
    sections: Sections = ()
    for total, size in _band_poles(order, width, squared, stop=stop):
        # s² - total s + size with s = (z - 1) / (z + 1)
        a0 = 1 - total + size
        a = ((2 * size - 2) / a0, (1 + total + size) / a0)
        gain = _gain_at(at, (1.0, *a)) / _gain_at(at, b)
        sections += (((gain * b[0], gain * b[1], gain * b[2]), a),)
    return sections


def _band_poles(order: int, width: float, squared: float, *, stop: bool) -> list[tuple[float, float]]:
    """Return the sum and the product of each pair of poles of the analogue band filter.

    A pole ``p`` of the prototype becomes the two roots of ``s² - r s + squared``, ``r = p width``, or
    ``width / p`` to stop; each of them pairs with its mirror image.
    """
    pairs = []
    for k in range((order + 1) // 2):
        angle = (2 * k + 1) * math.pi / (2 * order)
        re, im = -math.sin(angle) * width, math.cos(angle) * width
        if 2 * k + 1 == order:  # the real one: its two roots are each other's mirror image, or both real
            pairs.append((-width, squared))
            continue
        if stop:
            im = -im  # 1 / p, p on the unit circle
        root_re, root_im = _root(re * re - im * im - 4 * squared, 2 * re * im)
        for sign in (1, -1):
            s_re, s_im = (re + sign * root_re) / 2, (im + sign * root_im) / 2
            pairs.append((2 * s_re, s_re * s_re + s_im * s_im))
    return pairs


def _root(re: float, im: float) -> tuple[float, float]:
    """Return a square root of a complex number, in real numbers: compilers follow these."""
    size = math.hypot(re, im)
    return math.sqrt(max(0.0, (size + re) / 2)), math.copysign(math.sqrt(max(0.0, (size - re) / 2)), im)


def _gain_at(radians: float, b: tuple[float, ...]) -> float:
    re = b[0] + b[1] * math.cos(radians) + b[2] * math.cos(2 * radians)
    im = b[1] * math.sin(radians) + b[2] * math.sin(2 * radians)
    return math.hypot(re, im)
