"""The demo's songs are what their truth says, the same every time, and safe to write again."""

import dataclasses
import json

import numpy as np
import pytest

from sori.app.demo import render, songs, write_library
from sori.app.demo.arrange import arrange
from sori.app.demo.compose import compose
from sori.app.demo.score import CHORDS
from sori.app.demo.styles import STYLES
from sori.audio import load, read_tags
from sori.errors import ParameterError
from sori.units import PITCH_CLASSES

ALL = songs(7)


@pytest.fixture(scope="module")
def chip():
    """A short song, rendered once."""
    song = next(s for s in ALL if s.style == "chiptune")
    return song, *render(song)


def test_thirty_songs_in_ten_styles_with_one_name_each():
    assert len(ALL) == 30
    assert {s.style for s in ALL} == set(STYLES)
    assert len({s.file_name for s in ALL}) == 30
    assert len({s.style for s in ALL[:10]}) == 10
    assert any(not s.title.isascii() for s in ALL)
    assert {s.suffix for s in ALL} == {".wav", ".flac", ".mp3", ".opus", ".m4a"}


def test_the_same_seed_is_the_same_library_and_another_is_not():
    assert songs(7) == ALL
    assert all(a.seed != b.seed for a, b in zip(songs(8), ALL, strict=True))


def test_another_arrangement_shares_chords_and_melody_but_not_key_style_or_tempo():
    titles = {s.title: s for s in ALL}
    versions = [(s, titles[s.arrangement_of]) for s in ALL if s.arrangement_of]
    assert len(versions) == 4
    for version, original in versions:
        assert version.tune == original.tune
        assert version.style != original.style
        assert version.tonic != original.tonic
        assert version.tempo_bpm != original.tempo_bpm
        assert version.sevenths == original.sevenths
        assert _verse(version) == _verse(original)


def _verse(song):
    """Return the verse's chord roots and melody relative to the tonic."""
    style = STYLES[song.style]
    phrase = compose(song.tune, mode=song.mode, grid=style.grid, pentatonic=style.pentatonic).phrases["verse"]
    return [root for root, _ in phrase.chords], phrase.melody


@pytest.mark.parametrize("song", ALL, ids=lambda s: s.file_name)
def test_the_score_is_whole(song):
    style, score = STYLES[song.style], arrange(song)
    np.testing.assert_allclose(np.diff(score.beats_s), 60 / song.tempo_bpm, rtol=1e-9)
    assert 40 < score.end_s < 70
    for spans in (score.sections, score.chords):
        assert spans[0].start_s == pytest.approx(score.beats_s[0])
        assert spans[-1].end_s == pytest.approx(score.end_s)
        np.testing.assert_allclose([s.start_s for s in spans[1:]], [s.end_s for s in spans[:-1]])
    tonic = PITCH_CLASSES.index(song.tonic)
    assert score.chords[-1].root == tonic or not style.closes
    assert [s.label for s in score.sections].count("chorus") >= 2
    assert score.melody
    assert len(score.parts) == len(style.layers)
    assert all(score.parts), "every player plays"
    allowed = {
        (tonic + k) % 12 for k in ((0, 2, 4, 5, 7, 9, 11) if song.mode == "major" else (0, 2, 3, 5, 7, 8, 10))
    }
    allowed |= {(c.root + k) % 12 for c in score.chords for k in CHORDS[c.quality]}
    assert {note.midi % 12 for note in score.melody} <= allowed


def test_a_song_is_clean_stereo_sound(chip):
    _, samples, sample_rate, truth = chip
    assert samples.dtype == np.float32
    assert samples.shape == (2, round(truth.duration_s * sample_rate))
    assert np.isfinite(samples).all()
    assert 0.2 < np.abs(samples).max() < 10 ** (-3.9 / 20)
    assert np.abs(samples[:, -50:]).max() < 1e-3
    assert not np.array_equal(samples[0], samples[1])


def test_a_song_is_the_same_every_time(chip):
    song, samples, _, truth = chip
    again, _, same = render(song)
    np.testing.assert_array_equal(again, samples)
    assert same == truth


