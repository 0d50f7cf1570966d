"""Hear a recording: one decode, then every stage of listening.

A stage is a pure function of the condensed recording and of the stages before it, with a version
of its own: when one is improved, only that one is run again.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori import audio
from sori.analysis.harmony import chroma as pitch_classes
from sori.analysis.harmony.key import key, key_scores
from sori.analysis.material import FMAX_HZ, FMIN_HZ, MEL_RATE, N_MELS, Material, condense
from sori.analysis.rhythm import tempo as tempi
from sori.analysis.rhythm.beats import beats
from sori.analysis.rhythm.onsets import onset_curves
from sori.analysis.structure import highlights
from sori.errors import DecodeError, ParameterError
from sori.events import Beats, Key, Levels, Loudness, Tempo, Tuning, as_dict
from sori.features import dynamics as dynamics_facet
from sori.features import harmony as harmony_facet
from sori.features import melody as melody_facet
from sori.features import rhythm as rhythm_facet
from sori.features import timbre as timbre_facet
from sori.features.facets import FACETS
from sori.signal.loudness import levels_of_cells, loudness_of_cells
from sori.spectral.mel import mel_centres_hz
from sori.spectral.partials import Partials, partials
from sori.units import PITCH_CLASSES

__all__ = ["STAGES", "Heard", "Listening", "Stage", "hear", "listen", "stage_versions"]


_BLOCK_FRAMES = 1 << 17  # what comes of a block stays in the second-level cache


@dataclasses.dataclass(frozen=True)
class Heard:
    """What was heard in one recording.

    ``results`` maps a stage's name to plain JSON data; for "facets", to float32 vectors by name.
    """

    duration_s: float
    sample_rate: int
    channels: int
    results: dict[str, Any]


class Listening:
    """A condensed recording and what has been concluded from it so far, each thing computed once."""

    def __init__(self, material: Material) -> None:
        self.material = material

    @cached_property
    def loudness(self) -> Loudness:
        """Programme loudness."""
        return loudness_of_cells(self.material.cells)

    @cached_property
    def levels(self) -> Levels:
        """Silence and clipping."""
        return levels_of_cells(self.material.cells)

    @cached_property
    def reference(self) -> float:
        """Power of the loudest mel band in the loud frames."""
        return timbre_facet.reference_power(self.material.mel)

    @cached_property
    def onset_curves(self) -> NDArray[np.float64]:
        """Onset curves of everything, bass, middle and treble, at MEL_RATE."""
        return onset_curves(self.material.mel, self.reference)

    @cached_property
    def pulse(self) -> tempi.Pulse:
        """Periodicity of the onset curves."""
        return tempi.pulse(self.onset_curves)

    @cached_property
    def tempo(self) -> Tempo:
        """Tempo with its rivals."""
        return tempi.tempo(self.pulse)

    @cached_property
    def beats(self) -> Beats:
        """Beat times."""
        return beats(self.onset_curves, self.tempo.bpm)

    @cached_property
    def partials(self) -> Partials:
        """Spectral peaks on the scale of pitch."""
        return partials(self.material.peaks)

    @cached_property
    def tuning(self) -> Tuning:
        """Concert pitch."""
        return pitch_classes.tuning(self.partials)

    @cached_property
    def chroma(self) -> NDArray[np.float64]:
        """Pitch classes of every frame, at the recording's own tuning."""
        return pitch_classes.chroma(self.partials, self.tuning.cents or 0.0)

    @cached_property
    def bass_chroma(self) -> NDArray[np.float64]:
        """Pitch classes of every frame below F3."""
        return pitch_classes.bass_chroma(self.partials, self.tuning.cents or 0.0)

    @cached_property
    def key(self) -> Key:
        """Key of the whole."""
        return key(self.chroma, self.bass_chroma)

    @cached_property
    def bands(self) -> NDArray[np.float32]:
        """Mel power of the recording, or of enough of it."""
        return timbre_facet.representative(self.material.mel)

    @cached_property
    def band_levels(self) -> NDArray[np.float32]:
        """Mel band levels in dB against the loud frames."""
        return timbre_facet.levels_db(self.bands, self.reference)

    @cached_property
    def highlight(self) -> dict[str, Any]:
        """Loudest and most repeated half minute."""
        length = self.material.duration_s
        return {
            "loudest": as_dict(highlights.loudest(self.material.cells, length)),
            "most_repeated": as_dict(highlights.most_repeated(self.chroma, self.band_levels, length)),
        }

    @cached_property
    def facets(self) -> dict[str, NDArray[np.float32]]:
        """One vector per facet."""
        beats_s = np.array(self.beats.times_s)
        tonic = None if self.key.tonic is None else PITCH_CLASSES.index(self.key.tonic)
        rate = self.material.peaks.rate
        rows = harmony_facet.beat_chroma(self.chroma, rate, beats_s, self.material.duration_s)
        totals = (np.sqrt(frames).sum(axis=0) for frames in (self.chroma, self.bass_chroma))
        major, minor = key_scores(*totals).max(axis=1)
        note, salience = melody_facet.leading_line(self.partials, self.tuning.cents or 0.0)
        centres = mel_centres_hz(n_mels=N_MELS, fmin=FMIN_HZ, fmax=FMAX_HZ)
        vectors = {
            "timbre": timbre_facet.timbre(
                self.bands, self.band_levels, reference=self.reference, centres_hz=centres
            ),
            "rhythm": rhythm_facet.rhythm(
                self.onset_curves,
                rate=MEL_RATE,
                bpm_grid=self.pulse.bpm,
                strength=self.pulse.strength,
                clarity=self.pulse.clarity,
                bpm=self.tempo.bpm,
            ),
            "harmony": harmony_facet.harmony(rows, tonic=tonic, major_minus_minor=float(major - minor)),
            "melody": melody_facet.melody(note, salience, rate=rate, tonic=tonic, beats_s=beats_s),
            "dynamics": dynamics_facet.dynamics(self.material.cells, self.loudness),
        }
        return {name: vectors[name] for name in FACETS}


