"""Essentia's ``Vibrato`` on given pitch: JSON of the Hz and their rate per line in, an answer per line out.

Runs in the peers' own environment, so it imports nothing of ours. The algorithm answers for every frame,
with rate and peak-to-peak extent, 0 for none: the medians over the others, extents
halved, are its answer for a note.
"""

from __future__ import annotations

import json
import sys

import numpy as np


def main() -> None:
    """Answer for every line of standard input, in order."""
    import essentia
    from essentia.standard import Vibrato

    essentia.log.infoActive = essentia.log.warningActive = False
    for line in sys.stdin:
        asked = json.loads(line)
        rate, extent = Vibrato(sampleRate=asked["rate"])(np.array(asked["hz"], np.float32))
        wavers = np.asarray(extent) > 0
        found = None
        if wavers.any():
            found = [
                float(np.median(np.asarray(rate)[wavers])),
                float(np.median(np.asarray(extent)[wavers])) / 2,
            ]
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
