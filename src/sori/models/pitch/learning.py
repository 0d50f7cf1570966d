"""From folders of audio to a network of pitch in a file: `learn_pitch`."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sori.analysis.melody.pitch_bands import floored
from sori.errors import MissingExtra
from sori.models.pitch.options import PitchOptions, bands_of
from sori.system.replacing import replacing

try:
    import torch
except ImportError as absent:
    raise MissingExtra("networks need PyTorch: pip install 'sori[train]'") from absent

from sori.models.pitch.calibration import Calibration, calibrated
from sori.models.pitch.exporting import begin_with, context_of, floor_of, onnx_of, usable
from sori.models.pitch.harmonic_objective import HarmonicObjective, position
from sori.models.pitch.material import Material, gather
from sori.models.pitch.spice_objective import SpiceObjective
from sori.models.pitch.training import Check, train

__all__ = ["Learned", "calibrated_network", "learn_pitch", "write_network"]


@dataclasses.dataclass(frozen=True)
class Learned:
    """A trained network: its ONNX bytes, and how it came to be."""

    onnx: bytes
    weights: int
    calibration: Calibration
    history: list[Check]
    material: Material


def learn_pitch(
    folders: Sequence[str],
    options: PitchOptions,
    *,
    run: Path,
    made_by: str,
    begun_with: bytes | None = None,
    report: Callable[[Any], None] = lambda said: None,
) -> Learned:
    """Learn pitch from all audio files in folders; what is between steps lies in the folder ``run``.

    ``begun_with`` are the bytes of another network to go on from.

    Raises
    ------
    DataError
        There is nothing to learn from, or no pitch was learned.
    """
    torch.manual_seed(options.seed)
    bands = bands_of(options.configuration)
    kind = SpiceObjective if options.configuration == "spice" else HarmonicObjective
    objective = kind(options, bands)
    if begun_with is not None:
        begin_with(objective.network, begun_with)
    weights = sum(p.numel() for p in objective.network.parameters())
    material = gather(
        folders,
        bands=kind.kept(bands),
        octaves=options.octaves,
        folder=run,
        seed=options.seed,
        report=report,
    )
    report(f"{len(material.frames)} frames of {material.files} files; {weights} weights")
    stamp = json.dumps([options.to_dict(), len(material.frames)], sort_keys=True)
    history = train(
        objective, material, options, checkpoint=run / "checkpoint.pt", stamp=stamp, report=report
    )
    found = calibrated_network(objective.network, options)
    report(
        f"calibrated: {found.right:.0%} of the tones on the line, {found.spread_cents:.1f} cents beside it"
    )
    card = {
        "made_by": made_by,
        "options": options.to_dict(),
        "begun_with": begun_with and hashlib.sha256(begun_with).hexdigest(),
        "files": material.files,
        "minutes": round(len(material.frames) * bands.hop_s / 60, 1),
        "weights": weights,
        "step": min(history, key=lambda check: check.validation_loss).step,
        "calibration": dataclasses.asdict(found),
    }
    return Learned(
        onnx_of(objective.network, options.configuration, bands, found, card),
        weights,
        found,
        history,
        material,
    )


def calibrated_network(network: torch.nn.Module, options: PitchOptions) -> Calibration:
    """Return what a network's answers mean in Hz."""
    bands = bands_of(options.configuration)
    whole = usable(network, options.configuration)
    context = context_of(options.configuration)

    def answers(samples: Any) -> tuple[Any, Any]:
        power, _ = floored(
            bands.power(samples), np.zeros(0, np.float32), floor=floor_of(options.configuration)
        )
        power = np.pad(power, ((context, context), (0, 0)))
        with torch.no_grad():
            said, sure = whole(torch.from_numpy(power)[None])
        place = said if said.ndim == 2 else position(said)
        return place[0].numpy(), sure[0].numpy()

    exact = None if options.configuration == "spice" else 12 / bands.bins_per_octave
    return calibrated(answers, bands, equivariant=exact, seed=options.seed)


def write_network(learned: Learned, path: Path) -> None:
    """Write the ONNX file, whole or not at all."""
    with replacing(path) as file:
        file.write(learned.onnx)
