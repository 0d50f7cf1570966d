"""A network that starts with samples: front end, normalisation, body, scores and an embedding."""

from __future__ import annotations

from sori.errors import MissingExtra, ParameterError
from sori.models.front_end import FrontEnd

try:
    import torch
    from torch import Tensor, nn
except ImportError as absent:
    raise MissingExtra("networks need PyTorch: pip install 'sori[train]'") from absent

from sori.layers.modules import LogMelSpectrogram
from sori.models.cnn import Cnn
from sori.models.compact import Compact
from sori.models.crnn import Crnn

__all__ = ["BODIES", "SoundNetwork"]

BODIES: dict[str, type[Cnn] | type[Crnn] | type[Compact]] = {"cnn": Cnn, "crnn": Crnn, "compact": Compact}
"""The networks there are, by name: each turns levels ``(batch, bands, frames)`` into ``(batch, width)``."""


class SoundNetwork(nn.Module):
    """Excerpts ``(batch, samples)`` to scores ``(batch, classes)`` and embeddings ``(batch, width)``.

    Levels are normalised by ``mean`` and ``scale`` of each band, which `normalise_by` sets from the data:
    they are the network's own, and go with it wherever it goes.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, front: FrontEnd, *, body: str, classes: int, multi_label: bool, dropout: float = 0.2):
        super().__init__()
        if body not in BODIES:
            raise ParameterError(f"model={body!r}: want one of {', '.join(BODIES)}")
        self.multi_label = multi_label
        self.front = LogMelSpectrogram(**front.mel_options)
        self.register_buffer("mean", torch.zeros(front.n_mels, 1))
        self.register_buffer("scale", torch.ones(front.n_mels, 1))
        made = BODIES[body](n_mels=front.n_mels, frames=front.frames)
        self.body = made
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(type(made).width, classes)

    def normalise_by(self, mean: Tensor, deviation: Tensor) -> None:
        """Set the mean and the deviation of each band, both ``(bands,)``, in decibels."""
        self.mean.copy_(mean[:, None])
        self.scale.copy_(1 / deviation[:, None].clamp(min=1.0))

    def embed(self, levels: Tensor) -> Tensor:
        """Return ``(batch, width)`` of levels ``(batch, bands, frames)`` in decibels."""
        found: Tensor = self.body((levels - self.mean) * self.scale)
        return found

    def logits(self, levels: Tensor) -> Tensor:
        """Return ``(batch, classes)`` before the softmax (of several labels: before the sigmoid)."""
        found: Tensor = self.head(self.drop(self.embed(levels)))
        return found

    def forward(self, samples: Tensor) -> tuple[Tensor, Tensor]:
        """Return scores between 0 and 1, and embeddings."""
        embedding = self.embed(self.front(samples))
        logits = self.head(self.drop(embedding))
        return (logits.sigmoid() if self.multi_label else logits.softmax(-1)), embedding
