"""Every known data set: its card is whole, its true layout is recognised and read right."""

from __future__ import annotations

import collections
import importlib
import re
from pathlib import Path

import h5py
import numpy as np
import pytest
from layouts import LAYOUTS, lay

from sori.datasets import check, known_dataset, known_names, manifest_of
from sori.datasets.opening import recognise
from sori.errors import DataError, ParameterError


def test_every_known_data_set_is_tried() -> None:
    assert set(LAYOUTS) == set(known_names())
    assert len(LAYOUTS) >= 25


@pytest.mark.parametrize("name", known_names())
def test_its_card_is_whole(name: str) -> None:
    card = known_dataset(name).CARD
    assert card.name == name
    for text in (card.title, card.about, card.licence, card.citation, card.split):
        assert len(text) > 2
    assert re.match(r"https?://", card.homepage)
    assert card.layout
    assert card.downloads or card.steps, "how does anybody get it?"
    for download in card.downloads:
        assert re.match(r"https?://[^ ?]+$", download.url)
        lengths = {"md5": 32, "sha1": 40, "sha256": 64}
        if download.checksum:
            kind, _, digest = download.checksum.partition(":")
            assert re.fullmatch(rf"[0-9a-f]{{{lengths[kind]}}}", digest)


@pytest.mark.parametrize("name", known_names())
def test_its_module_has_the_three_things_and_no_more(name: str) -> None:
    module = importlib.import_module(f"sori.datasets.known.{name}")
    assert (
        {"CARD", "clips", "recognised"} <= set(module.__all__) <= {"CARD", "clips", "features", "recognised"}
    )


@pytest.mark.parametrize("name", LAYOUTS)
def test_its_layout_is_recognised_and_read(name: str, tmp_path: Path) -> None:
    layout = LAYOUTS[name]
    lay(tmp_path, layout.files)
    found = [one for one in known_names() if known_dataset(one).recognised(tmp_path)]
    assert found == [name]
    manifest = manifest_of(tmp_path)
    assert manifest.name == name
    assert tuple(manifest) == layout.clips
    assert "missing_file" not in {finding.kind for finding in check(manifest)}
    for clip in manifest:
        for key, value in clip.extra.items():
            if key in ("pitch", "annotations", "alignment", "midi", "beat_midi"):
                assert (tmp_path / value).is_file(), f"{key} of {clip.id}"


def test_an_empty_folder_is_none_of_them(tmp_path: Path) -> None:
    assert recognise(tmp_path) is None
    with pytest.raises(ParameterError, match="sori datasets list"):
        known_dataset("nonesuch")


def test_a_table_without_its_columns_is_one_clear_error(tmp_path: Path) -> None:
    lay(tmp_path, {"meta/esc50.csv": "name,fold\n1.wav,1\n"})
    with pytest.raises(DataError, match=r"esc50\.csv has no column 'filename'"):
        manifest_of(tmp_path)


def test_metadata_without_sound_is_one_clear_error(tmp_path: Path) -> None:
    lay(tmp_path / "fma", {"fma_metadata/tracks.csv": LAYOUTS["fma"].files["fma_metadata/tracks.csv"]})
    with pytest.raises(DataError, match="unpack fma_small"):
        manifest_of(tmp_path / "fma")
    lay(tmp_path / "guitarset", {"annotation/00_BN1-129-Eb_comp.jams": "{}"})
    with pytest.raises(DataError, match=r"audio_mono-mic\.zip"):
        manifest_of(tmp_path / "guitarset")


def test_other_layouts_that_are_about(tmp_path: Path) -> None:
    lay(tmp_path / "kaggle", {"genres_original/blues/blues.00029.wav": None})
    assert manifest_of(tmp_path / "kaggle")[0].path == "genres_original/blues/blues.00029.wav"
    lay(tmp_path / "flat", {"blues/blues.00029.au": None})
    assert manifest_of(tmp_path / "flat")[0].path == "blues/blues.00029.au"
    lay(tmp_path / "plus", {"keys_gs+/10089 Praxis.txt": "E minor\n", "audio/10089 Praxis.mp3": None})
    assert manifest_of(tmp_path / "plus")[0].labels == ("E minor",)
    table = "Numb,Wav,,ECG,,Segment ID,Total Evaluation,,\n,s,e,s,e,,Emotion,Valence,Arousal\n"
    row = "1,0,1,0,1,Sess02_impro01_M001,happy,4,4\n"
    acted = {
        "annotation/Session02_F_res.csv": table + row,
        "annotation/Session02_M_res.csv": table + row,
        "wav/Session02/Sess02_impro01/Sess02_impro01_M001.wav": None,
    }
    lay(tmp_path / "kemdy19", acted)
    found = list(manifest_of(tmp_path / "kemdy19"))
    assert [(clip.path, clip.extra["speaker"]) for clip in found] == [
        ("wav/Session02/Sess02_impro01/Sess02_impro01_M001.wav", "Sess02_M")
    ]


def test_the_filtered_split_of_gtzan_has_its_published_sizes(tmp_path: Path) -> None:
    genres = ("blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock")
    lay(tmp_path, {f"genres/{genre}/{genre}.{n:05}.au": None for genre in genres for n in range(100)})
    splits = collections.Counter(clip.split for clip in manifest_of(tmp_path))
    assert splits == {"train": 443, "validation": 197, "test": 290, None: 70}


def test_features_of_the_million_song_dataset(tmp_path: Path) -> None:
    from sori.datasets.known.millionsong import features

    row = np.array([(120.5, 7, 3)], [("tempo", "f8"), ("key", "i4"), ("idx_beats_start", "i4")])
    with h5py.File(tmp_path / "song.h5", "w") as file:
        file["analysis/segments_timbre"] = np.ones((4, 12))
        file["analysis/songs"] = row
    found = features(tmp_path / "song.h5")
    assert found["tempo"] == 120.5
    assert found["key"] == 7
    assert found["segments_timbre"].shape == (4, 12)
    assert "idx_beats_start" not in found
    (tmp_path / "text.h5").write_text("no HDF5")
    with pytest.raises(DataError, match=r"text\.h5 is no file of the Million Song Dataset"):
        features(tmp_path / "text.h5")


def test_the_real_ones(data: Path) -> None:
    digits = manifest_of(data / "fsdd")
    assert (digits.name, len(digits), len(digits.groups)) == ("fsdd", 3000, 6)
    assert digits.labels == tuple("0123456789")
    assert (len(digits.select(split="train")), len(digits.select(split="test"))) == (2700, 300)
    sounds = manifest_of(data / "esc10")
    assert (sounds.name, len(sounds), len(sounds.labels)) == ("esc10", 400, 10)
    assert [len(sounds.select(fold=fold)) for fold in sounds.folds] == [80] * 5
    songs = manifest_of(data / "pop909")
    assert songs.name == "pop909"
    assert len(songs.groups) == 300
    assert sum("version_of" not in clip.extra for clip in songs) == 300
    assert all(
        {"chord_midi", "beat_midi"} <= set(clip.extra) for clip in songs if "version_of" not in clip.extra
    )
    assert check(songs) == []
