"""Loudness over time: momentary and short-term in LUFS, over peak and RMS level."""

import numpy as np
from sounds import RATE, band, out

from sori.display.curve import curve
from sori.display.envelope import envelope
from sori.signal.gated_loudness import integrated_lufs, momentary_lufs, short_term_lufs

x = band("CAFG" * 2) * np.repeat([0.05, 0.3, 1.0, 0.15], -(-round(16.5 * RATE) // 4))[: round(16.5 * RATE)]
ax = envelope(x, sample_rate=RATE)
for found, name, color in (
    (momentary_lufs(x, sample_rate=RATE), "momentary", "#e07b00"),
    (short_term_lufs(x, sample_rate=RATE), "short-term", "#00796b"),
):
    curve(found.lufs, name=name, unit="LUFS", times_s=found.times_s, color=color, ax=ax)
ax.set_title(f"integrated {float(integrated_lufs(x, sample_rate=RATE)):.1f} LUFS", loc="left")
ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=4, fontsize=10, frameon=False)
ax.figure.savefig(out())
