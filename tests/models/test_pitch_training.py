"""Pitch learned without labels: what views are, what losses ask, runs that stop and go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch

from sori.analysis.melody import pitch
from sori.app.actions.pitch_judging import evaluate_pitch
from sori.app.actions.pitch_training import train_pitch
from sori.audio import save
from sori.errors import DataError, ParameterError
from sori.models.pitch.calibration import calibrated, tones
from sori.models.pitch.disturbing import FINER, seen
from sori.models.pitch.harmonic_network import CONTEXT, PITCHES, HarmonicNetwork
from sori.models.pitch.harmonic_objective import HarmonicObjective, position
from sori.models.pitch.options import SHIFTS, PitchOptions, bands_of
from sori.models.pitch.spice_network import SLICE, SpiceNetwork
from sori.models.pitch.truth import read_pitch
from sori.units import midi_to_hz

SR = 16000
SMALL = {"steps": 8, "batch_size": 2, "width": 8, "device": "cpu"}


def voice(hz: np.ndarray) -> np.ndarray:
    """Return six harmonics of a frequency that moves."""
    phase = 2 * np.pi * np.cumsum(hz) / SR
    return np.asarray(0.1 * sum(np.sin(k * phase) / k for k in range(1, 7)), np.float32)


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of four short glides of one voice, and a file that is no sound."""
    folder = tmp_path_factory.mktemp("voices")
    for number in range(4):
        time = np.arange(round(1.2 * SR)) / SR
        hz = 150 * 2 ** (0.4 * number + 0.2 * np.sin(2 * np.pi * time))
        save(folder / f"{number}.wav", voice(hz), sample_rate=SR)
    (folder / "broken.wav").write_bytes(b"no sound at all")
    return folder


def network() -> HarmonicNetwork:
    bands = bands_of("sori-pitch")
    torch.manual_seed(0)
    return HarmonicNetwork(width=8, bins_per_octave=bands.bins_per_octave, n_bins=bands.n_bins).eval()


@torch.no_grad()
def test_what_is_shifted_by_bins_is_shifted_in_the_answer() -> None:
    """Before any training: the build alone sees to it."""
    bands = bands_of("sori-pitch")
    rng = np.random.default_rng(0)
    narrow = rng.random((1, 2 * CONTEXT + 3, 60)).astype(np.float32) + 0.5
    answers = []
    for shift in (0, 17):
        power = np.full((1, 2 * CONTEXT + 3, bands.n_bins), 1e-9, np.float32)
        power[..., 100 + shift : 160 + shift] = narrow
        answers.append(network()(torch.from_numpy(power))[0].numpy())
    # Where partials lie within the bands; what compares pitches hears a little of the ends.
    np.testing.assert_allclose(answers[1][..., 77:127], answers[0][..., 60:110], atol=5e-3)


def test_a_view_moves_by_the_bins_it_says() -> None:
    bands = HarmonicObjective.kept(bands_of("sori-pitch"))
    sound = np.full((64, 3, bands.n_bins, 2), 1e-4, np.float32)
    at = FINER * (SHIFTS + 120)
    sound[:, :, at - 2 : at + 3, 0] = np.array([0.2, 0.7, 1.0, 0.7, 0.2])
    view = seen(sound, None, np.random.default_rng(1), bins=280, device=torch.device("cpu"), strength=0.0)
    peaks = view.power[:, 1].argmax(-1).numpy()
    assert np.abs(peaks - 120 - view.shift.numpy()).max() <= 0.5
    assert len(set(view.shift.tolist())) > 20


def test_places_lie_between_bins() -> None:
    bins = torch.arange(float(PITCHES))
    for place in (60.0, 100.3, 150.5):
        assert position(-0.5 * (bins - place)[None] ** 2).item() == pytest.approx(place, abs=0.02)


def test_the_paper_s_network_has_its_size() -> None:
    whole = SpiceNetwork(width=64)
    assert sum(p.numel() for part in (whole.encoder, whole.pitch, whole.sure) for p in part.parameters()) == (
        pytest.approx(1.9e6, rel=0.2)
    )
    pitch_, sure = whole(torch.rand(2, SLICE))
    assert pitch_.shape == sure.shape == (2,)
    assert whole.decoded(pitch_).shape == (2, SLICE)