def test_loudness_repeats_and_arrangement_are_told(chip):
    _, _, _, truth = chip
    labels = {label for _, _, label in truth.sections}
    assert truth.loudest_section in labels
    assert truth.most_repeated_section == "chorus"
    assert json.loads(json.dumps(truth.as_dict()))["key"] == {"tonic": truth.tonic, "mode": truth.mode}


def test_the_first_note_is_heard_on_the_first_beat(chip):
    _, samples, sample_rate, truth = chip
    heard = np.flatnonzero(np.abs(samples).max(axis=0) > 0.01)
    assert heard[0] / sample_rate == pytest.approx(truth.beats_s[0], abs=0.003)


def test_tuning_moves_every_note():
    song = next(s for s in ALL if s.style == "chiptune")
    plain, low = (_spectrum_by_cents(dataclasses.replace(song, tuning_hz=a4)) for a4 in (440.0, 432.0))
    shifts = range(-60, 61)
    alike = [float(np.dot(np.roll(plain, shift), low)) for shift in shifts]
    assert shifts[int(np.argmax(alike))] == pytest.approx(1200 * np.log2(432 / 440), abs=3)


def _spectrum_by_cents(song):
    """Return the mean short-time spectrum of half a minute, a bin per cent from 400 Hz up."""
    samples, rate, _ = render(song)
    size = 16_384
    frames = np.lib.stride_tricks.sliding_window_view(samples.mean(0)[: 30 * rate], size)[:: size // 2]
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(size), 4 * size)).mean(0)
    return np.interp(400 * 2 ** (np.arange(3 * 1200) / 1200), np.fft.rfftfreq(4 * size, 1 / rate), spectrum)


def test_a_library_is_written_tagged_resumed_and_told_the_truth(tmp_path):
    seen = []
    paths = write_library(
        tmp_path, seed=7, count=2, workers=1, on_written=lambda p, k, n: seen.append((k, n))
    )
    assert seen == [(1, 2), (2, 2)]
    assert [p.suffix for p in paths] == [".mp3", ".flac"]
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == sorted(
        ["truth.json", *(p.name for p in paths)]
    )
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    for song, path in zip(ALL, paths, strict=False):
        entry = truth["songs"][path.relative_to(tmp_path).as_posix()]
        assert entry["tempo_bpm"] == song.tempo_bpm
        tags = read_tags(path)
        assert (tags.title, tags.artist, tags.year) == (song.title, song.artist, song.year)
        heard = load(path, mono=True)
        assert len(heard.samples) / heard.sample_rate == pytest.approx(entry["duration_s"], abs=0.05)
        assert np.abs(heard.samples).max() < 10 ** (-1 / 20)

    stamps = [p.stat().st_mtime_ns for p in paths]
    paths[1].unlink()
    write_library(tmp_path, seed=7, count=2, workers=1)
    assert paths[0].stat().st_mtime_ns == stamps[0]
    assert paths[1].is_file()


def test_songs_of_another_seed_make_way_and_nothing_else_does(tmp_path):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    outside = tmp_path.parent / "outside.txt"
    outside.write_text("keep", encoding="utf-8")
    old = tmp_path / "band" / "old.mp3"
    old.parent.mkdir()
    old.write_bytes(b"old")
    stale = {"version": 0, "seed": 7, "songs": {"band/old.mp3": {}, "../outside.txt": {}}}
    (tmp_path / "truth.json").write_text(json.dumps(stale), encoding="utf-8")
    write_library(tmp_path, seed=7, count=1, workers=1)
    assert not old.exists()
    assert outside.exists()
    assert (tmp_path / "mine.txt").exists()


def test_a_damaged_truth_file_only_means_starting_again(tmp_path):
    (tmp_path / "truth.json").write_text("{", encoding="utf-8")
    (path,) = write_library(tmp_path, seed=7, count=1, workers=1)
    assert path.is_file()
    assert json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["seed"] == 7


@pytest.mark.parametrize("wrong", [{"count": 0}, {"workers": 0}])
def test_a_wrong_count_is_refused(tmp_path, wrong):
    with pytest.raises(ParameterError):
        write_library(tmp_path, seed=7, **wrong)
