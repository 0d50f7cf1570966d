"""Where the ends of the scales of tone come from: percentiles over the recordings of the test data.

``python -m bench.accuracy.expression_scales`` prints, for every measure of tone, the 10th and 90th percentile
over recordings of music and of single sounds.
"""

from __future__ import annotations

import numpy as np
import soxr

from bench.collection import test_data
from sori.analysis.expression.attacks import attacks
from sori.analysis.expression.tone import SCALES, measures
from sori.analysis.melody.pitch import pitch
from sori.audio import load

SAMPLE_RATE = 22_050
_LONGEST_S = 60.0
_SIGNALS = ("chirp", "impulse", "multiSines", "sawtooth", "sine")  # made by a formula, not played
_SUFFIXES = {".ogg", ".wav", ".mp3", ".flac"}


def main() -> None:
    """Measure every recording, and print the ends of each scale."""
    files = [
        path
        for folder in ("music", "pitch/freesound")
        for path in sorted((test_data() / folder).rglob("*"))
        if path.suffix in _SUFFIXES and not path.name.startswith(_SIGNALS)
    ]
    found: dict[str, list[float]] = {scale.name: [] for scale in SCALES}
    for path in files:
        sound = load(path)
        mono = sound.samples.mean(axis=0)[: round(_LONGEST_S * sound.sample_rate)]
        mono = np.asarray(soxr.resample(mono, sound.sample_rate, SAMPLE_RATE), np.float32)
        onsets = attacks(mono, sample_rate=SAMPLE_RATE).times_s
        heard = pitch(mono, sample_rate=SAMPLE_RATE)
        values = measures(mono, sample_rate=SAMPLE_RATE, onsets_s=onsets, pitch=heard)
        print(path.stem[:32].ljust(34), {k: None if v is None else round(v, 2) for k, v in values.items()})
        for name, value in values.items():
            if value is not None:
                found[name].append(value)
    for name, values in found.items():
        if values:
            low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
            print(f"{name}: {len(values)} recordings, {low:.2f} to {high:.2f}, median {middle:.2f}")


if __name__ == "__main__":
    main()