@pytest.mark.parametrize("config", ["sori-pitch", "spice"])
def test_a_run_that_is_killed_ends_as_one_that_is_not(
    config: str, voices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sori.models.pitch import training

    # Eight steps teach nothing, so the tones may lie off the line.
    monkeypatch.setattr("sori.models.pitch.calibration._RIGHT", 0.0)
    monkeypatch.setattr(training, "CHECKS", 4)
    options = {**SMALL, "configuration": config}
    first = train_pitch([str(voices)], str(tmp_path / "a.onnx"), options=options)
    told: list[Any] = []

    def killed(said: Any) -> None:
        told.append(said)
        if getattr(said, "step", 0) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_pitch([str(voices)], str(tmp_path / "b.onnx"), options=options, report=killed)
    with pytest.raises(DataError, match="other settings"):
        train_pitch([str(voices)], str(tmp_path / "b.onnx"), options={**options, "seed": 5})
    second = train_pitch([str(voices)], str(tmp_path / "b.onnx"), options=options)
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()
    assert not (tmp_path / "b.onnx.run").exists()
    assert first["failures"][0]["path"].endswith("broken.wav")
    assert second["files"] == 4
    assert "<svg" in (tmp_path / "a.onnx.svg").read_text(encoding="utf-8")
    time = np.arange(SR) / SR
    found = pitch(
        np.sin(2 * np.pi * 220 * time), sample_rate=SR, method="learned", network=str(tmp_path / "a.onnx")
    )
    assert len(found.hz) == 101
    assert np.isfinite(found.hz).all()


def test_a_run_can_go_on_from_another_network(
    voices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sori.models.pitch.calibration._RIGHT", 0.0)
    first, second = str(tmp_path / "a.onnx"), str(tmp_path / "b.onnx")
    train_pitch([str(voices)], first, options=SMALL)
    train_pitch([str(voices)], second, options={**SMALL, "steps": 1}, begin_with=first)
    weights = [
        {each.name: onnx.numpy_helper.to_array(each) for each in onnx.load(path).graph.initializer}
        for path in (first, second)
    ]
    own = [name for name in weights[0] if name.startswith("network.")]
    assert len(own) > 15
    for name in own:
        np.testing.assert_allclose(weights[1][name], weights[0][name], atol=0.01)
    with pytest.raises(DataError, match="another kind or width"):
        train_pitch([str(voices)], str(tmp_path / "c.onnx"), options={**SMALL, "width": 12}, begin_with=first)
    with pytest.raises(DataError, match="no network"):
        train_pitch(
            [str(voices)], str(tmp_path / "d.onnx"), options=SMALL, begin_with=str(voices / "broken.wav")
        )


def test_nothing_to_learn_from_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no audio files"):
        train_pitch([str(tmp_path)], str(tmp_path / "a.onnx"), options=dict(SMALL))
    with pytest.raises(ParameterError, match="spice"):
        PitchOptions(configuration="crepe")
    with pytest.raises(ParameterError, match="width"):
        PitchOptions(width=0)


def test_tones_say_what_places_mean() -> None:
    """A hearer that is exact, two semitones a place and 7 above: the line is found."""
    bands = bands_of("spice")

    def answers(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        frames = 1 + len(samples) // bands.hop_length
        power = np.array(
            [np.mean(samples[max(0, k * 512 - 512) : k * 512 + 512] ** 2) for k in range(frames)]
        )
        place = np.zeros(frames, np.float32)
        for k in range(frames):
            part = samples[max(0, k * 512 - 2048) : k * 512 + 2048]
            spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 17))
            hz = max(20.0, float(spectrum.argmax() * SR / (1 << 17)))
            place[k] = (69 + 12 * np.log2(hz / 440) - 7) / 2
        return place, power.astype(np.float32)

    # The first harmonic may be weaker than another one: most lie on the line, not all.
    found = calibrated(answers, bands, equivariant=None, seed=0)
    assert found.semitones == pytest.approx(2, abs=0.05)
    assert found.lowest_midi == pytest.approx(7, abs=0.6)
    sound = tones(np.random.default_rng(0), np.array([45.0, 69.0]), sample_rate=SR)
    assert len(sound) == round(0.8 * SR)

    def deaf(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        frames = 1 + len(samples) // bands.hop_length
        return np.random.default_rng(0).random(frames).astype(np.float32) * 90, np.zeros(frames, np.float32)

    with pytest.raises(DataError, match="not learned pitch"):
        calibrated(deaf, bands, equivariant=1.0, seed=0)


def test_truth_is_read_as_data_sets_write_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("time,hz\n0.0,0\n0.01,220.5\n")
    times, hz = read_pitch(tmp_path / "a.csv")
    assert (times.tolist(), hz.tolist()) == ([0.0, 0.01], [0.0, 220.5])
    (tmp_path / "a.pv").write_text("0\n69.0\n")
    times, hz = read_pitch(tmp_path / "a.pv")
    assert (times.tolist(), hz.tolist()) == ([0.02, 0.04], [0.0, 440.0])
    for text in ("0.1 220\n0.05 220\n", "0.1\n", "0.1 x\n0.2 y\n", ""):
        (tmp_path / "b.csv").write_text(text)
        with pytest.raises(DataError):
            read_pitch(tmp_path / "b.csv")


def test_a_folder_with_pitch_beside_it_is_scored(tmp_path: Path) -> None:
    for number in range(2):
        time = np.arange(2 * SR) / SR
        midi = 60 + 5 * number + 0.4 * np.sin(2 * np.pi * 5 * time)
        tone = voice(np.asarray(midi_to_hz(midi)))
        tone[SR:] = 0
        save(tmp_path / f"{number}.wav", tone, sample_rate=SR)
        at = np.arange(190) / 100
        hz = np.where(at < 1, np.interp(at, time, np.asarray(midi_to_hz(midi))), 0)
        lines = [f"{t:.3f},{f:.3f}" for t, f in zip(at, hz, strict=True)]
        (tmp_path / f"{number}.csv").write_text("\n".join(lines))
    answer = evaluate_pitch(str(tmp_path))
    assert answer["results"][0]["recordings"] == 2
    clean = {row["method"]: row for row in answer["results"] if row["noise_db"] is None}
    for method in ("yin", "learned"):
        assert clean[method]["pitch"][0] > 0.95
        assert clean[method]["voicing_recall"] > 0.9
        assert clean[method]["false_alarm"] < 0.15
    for truth in tmp_path.glob("*.csv"):
        truth.unlink()
    with pytest.raises(ParameterError, match="pitch beside it"):
        evaluate_pitch(str(tmp_path))
