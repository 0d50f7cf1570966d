"""What other programs hear: ``peers.py PROGRAM < paths > one JSON line of answers per file``.

Runs in the peers' own environment, so it imports nothing of ours. Each program is used as its own
documentation shows, at its defaults. librosa has no key finder, so it gets the classic one: its chroma's
mean against the 24 rotations of Krumhansl's probe-tone profiles.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np

NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
FLATS = {"Db": "C#", "D#": "Eb", "Gb": "F#", "G#": "Ab", "A#": "Bb"}
# Krumhansl and Kessler 1982, as printed in Krumhansl, Cognitive Foundations of Musical Pitch, 1990.
PROFILES = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}


def librosa(path: str) -> dict[str, Any]:
    """beat_track, chroma_cqt with Krumhansl's profiles, estimate_tuning."""
    import librosa as lib

    y, sr = lib.load(path, sr=22050, mono=True)
    tempo, beats = lib.beat.beat_track(y=y, sr=sr, units="time")
    chroma = lib.feature.chroma_cqt(y=y, sr=sr).mean(axis=1)
    best = max(
        ((float(np.corrcoef(chroma, np.roll(profile, k))[0, 1]), NAMES[k], mode)
         for mode, profile in PROFILES.items() for k in range(12)),
        key=lambda found: found[0],
    )  # fmt: skip
    return {
        "tempo_bpm": float(np.atleast_1d(tempo)[0]),
        "beats_s": [float(t) for t in beats],
        "key": {"tonic": best[1], "mode": best[2]},
        "tuning_hz": float(440 * 2 ** (lib.estimate_tuning(y=y, sr=sr) / 12)),
    }


def essentia(path: str) -> dict[str, Any]:
    """RhythmExtractor2013 (multifeature) and KeyExtractor."""
    import essentia as library
    from essentia.standard import KeyExtractor, MonoLoader, RhythmExtractor2013

    library.log.infoActive = library.log.warningActive = False
    audio = MonoLoader(filename=path, sampleRate=44100)()
    tempo, beats, *_ = RhythmExtractor2013(method="multifeature")(audio)
    tonic, mode, _ = KeyExtractor()(audio)
    return {
        "tempo_bpm": float(tempo),
        "beats_s": [float(t) for t in beats],
        "chords": essentia_chords(audio),
        "key": {"tonic": FLATS.get(tonic, tonic), "mode": mode},
        "tuning_hz": None,
    }


def essentia_chords(audio: np.ndarray) -> list[list[Any]]:
    """ChordsDetection (major and minor triads, two-second windows) on a whitened HPCP of twelve bins.

    Of its settings and those of ChordsDetectionBeats that were tried on five renders this was its best.
    """
    from essentia.standard import (
        HPCP,
        ChordsDetection,
        FrameGenerator,
        SpectralPeaks,
        SpectralWhitening,
        Spectrum,
        Windowing,
    )

    hop, rate = 2048, 44100
    window, spectrum, whiten = Windowing(type="hann"), Spectrum(), SpectralWhitening(maxFrequency=3500)
    peaks = SpectralPeaks(
        magnitudeThreshold=1e-4, maxPeaks=60, minFrequency=25, maxFrequency=3500, orderBy="magnitude"
    )
    profile = HPCP(
        size=12, minFrequency=25, maxFrequency=3500, harmonics=4, weightType="cosine", normalized="none"
    )
    rows = []
    for frame in FrameGenerator(audio, frameSize=4096, hopSize=hop):
        power = spectrum(window(frame))
        hz, size = peaks(power)
        rows.append(profile(hz, whiten(power, hz, size) if len(hz) else size))
    labels, _ = ChordsDetection(hopSize=hop, windowSize=2)(np.array(rows, dtype=np.float32))
    spans: list[list[Any]] = []
    for k, label in enumerate(labels):
        if spans and spans[-1][2] == harte(label):
            spans[-1][1] = (k + 1) * hop / rate
        else:
            spans.append([k * hop / rate, (k + 1) * hop / rate, harte(label)])
    return spans


def harte(label: str) -> str:
    """Return Harte's name of Essentia's: ``Am`` is ``A:min``."""
    return f"{label[:-1]}:min" if label.endswith("m") else f"{label}:maj"


PROGRAMS = {"essentia": essentia, "librosa": librosa}


def main() -> None:
    """Answer for every path on standard input, in order."""
    hear = PROGRAMS[sys.argv[1]]
    for line in sys.stdin:
        print(json.dumps(hear(line.rstrip("\n"))), flush=True)


if __name__ == "__main__":
    main()
