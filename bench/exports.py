"""``python -m bench.exports [LAYER...]``: what exports to ONNX, for which lengths; ``docs/exports.md``.

Each layer of `sori.layers`, with the options of ``tests/layers/examples.py``, is exported with any batch and
any length, and where that is refused with the length it was shown. ONNX Runtime then gets real music, as
long as at the export, 3 and 20 times as long, and its numbers are compared with the function's. With names
only their rows are made again. Wrong numbers at any length end the run with an error.
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import multiprocessing
import re
import signal
import sys
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.collection import ROOT, recordings
from sori.audio import load
from sori.errors import ParameterError
from sori.spectral import chroma_stft, cqt, mel_spectrogram, mfcc_from_log_mel, power_to_db, stft

sys.path.insert(0, str(ROOT / "tests"))
from layers.examples import EXAMPLES

PAGE = ROOT / "docs" / "exports.md"
RATE = 22050
SECONDS = 100  # for one export and its runs
SAMPLES, FRAMES = 9216, 40  # at the export
WRONG = 1e-3  # of the largest value
FEW = 5e-3  # of all values
ANY, FIXED, NOT = "any length", "fixed length", "not exported"
INTRODUCTION = f"""# Exported to ONNX

Made by `python -m bench.exports`; not to be edited. Each layer is exported by itself, with the options of
`tests/layers/examples.py`, and run by ONNX Runtime on real music: a batch of two as long as at the export
({SAMPLES} samples, {FRAMES} frames), then a batch of three, 3 and 20 times as long.

- *Any length*: one file took them all. *Fixed length*: it takes the length it was exported with, any batch;
  what was asked for any length is refused by the export or by the runtime, for the reason given.
- Difference: the largest from the function at any of these lengths, of its largest value.
- Wrong: the share of values that differ by more than {WRONG:g}. Where a bin is chosen, or the angle of next
  to nothing is taken, the last digit decides.
- Rounding: how far the function in float32 is from itself in float64, where more than {WRONG:g}.

