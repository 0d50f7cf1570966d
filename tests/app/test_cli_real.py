"""The commands on real sound, heard by Sori's own ears."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from sori.app.actions.analyzing import analyze, flat
from sori.app.actions.doctoring import examine

RATE = 22_050


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("real")
    for number, pitch_hz in enumerate((220.0, 330.0, 440.0)):
        time_s = np.arange(RATE * 6) / RATE
        pulse = np.exp(-8 * (time_s % 0.5))
        soundfile.write(place / f"{number}.flac", 0.5 * pulse * np.sin(2 * np.pi * pitch_hz * time_s), RATE)
    return place


def run(*arguments: str, library: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "sori", *arguments],
        env={**os.environ, "SORI_LIBRARY": str(library)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def sori(*arguments: str, library: Path) -> Any:
    return json.loads(run(*arguments, library=library))


def test_from_a_folder_to_an_answer(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library.db"
    counts = sori("index", str(folder), "--json", library=library)
    assert (counts["heard"], counts["audio_s"]) == (3, pytest.approx(18.0))
    answer = sori("similar", str(folder / "0.flac"), "--json", library=library)
    assert len(answer["results"]) == 2
    assert set(answer["results"][0]["facets"]) <= {"timbre", "rhythm", "harmony", "melody", "dynamics"}


def test_analyze_is_flat_and_has_units_in_its_names(folder: Path) -> None:
    heard = flat(analyze(str(folder / "2.flac")).track)
    json.dumps(heard, allow_nan=False)
    assert (heard["duration_s"], heard["sample_rate"], heard["channels"]) == (6.0, RATE, 1)
    assert heard["tempo_bpm"] == pytest.approx(120, rel=0.03)
    assert len(heard["beats_s"]) in range(10, 14)
    assert set(heard["key"]) == {"tonic", "mode", "confidence"}
    assert heard["loudness_lufs"] < 0
    assert {"loudness_range_lu", "loudness_true_peak_dbtp", "tuning_hz", "clipped_samples"} <= set(heard)


def test_the_doctor_finds_a_sound_installation_sound(tmp_path: Path) -> None:
    findings = examine(library=str(tmp_path / "none.db"))
    assert [finding for finding in findings if not finding["ok"]] == []
    examined = {finding["what"] for finding in findings}
    assert {
        "numpy",
        "read m4a with FFmpeg",
        "read flac with libsndfile",
        "worker process",
        "library",
    } <= examined


def test_the_doctor_says_what_is_broken_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "library.db").write_text("no library" * 1000, encoding="utf-8")
    monkeypatch.setitem(sys.modules, "soxr", None)
    broken = {f["what"]: f for f in examine(library=str(tmp_path / "library.db")) if not f["ok"]}
    assert set(broken) == {"soxr", "library"}
    assert "pip install" in broken["soxr"]["fix"]
    assert "index again" in broken["library"]["fix"]


def test_pictures_sounds_and_taps_of_a_real_file(folder: Path, tmp_path: Path) -> None:
    library, song = tmp_path / "library.db", str(folder / "0.flac")
    sori("index", song, "--json", library=library)
    for verb, name in (("beats", "song.png"), ("beats", "song.svg"), ("chords", "song.flac")):
        run(verb, song, "-o", str(tmp_path / name), library=library)
    assert (tmp_path / "song.png").read_bytes()[:4] == b"\x89PNG"
    assert b"<svg" in (tmp_path / "song.svg").read_bytes()
    assert soundfile.info(tmp_path / "song.flac").duration == pytest.approx(6.0)
    assert not list(tmp_path.glob("*.part"))
    run("correct", song, "--tap", "1.0,2.0,3.0,4.0", library=library)
    beats = sori("beats", song, "--json", library=library)
    assert beats["tempo_bpm"] == pytest.approx(60, rel=0.02)
    assert beats["corrected"]["beats"] == "4 taps from 1 s"
    assert min(abs(time - 2.0) for time in beats["beats_s"]) < 0.05
    chords = sori("chords", song, "--json", library=library)["chords"]
    assert {chord["start_s"] for chord in chords[1:]} <= set(beats["beats_s"])


def test_pitch_by_the_network_that_learned(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "none.db"
    file = str(folder / "2.flac")
    found = sori("pitch", file, "--method", "learned", "--json", library=library)
    voiced = np.array(found["voiced"], bool)
    assert voiced.mean() > 0.5
    assert np.median(np.array(found["hz"])[voiced]) == pytest.approx(440, rel=0.01)
    assert pytest.approx(found["notes"][0]["pitch_midi"], abs=0.2) == 69
    usual = sori("pitch", file, "--json", library=library)
    assert sori("pitch", file, "--method", "yin", "--json", library=library) == usual
    assert usual["hz"] != found["hz"]
    done = subprocess.run(
        [sys.executable, "-m", "sori", "pitch", file, "--method", "crepe"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "want one of yin, learned" in done.stderr


def test_pitch_is_judged_and_training_refuses_nothing_to_hear(tmp_path: Path) -> None:
    time_s = np.arange(RATE) / RATE
    soundfile.write(tmp_path / "a.wav", 0.3 * np.sin(2 * np.pi * 330 * time_s), RATE)
    (tmp_path / "a.csv").write_text("".join(f"{k / 100},330\n" for k in range(95)), encoding="utf-8")
    library = tmp_path / "none.db"
    judged = sori("evaluate", "pitch", str(tmp_path), "--json", "--quiet", library=library)
    assert {row["method"] for row in judged["results"]} == {"yin", "learned"}
    assert all(row["pitch"][0] > 0.9 for row in judged["results"] if row["noise_db"] is None)
    assert "recall" in run("evaluate", "pitch", str(tmp_path), "--quiet", library=library)
    for wrong in (
        ["train", "pitch", "--data", str(tmp_path / "empty"), "--out", "x.onnx"],
        ["evaluate", "x", "y"],
    ):
        (tmp_path / "empty").mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "sori", *wrong], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert done.stderr.startswith("sori: ")
        assert len(done.stderr.splitlines()) == 1


def test_a_tune_that_is_nobody_s_is_not_written_silently(data: Path, tmp_path: Path) -> None:
    song = next((data / "music" / "librosa").glob("*Vibe_Ace*.ogg"))
    samples, rate = soundfile.read(song, frames=15 * 44_100)
    soundfile.write(tmp_path / "band.flac", samples, rate)

    def said(*arguments: str) -> str:
        command = [sys.executable, "-m", "sori", "pitch", str(tmp_path / "band.flac"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stderr

    assert "more than one voice sounds, so no notes are written; --melody" in said("-o", "band.mid")
    assert said("-o", "tune.mid", "--melody") == ""
    assert (tmp_path / "tune.mid").stat().st_size > (tmp_path / "band.mid").stat().st_size
