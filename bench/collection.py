"""The music that is measured with: real recordings, encoded once as people keep them, and very long files.

Everything made here lies in ``bench/.cache`` and is made once.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import numpy as np
import soundfile
import soxr

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / "bench" / ".cache"
SAMPLE_RATE = 44_100
BIT_RATE = 192_000
SHORTEST_S = 10.0
# In music/librosa, but no music: readings of books, a robin, a whale and a dog.
NOT_MUSIC = ("198-", "3436-", "5703-", "456440__", "glacier-bay", "pibble")


def test_data() -> Path:
    """Return the folder of recordings: ``SORI_TEST_DATA``, or ``../shared/data`` beside the project."""
    folder = Path(os.environ.get("SORI_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        raise SystemExit(f"no recordings at {folder}: set SORI_TEST_DATA to their folder")
    return folder


def recordings() -> list[Path]:
    """Return the whole pieces of music of at least ten seconds among the test recordings."""
    found = sorted((test_data() / "music").glob("*/*.ogg"))
    return [
        path
        for path in found
        if not path.name.startswith(NOT_MUSIC) and soundfile.info(path).duration >= SHORTEST_S
    ]


def collection() -> Path:
    """Return a folder of the recordings as MP3 files, 192 kbit/s at 44.1 kHz in stereo."""
    folder = CACHE / "music"
    for source in recordings():
        target = folder / f"{source.stem}.mp3"
        if not target.exists():
            print(f"  encoding {source.stem}", flush=True)
            with made_whole(target) as part:
                encode_mp3(part, stereo(source))
    return folder


def copies(count: int) -> Path:
    """Return a folder with `count` copies of each file of the collection.

    Copies leave out the first packets, so that none has the same audio as another: a program that
    recognises what it has heard (ours does) must still hear each of them.
    """
    folder = CACHE / f"music-x{count}"
    for source in sorted(collection().glob("*.mp3")):
        for copy in range(count):
            target = folder / f"{source.stem} ({copy}).mp3"
            if not target.exists():
                with made_whole(target) as part:
                    copy_packets([source], part, first=10 * copy)
    return folder


def stereo(path: Path) -> np.ndarray:
    """Return a recording as (2, time) float32 at 44.1 kHz, whatever it was."""
    samples, sample_rate = soundfile.read(path, dtype="float32", always_2d=True)
    if sample_rate != SAMPLE_RATE:
        samples = soxr.resample(samples, sample_rate, SAMPLE_RATE)
    return np.ascontiguousarray(np.broadcast_to(samples.T, (2, len(samples))))


def encode_mp3(path: Path, samples: np.ndarray) -> None:
    """Write (2, time) float32 as MP3 with LAME, one second of samples at a time."""
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=SAMPLE_RATE, layout="stereo")
        stream.bit_rate = BIT_RATE
        for start in range(0, samples.shape[1], SAMPLE_RATE):
            block = np.ascontiguousarray(samples[:, start : start + SAMPLE_RATE])
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = SAMPLE_RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def long_file(suffix: str, *, hours: float) -> Path:
    """Return one file of the given length, the whole collection again and again, as ``mp3`` or ``flac``."""
    path = CACHE / "long" / f"{hours:g} hours.{suffix}"
    if not path.exists():
        print(f"  writing {path.name}", flush=True)
        with made_whole(path) as part:
            (repeat_mp3 if suffix == "mp3" else repeat_flac)(part, hours * 3600)
    return path


def repeat_flac(path: Path, duration_s: float) -> None:
    """Encode the recordings again and again until there is `duration_s` of FLAC."""
    left = round(duration_s * SAMPLE_RATE)
    with soundfile.SoundFile(path, "w", SAMPLE_RATE, 2, subtype="PCM_16", format="FLAC") as out:
        for source in itertools.cycle(recordings()):
            samples = stereo(source)[:, :left]
            out.write(samples.T)
            left -= samples.shape[1]
            if left <= 0:
                return


def repeat_mp3(path: Path, duration_s: float) -> None:
    """Copy the packets of the encoded collection again and again until there is `duration_s` of MP3."""
    copy_packets(itertools.cycle(sorted(collection().glob("*.mp3"))), path, duration_s=duration_s)


def copy_packets(
    sources: Iterable[Path], path: Path, *, first: int = 0, duration_s: float = math.inf
) -> None:
    """Write the packets of MP3 files after one another into one file, as they are, without decoding."""
    end, stream = 0, None
    with av.open(str(path), "w", format="mp3") as out:
        for source in sources:
            with av.open(str(source)) as container:
                stream = stream or out.add_stream_from_template(container.streams.audio[0])
                for packet in itertools.islice(container.demux(audio=0), first, None):
                    if float(end * packet.time_base) >= duration_s:
                        return
                    if packet.size:
                        packet.stream, packet.pts, packet.dts = stream, end, end
                        end += packet.duration or 0
                        out.mux(packet)


@contextlib.contextmanager
def made_whole(target: Path) -> Iterator[Path]:
    """Give another name to write to and rename at the end: a file is there whole or not at all."""
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
