"""Saving keeps what was given or refuses, and never leaves half a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from recordings import RATE, chirps

from sori import audio
from sori.errors import ParameterError


def test_float_wav_is_exact(tmp_path: Path) -> None:
    path = tmp_path / "exact.wav"
    samples = 3 * chirps(RATE, 1000)
    audio.save(path, samples, sample_rate=RATE)
    np.testing.assert_array_equal(audio.load(path).samples, samples)
    audio.save(str(path), samples[0], sample_rate=RATE)
    np.testing.assert_array_equal(audio.load(path, mono=True).samples, samples[0])


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
def test_integer_formats_refuse_what_they_would_clip(tmp_path: Path, subtype: str) -> None:
    path = tmp_path / "loud.wav"
    samples = chirps(RATE, 1000) * 4
    with pytest.raises(ParameterError, match=r"full scale.*clip=True"):
        audio.save(path, samples, sample_rate=RATE, subtype=subtype)
    assert list(tmp_path.iterdir()) == []
    audio.save(path, samples, sample_rate=RATE, subtype=subtype, clip=True)
    np.testing.assert_allclose(audio.load(path).samples, samples.clip(-1, 1), atol=2**-14)


@pytest.mark.parametrize(
    ("name", "shape", "rate", "match"),
    [
        ("a.wav", (1000, 2), RATE, r"\(1000, 2\).*samples\.T"),
        ("a.xyz", (2, 1000), RATE, "extension"),
        ("a", (2, 1000), RATE, "extension"),
        ("a.wav", (2, 10, 10), RATE, "shape"),
        ("a.wav", (0, 10), RATE, "shape"),
        ("a.wav", (2, 10), 0, "sample_rate"),
        ("a.wav", (2, 10), 44100.5, "sample_rate"),
        ("a.opus", (2, 10), 44100, "resample"),
        ("a.mp3", (2, 10), 96000, "resample"),
        ("a.mp3", (3, 10), RATE, "at most 2"),
        ("a.flac", (9, 10), RATE, "at most 8"),
    ],
)
def test_what_cannot_be_written_is_refused(
    tmp_path: Path, name: str, shape: tuple[int, ...], rate: int, match: str
) -> None:
    with pytest.raises(ParameterError, match=match):
        audio.save(tmp_path / name, np.zeros(shape, np.float32), sample_rate=rate)
    assert list(tmp_path.iterdir()) == []


def test_integers_and_nan_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="int16"):
        audio.save(tmp_path / "a.wav", np.zeros((2, 10), np.int16), sample_rate=RATE)
    samples = np.zeros((2, 10), np.float32)
    samples[1, 7] = np.nan
    with pytest.raises(ParameterError, match="frame 7"):
        audio.save(tmp_path / "a.wav", samples, sample_rate=RATE)
    with pytest.raises(ParameterError, match="PCM_16"):
        audio.save(tmp_path / "a.wav", samples[:, :5], sample_rate=RATE, subtype="SIXTEEN")


@pytest.mark.parametrize("name", ["a.wav", "a.mp3"])
def test_a_failure_keeps_the_old_file(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from sori.audio import write

    path = tmp_path / name
    audio.save(path, chirps(RATE, 5000), sample_rate=RATE)
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(write, "_write_libsndfile", full)
    monkeypatch.setattr(write, "_write_ffmpeg", full)
    with pytest.raises(OSError, match="disk full"):
        audio.save(path, chirps(RATE, 100), sample_rate=RATE)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("extension", ["wav", "flac", "ogg", "opus", "mp3", "m4a"])
def test_the_input_is_left_alone_and_runs_agree(tmp_path: Path, extension: str) -> None:
    samples = chirps(48000, 20_000)
    before, identities = samples.copy(), set()
    for name in "ab":
        audio.save(tmp_path / f"{name}.{extension}", samples[::-1], sample_rate=48000)
        identities.add(audio.load(tmp_path / f"{name}.{extension}").samples.tobytes())
    np.testing.assert_array_equal(samples, before)
    assert len(identities) == 1
