"""A constant-Q transform: every octave is as high as the next, every note has its name."""

from sounds import RATE, out, part

from sori.display.spectrogram import spectrogram
from sori.spectral.constant_q import cqt_magnitude
from sori.units import midi_to_hz

low = float(midi_to_hz(40))
C = cqt_magnitude(part("strings"), sample_rate=RATE, hop_length=256, fmin=low, n_bins=144, bins_per_octave=36)
spectrogram(
    C,
    values="magnitude",
    axis="note",
    fmin=low,
    bins_per_octave=36,
    range_db=60,
    sample_rate=RATE,
    hop_length=256,
).figure.savefig(out())
