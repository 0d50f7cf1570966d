"""A waveform: two channels, every peak in it, seconds below."""

import numpy as np
from sounds import RATE, band, out, part

from sori.display.waveform import waveform

left, right = band() + part("drums"), band() + part("strings")
waveform(np.stack([left, right]) / 2, sample_rate=RATE).figure.savefig(out())