Complex numbers come in and out as two real tensors. More than {100 * FEW:g} % of wrong values that rounding
does not explain end the run with an error.
"""


@dataclasses.dataclass(frozen=True)
class Found:
    layer: str
    length: str
    difference: float
    share: float
    rounding: float
    reason: str


@functools.cache
def sound(times: int, seed: int) -> NDArray[np.float32]:
    """Return real music, ``times`` as long as at the export and a little more."""
    n = SAMPLES * times + 77 * (times - 1)
    path = recordings()[seed % 5]
    samples, _ = load(path, start_s=2.0, duration_s=(n + 100) / RATE, sample_rate=RATE, mono=True)
    return np.resize(samples, n).astype(np.float32)


def given(kind: str, times: int, seed: int) -> NDArray[Any]:
    """Return what a layer takes, made of real music: one of a batch."""
    if kind in ("wave", "unit"):
        return sound(times, seed)
    if kind == "channels":
        return np.stack([sound(times, seed), sound(times, seed + 1)])
    n_frames = FRAMES * times + (times > 1)
    x = sound(2 * times, seed)[: n_frames * 256]
    S = stft(x, n_fft=1024, hop_length=256)[:, :n_frames]
    mel = mel_spectrogram(x, sample_rate=RATE, n_fft=1024, hop_length=256, n_mels=40)[:, :n_frames]
    tones = cqt(x, sample_rate=RATE, n_bins=36, fmin=110.0, hop_length=256)[:, :n_frames]
    made = {
        "complex": S,
        "magnitude": np.abs(S),
        "power": np.abs(S) ** 2,
        "mel": mel,
        "level_db": power_to_db(mel),
        "mfcc": mfcc_from_log_mel(power_to_db(mel), n_mfcc=20),
        "curve": mel.sum(0),
        "cqt": tones,
        "cqt_magnitude": np.abs(tones),
        "chroma": chroma_stft(x, sample_rate=RATE, n_fft=1024, hop_length=256)[:, :n_frames],
        "gansynth": np.stack([np.log(np.abs(S[1:]) + 1e-6) / 14, np.angle(S[1:]) / np.pi]),
    }
    return np.asarray(made[kind])


def batch(name: str, times: int, members: int) -> list[NDArray[Any]]:
    return [
        np.stack([given(kind, times, seed + 2 * member) for member in range(members)])
        for seed, kind in enumerate(EXAMPLES[name][1])
    ]


def leaves(found: Any) -> list[Any]:
    return [leaf for part in found for leaf in leaves(part)] if isinstance(found, tuple) else [found]


def parts(arrays: list[Any]) -> list[NDArray[Any]]:
    """Return complex arrays as two real ones, as a runtime has them."""
    plain = [np.asarray(one) for one in arrays]
    return [part for one in plain for part in ((one.real, one.imag) if np.iscomplexobj(one) else (one,))]


def difference(found: list[Any], wanted: list[Any], *, angle: bool) -> tuple[float, float]:
    """Return the largest difference, of the largest value, and the share of values that are wrong."""
    worst, share = 0.0, 0.0
    for one, other in zip(found, wanted, strict=True):
        if one.shape != other.shape:
            return float("inf"), 1.0
        apart = one.astype(np.float64) - other
        apart = np.abs(np.angle(np.exp(1j * apart)) if angle else apart)  # a whole turn is nothing
        apart /= max(float(np.abs(other).max()), 1e-9)
        worst, share = max(worst, float(apart.max())), max(share, float((apart > WRONG).mean()))
    return worst, share


def exported(model: Any, xs: list[NDArray[Any]], axes: tuple[int, ...]) -> Any:
    """Return a session of ONNX Runtime with the model exported, the named axes of any length."""
    import onnxruntime
    import torch

    shapes = (tuple(dict.fromkeys(axes, torch.export.Dim.DYNAMIC) for _ in xs),)
    names = [f"x{n}" for n in range(len(xs))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch, of itself
        program = torch.onnx.export(
            model, tuple(map(torch.tensor, xs)), dynamo=True, dynamic_shapes=shapes, input_names=names,
            verbose=False,
        )  # fmt: skip
    session_options = onnxruntime.SessionOptions()
    session_options.intra_op_num_threads = 1
    session_options.log_severity_level = 4
    data = program.model_proto.SerializeToString()
    return onnxruntime.InferenceSession(data, session_options, providers=["CPUExecutionProvider"])


def measured(session: Any, layer: Any, name: str, times: int, members: int) -> tuple[float, float, float]:
    """Return difference and share of wrong values of the export, and the function's own rounding."""
    import torch

    def of_function(xs: list[NDArray[Any]]) -> list[NDArray[Any]]:
        found = type(layer).function(*map(torch.tensor, xs), **layer.options)
        return parts([one.detach().numpy() for one in leaves(found)])

    xs = batch(name, times, members)
    wanted = of_function(xs)
    exact = of_function([x.astype(np.complex128 if np.iscomplexobj(x) else np.float64) for x in xs])
    found = session.run(None, {f"x{n}": x for n, x in enumerate(parts(xs))})
    angle = name == "Phase"
    return *difference(found, wanted, angle=angle), difference(wanted, exact, angle=angle)[0]


