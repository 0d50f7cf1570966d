"""The table of names tells the truth about ours."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from layers.examples import EXAMPLES
from layers.recorded.make_names import names, quoted, rows

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "names.md").read_text(encoding="utf-8")
ROWS = rows(PAGE, "Names")
RECORDED = json.loads((Path(__file__).parent / "recorded" / "names.json").read_text(encoding="utf-8"))

# What the page says of the others' defaults: row, library, name, argument, value, and how the page writes it.
STATED = [
    ("sample rate", "librosa", "feature.melspectrogram", "sr", 22050, "22050"),
    ("sample rate", "torchaudio", "MelSpectrogram", "sample_rate", 16000, "16000"),
    ("transform, hop", "librosa", "feature.melspectrogram", "n_fft", 2048, "2048"),
    ("transform, hop", "librosa", "feature.melspectrogram", "hop_length", 512, "512"),
    ("transform, hop", "torchaudio", "MelSpectrogram", "n_fft", 400, "400"),
    ("transform, hop", "torchaudio", "PitchShift", "n_fft", 512, "512"),
    ("frames are", "librosa", "stft", "pad_mode", "constant", "zeros"),
    ("frames are", "torchaudio", "Spectrogram", "pad_mode", "reflect", "mirrored"),
    ("mel scale, norm", "librosa", "filters.mel", "htk", False, "Slaney"),
    ("mel scale, norm", "torchaudio", "melscale_fbanks", "mel_scale", "htk", "HTK"),
    ("mel scale, norm", "torchaudio", "melscale_fbanks", "norm", None, "none"),
    ("mel bands", "librosa", "filters.mel", "n_mels", 128, "128"),
    ("mel bands", "torchaudio", "MelSpectrogram", "n_mels", 128, "128"),
    ("what mel bands add up", "torchaudio", "MelSpectrogram", "power", 2.0, "power"),
    ("smallest magnitude, power", "librosa", "amplitude_to_db", "amin", 1e-5, "1e-5"),
    ("smallest magnitude, power", "librosa", "power_to_db", "amin", 1e-10, "1e-10"),
    ("`top_db`", "librosa", "power_to_db", "top_db", 80.0, "80"),
    ("`top_db`", "torchaudio", "AmplitudeToDB", "top_db", None, "none"),
    ("cepstra", "librosa", "feature.mfcc", "n_mfcc", 20, "20"),
    ("cepstra", "torchaudio", "MFCC", "n_mfcc", 40, "40"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_our_names_exist(row: list[str]) -> None:
    functions, layers = quoted(row[5]), quoted(row[6])
    assert functions
    for name in functions:
        module, _, function = name.rpartition(".")
        assert function in importlib.import_module(f"sori.{module}").__all__
    assert set(layers) <= EXAMPLES.keys()
    if layers:
        said = [
            "".join(part.capitalize() for part in name.rpartition(".")[2].split("_")) for name in functions
        ]
        assert said == layers, "each function and its layer"


def test_the_table_is_there() -> None:
    assert len(ROWS) > 40


def test_their_names_exist() -> None:
    for library, said in names(PAGE).items():
        assert len(said) > 25
        assert set(said) == RECORDED[library]["defaults"].keys(), library


@pytest.mark.parametrize(("row", "library", "name", "argument", "value", "written"), STATED)
def test_their_defaults_are_those_on_the_page(
    row: str, library: str, name: str, argument: str, value: object, written: str
) -> None:
    assert RECORDED[library]["defaults"][name][argument] == value
    cells = {cells[0]: cells for cells in rows(PAGE, "Defaults that differ")}
    assert written in cells[row][1 if library == "librosa" else 2]
