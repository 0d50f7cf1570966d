"""The page of transforms: which are compared, why their numbers differ where they do, and the tables."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.collection import CACHE, test_data
from bench.report import Ledger, table
from bench.transforms.beside import ROUNDS, measure, stands

SAMPLE_RATE, SECONDS = 22_050, 30
PIECE = "music/librosa/Karissa_Hobbs_-_Lets_Go_Fishin.ogg"
EXACT = "rounding"
PHASES = "float32 phases drift apart; equal to 1e-9 in float64"
LOCKED = "ours locks the phases around a peak"

# ours, theirs, why the numbers differ
NUMPY: tuple[tuple[str, str, str], ...] = (
    ("stft", "librosa:stft", EXACT),
    ("istft", "librosa:istft", EXACT),
    ("mel_spectrogram", "librosa:mel_spectrogram", EXACT),
    ("log_mel_spectrogram", "librosa:log_mel_spectrogram", EXACT),
    ("mfcc", "librosa:mfcc", EXACT),
    ("delta", "librosa:delta", EXACT),
    ("cqt", "librosa:cqt", "theirs drops 1 % of each kernel and decimates with ripple; see tests/spectral"),
    ("vqt", "librosa:vqt", "as the CQT"),
    ("chroma_stft", "librosa:chroma_stft", EXACT),
    ("chroma_cqt", "librosa:chroma_cqt", "as the CQT"),
    ("cens", "librosa:cens", "quantised: a small difference may cross a step"),
    ("centroid", "librosa:centroid", EXACT),
    ("bandwidth", "librosa:bandwidth", EXACT),
    ("contrast", "librosa:contrast", "theirs clips peaks and valleys 80 dB below the largest"),
    ("flatness", "librosa:flatness", EXACT),
    ("rolloff", "librosa:rolloff", EXACT),
    ("zero_crossing_rate", "librosa:zero_crossing_rate", EXACT),
    ("rms", "librosa:rms", EXACT),
    ("pcen", "librosa:pcen", EXACT),
    ("tempogram", "librosa:tempogram", EXACT),
    ("fourier_tempogram", "librosa:fourier_tempogram", "theirs has one frame more"),
    ("hpss", "librosa:hpss", EXACT),
    ("hpss_waveform", "librosa:hpss_waveform", EXACT),
    ("griffin_lim", "librosa:griffin_lim", "other random phases"),
    ("phase_vocoder", "librosa:phase_vocoder", PHASES),
    ("time_stretch", "librosa:time_stretch", LOCKED),
    ("pitch_shift", "librosa:pitch_shift", LOCKED),
    ("resample", "librosa:resample", "soxr under both; ours at its best quality, theirs one below"),
    ("preemphasis", "librosa:preemphasis", "theirs extrapolates the sample before the first"),
    ("kaldi_fbank", "kaldi:fbank", "float32 logarithms of nearly empty bands, on both sides"),
    ("kaldi_mfcc", "kaldi:mfcc", "the same"),
    ("filter", "scipy:filter", EXACT),
    ("loudness", "pyloudnorm:loudness", "pyloudnorm's filter constants are its own"),
)
TORCH: tuple[tuple[str, str, str], ...] = (
    ("stft", "torchaudio:stft", EXACT),
    ("istft", "torchaudio:istft", EXACT),
    ("mel_spectrogram", "torchaudio:mel_spectrogram", EXACT),
    ("log_mel_spectrogram", "torchaudio:log_mel_spectrogram", EXACT),
    ("mfcc, HTK", "torchaudio:mfcc", EXACT),
    ("griffin_lim", "torchaudio:griffin_lim", "other random phases"),
    ("phase_vocoder", "torchaudio:phase_vocoder", "float32 phases drift apart"),
    ("resample, sinc", "torchaudio:resample", "ours has the longer filter: see sori.signal.resampling"),
)
HEADER = ("transform", "ms", "× its floor", "first call, ms", "theirs", "× as long", "their first call, ms")


def measure_transforms(ledger: Ledger) -> str:
    """Measure every pair, and return what the page says."""
    signal = excerpt()
    with stands(signal, SAMPLE_RATE) as (ours, theirs), tempfile.TemporaryDirectory() as folder:
        taken = {}
        for library, rows in (("numpy", NUMPY), ("torch", TORCH)):
            for mine, other, _ in rows:
                take = functools.partial(
                    measure, ours, theirs, f"{library}:{mine}", other, folder=Path(folder)
                )
                taken[library, mine] = ledger.measure(f"{library}:{mine} beside {other}", take)
    return "\n\n".join(
        (
            f"{SECONDS} s of a song (voice and guitar) at {SAMPLE_RATE} Hz, float32, one core, both sides"
            f" warm and in turns, medians of {ROUNDS} rounds. *Floor*: the transform's own Fourier transforms"
            " and one copy of what comes in and goes out, nothing else. *× as long*: their time over ours."
            " *Difference*: the largest, as a part of the largest value.",
            "## NumPy",
            shown("numpy", NUMPY, taken),
            "## PyTorch, on the CPU",
            shown("torch", TORCH, taken),
        )
    )


def shown(
    library: str, rows: Sequence[tuple[str, str, str]], taken: dict[tuple[str, str], dict[str, float]]
) -> str:
    """Return the table of one library."""
    lines = []
    for mine, other, why in rows:
        got = taken[library, mine]
        lines.append(
            [
                f"`{mine.partition(',')[0]}`{mine.partition(',')[1]}{mine.partition(',')[2]}",
                f"{got['ms']:.2f}",
                f"{got['floor_ratio']:.1f}",
                f"{got['first_ms']:.0f}",
                other.partition(":")[0],
                f"**{got['other_ratio']:.2f}**",
                f"{got['other_first_ms']:.0f}",
                f"{got['error']:.0e}",
                why,
            ]
        )
    return table((*HEADER, "difference", "why"), lines)


def excerpt() -> Path:
    """Return the file of samples that everything is measured on, made once."""
    path = CACHE / "transforms.npy"
    if not path.exists():
        import sori

        samples = sori.load(
            str(test_data() / PIECE), sample_rate=SAMPLE_RATE, mono=True, duration_s=SECONDS
        ).samples
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, np.ascontiguousarray(samples, np.float32))
    return path
