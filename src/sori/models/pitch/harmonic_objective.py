"""What `sori-pitch` is asked: two views of one sound must say one pitch, apart by what they were shifted.

Each view is told what the other one says, shifted, made surer of itself and blurred to the width of a bin:
a peak as wide as the blur stays as it is, anything broader grows narrower. No pitch is ever given.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import torch
from torch import Tensor, nn

from sori.analysis.melody.pitch_bands import PitchBands
from sori.models.pitch.disturbing import FINER, View, seen
from sori.models.pitch.harmonic_network import CONTEXT, HarmonicNetwork
from sori.models.pitch.material import Material
from sori.models.pitch.options import SHIFTS, PitchOptions

__all__ = ["HarmonicObjective", "position"]

LENGTH = 12  # frames answered for in a stretch
_BLUR = 1.0  # bins: the width of a peak ...
_WIDE = 4  # ... and how far it is followed
_SHARPER = 2.0  # the power that makes a view surer
_AGREED = 1.0  # bins: views nearer than that agree
_LATER, _STEADY = 3, 3.0  # frames and bins: a pitch that lasts moves no further in that time
_GONE = 0.12  # share of stretches without a sound
_LEAST = 0.2  # weight of moments that are sure to be nothing
_NEAR = 3  # bins to each side of the highest that count for its place


class HarmonicObjective:
    """The network of `sori-pitch` and its loss."""

    def __init__(self, options: PitchOptions, bands: PitchBands) -> None:
        self.options, self.bands = options, bands
        self.network = HarmonicNetwork(
            width=int(options.width or 0), bins_per_octave=bands.bins_per_octave, n_bins=bands.n_bins
        )

    @staticmethod
    def kept(bands: PitchBands) -> PitchBands:
        """Return the bands that material is kept in: finer, and further down."""
        return dataclasses.replace(
            bands,
            fmin=bands.fmin * 2 ** (-SHIFTS / bands.bins_per_octave),
            n_bins=FINER * (bands.n_bins + SHIFTS),
            bins_per_octave=FINER * bands.bins_per_octave,
            filter_scale=bands.filter_scale / FINER,
            gamma=bands.gamma / FINER,
        )

    def loss(
        self, material: Material, rng: np.random.Generator, *, roles: tuple[int, ...], device: torch.device
    ) -> tuple[Tensor, dict[str, float]]:
        """Return the loss of a batch, and what is told of it.

        The confidence learns where two views agree on a pitch that lasts.
        """
        count, length = int(self.options.batch_size or 0), LENGTH + 2 * CONTEXT
        sound = material.draw(rng, count, length=length, roles=roles)
        views = []
        # Now and then there is no sound, only noise that the views do not share.
        gone = rng.random((count, 1, 1, 1)) < _GONE
        for _ in range(2):
            own = np.where(gone, material.draw(rng, count, length=length, roles=(2,)), sound)
            behind = None
            if self.options.background:
                noise = material.draw(rng, count, length=length, roles=(2,))
                other = material.draw(rng, count, length=length, roles=roles)
                behind = np.where(rng.random((count, 1, 1, 1)) < 0.65, noise, other)
            views.append(seen(own, behind, rng, bins=self.bands.n_bins, device=device))
        answers = [self._answer(view) for view in views]
        (first, sure_first), (second, sure_second) = answers
        apart = views[1].shift - views[0].shift
        each = 0.5 * (_told(first, second, -apart) + _told(second, first, apart))
        # Moments of which nothing can be said teach little.
        weight = _LEAST + (0.5 * (sure_first + sure_second)).detach().sigmoid()
        pitch = (each * weight).mean() / weight.mean()
        with torch.no_grad():
            places = position(first), position(second) - apart[:, None]
            agreed = ((places[1] - places[0]).abs() < _AGREED).float()
            lasting = agreed * _lasts(places[0]) * _lasts(places[1])
        unsure = nn.functional.binary_cross_entropy_with_logits
        confidence = unsure(sure_first, lasting) + unsure(sure_second, lasting)
        told = {
            "pitch": pitch.item(),
            "agreed": agreed.mean().item(),
            "confidence": 0.5 * float(confidence.detach()),
        }
        return pitch + 0.5 * confidence, told

    def _answer(self, view: View) -> tuple[Tensor, Tensor]:
        logits, sure = self.network(view.power)
        back = view.backwards
        return (
            torch.where(back[:, None, None], logits.flip(1), logits),
            torch.where(back[:, None], sure.flip(1), sure),
        )


def position(logits: Tensor) -> Tensor:
    """Return where the highest peak of logits ``(..., PITCHES)`` lies, in bins and fractions of one."""
    share = logits.softmax(-1)
    bins = torch.arange(logits.shape[-1], device=logits.device, dtype=share.dtype)
    near = (bins - share.argmax(-1, keepdim=True)).abs() <= _NEAR
    share = share * near
    return (share * bins).sum(-1) / share.sum(-1)


def _lasts(places: Tensor) -> Tensor:
    """Return 1 where a pitch ``(count, time)`` is about the same a little later or earlier, else 0."""
    near = ((places[:, _LATER:] - places[:, :-_LATER]).abs() < _STEADY).float()
    return torch.maximum(nn.functional.pad(near, (0, _LATER)), nn.functional.pad(near, (_LATER, 0)))


def _told(logits: Tensor, other: Tensor, apart: Tensor) -> Tensor:
    """Return the cross-entropy ``(count, time)`` of logits to what another view says, ``apart`` bins off."""
    with torch.no_grad():
        sharp = (_SHARPER * other).softmax(-1)
        count, time, pitches = sharp.shape
        steps = torch.arange(-_WIDE, _WIDE + 1, device=sharp.device, dtype=sharp.dtype)
        # Blurring by b after squaring leaves a peak of width b as wide as it was. For all half bins:
        kernels = torch.exp(-torch.stack([steps**2, (steps - 0.5) ** 2]) / _BLUR**2)
        kernels = kernels / kernels.sum(1, keepdim=True)
        blurred = nn.functional.conv1d(sharp.reshape(-1, 1, pitches), kernels[:, None], padding=_WIDE)
        halves = blurred.transpose(1, 2).reshape(count, time, FINER * pitches)
        places = FINER * torch.arange(pitches, device=sharp.device) - (FINER * apart)[:, None].round().long()
        inside = (places >= 0) & (places < FINER * pitches)
        index = places.clamp(0, FINER * pitches - 1)[:, None, :].expand(-1, time, -1)
        target = torch.gather(halves, 2, index) * inside[:, None, :]
    return -(target * logits.log_softmax(-1)).sum(-1)
