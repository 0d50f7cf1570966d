"""A recording that has been condensed, and what has been concluded from it so far."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.analysis.expression.expression import expression
from sori.analysis.harmony import chroma as pitch_classes
from sori.analysis.harmony.chord_belief import ChordBelief, chord_belief
from sori.analysis.harmony.chords import chords
from sori.analysis.harmony.key import key, key_scores
from sori.analysis.harmony.local_keys import local_keys
from sori.analysis.material import FMAX_HZ, FMIN_HZ, MEL_RATE, N_MELS, SAMPLE_RATE, Material
from sori.analysis.melody.contour import contour
from sori.analysis.melody.notes import notes
from sori.analysis.melody.pitch import pitch
from sori.analysis.melody.predominant import melody
from sori.analysis.melody.solo import is_solo
from sori.analysis.rhythm import tempo as tempi
from sori.analysis.rhythm.activation import Activation, activation, beat_strength
from sori.analysis.rhythm.beats import beats
from sori.analysis.rhythm.curve import tempo_curve
from sori.analysis.rhythm.cycles import cycle
from sori.analysis.rhythm.histogram import beat_histogram
from sori.analysis.rhythm.metre import downbeat_evidence, metre
from sori.analysis.rhythm.onsets import onset_curves, onsets
from sori.analysis.scale.scale import scale
from sori.analysis.structure import highlights
from sori.analysis.structure.sections import sections
from sori.errors import ParameterError
from sori.events import (
    BeatHistogram,
    Beats,
    Chords,
    Contour,
    Cycle,
    Expression,
    Key,
    Levels,
    LocalKeys,
    Loudness,
    Metre,
    Notes,
    Onsets,
    Pitch,
    Scale,
    Sections,
    Tempo,
    TempoCurve,
    Tuning,
    as_dict,
)
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

__all__ = ["Given", "Listening"]


@dataclasses.dataclass(frozen=True)
class Given:
    """What a person has said of a recording: it is not listened for, and what depends on it goes by it."""

    tempo: Tempo | None = None
    beats: Beats | None = None
    metre: Metre | None = None
    key: Key | None = None
    local_keys: LocalKeys | None = None
    chords: Chords | None = None


class Listening:
    """A condensed recording and what has been concluded from it so far, each thing computed once."""

    def __init__(self, material: Material, given: Given | None = None) -> None:
        self.material = material
        for field in dataclasses.fields(given or Given()):
            value = getattr(given, field.name, None)
            if value is not None:
                self.__dict__[field.name] = value  # where a cached property keeps what it has computed

    @property
    def mono(self) -> NDArray[np.float32]:
        """The mono mix at material.SAMPLE_RATE, for what needs the waveform again."""
        if self.material.mono is None:
            raise ParameterError("this recording was condensed without its waveform; keep_mono=True keeps it")
        return self.material.mono

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
    def activation(self) -> Activation:
        """What the network for beats says of each frame."""
        return activation(self.material.mel, self.reference)

    @cached_property
    def pulse(self) -> tempi.Pulse:
        """Periodicity of the onset curves, and of the beats that the network hears."""
        return tempi.pulse(self.onset_curves, self.activation)

    @cached_property
    def level(self) -> Tempo:
        """Tempo of the whole, before the beats are placed."""
        return tempi.tempo(self.pulse)

    @cached_property
    def tempo(self) -> Tempo:
        """Tempo with its rivals: that of the beats."""
        return tempi.settled(self.level, self.beats)

    @cached_property
    def beat_strength(self) -> NDArray[np.float64]:
        """How much speaks for a beat at each frame."""
        return beat_strength(self.onset_curves, self.activation)

    @cached_property
    def beats(self) -> Beats:
        """Beat times."""
        return beats(self.beat_strength, self.level.bpm)

    @cached_property
    def metre(self) -> Metre:
        """Bars."""
        return self.metre_of(self.beats)

    def metre_of(self, beats: Beats) -> Metre:
        """Bars of these beats, found here or not."""
        evidence = downbeat_evidence(
            beats,
            self.onset_curves,
            pitch_classes=self.chroma,
            bass_classes=self.bass_chroma,
            rate=self.material.peaks.rate,
            heard=self.activation,
        )
        return metre(beats, evidence)

    @cached_property
    def onsets(self) -> Onsets:
        """When notes and hits begin."""
        return onsets(self.onset_curves)

    @cached_property
    def tempo_curve(self) -> TempoCurve:
        """Tempo from beat to beat."""
        return tempo_curve(self.beats)

    @cached_property
    def beat_histogram(self) -> BeatHistogram:
        """How strongly each tempo repeats."""
        return beat_histogram(self.pulse)

    @cached_property
    def cycle(self) -> Cycle:
        """Long pattern of accents."""
        return cycle(self.material.mel, self.onset_curves)

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
        return key(self.chroma, self.bass_chroma, belief=self.chord_belief)

    @cached_property
    def chord_belief(self) -> ChordBelief:
        """How likely each chord is in every frame."""
        return chord_belief(self.partials, self.tuning.cents or 0.0)

    @cached_property
    def chords(self) -> Chords:
        """Chords, changing at beats."""
        return chords(
            self.chord_belief,
            duration_s=self.material.duration_s,
            beats_s=self.beats.times_s or None,
            key=self.key,
        )

    @cached_property
    def free_chords(self) -> Chords:
        """Chords, changing wherever the sound does."""
        return chords(self.chord_belief, duration_s=self.material.duration_s, key=self.key)

    @cached_property
    def local_keys(self) -> LocalKeys:
        """Keys and modulations."""
        changes = np.array([chord.start_s for chord in self.chords.chords])
        return local_keys(
            self.chord_belief,
            duration_s=self.material.duration_s,
            changes_s=changes,
            whole=self.key,
        )

    @cached_property
    def scale(self) -> Scale:
        """The scale that is used, in cents."""
        return scale(self.partials)

    @cached_property
    def pitch(self) -> Pitch:
        """Fundamental frequency, taken for a single voice."""
        return pitch(self.mono, sample_rate=SAMPLE_RATE)

    @cached_property
    def notes(self) -> Notes:
        """Notes of that voice."""
        found = notes(self.pitch, self.mono, sample_rate=SAMPLE_RATE)
        return dataclasses.replace(found, single_voice=is_solo(self.pitch, self.partials))

    @cached_property
    def contour(self) -> Contour:
        """Shape of that voice in few lines."""
        return contour(self.pitch)

    @cached_property
    def melody(self) -> Pitch:
        """Fundamental frequency of the leading voice among many."""
        return melody(self.mono, sample_rate=SAMPLE_RATE)

    @cached_property
    def melody_notes(self) -> Notes:
        """Notes of the leading voice."""
        return notes(self.melody, self.mono, sample_rate=SAMPLE_RATE, among_others=True)

    @cached_property
    def expression(self) -> Expression:
        """How it is played."""
        return expression(
            self.mono,
            sample_rate=SAMPLE_RATE,
            cells=self.material.cells,
            beats=self.beats,
            pitch=self.pitch,
            notes=self.notes,
            single_voice=self.notes.single_voice,
        )

    @cached_property
    def sections(self) -> Sections:
        """Sections and what returns."""
        return sections(
            self.chroma,
            timbre_facet.levels_db(self.material.mel, self.reference),
            beats_s=self.beats.times_s,
            downbeats_s=self.metre.downbeats_s,
            duration_s=self.material.duration_s,
            loudness=10 * np.log10(np.maximum(self.material.cells.energy, 1e-10)),
        )

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
