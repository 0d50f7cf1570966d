"""How much a spectrum changes from frame to frame: `spectral_flux`.

Source: Dixon, "Onset detection revisited", DAFx 2006; Böck & Widmer, "Maximum filter vibrato suppression for
onset detection", DAFx 2013 (SuperFlux).
"""

from __future__ import annotations

from sori.arrays import Array, at_least, namespace, pad, running_max, spectrogram
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError

__all__ = ["spectral_flux"]


def spectral_flux(
    S: Array,
    *,
    lag: int = 1,
    rectify: bool = True,
    compression: float | None = None,
    max_size: int = 1,
    mean: bool = False,
) -> Array:
    """Return how much each frame differs from the one ``lag`` frames before, summed over frequency.

    Parameters
    ----------
    S : (..., frequency, time) real
        Magnitudes, energies or levels.
    lag : int
        Frames between the two that are compared.
    rectify : bool
        Count only what grows (onsets); otherwise every change by its size.
    compression : float, optional
        Take ``log(1 + compression * S)`` first, so that quiet onsets count too.
    max_size : int
        Compare with the largest of this many neighbouring rows, so that vibrato is no onset (SuperFlux).
    mean : bool
        The mean over frequency in place of the sum.

    Returns
    -------
    (..., time) real
        The first ``lag`` frames have nothing before them and are 0.

    Raises
    ------
    ParameterError
        For lag or size below 1 and negative compression.

    Examples
    --------
    >>> import numpy as np
    >>> spectral_flux(np.array([[0.0, 1.0, 1.0], [2.0, 0.0, 0.0]])).tolist()
    [0.0, 1.0, 0.0]
    """
    xp, S = spectrogram(S)
    check_counts(lag=lag, max_size=max_size)
    if S.shape[-2] == 0:
        raise ParameterError(f"S has shape {tuple(S.shape)}: want at least one frequency")
    if compression is not None:
        check_numbers(compression=compression)
        if not compression > 0:
            raise ParameterError(f"compression={compression}: want a positive number")
        S = xp.log1p(compression * S)
    frames = S.shape[-1]
    if frames <= lag:
        return 0.0 * xp.sum(S, axis=-2)
    before = _largest_neighbour(S, max_size)[..., : frames - lag]
    change = S[..., lag:] - before
    change = at_least(change, 0.0) if rectify else xp.abs(change)
    total = xp.mean(change, axis=-2) if mean else xp.sum(change, axis=-2)
    return pad(total, lag, 0)


def _largest_neighbour(S: Array, size: int) -> Array:
    """Return the largest of ``size`` rows around each one; of an even number one more lies below."""
    if size == 1:
        return S
    xp = namespace(S)
    rows = xp.matrix_transpose(S)
    below = size // 2
    rows = pad(rows, below, 0, mode="edge") if rows.shape[-1] else rows
    return xp.matrix_transpose(running_max(rows, size)[..., : S.shape[-2]])