@dataclasses.dataclass(frozen=True)
class Stage:
    """One thing that is listened for; raise ``version`` whenever its results change."""

    name: str
    version: int
    run: Callable[[Listening], Any]


STAGES = (
    Stage("loudness", 1, lambda heard: as_dict(heard.loudness)),
    Stage("levels", 1, lambda heard: as_dict(heard.levels)),
    Stage("tempo", 1, lambda heard: as_dict(heard.tempo)),
    Stage("beats", 1, lambda heard: as_dict(heard.beats)),
    Stage("tuning", 1, lambda heard: as_dict(heard.tuning)),
    Stage("key", 1, lambda heard: as_dict(heard.key)),
    Stage("highlight", 1, lambda heard: heard.highlight),
    Stage("facets", 1, lambda heard: heard.facets),
)


def stage_versions() -> dict[str, int]:
    """Return the version of every stage by name."""
    return {stage.name: stage.version for stage in STAGES}


def listen(material: Material, *, stages: Sequence[str] | None = None) -> Heard:
    """Run stages (all by default) on a condensed recording."""
    wanted = set(stage_versions() if stages is None else stages)
    if unknown := wanted - set(stage_versions()):
        raise ParameterError(f"got the stages {sorted(unknown)}, want some of {', '.join(stage_versions())}")
    listening = Listening(material)
    return Heard(
        duration_s=round(material.duration_s, 3),
        sample_rate=material.sample_rate,
        channels=material.channels,
        results={stage.name: stage.run(listening) for stage in STAGES if stage.name in wanted},
    )


def hear(path: str | os.PathLike[str], *, stages: Sequence[str] | None = None) -> Heard:
    """Decode a file once, in blocks, and listen.

    Raises
    ------
    DecodeError
        When the file cannot be decoded or holds no sample.
    """
    try:
        material = condense(audio.blocks(path, block_frames=_BLOCK_FRAMES))
    except ParameterError as error:
        raise DecodeError(f"{os.fspath(path)!r}: {error}") from error
    return listen(material, stages=stages)
