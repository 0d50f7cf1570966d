"""Equal-loudness contours (ISO 226): how strong a tone must be to be as loud as one at 1 kHz."""

import numpy as np
from sounds import out

from sori.display.axes import axes, labelled
from sori.signal.equal_loudness import equal_loudness_contour_db

ax = axes(None, height=5)
hz = np.geomspace(20, 12500, 200)
for phon in range(20, 91, 10):
    known = hz[hz <= 4000] if phon == 90 else hz  # the standard ends there
    ax.semilogx(known, equal_loudness_contour_db(float(phon), known), color="#1b4f8a", linewidth=1.6)
    ax.annotate(f"{phon} phon", (1000, phon), ha="center", va="center", fontsize=10, backgroundcolor="white")
ticks = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000]
ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
ax.minorticks_off()
ax.set_xlim(20, 12500)
ax.grid(alpha=0.3)
labelled(ax, x="frequency (Hz)", y="sound pressure level (dB SPL)")
ax.figure.savefig(out())
