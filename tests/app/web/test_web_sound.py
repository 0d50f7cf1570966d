"""Any part of any recording, for any number of listeners, in a form that browsers play."""

from __future__ import annotations

import io
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile
from web_client import Client

from sori.app.web.keep import Keep
from sori.audio.transcode import transcode


def audio(ids: dict[str, str], name: str) -> str:
    return f"/api/tracks/{ids[name]}/audio"


def test_the_bytes_are_those_of_the_file(web: Client, ids: dict[str, str], music: Path) -> None:
    data = (music / "more" / "440.mp3").read_bytes()
    whole = web.get(audio(ids, "440.mp3"))
    assert (whole.status, whole.body) == (200, data)
    assert whole.headers["content-type"] == "audio/mpeg"
    assert whole.headers["accept-ranges"] == "bytes"
    size = len(data)
    for asked, (start, stop) in {
        "bytes=0-0": (0, 1),
        "bytes=0-": (0, size),
        "bytes=5-9": (5, 10),
        f"bytes=100-{size + 99}": (100, size),
        "bytes=-7": (size - 7, size),
        f"bytes=-{size + 1}": (0, size),
    }.items():
        part = web.get(audio(ids, "440.mp3"), range=asked)
        assert (part.status, part.body) == (206, data[start:stop])
        assert part.headers["content-range"] == f"bytes {start}-{stop - 1}/{size}"
        assert part.headers["content-length"] == str(stop - start)
    for wrong in (f"bytes={size}-", "bytes=9-5", "bytes=-0"):
        assert web.get(audio(ids, "440.mp3"), range=wrong).status == 416
    for ignored in ("bytes=0-1,4-5", "lines=0-1", "bytes=a-b", "bytes=-"):
        assert web.get(audio(ids, "440.mp3"), range=ignored).status == 200


def test_what_has_not_changed_is_not_sent_again(web: Client, ids: dict[str, str]) -> None:
    path = audio(ids, "440.mp3")
    etag = web.get(path, range="bytes=0-0").headers["etag"]
    assert web.get(path, if_none_match=etag).status == 304
    assert web.get(path, if_range=etag, range="bytes=0-3").status == 206
    assert web.get(path, if_range='"other"', range="bytes=0-3").status == 200
    head = web.ask("HEAD", path)
    assert head.body == b""
    assert int(head.headers["content-length"]) > 1_000


def test_a_thousand_listeners_at_once(web: Client, ids: dict[str, str], music: Path) -> None:
    data = (music / "220.flac").read_bytes()
    rng = np.random.default_rng(0)
    spans = [sorted(rng.integers(0, len(data), 2).tolist()) for _ in range(1_000)]
    gate = threading.Barrier(100)

    def listen(number: int) -> bool:
        if number < 100:
            gate.wait(30)
        start, last = spans[number]
        part = web.get(audio(ids, "220.flac"), range=f"bytes={start}-{last}")
        return part.status == 206 and part.body == data[start : last + 1]

    with ThreadPoolExecutor(200) as pool:
        assert all(pool.map(listen, range(1_000)))


def test_a_recording_is_opened_once_and_closed(web: Client, ids: dict[str, str]) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        web.get(audio(ids, "220.flac"), range="bytes=0-9")
    assert len(os.listdir("/proc/self/fd")) <= before + 4


def test_what_browsers_do_not_play_comes_as_flac(web: Client, ids: dict[str, str], music: Path) -> None:
    source, rate = soundfile.read(music / "more" / "330.aiff")
    for path in (audio(ids, "330.aiff"), f"{audio(ids, '330.aiff')}?form=transcoded"):
        reply = web.get(path)
        assert reply.headers["content-type"] == "audio/flac"
        made, made_rate = soundfile.read(io.BytesIO(reply.body))
        assert made_rate == rate
        np.testing.assert_allclose(made, source, atol=2e-4)
    assert web.get(audio(ids, "330.aiff"), range="bytes=0-3").body == b"fLaC"
    original = web.get(f"{audio(ids, '330.aiff')}?form=original")
    assert original.body == (music / "more" / "330.aiff").read_bytes()
    assert web.get(f"{audio(ids, '440.mp3')}?form=transcoded").body.startswith(b"fLaC")


@pytest.mark.parametrize(
    ("rate", "channels", "made"), [(192_000, 2, 96_000), (8_000, 6, 8_000), (44_100, 1, 44_100)]
)
def test_any_rate_and_number_of_channels_becomes_one_that_plays(
    tmp_path: Path, rate: int, channels: int, made: int
) -> None:
    time_s = np.arange(rate) / rate
    tone = 1.2 * np.sin(2 * np.pi * 440 * time_s)
    soundfile.write(tmp_path / "in.wav", np.stack([tone] * channels, axis=1), rate, subtype="FLOAT")
    with open(tmp_path / "out", "wb") as file:
        transcode(tmp_path / "in.wav", file)
    samples, out_rate = soundfile.read(tmp_path / "out", always_2d=True)
    assert (out_rate, samples.shape[1]) == (made, min(channels, 2) if channels <= 2 else 1)
    assert samples.shape[0] == pytest.approx(made, abs=2)
    assert 0.99 < np.abs(samples).max() <= 1.0


def test_what_was_made_is_kept_within_bounds(tmp_path: Path) -> None:
    keep = Keep(tmp_path / "cache", limit_bytes=10_000)
    for number in range(20):
        place = keep.place("thing", number)
        place.write_bytes(b"x" * 1_000)
        os.utime(place, (1_000 + number, 1_000 + number))
        keep.added(place)
    left = [number for number in range(20) if keep.has(keep.place("thing", number))]
    assert left == list(range(20 - len(left), 20))  # the longest unused went first
    assert 8 <= len(left) <= 10
    assert keep.place("a", 1) != keep.place("a", "1")
    again = Keep(tmp_path / "cache", limit_bytes=10_000)
    assert again.has(again.place("thing", 19))


def test_where_nothing_can_be_written_a_passing_place_is_taken(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    keep = Keep(tmp_path / "file" / "cache", limit_bytes=10_000)
    folder = keep.folder
    assert folder.is_dir()
    keep.close()
    assert not folder.exists()
