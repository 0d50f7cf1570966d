"""``python -m bench.training.beats_onsets``: how well onsets are found in composed pieces.

Note starts within 30 ms of each other count as one, as they are heard.
"""

from __future__ import annotations

import mir_eval
import numpy as np

from bench.training.compose import Piece, compose, order
from bench.training.corpus import TRAINING_FONTS, rendered
from sori.analysis.listening import Listening
from sori.analysis.material import condense
from sori.analysis.rhythm.onsets import onsets
from sori.audio import Audio

SAMPLE_RATE = 22_050
SEED = 5150


def starts(piece: Piece) -> np.ndarray:
    """Return when something begins, seconds."""
    times = np.sort([note.start_s for note in piece.notes if note.velocity > 30])
    return times[np.concatenate([[True], np.diff(times) > 0.03])]


def main() -> None:
    """Print the F-measure, precision, recall and median error of each piece, and the mean."""
    scores = []
    for number, genre in enumerate(order(16, SEED)):
        piece = compose(f"onsets-{number}", genre)
        samples = rendered(piece, TRAINING_FONTS[number % 2], SAMPLE_RATE)
        found = np.array(onsets(Listening(condense([Audio(samples, SAMPLE_RATE)])).onset_curves).times_s)
        truth = starts(piece)
        score = mir_eval.onset.f_measure(truth, found, window=0.05)
        pairs = mir_eval.util.match_events(truth, found, 0.05)
        error = float(np.median([found[b] - truth[a] for a, b in pairs])) if pairs else np.nan
        scores.append(score)
        print(
            f"{genre.name:16s} F {score[0]:.3f} P {score[1]:.3f} R {score[2]:.3f} late {1000 * error:.1f} ms"
        )
    print("mean F {:.3f} P {:.3f} R {:.3f}".format(*np.mean(scores, axis=0)))


if __name__ == "__main__":
    main()
