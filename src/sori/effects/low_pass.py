"""The highs taken away."""

from __future__ import annotations

import dataclasses

from sori.effects.cutoff import Cutoff
from sori.signal.butterworth import butterworth_sections
from sori.signal.filtering import Sections

__all__ = ["LowPass"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class LowPass(Cutoff):
    """Nothing above a drawn cutoff: a wall, a pillow, a cheap microphone, an old tape.

    Parameters
    ----------
    min_cutoff_hz, max_cutoff_hz : float
        Where the power is halved, Hz; at most 45 % of the sample rate is drawn.
    order : int
        6 dB per octave each.
    p : float
        How likely it is to take part.
    """

    min_cutoff_hz: float = 1000.0
    max_cutoff_hz: float = 8000.0
    order: int = 2
    p: float = 1.0

    def _sections(self, cutoff_hz: float, sample_rate: float) -> Sections:
        return butterworth_sections(sample_rate=sample_rate, order=self.order, high_hz=cutoff_hz)
