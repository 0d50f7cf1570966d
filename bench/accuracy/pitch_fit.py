"""Fit the weights that say which candidate period is the pitch: ``python -m bench.accuracy.pitch_fit``.

On sounds of seeds from 1000 on, which no table of `bench.accuracy.pitch` uses: voices and instruments in
every condition, single struck notes over 88 keys, noise without any voice, heard in the usual range and in
a wide one. Needs PyTorch. Writes ``sori/analysis/melody/evidence.json``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from scipy.signal import lfilter

from bench.accuracy import pitch_sounds as sounds
from sori.analysis.melody import evidence
from sori.analysis.melody.pitch import heard_candidates
from sori.signal.noise import brown_noise, pink_noise, white_noise

FIRST_SEED = 1000
USUAL, WIDE = {"fmin": 60.0, "fmax": 2100.0}, {"fmin": 25.0, "fmax": 4500.0}
HIDDEN, STEPS, BATCH = 16, 2500, 2048
RIGHT_CENTS = 50.0


class Frames(NamedTuple):
    """Features of many frames, which candidates exist, and which is right (``n`` where none should be)."""

    candidates: torch.Tensor
    frame: torch.Tensor
    there: torch.Tensor
    answer: torch.Tensor


def heard() -> Iterator[tuple[np.ndarray, np.ndarray, bool, dict[str, float]]]:
    """Yield samples, their frequency at every moment, whether voicing is known, and the range to hear."""
    for kind in sounds.KINDS:
        for number in range(30 if kind == "bowed and blown" else 20):
            clip = sounds.clip(kind, FIRST_SEED + number)
            for place, condition in enumerate(sounds.CONDITIONS):
                samples = sounds.in_condition(clip, condition, FIRST_SEED + number)
                yield samples, clip.hz, condition != "room", USUAL
                if number % 5 == place:
                    yield samples, clip.hz, condition != "room", WIDE
    for seed in range(FIRST_SEED, FIRST_SEED + 160):
        clip = sounds.struck(seed)
        samples = sounds.in_condition(clip, ("clean", "clean", "20 dB")[seed % 3], seed)
        yield samples, clip.hz, True, WIDE
        if 62 < clip.hz.max() < 2050:
            yield samples, clip.hz, True, USUAL
    for seed in range(36):
        samples = unpitched(np.random.default_rng([77, seed]), seed)
        yield samples, np.zeros(len(samples)), True, USUAL if seed % 3 else WIDE


def unpitched(rng: np.random.Generator, seed: int) -> np.ndarray:
    """Return noise of a colour, steady or in bursts, half of it through a resonance."""
    colour = (white_noise, pink_noise, brown_noise)[seed % 3]
    noise = colour(4.0, sample_rate=sounds.SAMPLE_RATE, rng=rng).astype(np.float64)
    noise *= 10 ** rng.uniform(-2, 0) / np.abs(noise).max()
    time = np.arange(len(noise)) / sounds.SAMPLE_RATE
    if seed % 2:
        noise *= np.exp(-((time * rng.uniform(1, 6)) % 1) * rng.uniform(0, 8))
    if seed % 4 >= 2:
        hz, width = rng.uniform(150, 2500), rng.uniform(150, 600)
        radius = np.exp(-np.pi * width / sounds.SAMPLE_RATE)
        poles = [1, -2 * radius * np.cos(2 * np.pi * hz / sounds.SAMPLE_RATE), radius**2]
        noise = lfilter([1 - radius], poles, noise)
    return noise.astype(np.float32)


def frames_of(
    samples: np.ndarray, hz: np.ndarray, voicing_known: bool, pitch_range: dict[str, float]
) -> Frames:
    """Return the frames of one sound; those of which no candidate is right teach nothing."""
    found, near = heard_candidates(samples, sample_rate=sounds.SAMPLE_RATE, hop_s=0.01, **pitch_range)
    at = np.round(np.arange(len(near)) * 0.01 * sounds.SAMPLE_RATE).astype(int)
    truth = hz[np.minimum(at, len(hz) - 1)]
    off = np.abs(1200 * np.log2(np.maximum(found.hz, 1) / np.maximum(truth, 1)[:, None]))
    right = (off < RIGHT_CENTS) & (found.hz > 0)
    nearest = np.where(right, off, np.inf).argmin(axis=1)
    answer = np.where(truth > 0, np.where(right.any(axis=1), nearest, -1), found.hz.shape[1])
    use = (answer >= 0) & (voicing_known | (truth > 0))
    parts = (
        evidence.candidate_features(found),
        evidence.frame_features(found, near),
        found.hz > 0,
        answer,
    )
    return Frames(*(torch.from_numpy(part[use]) for part in parts))


class Scorer(torch.nn.Module):
    """One hidden layer on standardised features."""

    def __init__(self, examples: torch.Tensor) -> None:
        super().__init__()
        self.mean, self.scale = examples.mean(0), examples.std(0)
        self.inner = torch.nn.Linear(examples.shape[-1], HIDDEN)
        self.outer = torch.nn.Linear(HIDDEN, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the odds of each row of features."""
        return self.outer(torch.tanh(self.inner((x - self.mean) / self.scale)))[..., 0]

    def stored(self) -> dict[str, Any]:
        """Return the weights, those of the standardisation folded in."""
        inner = self.inner.weight / self.scale
        bias = self.inner.bias - (inner * self.mean).sum(1)
        return {
            "inner": _short(inner.tolist()),
            "inner_bias": _short(bias.tolist()),
            "outer": _short(self.outer.weight[0].tolist()),
            "outer_bias": _short(self.outer.bias.item()),
        }


def fit(frames: Frames) -> tuple[Scorer, Scorer]:
    """Return the scorers of a candidate and of none that make the right answers likely."""
    torch.manual_seed(0)
    candidate, none = Scorer(frames.candidates[frames.there]), Scorer(frames.frame)
    optimizer = torch.optim.Adam([*candidate.parameters(), *none.parameters()], lr=0.02)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    for step in range(STEPS):
        some = torch.randint(0, len(frames.answer), (BATCH,))
        odds = candidate(frames.candidates[some]).masked_fill(~frames.there[some], -1e4)
        odds = torch.cat([odds, none(frames.frame[some])[:, None]], dim=1)
        loss = torch.nn.functional.cross_entropy(odds, frames.answer[some])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 500 == 0:
            print(f"  step {step}: loss {loss.item():.4f}", flush=True)
    return candidate, none


def _short(value: Any) -> Any:
    return [_short(part) for part in value] if isinstance(value, list) else float(f"{value:.5g}")


def main() -> None:
    """Make the sounds, hear them, fit, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--to", type=Path, default=Path(evidence.__file__).parent / "evidence.json")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    parts = [frames_of(*one) for one in heard()]
    frames = Frames(*(torch.cat(part) for part in zip(*parts, strict=True)))
    print(f"  {len(frames.answer)} frames", flush=True)
    candidate, none = fit(frames)
    stored = {"candidate": candidate.stored(), "none": none.stored()}
    arguments.to.write_text(json.dumps(stored) + "\n", encoding="utf-8")
    print(f"  wrote {arguments.to.name}")


if __name__ == "__main__":
    main()
