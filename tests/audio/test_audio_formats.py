"""Every format gives the recording that went in: aligned, of its length, and the same in parts as whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from recordings import EXACT, FRAMES, GAPLESS, NAMES, RATE, chirps

from sori import audio
from sori.audio import ffmpeg, libsndfile, sniff


def lag(a: np.ndarray, b: np.ndarray) -> int:
    n = 1 << 18
    correlation = np.fft.irfft(np.fft.rfft(a, n) * np.conj(np.fft.rfft(b, n)))
    at = int(np.argmax(correlation))
    return at - n if at > n // 2 else at


@pytest.mark.parametrize("name", NAMES)
def test_what_went_in_comes_out(files: dict[str, Path], name: str) -> None:
    samples, rate = audio.load(files[name])
    original = chirps(rate)
    assert rate == (48000 if name == "opus" else RATE)
    assert samples.dtype == np.float32
    assert samples.shape[0] == 2
    if name in GAPLESS:
        assert samples.shape == original.shape
    assert abs(samples.shape[1] - FRAMES) <= 4096
    if name in EXACT:
        assert np.abs(samples - original).max() <= 2**-15
    shift = lag(samples[0], original[0])
    if name in GAPLESS:
        assert shift == 0
        assert np.sqrt(np.mean((samples - original) ** 2)) < 0.15 * np.sqrt(np.mean(original**2))
    else:
        assert abs(shift) <= 4096  # FFmpeg takes a frame too many from the start of its own WMA files


@pytest.mark.parametrize("name", NAMES)
def test_header_and_decode_agree(files: dict[str, Path], name: str) -> None:
    found = audio.info(files[name])
    samples, rate = audio.load(files[name])
    assert (found.sample_rate, found.channels) == (rate, samples.shape[0])
    if found.duration_s is not None:
        assert found.duration_s == pytest.approx(samples.shape[1] / rate, abs=0.15)
    if name in GAPLESS and name != "pcm.mka":  # Matroska counts milliseconds
        assert found.n_frames == samples.shape[1]


@pytest.mark.parametrize("name", NAMES)
def test_a_segment_is_a_slice(files: dict[str, Path], name: str) -> None:
    whole, rate = audio.load(files[name])
    for start_s, duration_s in (
        (0.0, 0.1),
        (0.3, 0.25),
        (0.7123, 0.01),
        (1.2, 9.0),
        (1.0, None),
        (0.2, 0.0),
        (5.0, 1.0),
    ):
        part = audio.load(files[name], start_s=start_s, duration_s=duration_s).samples
        start = round(start_s * rate)
        stop = None if duration_s is None else start + round(duration_s * rate)
        np.testing.assert_array_equal(part, whole[:, start:stop])


@pytest.mark.parametrize("name", ["16.wav", "24.wav", "float.aiff", "flac", "x.w64", "x.caf", "mp3"])
def test_a_distant_segment_is_a_slice(tmp_path: Path, name: str) -> None:
    samples = chirps(8000, 700_001, 1)
    path = tmp_path / name
    if name in ("flac", "mp3"):
        path = tmp_path / f"long.{name}"
        audio.save(path, samples, sample_rate=8000)
    else:
        container = {"16.wav": "WAV", "24.wav": "WAV", "float.aiff": "AIFF", "x.w64": "W64", "x.caf": "CAF"}[
            name
        ]
        subtype = {"24.wav": "PCM_24", "float.aiff": "FLOAT"}.get(name, "PCM_16")
        soundfile.write(path, samples.T, 8000, subtype, format=container)
    whole = audio.load(path).samples
    assert whole.shape == samples.shape
    for start in (262_144, 300_001, 524_287, 699_990):
        part = audio.load(path, start_s=start / 8000, duration_s=2.5).samples
        np.testing.assert_array_equal(part, whole[:, start : start + 20_000])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "options", [{}, {"mono": True}, {"sample_rate": 16000}, {"sample_rate": 32000, "mono": True}]
)
def test_blocks_joined_are_load(files: dict[str, Path], name: str, options: dict[str, int]) -> None:
    whole, rate = audio.load(files[name], **options)  # type: ignore[arg-type]
    parts = list(audio.blocks(files[name], block_frames=7001, **options))  # type: ignore[arg-type]
    assert {part.sample_rate for part in parts} == {rate}
    np.testing.assert_array_equal(np.concatenate([part.samples for part in parts], axis=-1), whole)
    if not options:
        assert {part.samples.shape[1] for part in parts[:-1]} == {7001}


def test_mono_and_resampling_do_what_they_say(files: dict[str, Path]) -> None:
    whole = audio.load(files["wav"]).samples
    mono = audio.load(files["wav"], mono=True).samples
    assert mono.shape == (FRAMES,)
    np.testing.assert_allclose(mono, whole.mean(axis=0), atol=1e-7)
    halved, rate = audio.load(files["wav"], sample_rate=22050)
    assert (rate, halved.shape) == (22050, (2, (FRAMES + 1) // 2))
    np.testing.assert_allclose(halved[:, 200:20000], whole[:, ::2][:, 200:20000], atol=0.03)


@pytest.mark.parametrize("name", NAMES)
def test_names_do_not_matter(files: dict[str, Path], name: str, tmp_path: Path) -> None:
    expected = audio.load(files[name]).samples
    for new in ("x", "song.raw", "song.mp3", "new\nline.wav", "소리 ä.flac"):
        copy = tmp_path / new
        shutil.copy(files[name], copy)
        np.testing.assert_array_equal(audio.load(copy).samples, expected)


def test_names_that_are_not_unicode(files: dict[str, Path], tmp_path: Path) -> None:
    copy = tmp_path / b"caf\xe9.mp3".decode("utf-8", "surrogateescape")
    try:
        shutil.copy(files["mp3"], copy)
    except OSError:
        pytest.skip("this file system takes Unicode names only")
    assert audio.load(copy).samples.shape == (2, FRAMES)
    assert audio.identify(copy) == audio.identify(files["mp3"])


@pytest.mark.parametrize(
    "name", ["wav", "16.wav", "24.wav", "32.wav", "ulaw.wav", "alaw.wav", "aiff", "flac", "ogg"]
)
def test_decoders_agree(files: dict[str, Path], name: str) -> None:
    with sniff.open_regular(files[name]) as file:
        container, offset = sniff.sniff(file)
        got = []
        for module in (ffmpeg, libsndfile):
            reader = module.Reader(file, container, offset)
            got.append(np.concatenate(list(reader.chunks(0, None, 1 << 15)), axis=1))
            reader.close()
    np.testing.assert_allclose(got[0], got[1], atol=0 if name != "ogg" else 1e-5)


@pytest.mark.parametrize("seconds", [0.01, 0.1, 0.3])
@pytest.mark.parametrize("extension", ["ogg", "mp3", "m4a", "opus", "flac", "wav"])
def test_short_recordings_keep_their_length(tmp_path: Path, extension: str, seconds: float) -> None:
    frames = round(seconds * 48000)
    path = tmp_path / f"short.{extension}"
    audio.save(path, chirps(48000, frames), sample_rate=48000)
    assert audio.load(path).samples.shape == (2, frames)


@pytest.mark.parametrize("channels", [1, 3, 6, 8, 20])
def test_channels_come_in_order(tmp_path: Path, channels: int) -> None:
    path = tmp_path / "many.wav"
    levels = np.linspace(-0.9, 0.9, channels, dtype=np.float32)
    audio.save(path, np.repeat(levels[:, None], 500, axis=1), sample_rate=48000)
    np.testing.assert_array_equal(audio.load(path).samples[:, 250], levels)


def test_leaving_the_blocks_early_closes_the_file(files: dict[str, Path]) -> None:
    for _ in range(50):
        for name in ("mp3", "wav", "m4a"):
            stream = audio.blocks(files[name], block_frames=1000)
            next(stream)
            stream.close()
    fds = Path("/proc/self/fd")
    if fds.is_dir():
        assert len(list(fds.iterdir())) < 100


def grow(content: bytearray, boxes: tuple[bytes, ...], by: int) -> None:
    """Add to the sizes of MP4 boxes."""
    for box in boxes:
        at = content.rindex(box) - 4
        content[at : at + 4] = (int.from_bytes(content[at : at + 4], "big") + by).to_bytes(4, "big")


def test_gapless_information_of_itunes(files: dict[str, Path], tmp_path: Path) -> None:
    content = bytearray(files["m4a"].read_bytes())
    assert content.rindex(b"moov") > content.rindex(b"mdat")
    edits = content.rindex(b"edts")
    content[edits : edits + 4] = b"free"  # no edit list
    words = f" 00000000 00000400 00000100 {FRAMES:016X} 00000000".encode()

    def box(name: bytes, body: bytes) -> bytes:
        return (8 + len(body)).to_bytes(4, "big") + name + body

    own = box(b"mean", b"\0\0\0\0com.apple.iTunes") + box(b"name", b"\0\0\0\0iTunSMPB")
    item = box(b"----", own + box(b"data", b"\0\0\0\1\0\0\0\0" + words))
    at = content.rindex(b"ilst")
    end = at - 4 + int.from_bytes(content[at - 4 : at], "big")
    grow(content, (b"moov", b"udta", b"meta", b"ilst"), len(item))
    content[end:end] = item
    path = tmp_path / "itunes.m4a"
    path.write_bytes(content)
    samples = audio.load(path).samples
    assert samples.shape == (2, FRAMES)
    assert lag(samples[0], chirps(RATE)[0]) == 0


def test_a_mp3_without_gapless_information_keeps_its_delay_but_not_its_info_frame(
    files: dict[str, Path], tmp_path: Path
) -> None:
    content = bytearray(files["mp3"].read_bytes())
    at = max(content.find(b"Xing"), content.find(b"Info"))
    assert at > 0
    content[at + 120 : at + 156] = bytes(36)  # the LAME part
    path = tmp_path / "xing.mp3"
    path.write_bytes(content)
    samples = audio.load(path).samples
    assert samples.shape[1] % 1152 == 0
    assert lag(samples[0], chirps(RATE)[0]) == 576 + 529
