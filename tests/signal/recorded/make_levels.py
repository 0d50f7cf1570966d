"""Write down what others measure and code, for test_loudness_normalize.py and test_companding.py.

Run in an environment with pyloudnorm and torchaudio, on Python 3.11 or 3.12 (the last with ``audioop``)::

    python tests/signal/recorded/make_levels.py
"""

import audioop
import json
from pathlib import Path

import numpy as np
import pyloudnorm
import torch
import torchaudio

HERE = Path(__file__).parent


def sounds(rate: int) -> dict[str, np.ndarray]:
    """The same in test_loudness_normalize.py: (channels, time)."""
    rng = np.random.default_rng(11)
    t = np.arange(rate * 6) / rate
    swell = 0.02 + 0.3 * np.sin(np.pi * t / 6) ** 2
    tones = np.stack([np.sin(2 * np.pi * hz * t) for hz in (110, 880, 3300)])
    return {
        "noise": (0.1 * rng.standard_normal(len(t)))[None],
        "swelling noise": swell * rng.standard_normal((2, len(t))) * 0.5,
        "tones": 0.3 * tones[:2] * (np.sin(2 * np.pi * 0.5 * t) > 0),
        "mostly silence": 0.5 * tones[2:] * (t > 5),
        "five channels": 0.1 * rng.standard_normal((5, len(t))),
    }


loudness = {}
for rate in (44100, 48000):
    meter = pyloudnorm.Meter(rate, filter_class="DeMan")
    loudness[str(rate)] = {name: float(meter.integrated_loudness(x.T)) for name, x in sounds(rate).items()}
(HERE / "pyloudnorm.json").write_text(json.dumps(loudness, indent=1) + "\n")

samples = np.arange(-32768, 32768).astype("<i2").tobytes()
octets = np.arange(256, dtype=np.uint8).tobytes()
steps = np.linspace(-1, 1, 2001)
np.savez_compressed(
    HERE / "companding.npz",
    mulaw=np.frombuffer(audioop.lin2ulaw(samples, 2), np.uint8),
    alaw=np.frombuffer(audioop.lin2alaw(samples, 2), np.uint8),
    mulaw_samples=np.frombuffer(audioop.ulaw2lin(octets, 2), "<i2"),
    alaw_samples=np.frombuffer(audioop.alaw2lin(octets, 2), "<i2"),
    torchaudio_codes=torchaudio.functional.mu_law_encoding(torch.tensor(steps), 256).numpy(),
    torchaudio_values=torchaudio.functional.mu_law_decoding(torch.arange(256), 256).numpy(),
)
