"""Essentia's chords: one JSON ``{"path", "beats_s"}`` a line in, one list of ``[start, end, label]`` out.

Runs in the peers' own environment, so it imports nothing of ours. Used as its documentation shows: HPCP of
spectral peaks, then ChordsDetectionBeats on the beats that everybody is given.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np

RATE, FRAME, HOP = 44100, 4096, 2048


def chords(path: str, beats_s: list[float]) -> list[list[Any]]:
    """Return the chords between beats."""
    from essentia import standard

    audio = standard.MonoLoader(filename=path, sampleRate=RATE)()
    window, spectrum = standard.Windowing(type="blackmanharris62"), standard.Spectrum()
    peaks = standard.SpectralPeaks(
        orderBy="magnitude", magnitudeThreshold=0.00001, minFrequency=20, maxFrequency=3500, maxPeaks=60
    )
    hpcp = standard.HPCP()
    rows = [
        hpcp(*peaks(spectrum(window(frame))))
        for frame in standard.FrameGenerator(audio, frameSize=FRAME, hopSize=HOP)
    ]
    found, _ = standard.ChordsDetectionBeats(hopSize=HOP, sampleRate=RATE)(
        np.array(rows, np.float32), np.array(beats_s, np.float32)
    )
    labels = [f"{name[:-1]}:min" if name.endswith("m") else f"{name}:maj" for name in found]
    return [
        [a, b, label]
        for a, b, label in zip(beats_s[:-1], beats_s[1:], labels[: len(beats_s) - 1], strict=True)
    ]


def main() -> None:
    """Answer for every line on standard input, in order."""
    import essentia

    essentia.log.infoActive = essentia.log.warningActive = False
    for line in sys.stdin:
        print(json.dumps(chords(**json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
