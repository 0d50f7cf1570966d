"""Phase: three steady tones keep a colour pattern of their own, and a click stands across them all."""

from sounds import RATE, out

from sori.display.phase import phase
from sori.signal.synthesis import sine
from sori.spectral.stft import stft

x = sum(0.3 * sine(hz, sample_rate=RATE, duration_s=1) for hz in (430.0, 866.0, 1301.0))
x[RATE // 2] += 30.0
S = stft(x, n_fft=1024, hop_length=64)
ax = phase(S, sample_rate=RATE, hop_length=64, range_db=50)
ax.set_ylim(0, 2500)
ax.figure.savefig(out())
