"""Batches: the same for a seed and an epoch, however they are read; and where one left off."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from small_sounds import RATE

from sori.datasets import (
    Batches,
    Clip,
    LooseFiles,
    Manifest,
    Store,
    manifest_of,
    open_source,
    open_store,
    prepare,
)
from sori.datasets.loading.epochs import crop_starts, draws, hashes, order
from sori.errors import DataError, DecodeError, ParameterError
from sori.signal import from_integer


def batches(store: Store, **options: Any) -> Batches:
    return Batches(store, **{"batch_size": 4, "crop_s": 0.25, "targets": "class", **options})


def same(one: Any, other: Any) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.fixture
def store(stores: dict[str, Store]) -> Store:
    return stores["pcm"]


# --- draws ---------------------------------------------------------------------------------


def test_draws_are_even_and_independent() -> None:
    clips = hashes(f"clip {i}" for i in range(20_000))
    first = draws(clips, seed=1, epoch=0, purpose="crop")
    assert first.min() >= 0
    assert first.max() < 1
    counts = np.histogram(first, 20, (0, 1))[0]
    assert abs(counts - 1000).max() < 150  # five deviations
    for other in ({"epoch": 1}, {"seed": 2}, {"purpose": "order"}):
        second = draws(clips, **{"seed": 1, "epoch": 0, "purpose": "crop", **other})
        assert abs(np.corrcoef(first, second)[0, 1]) < 0.03


def test_a_draw_depends_on_the_clip_and_not_on_its_place() -> None:
    names = [f"clip {i}" for i in range(100)]
    all_of_them = draws(hashes(names), seed=0, epoch=5, purpose="crop")
    np.testing.assert_array_equal(
        draws(hashes(names[50:]), seed=0, epoch=5, purpose="crop"), all_of_them[50:]
    )


def test_an_order_has_every_clip_once() -> None:
    clips = hashes(map(str, range(1000)))
    rows = order(clips, seed=0, epoch=0)
    assert sorted(rows) == list(range(1000))
    assert (rows != order(clips, seed=0, epoch=1)).mean() > 0.99


def test_crops_reach_from_the_first_frame_to_the_last() -> None:
    clips = hashes(map(str, range(5000)))
    starts = crop_starts(clips, n_frames=np.full(5000, 14), crop_frames=10, seed=0, epoch=0)
    assert sorted(set(starts.tolist())) == [0, 1, 2, 3, 4]
    assert crop_starts(
        clips[:3], n_frames=np.array([10, 9, 0]), crop_frames=10, seed=0, epoch=0
    ).tolist() == [0, 0, 0]


# --- batches -------------------------------------------------------------------------------


def test_a_batch_is_crops_of_its_clips(store: Store) -> None:
    for made in batches(store):
        assert made.samples.dtype == np.float32
        assert made.samples.shape == (len(made.rows), 1, RATE // 4)
        for at, row in enumerate(made.rows):
            crop = store.read(row, start=int(made.starts[at]), n_frames=RATE // 4)
            np.testing.assert_array_equal(made.samples[at], from_integer(crop))
            assert store.manifest[row].labels == (store.labels[made.targets[at]],)
        assert (made.lengths == RATE // 4).all()


def test_an_epoch_has_every_clip_once_and_the_next_has_another_order(store: Store) -> None:
    both = batches(store)
    first, second = ([made.rows for made in both] for _ in range(2))
    for rows in (first, second):
        assert sorted(np.concatenate(rows)) == list(range(len(store)))
        assert [len(each) for each in rows] == [4, 4, 4, 2]
    assert not same(first, second)
    assert len(both) == 4
    assert len(batches(store, drop_last=True)) == 3
    assert len(list(batches(store, drop_last=True))) == 3


def test_seeds_decide(store: Store) -> None:
    assert all(map(same, batches(store, seed=3), batches(store, seed=3)))
    assert not same(next(iter(batches(store, seed=3))).rows, next(iter(batches(store, seed=4))).rows)


def test_both_encodings_give_the_same(stores: dict[str, Store]) -> None:
    assert all(map(same, batches(stores["pcm"]), batches(stores["flac"])))


def test_one_goes_on_in_the_middle_of_an_epoch(store: Store) -> None:
    uninterrupted = batches(store)
    wanted = [made for _ in range(3) for made in uninterrupted]
    stopped = batches(store)
    seen = list(stopped)
    for made in stopped:
        seen.append(made)
        if len(seen) == 6:
            break
    state = pickle.loads(pickle.dumps(stopped.state_dict()))
    assert state == {"seed": 0, "epoch": 1, "batch": 2}
    resumed = batches(store)
    resumed.load_state_dict(state)
    seen += list(resumed)
    seen += list(resumed)
    assert len(seen) == len(wanted)
    assert all(map(same, seen, wanted))
    with pytest.raises(ParameterError, match="seed 0; this is seed 1"):
        batches(store, seed=1).load_state_dict(state)


def test_any_batch_may_be_made_alone(store: Store) -> None:
    both = batches(store)
    _ = list(both)
    assert same(both.make(7, 2), batches(store).make(7, 2))


def test_parts_share_an_epoch_among_them(store: Store) -> None:
    parts = [batches(store, part=(which, 3)) for which in range(3)]
    rows = [np.concatenate([made.rows for made in part]) for part in parts]
    assert sorted(np.concatenate(rows)) == list(range(len(store)))
    assert [len(part) for part in parts] == [2, 2, 1]


def test_several_crops_of_each_clip_differ(store: Store) -> None:
    made = batches(store, crops_per_clip=3, shuffle=False, batch_size=42).make(0, 0)
    assert made.rows.tolist() == [row for row in range(len(store)) for _ in range(3)]
    long = made.rows == int(np.argmax(store.n_frames))
    assert len(set(made.starts[long].tolist())) == 3


def test_whole_clips_are_filled_up_to_the_longest(store: Store) -> None:
    made = batches(store, crop_s=None, shuffle=False).make(0, 0)
    assert made.samples.shape[-1] == made.lengths.max() == store.n_frames[:4].max()
    for at, row in enumerate(made.rows):
        np.testing.assert_array_equal(made.samples[at, :, : made.lengths[at]], from_integer(store.read(row)))
        assert not made.samples[at, :, made.lengths[at] :].any()


def test_what_follows_a_short_clip(store: Store) -> None:
    row = int(np.argmin(store.n_frames))
    n, crop = int(store.n_frames[row]), 2 * RATE
    short = store.take([row])
    silent = batches(short, crop_s=2.0).make(0, 0)
    assert not silent.samples[0, :, n:].any()
    assert silent.lengths.tolist() == [n]
    looped = batches(short, crop_s=2.0, short="loop").make(0, 0).samples[0, 0]
    np.testing.assert_array_equal(looped, looped[np.arange(crop) % n])
    with pytest.raises(DataError, match="is shorter than 2 s"):
        batches(store, crop_s=2.0, short="error")


def test_crops_may_be_at_the_start_or_the_centre(store: Store) -> None:
    assert not batches(store, crop="start").make(0, 0).starts.any()
    made = batches(store, crop="centre").make(0, 0)
    np.testing.assert_array_equal(made.starts, (store.n_frames[made.rows] - RATE // 4) // 2)


def test_integers_are_the_floats_before(store: Store) -> None:
    whole, floats = batches(store, floats=False).make(0, 0), batches(store).make(0, 0)
    assert whole.samples.dtype == np.int16
    np.testing.assert_array_equal(from_integer(whole.samples), floats.samples)


def test_tags_are_a_row_of_ones(store: Store) -> None:
    clips = [dataclasses.replace(clip, labels=("b", "d")[: i % 3]) for i, clip in enumerate(store.manifest)]
    tagged = Store(
        store.path, store.parameters, Manifest(clips, root=store.path), store._places, ("a", "b", "d")
    )
    made = batches(tagged, targets="tags", shuffle=False, labels=("a", "b", "d")).make(0, 0)
    assert made.targets.tolist() == [[0, 0, 0], [0, 1, 0], [0, 1, 1], [0, 0, 0]]
    with pytest.raises(DataError, match="has 0 labels; a class is one"):
        batches(tagged)
    with pytest.raises(DataError, match="'d' is not among those given"):
        batches(tagged, targets="tags", labels=("a", "b"))


def test_classes_keep_their_numbers_in_a_selection(store: Store) -> None:
    low = batches(store.select(labels="low")).make(0, 0)
    assert low.targets.tolist() == [store.labels.index("low")] * len(low.targets)


@pytest.mark.parametrize(
    "wrong",
    [
        {"batch_size": 0},
        {"crop_s": 0.0},
        {"crop_s": float("nan")},
        {"crop": "middle"},
        {"short": "stretch"},
        {"targets": "regress"},
        {"crops_per_clip": 0},
        {"part": (2, 2)},
    ],
)
def test_options_that_make_no_sense_are_refused(store: Store, wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError):
        batches(store, **wrong)


def test_clips_that_do_not_fit_together_are_refused(small: Manifest, tmp_path: Path) -> None:
    prepare(small[:2], tmp_path / "store")
    with pytest.raises(DataError, match=r"one sample rate and have 8000, 16000; .*--sample-rate"):
        batches(open_store(tmp_path / "store"))


# --- loose files ---------------------------------------------------------------------------


def test_a_folder_of_wav_and_npy_works_too(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    samples = rng.integers(-3000, 3000, (2, 4000)).astype(np.int16)
    for name in ("dog", "cat"):
        (tmp_path / name).mkdir()
    soundfile.write(tmp_path / "dog/1.wav", samples.T, RATE)
    np.save(tmp_path / "dog/2.npy", samples)
    np.save(tmp_path / "cat/3.npy", samples.astype(np.float32) / 32768)
    soundfile.write(tmp_path / "cat/4.flac", samples.T, RATE)
    source = open_source(tmp_path, sample_rate=RATE)
    assert isinstance(source, LooseFiles)
    assert source.labels == ("cat", "dog")
    assert source.channels.tolist() == [2] * 4
    for made in batches(source, batch_size=2, floats=False):
        for at in range(2):
            start = int(made.starts[at])
            np.testing.assert_array_equal(made.samples[at], samples[:, start : start + RATE // 4])
    assert len(source.select(labels="dog")) == 2
    assert pickle.loads(pickle.dumps(source)).n_frames.tolist() == [4000] * 4
    with pytest.raises(ParameterError, match="does not say its sample rate"):
        open_source(tmp_path)
    np.save(tmp_path / "cat/5.npy", samples.T)
    with pytest.raises(DataError, match=r"want \(channels, time\)"):
        open_source(tmp_path, sample_rate=RATE)
    np.save(tmp_path / "cat/5.npy", np.array(["text"]))
    with pytest.raises(DataError, match="want int16 or float"):
        open_source(tmp_path, sample_rate=RATE)


def test_loose_files_and_a_store_of_them_give_the_same_batches(data: Path, tmp_path: Path) -> None:
    digits = manifest_of(data / "fsdd").take(range(0, 3000, 100))
    prepare(digits, tmp_path / "store", jobs=2)
    stored, loose = open_store(tmp_path / "store"), LooseFiles(digits)
    assert [clip.id for clip in stored.manifest] == [clip.id for clip in loose.manifest]
    options: dict[str, Any] = {"crop_s": 0.2, "targets": "class"}
    assert all(map(same, batches(stored, **options), batches(loose, **options)))
    assert isinstance(open_source(tmp_path / "store"), Store)


def test_stretches_of_coded_files_are_decoded_up_to_there(small: Manifest) -> None:
    ogg = small.take([2])
    made = batches(LooseFiles(ogg), crop_s=0.2, targets=None).make(0, 0)
    assert made.samples.shape == (1, 2, 3200)
    cut = LooseFiles(Manifest([Clip("x", "09.wav", 0.5, 1.0)], root=small.root))
    whole = LooseFiles(Manifest([Clip("x", "09.wav")], root=small.root))
    assert cut.n_frames.tolist() == [4000]
    options: dict[str, Any] = {"crop_s": None, "targets": None}
    np.testing.assert_array_equal(
        batches(cut, **options).make(0, 0).samples[0],
        batches(whole, **options).make(0, 0).samples[0][:, 4000:8000],
    )
    with pytest.raises(DecodeError):
        LooseFiles(Manifest([Clip("x", Path(__file__).name)], root=Path(__file__).parent))
