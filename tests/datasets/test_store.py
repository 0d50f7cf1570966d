"""The store: what is read is what was decoded; nothing is done twice, lost, or written over."""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from small_sounds import RATE, never_done, tone

from sori.audio import load
from sori.datasets import Clip, Manifest, Store, manifest_of, open_store, prepare, verify
from sori.datasets.raw import RAW
from sori.datasets.store import packing
from sori.errors import DataError, ParameterError
from sori.signal import from_integer, to_integer
from sori.system.lock import held

MONO = {"sample_rate": RATE, "mono": True}


def decoded(manifest: Manifest, clip: Clip) -> np.ndarray:
    """Return what `sori.load` gives, as 16-bit integers."""
    duration_s = None if clip.end_s is None else clip.end_s - clip.start_s
    audio = load(
        manifest.path_of(clip), start_s=clip.start_s, duration_s=duration_s, sample_rate=RATE, mono=True
    )
    return to_integer(audio.samples[None], over="saturate")


@pytest.mark.parametrize("encoding", ["pcm", "flac"])
def test_every_clip_is_what_load_gives(small: Manifest, stores: dict[str, Store], encoding: str) -> None:
    store = stores[encoding]
    assert [clip.id for clip in store.manifest] == sorted(clip.id for clip in small)
    assert store.labels == ("high", "low")
    for row, clip in enumerate(store.manifest):
        np.testing.assert_array_equal(store.read(row), decoded(small, clip))
        assert (store.channels[row], store.sample_rates[row]) == (1, RATE)
        assert store.n_frames[row] == store.read(row).shape[1]
    assert {clip.id: clip for clip in store.manifest} == {clip.id: clip for clip in small}


@pytest.mark.parametrize("encoding", ["pcm", "flac"])
def test_any_stretch_is_that_slice_of_the_whole(stores: dict[str, Store], encoding: str) -> None:
    store = stores[encoding]
    rng = np.random.default_rng(0)
    row = int(np.argmax(store.n_frames))
    whole = store.read(row).copy()
    n = whole.shape[1]
    assert n > 16384, "it must reach over pieces of FLAC"
    for start in [0, 16383, 16384, n - 1, n, *rng.integers(0, n, 20)]:
        frames = int(rng.integers(0, n - start + 1))
        stretch = store.read(row, start=int(start), n_frames=frames)
        np.testing.assert_array_equal(stretch, whole[:, start : start + frames])
        out = np.empty((1, frames), np.int16)
        store.read_into(out, row, int(start))
        np.testing.assert_array_equal(out, stretch)
    with pytest.raises(ParameterError, match="it has"):
        store.read(row, start=n - 5, n_frames=6)
    with pytest.raises(ParameterError, match="it has"):
        store.read(row, start=-1)


def test_flac_takes_less_space(stores: dict[str, Store]) -> None:
    sizes = {
        name: sum(f.stat().st_size for f in store.path.glob("shard-*")) for name, store in stores.items()
    }
    assert sizes["flac"] < 0.9 * sizes["pcm"]


