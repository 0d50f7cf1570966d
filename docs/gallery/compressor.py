"""A compressor's curve: how loud a tone comes out for how loud it goes in, by ratio and knee."""

import numpy as np
from sounds import RATE, out

from sori.display.axes import axes, labelled
from sori.signal.dynamics import compressor
from sori.signal.synthesis import sine

ax = axes(None, height=5)
going_in = np.arange(-60.0, 1.0, 3.0)
tones = 10 ** (going_in[:, None] / 20) * sine(1000.0, sample_rate=RATE, duration_s=0.5)
for ratio, knee_db, color in ((2, 0, "#9dbfe3"), (4, 0, "#3f7fbf"), (4, 20, "#e07b00"), (20, 0, "#10305a")):
    y = compressor(tones, sample_rate=RATE, threshold_db=-30, ratio=ratio, knee_db=knee_db, attack_s=0.001)
    coming_out = 20 * np.log10(np.abs(y[:, RATE // 4 :]).max(axis=-1))
    ax.plot(going_in, coming_out, color=color, linewidth=2, label=f"{ratio}:1, knee {knee_db} dB")
ax.plot(going_in, going_in, color="0.6", linestyle=":", label="untouched")
ax.set_aspect("equal")
ax.grid(alpha=0.3)
ax.legend(fontsize=10, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
labelled(ax, x="peak going in (dBFS)", y="peak coming out (dBFS)")
ax.figure.savefig(out())
