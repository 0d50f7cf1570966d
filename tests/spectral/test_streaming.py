import tracemalloc
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sori.audio.stream import blocks, load
from sori.errors import ParameterError
from sori.spectral.constant_q import cqt
from sori.spectral.magnitude import power
from sori.spectral.mel import mel_spectrogram
from sori.spectral.stft import istft, stft
from sori.spectral.streaming import in_blocks, signal_blocks

CUTS = ([], [1], [5, 5, 6, 300], list(range(0, 3000, 7)))
FRAMES = ((256, 64), (256, 256), (255, 100), (64, 100), (1, 1), (7, 2))


def noise(n: int) -> np.ndarray:
    return np.random.default_rng(n).standard_normal((2, n))


@pytest.mark.parametrize(("n_fft", "hop"), FRAMES)
@pytest.mark.parametrize("mode", ["constant", "reflect", "edge"])
@pytest.mark.parametrize("n", [1, 2, 5, 100, 700, 3000])
def test_joined_columns_are_those_of_the_whole(n_fft: int, hop: int, mode: str, n: int) -> None:
    x = noise(n)
    frames = {"n_fft": n_fft, "hop_length": hop}
    want = stft(x, pad_mode=mode, **frames)
    for cuts in CUTS:
        parts = in_blocks(
            partial(stft, center=False, **frames), np.split(x, cuts, axis=-1), pad_mode=mode, **frames
        )
        np.testing.assert_allclose(np.concatenate(list(parts), axis=-1), want, atol=1e-12)


@pytest.mark.parametrize(("n_fft", "hop"), FRAMES)
def test_without_centring_too(n_fft: int, hop: int) -> None:
    x = noise(700)
    frames = {"n_fft": n_fft, "hop_length": hop}
    transform = partial(stft, center=False, **frames)
    for cuts in CUTS:
        parts = in_blocks(transform, np.split(x, cuts, axis=-1), center=False, **frames)
        np.testing.assert_allclose(np.concatenate(list(parts), axis=-1), transform(x), atol=1e-12)


def test_a_file_in_blocks_is_the_file(data: Path) -> None:
    path = data / "music" / "librosa" / "admiralbob77_-_Choice_-_Drum-bass.ogg"
    audio = load(path)
    options = {"sample_rate": audio.sample_rate, "n_fft": 2048, "hop_length": 512}
    want = mel_spectrogram(audio.samples, **options)
    for size in (10_000, 1 << 18):
        parts = in_blocks(
            partial(mel_spectrogram, center=False, **options),
            blocks(path, block_frames=size),
            n_fft=2048,
            hop_length=512,
        )
        got = np.concatenate(list(parts), axis=-1)
        assert got.shape == want.shape
        np.testing.assert_allclose(got, want, atol=1e-5 * want.max())


def test_tensors_come_as_tensors() -> None:
    torch = pytest.importorskip("torch")
    x = torch.from_numpy(noise(2000))
    parts = list(
        in_blocks(
            partial(stft, n_fft=256, hop_length=64, center=False),
            torch.split(x, 300, dim=-1),
            n_fft=256,
            hop_length=64,
        )
    )
    assert all(isinstance(part, torch.Tensor) for part in parts)
    np.testing.assert_allclose(
        torch.cat(parts, dim=-1), stft(x.numpy(), n_fft=256, hop_length=64), atol=1e-12
    )


@pytest.mark.parametrize(("n_fft", "hop"), [(256, 64), (256, 256), (256, 200), (255, 100), (7, 2), (1, 1)])
@pytest.mark.parametrize("center", [True, False])
@pytest.mark.parametrize("length", [None, 350, 700, 750])
def test_the_way_back_is_that_of_the_whole(n_fft: int, hop: int, center: bool, length: int | None) -> None:
    kind = {"n_fft": n_fft, "hop_length": hop, "window": "hamming", "center": center}
    S = stft(noise(700), **kind)
    want = istft(S, length=length, **kind)
    for cuts in ([], [1], list(range(1, S.shape[-1]))):
        parts = list(signal_blocks(np.split(S, cuts, axis=-1), length=length, **kind))
        np.testing.assert_allclose(np.concatenate(parts, axis=-1), want, atol=1e-10)


def peak_bytes(minutes: float) -> int:
    """Return the most memory that a signal of so many minutes takes on its way there and back."""
    rng = np.random.default_rng(0)

    def signal() -> Iterator[np.ndarray]:
        left = round(minutes * 60 * 16_000)
        while left > 0:
            yield rng.standard_normal(min(left, 40_000)).astype(np.float32)
            left -= 40_000

    frames = {"n_fft": 512, "hop_length": 256}
    there = partial(stft, center=False, **frames)
    for _ in signal_blocks(in_blocks(there, [np.zeros(3000, np.float32)], **frames), **frames):
        pass  # constants are made once
    tracemalloc.start()
    samples = 0
    energy = 0.0
    for S in in_blocks(there, signal(), **frames):
        energy += float(power(S).sum())
        for part in signal_blocks([S], **frames):
            samples += part.shape[-1]
    for part in signal_blocks(in_blocks(there, signal(), **frames), **frames):
        samples += part.shape[-1]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert samples > minutes * 60 * 16_000
    assert energy > 0
    return peak


def test_ten_minutes_take_the_memory_of_one() -> None:
    one, ten = peak_bytes(1), peak_bytes(10)
    assert ten < 1.1 * one
    assert ten < 4 << 20  # the signal alone has 38 MB


def test_what_does_not_fit_is_refused() -> None:
    frames = {"n_fft": 256, "hop_length": 64}
    with pytest.raises(ParameterError, match="center=False"):
        list(in_blocks(partial(stft, **frames), [noise(2000)], **frames))
    with pytest.raises(ParameterError, match="wrap"):
        in_blocks(partial(stft, center=False, **frames), [noise(2000)], pad_mode="wrap", **frames)
    with pytest.raises(ParameterError, match="same channels"):
        list(in_blocks(partial(stft, center=False, **frames), [noise(20), noise(20)[0]], **frames))
    with pytest.raises(ParameterError, match="fewer than n_fft"):
        list(in_blocks(partial(stft, center=False, **frames), [noise(20)], center=False, **frames))
    with pytest.raises(ParameterError, match="want 129"):
        list(signal_blocks([np.zeros((65, 4), complex)], **frames))


def test_no_blocks_have_no_columns() -> None:
    assert list(in_blocks(partial(stft, n_fft=64, center=False), [], n_fft=64, hop_length=16)) == []
    assert list(signal_blocks([], n_fft=64, hop_length=16)) == []


def test_constant_q_in_blocks_is_that_of_the_whole() -> None:
    """A band looks half its kernel to each side, eleven hops and a filter for the lowest."""
    x = np.random.default_rng(0).standard_normal(22050 * 8).astype(np.float32)
    whole = cqt(x, sample_rate=22050)
    reach = 12
    parts = in_blocks(
        lambda block: cqt(block, sample_rate=22050)[..., reach:-reach],
        np.array_split(x, 37),
        n_fft=2 * reach * 512,
        hop_length=512,
    )
    found = np.concatenate(list(parts), axis=-1)
    assert found.shape == whole.shape
    assert abs(found - whole).max() <= 1e-5 * abs(whole).max()