def test_sixteen_bits_come_back_bit_for_bit(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    samples = rng.integers(-32768, 32768, (5000, 2)).astype(np.int16)
    soundfile.write(tmp_path / "noise.wav", samples, 44100)
    prepare(Manifest([Clip("noise", "noise.wav")], root=tmp_path), tmp_path / "store")
    store = open_store(tmp_path / "store")
    np.testing.assert_array_equal(store.read(0), samples.T)
    assert (store.channels[0], store.sample_rates[0]) == (2, 44100)
    assert not store.read(0).flags.writeable, "it is the mapped file itself"
    np.testing.assert_array_equal(from_integer(store.read(0)), load(tmp_path / "noise.wav").samples)


def test_samples_without_a_header_are_read_as_they_say(tmp_path: Path) -> None:
    samples = np.arange(-2000, 2000, dtype="<i2")
    (tmp_path / "speech.pcm").write_bytes(samples.tobytes())
    (tmp_path / "odd.pcm").write_bytes(b"123")
    clips = [Clip(name, f"{name}.pcm", extra={RAW: "16000"}) for name in ("speech", "odd")]
    packed = prepare(Manifest(clips, root=tmp_path), tmp_path / "own")
    assert [(f.id, "odd number" in f.reason) for f in packed.failures] == [("odd", True)]
    np.testing.assert_array_equal(open_store(tmp_path / "own").read(0), samples[None])
    prepare(Manifest(clips[:1], root=tmp_path), tmp_path / "half", **MONO)
    assert open_store(tmp_path / "half").read(0).shape == (1, 2000)


def test_what_is_beyond_full_scale_is_clipped_and_counted(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "loud.wav", np.array([0.5, 1.5, -2.0, 1.0]), RATE, subtype="FLOAT")
    packed = prepare(Manifest([Clip("loud", "loud.wav")], root=tmp_path), tmp_path / "store")
    assert packed.clipped_samples == 2
    assert open_store(tmp_path / "store").read(0).tolist() == [[16384, 32767, -32768, 32767]]


def test_a_second_run_does_nothing_and_an_addition_rewrites_nothing(small: Manifest, tmp_path: Path) -> None:
    first = prepare(small[:3], tmp_path / "store", jobs=2, **MONO)
    assert (first.packed, first.unchanged) == (3, 0)
    before = {path.name: path.read_bytes() for path in (tmp_path / "store").iterdir()}
    assert prepare(small[:3], tmp_path / "store", **MONO).unchanged == 3
    assert {path.name: path.read_bytes() for path in (tmp_path / "store").iterdir()} == before | {
        "lock": (tmp_path / "store/lock").read_bytes()
    }
    added = prepare(small, tmp_path / "store", jobs=2, **MONO)
    assert (added.packed, added.unchanged) == (len(small) - 3, 3)
    for name, data in before.items():
        if name != "lock":
            assert (tmp_path / "store" / name).read_bytes().startswith(data)
            assert name == "index.jsonl" or (tmp_path / "store" / name).read_bytes() == data
    assert verify(tmp_path / "store") == {}


def test_new_labels_are_written_down_without_decoding(small: Manifest, tmp_path: Path) -> None:
    prepare(small[:3], tmp_path / "store", **MONO)
    renamed = Manifest(
        [dataclasses.replace(clip, labels=("other",)) for clip in small[:3]], root=small.root, name=small.name
    )
    packed = prepare(renamed, tmp_path / "store", **MONO)
    assert (packed.relabelled, packed.packed) == (3, 0)
    assert open_store(tmp_path / "store").labels == ("other",)


def test_a_changed_file_is_decoded_anew(tmp_path: Path) -> None:
    manifest = Manifest([Clip("a", "a.wav")], root=tmp_path / "data")
    (tmp_path / "data").mkdir()
    soundfile.write(tmp_path / "data/a.wav", tone(0.5, 300), RATE)
    prepare(manifest, tmp_path / "store", **MONO)
    soundfile.write(tmp_path / "data/a.wav", tone(0.75, 500), RATE)
    assert prepare(manifest, tmp_path / "store", **MONO).packed == 1
    assert open_store(tmp_path / "store").n_frames.tolist() == [6000]


def test_failing_files_are_listed_and_the_others_are_there(small: Manifest, tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("this is not sound")
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), RATE)
    odd = [
        Clip("text", str(tmp_path / "text.wav")),
        Clip("gone", "gone.wav"),
        Clip("empty", str(tmp_path / "empty.wav")),
        Clip("late", "00.wav", start_s=99.0),
    ]
    packed = prepare(Manifest([*small[:2], *odd], root=small.root), tmp_path / "store", jobs=2, **MONO)
    assert {(failure.id, failure.kind) for failure in packed.failures} == {
        ("text", "decode"),
        ("gone", "missing"),
        ("empty", "decode"),
        ("late", "decode"),
    }
    assert packed.done == packed.to_do == 6
    assert [clip.id for clip in open_store(tmp_path / "store").manifest] == ["clip-00", "clip-01"]
    again = prepare(Manifest([*small[:2], *odd], root=small.root), tmp_path / "store", jobs=2, **MONO)
    assert (again.failed, again.unchanged) == (4, 2), "they are tried again"


