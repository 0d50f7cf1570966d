"""Summaries, codebooks and presets under contract; the library's facets are of NumPy alone."""

from __future__ import annotations

import numpy as np

from contracts.case import Case
from sori.features.codebook import Codebook
from sori.features.presets import preset
from sori.features.recipes import FEATURES, Entry, Recipe, feature_vector
from sori.features.summaries import summarise

BOOK = Codebook.fit(
    np.random.default_rng(0).random((40, 400)) ** 2, k=12, rng=np.random.default_rng(1), iterations=20
)
FAINT = "rounding of the largest band is heard in dB in bands 80 dB below it"
COUNTS = "frames are counted for their nearest words, and counting has no gradient"
RECIPE = Recipe(
    "every feature of every part",
    1,
    tuple(
        Entry(feature, source=source, deltas=1)
        for feature in FEATURES
        for source in ("mix", "harmonic", "percussive")
    ),
)
EVERY = ("mean", "variance", "std", "min", "max", "median", "p10", "p90")

CASES = {
    "sori.features.summaries.summarise": [
        Case(lambda S: summarise(S, statistics=EVERY), "mel"),
        Case(lambda S: summarise(S, deltas=2), "mel"),
        Case(lambda S: summarise(S, statistics=("mean", "std", "p90"), texture_frames=9), "mel"),
    ],
    "sori.features.presets.Preset": [
        Case(lambda x: preset("unknown")(x, sample_rate=44100), "wave"),
        Case(lambda x: preset("pitch")(x, sample_rate=22050), "wave", float32_tolerance=3e-5, note=FAINT),
        *(
            Case(lambda x, name=name: preset(name)(x, sample_rate=22050), "wave")
            for name in ("rhythm", "unknown", "librosa_mfcc", "torchaudio", "kaldi", "htk_mfcc")
        ),
    ],
    "sori.features.recipes.feature_vector": [
        Case(lambda x: feature_vector(x, sample_rate=22050, recipe=RECIPE), "wave"),
    ],
    "sori.features.codebook.Codebook": [
        Case(lambda S: BOOK.encode(S, softness=0.5), "mel"),
        Case(lambda S: BOOK.encode(S), "mel", gradient=False, note=COUNTS),
        Case(lambda S: BOOK.encode(S, tau=3), "mel", gradient=False, note=COUNTS),
    ],
}

_FACET = "of one recording as the library hears it: NumPy only"
NUMPY_ONLY = {
    "sori.features.presets.Step": "names a function",
    "sori.features.presets.preset": "returns a Preset, which is under contract",
    "sori.features.presets.presets": "lists",
    "sori.features.recipes.Entry": "says what is wanted",
    "sori.features.recipes.Recipe": "says what is wanted",
    "sori.features.summaries.summary_names": "returns words",
    "sori.features.dynamics.dynamics": _FACET,
    "sori.features.facets.Facet": "a name, a version and the names of numbers",
    "sori.features.harmony.beat_chroma": _FACET,
    "sori.features.harmony.harmony": _FACET,
    "sori.features.harmony.progression": _FACET,
    "sori.features.melody.leading_line": _FACET,
    "sori.features.melody.melody": _FACET,
    "sori.features.rhythm.rhythm": _FACET,
    "sori.features.timbre.levels_db": _FACET,
    "sori.features.timbre.reference_power": _FACET,
    "sori.features.timbre.representative": _FACET,
    "sori.features.timbre.timbre": _FACET,
}
