"""Odd, damaged and hostile files: each ends as a right decode or one `DecodeError`, soon and small."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from recordings import RATE, chirps

from sori import audio
from sori.errors import DecodeError

#: what must come of the faulty FLAC files: the samples their checksum promises, or an error
FAULTY_RIGHT = ("02", "04", "05", "10")
#: files of the odd collection that hold no complete audio, whatever their header says
FRAGMENTS = {
    "alac_file.m4a",
    "chinese_id3.mp3",
    "cover_img.mp3",
    "detect_flac.x",
    "detect_mp4_m4a.x",
    "detect_wav.x",
    "detect_wma.x",
    "empty_file.mp3",
    "id3_image_jfif.mp3",
    "incomplete.mp3",
    "invalid_sample_rate.aiff",
    "iso8859_with_image.m4a",
    "mpeg4_xa9des.m4a",
    "test2.wma",
    "ilbm.aiff",
    "there_is_no_such_ext.bogus",
    "LICENSE",
    "106-invalid-streaminfo.flac",
}


def outcome(path: Path) -> audio.Audio | str:
    try:
        return audio.load(path)
    except DecodeError as error:
        return str(error)


def flac_promise(path: Path) -> tuple[int, str]:
    """Sample width and MD5 of the samples, from STREAMINFO wherever it stands."""
    content = path.read_bytes()
    at = content.index(b"fLaC") + 4
    while content[at] & 0x7F != 0:
        at += 4 + int.from_bytes(content[at + 1 : at + 4], "big")
    block = content[at + 4 : at + 38]
    return ((block[12] & 1) << 4 | block[13] >> 4) + 1, block[18:].hex()


def md5(samples: np.ndarray, bits: int) -> str:
    integer = np.round(samples.T.astype(np.float64) * 2 ** (bits - 1)).astype("<i8")
    width = (bits + 7) // 8
    return hashlib.md5(
        integer.tobytes() if width == 8 else integer.view(np.uint8).reshape(-1, 8)[:, :width].tobytes()
    ).hexdigest()


def test_flac_files_decode_to_their_checksum(data: Path) -> None:
    files = sorted((data / "flac" / "subset").glob("*.flac"))
    assert files
    for path in files:
        bits, promised = flac_promise(path)
        assert md5(audio.load(path).samples, bits) == promised, path.name


def test_faulty_flac_files(data: Path) -> None:
    for path in sorted((data / "flac" / "faulty").glob("*.flac")):
        got = outcome(path)
        if path.name[:2] not in FAULTY_RIGHT:
            assert isinstance(got, str), path.name
            continue
        assert not isinstance(got, str), got
        bits, promised = flac_promise(path)
        assert md5(got.samples, bits) == promised, path.name


def test_flac_files_that_change_their_format_are_refused(data: Path) -> None:
    for path in sorted((data / "flac" / "uncommon").glob("*.flac")):
        if "changing" in path.name or "number of channels" in path.name:
            assert isinstance(outcome(path), str), path.name


def test_odd_files(data: Path) -> None:
    paths = [path for path in sorted((data / "odd").rglob("*")) if path.is_file()]
    assert len(paths) > 100
    for path in paths:
        got = outcome(path)
        if isinstance(got, str):
            assert str(path) in got or repr(str(path)) in got
            continue
        assert path.name not in FRAGMENTS, f"{path.name} gave {got.samples.shape}"
        if got.samples.shape[1] == 0:  # an honest header: no frames, and none there
            assert path.read_bytes()[:4] == b"FORM"
            continue
        assert np.isfinite(got.samples).all(), path.name
        joined = np.concatenate(
            [block.samples for block in audio.blocks(path, block_frames=3001 + got.samples.shape[1] // 9)],
            axis=1,
        )
        np.testing.assert_array_equal(joined, got.samples)
        start, rate = got.samples.shape[1] // 3, got.sample_rate
        part = audio.load(path, start_s=start / rate, duration_s=500 / rate).samples
        np.testing.assert_array_equal(part, got.samples[:, start : start + 500])
        assert len(audio.identify(path)) == 32
        audio.read_tags(path)


def test_odd_files_decode_right(data: Path) -> None:
    lengths = {
        "test.ogg": 44100,
        "composer.ogg": 162496,
        "adpcm.wav": 532734,
        "gsm_6_10.wav": 4410,
        "test.wav": 44100,
    }
    for name, frames in lengths.items():
        assert audio.load(data / "odd" / "tinytag" / name).samples.shape[1] == frames, name
    four = np.array([-17, 4_194_319, -6_291_437, 8_355_817]) / 2**23
    exact = audio.load(data / "odd" / "hound" / "waveformatextensible-24bit-192kHz-mono.wav").samples
    np.testing.assert_array_equal(exact[0], four)
    for path in (data / "odd" / "hound").glob("*24bit-4byte*.wav"):
        with pytest.raises(DecodeError, match="wider containers"):
            audio.load(path)


def wav(*, channels: int = 2, rate: int = 44100, size: int | None = None, frames: int = 1000) -> bytes:
    body = (chirps(44100, frames, 2) * 32767).astype("<i2").T.tobytes()
    head = struct.pack(
        "<HHIIHH", 1, channels, rate, rate * channels * 2 & 0xFFFFFFFF, channels * 2 & 0xFFFF, 16
    )
    chunk = (
        b"fmt "
        + struct.pack("<I", 16)
        + head
        + b"data"
        + struct.pack("<I", len(body) if size is None else size)
    )
    return b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVE" + chunk + body


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF, 0xFFFFFFF0, 100_000_000, None])
def test_a_data_size_that_lies_is_not_believed(tmp_path: Path, size: int | None) -> None:
    path = tmp_path / "lies.wav"
    path.write_bytes(wav(size=size))
    np.testing.assert_allclose(audio.load(path).samples, chirps(44100, 1000), atol=2**-14)


def test_a_stream_written_with_size_zero(tmp_path: Path) -> None:
    path = tmp_path / "piped.wav"
    path.write_bytes(wav(size=0))
    got = outcome(path)
    assert isinstance(got, str) or got.samples.shape in {(2, 1000), (2, 0)}


def test_a_wav_without_samples_is_empty_and_has_no_identity(tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    audio.save(path, np.zeros((2, 0), np.float32), sample_rate=RATE)
    assert audio.load(path).samples.shape == (2, 0)
    assert audio.load(path, mono=True).samples.shape == (0,)
    assert list(audio.blocks(path)) == []
    with pytest.raises(DecodeError, match="no audio packets"):
        audio.identify(path)


@pytest.mark.parametrize(
    ("channels", "rate"), [(0, 44100), (65535, 44100), (2, 0), (2, 1_000_000_000), (2, 0xFFFFFFFF)]
)
def test_headers_beyond_reason_are_refused(tmp_path: Path, channels: int, rate: int) -> None:
    path = tmp_path / "hostile.wav"
    path.write_bytes(wav(channels=channels, rate=rate))
    with pytest.raises(DecodeError):
        audio.load(path)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("at", [0, 5000, 59_999])
def test_samples_that_are_no_numbers_are_located(tmp_path: Path, value: float, at: int) -> None:
    samples = chirps(RATE, 60_000)
    samples[1, at] = value
    path = tmp_path / "nan.wav"
    soundfile.write(path, samples.T, RATE, "FLOAT")
    with pytest.raises(DecodeError, match=f"frame {at};"):
        audio.load(path)


def test_what_is_cut_off_is_missing_at_the_end(tmp_path: Path) -> None:
    for name in ("wav", "aiff", "mp3", "ogg", "opus"):
        path, uncut = tmp_path / "cut", tmp_path / f"whole.{name}"
        audio.save(uncut, chirps(48000, 480_000), sample_rate=48000)
        content = uncut.read_bytes()
        path.write_bytes(content[: len(content) * 2 // 3])
        part, whole = audio.load(path).samples, audio.load(uncut).samples
        n = part.shape[1]
        assert 0.3 * whole.shape[1] < n < 0.8 * whole.shape[1], name
        np.testing.assert_allclose(part[:, : n - 3000], whole[:, : n - 3000], atol=1e-6, err_msg=name)


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.99])
def test_a_cut_flac_file_is_an_error(files: dict[str, Path], tmp_path: Path, keep: float) -> None:
    content = files["flac"].read_bytes()
    path = tmp_path / "cut.flac"
    path.write_bytes(content[: int(len(content) * keep)])
    assert isinstance(outcome(path), str)


def test_a_flipped_bit_in_flac_is_an_error(files: dict[str, Path], tmp_path: Path) -> None:
    content = bytearray(files["flac"].read_bytes())
    path, original = tmp_path / "flipped.flac", audio.load(files["flac"]).samples
    for at in np.random.default_rng(2).integers(9000, len(content), 20):
        content[at] ^= 0x10
        path.write_bytes(content)
        got = outcome(path)
        assert isinstance(got, str) or np.array_equal(got.samples, original)
        content[at] ^= 0x10


def test_a_stream_that_changes_is_refused_and_one_that_does_not_goes_on(tmp_path: Path) -> None:
    parts = {}
    for name, rate, channels in (("a", 44100, 2), ("b", 44100, 2), ("c", 22050, 2), ("d", 44100, 1)):
        for extension in ("ogg", "mp3"):
            parts[name, extension] = tmp_path / f"{name}.{extension}"
            audio.save(parts[name, extension], chirps(rate, 50_000, channels), sample_rate=rate)
    for extension in ("ogg", "mp3"):
        joined = tmp_path / f"joined.{extension}"
        for second in "cd":
            joined.write_bytes(parts["a", extension].read_bytes() + parts[second, extension].read_bytes())
            with pytest.raises(DecodeError, match=r"changes|several recordings"):
                audio.load(joined)
    joined = tmp_path / "same.ogg"
    joined.write_bytes(parts["a", "ogg"].read_bytes() + parts["b", "ogg"].read_bytes())
    with pytest.raises(DecodeError, match="several recordings"):
        audio.load(joined)
    joined.write_bytes(parts["a", "mp3"].read_bytes() + parts["b", "mp3"].read_bytes())
    assert audio.load(joined).samples.shape[1] > 95_000


def test_what_is_no_file(tmp_path: Path) -> None:
    for function in (
        audio.load,
        audio.info,
        audio.identify,
        audio.read_tags,
        lambda path: list(audio.blocks(path)),
    ):
        with pytest.raises(FileNotFoundError):
            function(tmp_path / "absent.wav")
        with pytest.raises(DecodeError, match="directory"):
            function(tmp_path)
        with pytest.raises(DecodeError):
            function("null\0character")
    fifo = tmp_path / "pipe.wav"
    os.mkfifo(fifo)
    with pytest.raises(DecodeError, match="not a regular file"):
        audio.load(fifo)
    link = tmp_path / "link.wav"
    link.symlink_to(tmp_path)
    with pytest.raises(DecodeError, match="directory"):
        audio.load(link)


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 5000, b"\xff" * 5000, b"hello\n" * 1000, b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", b"ID3",
     b"ffconcat version 1.0\nfile song.wav\n", b"RIFF", b"OggS", b"fLaC", b"RIFF\xff\xff\xff\xffWAVE",
     b"FORM\0\0\0\0AIFF", b"\0\0\0\x18ftypM4A ", b"ID3\x03\0\0\x7f\x7f\x7f\x7f" + b"\0" * 100],
)  # fmt: skip
def test_what_is_no_audio(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(content)
    for function in (audio.load, audio.info, audio.identify):
        with pytest.raises(DecodeError, match=r"song\.mp3"):
            function(path)
    assert audio.read_tags(path) == audio.Tags()


CHILD = """
import json, random, resource, signal, sys
from pathlib import Path
import numpy as np
from sori import audio
from sori.errors import DecodeError
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
target, bad = Path(sys.argv[1]), []
counts = {"right": 0, "error": 0}
for number, (name, path, frames) in enumerate(json.loads(sys.argv[2])):
    original = Path(path).read_bytes()
    for seed in range(int(sys.argv[3])):
        draw, content = random.Random(1000 * number + seed), bytearray(original)
        kind = seed % 5
        if kind == 0:
            del content[draw.randrange(1, len(content)):]
        elif kind == 1:
            for _ in range(20):
                content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        elif kind == 2:
            for _ in range(4):
                content[draw.randrange(min(200, len(content)))] = draw.choice((0, 1, 127, 128, 255))
        elif kind == 3:
            at = draw.randrange(len(content))
            del content[at:at + draw.randrange(1, 3000)]
        else:
            content = content[: draw.randrange(64)] + content[draw.randrange(64):]
        target.write_bytes(content)
        signal.alarm(20)
        try:
            samples, rate = audio.load(target)
            counts["right"] += 1
            if not (np.isfinite(samples).all() and samples.shape[1] < 40 * frames):
                bad.append([name, seed, str(samples.shape)])
        except DecodeError:
            counts["error"] += 1
        for function in (audio.info, audio.identify, audio.read_tags):
            try:
                function(target)
            except DecodeError:
                pass
        signal.alarm(0)
print(json.dumps([counts, bad]))
"""


def test_hundreds_of_mutations(files: dict[str, Path], tmp_path: Path) -> None:
    todo = [(name, str(path), audio.load(path).samples.shape[1]) for name, path in files.items()]
    seeds = 10
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    run = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path / "mutant"), json.dumps(todo), str(seeds)],
        capture_output=True, text=True, timeout=120, env=environment, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-3000:]
    counts, bad = json.loads(run.stdout)
    assert bad == []
    assert sum(counts.values()) == seeds * len(todo)
    assert min(counts.values()) > 20
    assert run.stderr == ""