def test_a_clip_that_takes_too_long_costs_itself(
    small: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(packing, "pack", never_done)
        packed = prepare(small[:2], tmp_path / "store", timeout_s=0.2, **MONO)
    assert [failure.kind for failure in packed.failures] == ["timeout", "timeout"]
    assert prepare(small[:2], tmp_path / "store", **MONO).packed == 2
    assert verify(tmp_path / "store") == {}


def test_a_store_never_changes_its_parameters(small: Manifest, tmp_path: Path) -> None:
    prepare(small[:1], tmp_path / "store", **MONO)
    for other in ({}, {**MONO, "sample_rate": 16000}, {**MONO, "mono": False}, {**MONO, "encoding": "flac"}):
        with pytest.raises(DataError, match=r"made with 8000 Hz, mono, pcm; this asks for .*--out"):
            prepare(small[:1], tmp_path / "store", **other)


def test_what_cannot_be_packed_is_refused_before_anything_is_done(small: Manifest, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no clips"):
        prepare(small[:0], tmp_path / "store")
    with pytest.raises(DataError, match="names several clips"):
        prepare(Manifest([small[0], small[0]], root=small.root), tmp_path / "store")
    with pytest.raises(ParameterError, match="pcm or flac"):
        prepare(small, tmp_path / "store", encoding="mp3")
    with pytest.raises(ParameterError, match="jobs is 0"):
        prepare(small, tmp_path / "store", jobs=0)
    with pytest.raises(ParameterError, match="sample_rate is 0"):
        prepare(small, tmp_path / "store", sample_rate=0)
    assert not (tmp_path / "store").exists()
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/dear.txt").touch()
    with pytest.raises(ParameterError, match="no store and not empty"):
        prepare(small, tmp_path / "letters")
    with pytest.raises(ParameterError, match="is a file"):
        prepare(small, tmp_path / "letters/dear.txt")


def test_an_id_of_another_data_set_is_not_written_over(small: Manifest, tmp_path: Path) -> None:
    prepare(small[:1], tmp_path / "store", **MONO)
    other = Manifest(small[:1], root=small.root, name="other")
    with pytest.raises(DataError, match="need different ids"):
        prepare(other, tmp_path / "store", **MONO)
    with pytest.raises(DataError, match="need different ids"):
        prepare(
            Manifest([dataclasses.replace(small[0], end_s=0.25)], root=small.root, name="small"),
            tmp_path / "store",
            **MONO,
        )


def test_a_second_run_at_the_same_time_is_refused(small: Manifest, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    with (
        held(str(tmp_path / "store/lock"), what="store", option="--out"),
        pytest.raises(DataError, match="another run is writing to this store"),
    ):
        prepare(small, tmp_path / "store")


def test_damage_is_found_and_mended(small: Manifest, stores: dict[str, Store], tmp_path: Path) -> None:
    folder = shutil.copytree(stores["pcm"].path, tmp_path / "store")
    entry = json.loads((folder / "index.jsonl").read_text().splitlines()[4])
    name, shard = entry["id"], folder / f"shard-{entry['shard']:05}.bin"
    data = bytearray(shard.read_bytes())
    data[entry["offset"] + 7] ^= 1
    shard.write_bytes(data)
    assert list(verify(folder)) == [name]
    assert "have changed" in verify(folder)[name]
    packed = prepare(small, folder, jobs=2, verify=True, **MONO)
    assert (packed.damaged, packed.packed, packed.unchanged) == (1, 1, len(small) - 1)
    assert verify(folder) == {}
    mended, sound = open_store(folder), stores["pcm"]
    for row in range(len(sound)):
        np.testing.assert_array_equal(mended.read(row), sound.read(row))


def test_a_missing_or_short_shard_is_one_clear_error(stores: dict[str, Store], tmp_path: Path) -> None:
    folder = shutil.copytree(stores["pcm"].path, tmp_path / "store")
    for shard in folder.glob("shard-*"):
        shard.write_bytes(shard.read_bytes()[:100])
    with pytest.raises(DataError, match="ends before clip"):
        open_store(folder).read(5)
    with pytest.raises(DataError, match="ends before clip"):
        open_store(folder).read_into(np.empty((1, 2000), np.int16), 5, 0)
    assert all("too early" in reason for reason in verify(folder).values())
    for shard in folder.glob("shard-*"):
        shard.unlink()
    with pytest.raises(DataError, match="is missing"):
        open_store(folder).read(5)
    assert len(verify(folder)) == len(stores["pcm"])


def test_a_line_cut_off_by_a_dying_process_is_passed_over(
    small: Manifest, stores: dict[str, Store], tmp_path: Path
) -> None:
    folder = shutil.copytree(stores["pcm"].path, tmp_path / "store")
    index = folder / "index.jsonl"
    index.write_bytes(index.read_bytes()[:-20])
    assert len(open_store(folder)) == len(small) - 1
    assert prepare(small, folder, **MONO).packed == 1
    assert len(open_store(folder)) == len(small)
    index.write_bytes(b"{broken}\n" + index.read_bytes())
    with pytest.raises(DataError, match=r"index\.jsonl, line 1: damaged"):
        open_store(folder)


def test_full_shards_get_no_more_clips(
    small: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "SHARD_BYTES", 20_000)
    prepare(small, tmp_path / "store", **MONO)
    sizes = [path.stat().st_size for path in sorted((tmp_path / "store").glob("shard-*"))]
    assert len(sizes) >= 4
    assert all(size >= 20_000 for size in sizes[:-1])
    assert verify(tmp_path / "store") == {}


def test_the_order_is_that_of_the_ids_however_it_was_packed(small: Manifest, tmp_path: Path) -> None:
    prepare(small[8:], tmp_path / "store", **MONO)
    prepare(small[:8], tmp_path / "store", jobs=2, **MONO)
    ids = [clip.id for clip in open_store(tmp_path / "store").manifest]
    assert ids == sorted(ids)


def test_selections_share_the_files_and_keep_the_labels(stores: dict[str, Store]) -> None:
    store = stores["pcm"]
    some = store.select(labels="low", split="train")
    assert {clip.labels for clip in some.manifest} == {("low",)}
    assert some.labels == ("high", "low"), "a class keeps its number in every selection"
    rows = [store.manifest.columns.id.index(clip.id) for clip in some.manifest]
    for row, whole_row in enumerate(rows):
        np.testing.assert_array_equal(some.read(row), store.read(whole_row))


def read_sum(store: Store, row: int) -> int:
    return int(store.read(row).astype(np.int64).sum())


@pytest.mark.parametrize("encoding", ["pcm", "flac"])
def test_it_goes_to_spawned_processes(stores: dict[str, Store], encoding: str) -> None:
    store = stores[encoding]
    assert read_sum(store, 1), "its files are mapped already"
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(read_sum, (store, 3)) == read_sum(store, 3)
    assert len(pickle.dumps(store)) < 20_000


def test_what_is_no_store_is_refused(small: Manifest, stores: dict[str, Store], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="sori prepare"):
        open_store(tmp_path)
    with pytest.raises(DataError, match="open_store"):
        manifest_of(stores["pcm"].path)
    (tmp_path / "store.json").write_text('{"format": 99}')
    with pytest.raises(DataError, match="another version"):
        open_store(tmp_path)
    (tmp_path / "store.json").write_text("no")
    with pytest.raises(DataError, match="damaged"):
        open_store(tmp_path)


def test_it_stops_when_asked_and_goes_on(small: Manifest, tmp_path: Path) -> None:
    told: list[int] = []
    packed = prepare(
        small,
        tmp_path / "store",
        report=lambda so_far: told.append(so_far.done),
        stopping=lambda: bool(told) and told[-1] >= 3,
        **MONO,
    )
    assert packed.stopped
    assert 3 <= packed.packed < len(small)
    rest = prepare(small, tmp_path / "store", **MONO)
    assert not rest.stopped
    assert rest.packed + rest.unchanged == len(small)
    assert rest.unchanged >= packed.packed
