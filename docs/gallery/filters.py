"""Responses of filters: low-passes of three orders, a peak, a shelf and a notch, from their impulses."""

import numpy as np
from sounds import RATE, out

from sori.display.axes import axes, labelled
from sori.signal.biquad import high_shelf, notch, peaking
from sori.signal.butterworth import low_pass

impulse = np.zeros(1 << 15)
impulse[0] = 1.0
at = {"sample_rate": RATE}
responses = {
    **{f"low-pass, order {k}": low_pass(impulse, cutoff_hz=1000, order=k, **at) for k in (1, 2, 4)},
    "peaking, +9 dB": peaking(impulse, centre_hz=300, gain_db=9, q=2.0, **at),
    "high shelf, −6 dB": high_shelf(impulse, cutoff_hz=3000, gain_db=-6, **at),
    "notch": notch(impulse, centre_hz=100, q=3, **at),
}
colors = ("#9dbfe3", "#3f7fbf", "#10305a", "#e07b00", "#00796b", "#a03070")
ax = axes(None, height=4.5)
hz = np.fft.rfftfreq(len(impulse), 1 / RATE)[1:]
for color, (name, y) in zip(colors, responses.items(), strict=True):
    ax.semilogx(
        hz,
        20 * np.log10(np.maximum(np.abs(np.fft.rfft(y))[1:], 1e-6)),
        color=color,
        linewidth=1.8,
        label=name,
    )
ax.set(xlim=(20, RATE / 2), ylim=(-48, 12))
ticks = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000]
ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
ax.minorticks_off()
ax.grid(alpha=0.3)
ax.legend(fontsize=10, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
labelled(ax, x="frequency (Hz)", y="gain (dB)")
ax.figure.savefig(out())