def tried(name: str) -> Found:
    """Export one layer, run it at several lengths, and say what became of it."""
    import torch
    from onnxruntime.capi import onnxruntime_pybind11_state as runtime

    from sori.layers import modules, signal_modules

    class Real(torch.nn.Module):
        """The layer with real numbers in and out."""

        def __init__(self) -> None:
            super().__init__()
            self.layer = layer

        def forward(self, *given: torch.Tensor) -> tuple[torch.Tensor, ...]:
            left = list(given)
            whole = [torch.complex(left.pop(0), left.pop(0)) if yes else left.pop(0) for yes in is_complex]
            found = leaves(self.layer(*whole))
            both = [(torch.real(one), torch.imag(one)) if one.is_complex() else (one,) for one in found]
            return tuple(part for each in both for part in each)

    torch.set_num_threads(1)
    layer = getattr(modules if name in modules.__all__ else signal_modules, name)(**EXAMPLES[name][0])
    first = batch(name, 1, 2)
    is_complex = [np.iscomplexobj(x) for x in first]
    refusals = (torch.onnx.OnnxExporterError, ParameterError, TimeoutError, runtime.Fail,
                runtime.InvalidArgument, runtime.InvalidGraph, runtime.RuntimeException,
                runtime.NotImplemented)  # fmt: skip
    signal.signal(signal.SIGALRM, too_long)
    reason = ""
    for length, axes, runs in (
        (ANY, (0, first[0].ndim - 1), ((1, 2), (3, 3), (20, 3))),
        (FIXED, (0,), ((1, 2), (1, 3))),
        (f"{FIXED} and batch", (), ((1, 2),)),
    ):
        signal.alarm(SECONDS)
        try:
            session = exported(Real().eval(), parts(first), axes)
            results = [measured(session, layer, name, times, members) for times, members in runs]
        except refusals as error:
            reason = reason or said(error)
        else:
            return Found(name, length, *map(max, zip(*results, strict=True)), reason)
        finally:
            signal.alarm(0)
    return Found(name, NOT, float("nan"), 0.0, 0.0, reason)


def too_long(*_: object) -> None:
    raise TimeoutError(f"takes more than {SECONDS} s")


def said(error: BaseException) -> str:
    """Return the line of an error that says what is the matter."""
    while isinstance(error.__cause__, Exception):
        error = error.__cause__
    lines = [line.strip(" -") for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    line = next((one for one in lines if "inferred" in one and "ranges" not in one), lines[0])
    if "running" in line and "node" in line:
        return "ONNX Runtime: " + re.sub(r".*while running (\w+) node.*", r"\1 of another length", line)
    line = re.sub(r"Received user-specified dim hint [^,]*, .*?\), but ", "", line)
    return re.sub(r"\S*/(?=\w+\.py)|\x1b\[\d+m", "", line).replace("|", "/")[:160]


def row(found: Found) -> str:
    apart = "-" if np.isnan(found.difference) else f"{found.difference:.0e}"
    share = f"{100 * found.share:.2g} %" if found.share else ""
    rounding = f"{found.rounding:.0e}" if found.rounding > WRONG else ""
    return f"| `{found.layer}` | {found.length} | {apart} | {share} | {rounding} | {found.reason} |"


def main() -> None:
    names = sys.argv[1:] or sorted(EXAMPLES)
    old = PAGE.read_text(encoding="utf-8") if sys.argv[1:] and PAGE.exists() else ""
    rows = {line.split("`")[1]: line for line in old.splitlines() if line.startswith("| `")}
    wrong = []
    with multiprocessing.get_context("spawn").Pool(2, maxtasksperchild=15) as pool:
        for found in pool.imap_unordered(tried, names):
            rows[found.layer] = row(found)
            print(row(found), flush=True)
            if found.share > FEW and found.difference > 10 * found.rounding:
                wrong.append(found.layer)
    lengths = collections.Counter(line.split(" | ")[1] for line in rows.values())
    total = "; ".join(f"{length}: {lengths[length]}" for length in sorted(lengths))
    head = "| layer | exports for | difference | wrong | rounding | reason |\n|---|---|---|---|---|---|"
    lines = [
        INTRODUCTION,
        f"{total}.\n",
        head,
        *(rows[name] for name in sorted(rows) if name in EXAMPLES),
        "",
    ]
    PAGE.write_text("\n".join(lines), encoding="utf-8")
    if wrong:
        raise SystemExit(f"wrong numbers: {', '.join(sorted(wrong))}")


if __name__ == "__main__":
    main()
