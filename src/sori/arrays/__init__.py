"""One namespace for NumPy, PyTorch and JAX: the few things in which array libraries differ.

A transform is written once. It asks `namespace` for the functions of its argument's library, computes with
what all of them share (the Python array API standard), and comes here for the rest::

    kinds       whose array is it, and is it what the function wants: namespace, waveform, spectrogram, real
    constants   matrices built once in float64, then kept for each dtype and device: constant
    framing     pad, frame, overlap_add, fix_length
    fourier     rfft, irfft, fft, ifft, and frames to spectra without holding the frames: spectra
    algebra     product (a matrix product that keeps its precision), running extremes, recursions
    medians     running_median, by a network of minima and maxima
    convert     to NumPy and back: to_numpy, like

Results are of the argument's kind, dtype and device, and gradients flow through all of it.
"""

from __future__ import annotations

from sori.arrays.algebra import at_least, cumulative_decay, product, running_max
from sori.arrays.constants import constant, constants_from, recorded
from sori.arrays.fourier import fft, ifft, irfft, rfft, spectra
from sori.arrays.framing import fix_length, frame, frame_count, overlap_add, pad
from sori.arrays.kinds import (
    Array,
    filled,
    is_numpy,
    like,
    namespace,
    real,
    spectrogram,
    tiny,
    to_numpy,
    waveform,
)
from sori.arrays.medians import running_median

__all__ = [
    "Array",
    "at_least",
    "constant",
    "constants_from",
    "cumulative_decay",
    "fft",
    "filled",
    "fix_length",
    "frame",
    "frame_count",
    "ifft",
    "irfft",
    "is_numpy",
    "like",
    "namespace",
    "overlap_add",
    "pad",
    "product",
    "real",
    "recorded",
    "rfft",
    "running_max",
    "running_median",
    "spectra",
    "spectrogram",
    "tiny",
    "to_numpy",
    "waveform",
]
