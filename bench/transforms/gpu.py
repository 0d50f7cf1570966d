"""Log-mel and constant-Q spectrograms of a large batch on a GPU, beside their floors and other libraries.

``python -m bench.transforms.gpu`` writes ``bench/gpu.md``. It needs PyTorch with CUDA, and measures
torchaudio and nnAudio where the same environment has them. ``--device cpu --batch 2`` tries it without a GPU
and writes nothing.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import torch

from bench.report import table, write_page
from sori.spectral.constant_q import cqt
from sori.spectral.decibels import power_to_db
from sori.spectral.mel import mel_spectrogram

SAMPLE_RATE, SECONDS, N_FFT, HOP = 22_050, 30, 2048, 512
ROUNDS = 20


def seconds(call: Callable[[], Any], device: str) -> float:
    """Return how long a call keeps the device busy."""
    if device == "cpu":
        start = time.perf_counter()
        call()
        return time.perf_counter() - start
    begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    begin.record()
    call()
    end.record()
    torch.cuda.synchronize()
    return float(begin.elapsed_time(end)) / 1000


def floor(x: torch.Tensor, *, frames: int, n_fft: int, out_values: int) -> Callable[[], Any]:
    """Return the transforms of so many frames, a read of the signal and a write of the result."""
    rows = torch.zeros(x.shape[0], frames, n_fft, device=x.device)
    result = torch.zeros(out_values, device=x.device)
    return lambda: (torch.fft.rfft(rows), x.clone(), result.fill_(1.0))


def others(x: torch.Tensor) -> dict[str, Callable[[], Any]]:
    """Return other libraries' calls, of those that are installed."""
    found: dict[str, Callable[[], Any]] = {}
    try:
        import torchaudio.transforms as ta

        mel = ta.MelSpectrogram(SAMPLE_RATE, N_FFT, hop_length=HOP, n_mels=128).to(x.device)
        to_db = ta.AmplitudeToDB("power", 80.0)
        found["log-mel, torchaudio"] = lambda: to_db(mel(x))
    except (ImportError, OSError) as reason:
        print(f"torchaudio is left out: {reason}")
    try:
        from nnAudio import features

        mel_layer = features.MelSpectrogram(SAMPLE_RATE, N_FFT, n_mels=128, hop_length=HOP, verbose=False)
        cqt_layer = features.CQT1992v2(SAMPLE_RATE, HOP, verbose=False)
        mel_layer, cqt_layer = mel_layer.to(x.device), cqt_layer.to(x.device)
        found["log-mel, nnAudio"] = lambda: torch.log10(mel_layer(x) + 1e-10)
        found["CQT, nnAudio"] = lambda: cqt_layer(x)
    except ImportError as reason:
        print(f"nnAudio is left out: {reason}")
    return found


def main() -> None:
    """Measure in turns, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--batch", type=int, default=256)
    arguments = parser.parse_args()
    if arguments.device == "cuda" and not torch.cuda.is_available():
        raise SystemExit("PyTorch sees no GPU here; --device cpu --batch 2 tries the script without one")
    x = 0.1 * torch.randn(arguments.batch, SECONDS * SAMPLE_RATE, device=arguments.device)
    frames = 1 + x.shape[1] // HOP

    def log_mel() -> torch.Tensor:
        return power_to_db(mel_spectrogram(x, sample_rate=SAMPLE_RATE), top_db=80)

    calls: dict[str, Callable[[], Any]] = {
        "log-mel, floor": floor(x, frames=frames, n_fft=N_FFT, out_values=len(x) * 128 * frames),
        "log-mel, **Sori**": log_mel,
        "log-mel, **Sori**, compiled": torch.compile(log_mel) if arguments.device == "cuda" else log_mel,
        # The least for constant Q: one transform of the whole signal.
        "CQT, floor": floor(x, frames=1, n_fft=x.shape[1], out_values=2 * len(x) * 84 * frames),
        "CQT, **Sori**": lambda: cqt(x, sample_rate=SAMPLE_RATE, hop_length=HOP),
        **others(x),
    }
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(ROUNDS + 2 if arguments.device == "cuda" else 2):
        for name, call in calls.items():
            cost = seconds(call, arguments.device)
            if turn >= 2 or arguments.device == "cpu":
                taken[name].append(cost)
    rows = []
    for name, costs in sorted(taken.items()):
        least = statistics.median(taken[f"{name.partition(',')[0]}, floor"])
        cost = statistics.median(costs)
        rows.append([name, f"{1000 * cost:.2f}", f"{cost / least:.2f}"])
    shown = table(("what", "ms", "× its floor"), rows)
    print(shown)
    if arguments.device == "cuda":
        device = torch.cuda.get_device_name()
        write_page("gpu", "# On a GPU", f"{arguments.batch} signals of {SECONDS} s on one {device}.", shown)


if __name__ == "__main__":
    main()
