"""All options of a training run for pitch, and the two configurations there are."""

from __future__ import annotations

import dataclasses
from typing import Any

from sori.analysis.melody.pitch_bands import PitchBands
from sori.errors import ParameterError

__all__ = ["CONFIGURATIONS", "SHIFTS", "PitchOptions", "bands_of"]

CONFIGURATIONS = ("sori-pitch", "spice")

SHIFTS = 24
"""Most bins by which `sori-pitch` shifts what it shows its network, up and down."""

_HARMONIC = PitchBands(
    sample_rate=16000,
    hop_length=160,
    fmin=32.70319566257483,
    n_bins=280,
    bins_per_octave=36,
    filter_scale=0.5,
    gamma=2.5,
)
_SPICE = PitchBands(sample_rate=16000, hop_length=512, fmin=32.70319566257483, n_bins=190, bins_per_octave=24)


@dataclasses.dataclass(frozen=True)
class PitchOptions:
    """How a network of pitch is trained.

    Attributes
    ----------
    configuration
        ``"sori-pitch"``: convolutions over frequency and time, so that shifting what is heard shifts what is
        said; ``"spice"``: the network and losses of Gfeller et al. 2020.
    width
        Channels: 16 of `sori-pitch`; of `spice` the paper's ``d``, 64 there, and 8 here by default.
    steps, batch_size
        Steps of Adam, and examples in each: stretches of 24 frames (`sori-pitch`) or single frames (`spice`).
    learning_rate
        Its highest; it rises over the first twentieth and falls along a cosine (`spice`: it stays).
    patience
        Checks without a gain on files kept back, after which training ends; there are 40 checks in a run.
    reconstruction, octaves, background
        What can be left out to see what it is for: the decoder (`spice`), copies of all audio an octave up
        and down, and noise and other files as background.
    seed
        The same seed gives the same network on the same machine.
    device
        "auto", "cpu", "cuda" or "mps".
    """

    configuration: str = "sori-pitch"
    width: int | None = None
    steps: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    patience: int = 12
    reconstruction: bool = True
    octaves: bool = True
    background: bool = True
    seed: int = 0
    device: str = "auto"

    def __post_init__(self) -> None:
        if self.configuration not in CONFIGURATIONS:
            raise ParameterError(
                f"configuration={self.configuration!r}: want one of {', '.join(CONFIGURATIONS)}"
            )
        usual: dict[str, Any] = {"width": 16, "steps": 4000, "batch_size": 24, "learning_rate": 3e-3}
        if self.configuration == "spice":
            usual = {"width": 8, "steps": 4000, "batch_size": 64, "learning_rate": 1e-3}
        for name, value in usual.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)
        for name in ("width", "steps", "batch_size", "patience"):
            if not isinstance(getattr(self, name), int) or getattr(self, name) < 1:
                raise ParameterError(f"{name}={getattr(self, name)!r}: want a whole number of at least 1")
        if not 0 < self.learning_rate < 1:  # type: ignore[operator]
            raise ParameterError(f"learning_rate={self.learning_rate}: want a number between 0 and 1")

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return dataclasses.asdict(self)


def bands_of(configuration: str) -> PitchBands:
    """Return the bands that the network of a configuration looks at."""
    return _SPICE if configuration == "spice" else _HARMONIC
