"""The scale that is used, whatever it is: tonic, degrees in cents, nearest known scales, drift."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sori.analysis.scale.degrees import modes, standing_out
from sori.analysis.scale.drift import offset_at, tuning_drift
from sori.analysis.scale.histogram import cents_of, pitch_histogram
from sori.analysis.scale.nearest import nearest
from sori.analysis.scale.sounding import Sounding, sounding, sounding_of_pitch
from sori.analysis.scale.tonic import tonic
from sori.events import Pitch, Scale, ScaleDegree
from sori.spectral.partials import Partials
from sori.theory.scales import TuningScale

__all__ = ["scale"]


def scale(found: Partials | Pitch | Sounding, *, also: Sequence[TuningScale] = ()) -> Scale:
    """Find the scale of a recording without rounding anything to known steps.

    Parameters
    ----------
    found : Partials, Pitch or Sounding
        Spectral peaks of polyphony, or the pitch of a single voice.
    also : sequence of TuningScale
        Scales, such as Scala files hold, that take part in the search for the nearest.

    Returns
    -------
    Scale
        Degrees are freed from drift; the histogram is as heard. The tonic is that of the whole: where the
        tuning drifts, its mean.
    """
    if isinstance(found, Partials):
        heard = sounding(found)
    else:
        heard = sounding_of_pitch(found) if isinstance(found, Pitch) else found
    drift = tuning_drift(heard)
    cents = np.mod(cents_of(heard) - offset_at(drift, heard.frame / heard.rate), 1200.0)
    used = standing_out(heard, cents, modes(cents, heard.weight))
    home = tonic(heard, cents, used)
    if home is None:
        return Scale(None, 0.0, False, (), nearest((), also=also), pitch_histogram(heard), drift)
    above = np.mod(used.cents - home.cents, 1200.0)
    above = np.where(above > 1199.95, 0.0, above)
    degrees = tuple(
        ScaleDegree(
            round(float(above[i]), 1), round(float(used.share[i]), 4), round(float(used.spread[i]), 1)
        )
        for i in np.argsort(above)
    )
    return Scale(
        tonic_hz=round(440.0 * 2 ** ((home.cents - 900) / 1200), 3),
        tonic_confidence=round(home.confidence, 3),
        drone=home.drone,
        degrees=degrees,
        nearest=nearest(degrees, also=also),
        histogram=pitch_histogram(heard),
        drift=drift,
    )
