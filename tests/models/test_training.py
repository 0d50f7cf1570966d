"""Training: the same seed the same model, to the last byte, whatever ends a run in between."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnxscript")

from models.conftest import EPOCHS  # noqa: E402
from sori.app.actions.training import train  # noqa: E402
from sori.errors import DataError, ModelError, ParameterError  # noqa: E402
from sori.models.choosing import model_for  # noqa: E402
from sori.models.front_end import FrontEnd  # noqa: E402
from sori.models.levels import FLOOR_DB, Levels  # noqa: E402
from sori.models.model_file import load_model  # noqa: E402
from sori.models.network import BODIES, SoundNetwork  # noqa: E402
from sori.models.options import TrainingOptions  # noqa: E402
from sori.models.training import device_for  # noqa: E402
from sori.models.training import train as loop  # noqa: E402

FRONT = FrontEnd(sample_rate=8000, excerpt_samples=4000, n_fft=256, hop_length=80, n_mels=32)


class StoppedError(Exception):
    pass


def digest(path: Path) -> str:
    """Return what names the bytes of a file: two that differ would be shown byte by byte."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_test_was_not_learned_and_is_told(models: Path) -> None:
    for kind in ("cnn", "summary"):
        model = load_model(models / f"{kind}.model")
        about = json.loads(model.parts["recordings.json"])
        assert len(about["training"]) == 3 * 6 * 4
        assert {name.rpartition("_")[2] for name in about["test"]} == set("01234")
        assert model.labels == ("0", "1", "3")
        assert model.card["figures"]["recordings"] == 90
    assert model.card["figures"]["accuracy"] > 0.85  # summary features of 24 takes of each digit


def test_a_run_that_was_stopped_ends_as_one_that_was_not(models: Path, digits: Path, tmp_path: Path) -> None:
    """In the middle of an epoch, and right after one; what was begun is not mixed with something else."""
    out = str(tmp_path / "cnn.model")

    def stop_after(number: int) -> Any:
        def report(said: Any) -> None:
            if getattr(said, "number", 0) == number:
                raise StoppedError

        return report

    for number in (1, 4):
        with pytest.raises(StoppedError):
            train(str(digits), out, model="cnn", options={"epochs": EPOCHS}, report=stop_after(number))
        assert not os.path.exists(out)
    with pytest.raises(DataError, match="seed"):
        train(str(digits), out, model="cnn", options={"epochs": EPOCHS, "seed": 1})
    heard = []
    train(str(digits), out, model="cnn", options={"epochs": EPOCHS}, report=heard.append)
    assert [each.number for each in heard if not isinstance(each, str)] == [5, 6]
    assert digest(Path(out)) == digest(models / "cnn.model")
    assert os.listdir(tmp_path) == ["cnn.model"], "nothing is left lying about"


def test_a_killed_run_ends_as_one_that_was_not(models: Path, digits: Path, tmp_path: Path) -> None:
    out = tmp_path / "cnn.model"
    command = [sys.executable, "-m", "sori", "train", "classify", "--data", str(digits), "--out", str(out)]
    command += ["--model", "cnn", "--epochs", str(EPOCHS), "--json", "--quiet"]
    # Sums of several threads are rounded in another order than those of one.
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    deadline = time.monotonic() + 120
    while not (tmp_path / "cnn.model.run" / "checkpoint.pt").exists() and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[1].decode()
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not out.exists()
    ended = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert json.loads(ended.stdout)["kind"] == "cnn"
    assert digest(out) == digest(models / "cnn.model")


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("frames", [26, 51, 251])
def test_every_network_takes_what_it_is_made_for(body: str, frames: int) -> None:
    front = dataclasses.replace(FRONT, excerpt_samples=(frames - 1) * 80)
    network = SoundNetwork(front, body=body, classes=3, multi_label=False).eval()
    samples = torch.randn(2, front.excerpt_samples, generator=torch.Generator().manual_seed(0))
    scores, embedding = network(samples)
    torch.testing.assert_close(scores.sum(-1), torch.ones(2))
    assert embedding.shape == (2, network.body.width)
    torch.testing.assert_close(network(samples[1:])[0], scores[1:], atol=1e-5, rtol=1e-4)


def tones(folder: Path, n: int = 24) -> tuple[Levels, np.ndarray]:
    """Return levels of low and high tones in noise, and which they are."""
    rng = np.random.default_rng(0)
    t = np.arange(4000) / 8000
    y = np.arange(n) % 2
    sounds = [
        (0.1 * np.sin(2 * np.pi * (300 + 2000 * k) * t) + 0.02 * rng.standard_normal(4000)).astype(np.float32)
        for k in y
    ]
    return Levels.of(sounds, FRONT, folder / "levels.f16"), y


@pytest.mark.parametrize(("body", "multi_label"), [*((body, False) for body in BODIES), ("cnn", True)])
def test_every_network_learns(body: str, multi_label: bool, tmp_path: Path) -> None:
    levels, y = tones(tmp_path)
    options = TrainingOptions(model=body, epochs=30, batch_size=8, mixup=0.0)
    torch.manual_seed(0)
    network = SoundNetwork(FRONT, body=body, classes=2, multi_label=multi_label)
    every = np.arange(len(y))
    network.normalise_by(*levels.statistics(every))
    loop(
        network,
        levels,
        np.eye(2, dtype=np.float32)[y],
        training=every[:16],
        validation=every[:0],
        frames=FRONT.frames,
        turned=False,
        options=options,
        checkpoint=tmp_path / "checkpoint.pt",
        stamp="tones",
    )
    with torch.inference_mode():
        taken = torch.from_numpy(levels.take(every[16:], FRONT.frames, np.zeros(8)))
        assert (network.logits(taken).argmax(-1).numpy() == y[16:]).all()


def test_validation_says_when_to_stop_and_which_weights_are_kept(tmp_path: Path) -> None:
    levels, y = tones(tmp_path)
    every = np.arange(len(y))
    targets = np.eye(2, dtype=np.float32)[y]
    targets[16:] = targets[16:][:, ::-1]  # what is validated on contradicts what is learned: it gets worse
    torch.manual_seed(0)
    network = SoundNetwork(FRONT, body="cnn", classes=2, multi_label=False)
    network.normalise_by(*levels.statistics(every))
    options = TrainingOptions(model="cnn", epochs=30, batch_size=8, patience=2)
    history = loop(
        network,
        levels,
        targets,
        training=every[:16],
        validation=every[16:],
        frames=FRONT.frames,
        turned=False,
        options=options,
        checkpoint=tmp_path / "checkpoint.pt",
        stamp="tones",
    )
    losses = [epoch.validation_loss for epoch in history]
    assert 15 <= len(history) < 30, (
        "half of the schedule, and no more than it takes to see that it gets worse"
    )
    with torch.inference_mode():
        taken = torch.from_numpy(levels.take(every[16:], FRONT.frames, np.zeros(8)))
        loss = -(torch.from_numpy(targets[16:]) * network.logits(taken).log_softmax(-1)).sum(-1).mean()
    assert float(loss) == pytest.approx(min(losses), abs=0.02), "the best weights, not the last"


def test_levels_are_those_of_the_network_and_short_ones_lie_in_silence(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    sounds = [rng.standard_normal(n).astype(np.float32) for n in (8000, 1000)]
    levels = Levels.of(sounds, FRONT, tmp_path / "levels.f16")
    network = SoundNetwork(FRONT, body="cnn", classes=2, multi_label=False)
    wanted = network.front(torch.from_numpy(sounds[0])).numpy()
    found = levels.take(np.array([0]), wanted.shape[1], np.zeros(1))[0]
    np.testing.assert_allclose(found, wanted, atol=0.03)  # half precision
    for place, empty in ((0.0, slice(30, None)), (1.0, slice(None, 30))):
        short = levels.take(np.array([1]), FRONT.frames, np.array([place]))[0]
        assert (short[:, empty] == FLOOR_DB).all()
        assert (short > FLOOR_DB).any()


def test_options_that_make_no_sense_are_refused() -> None:
    for wrong in (
        {"epochs": 0},
        {"learning_rate": -1},
        {"model": "huge"},
        {"device": "abacus"},
        {"mixup": float("nan")},
    ):
        with pytest.raises(ParameterError, match=next(iter(wrong))):
            TrainingOptions(**wrong)  # type: ignore[arg-type]
    options = TrainingOptions(model="crnn", seed=5)
    assert TrainingOptions.from_dict(json.loads(json.dumps(options.to_dict()))) == options
    with pytest.raises(DataError):
        TrainingOptions.from_dict({"magic": 1})
    if not torch.cuda.is_available():
        with pytest.raises(ParameterError, match="no device 'cuda'"):
            device_for("cuda")
    assert device_for("cpu").type == "cpu"


def test_the_amount_of_data_chooses() -> None:
    few, many = np.tile(np.eye(4, dtype=np.float32), (5, 1)), np.tile(np.eye(4, dtype=np.float32), (50, 1))
    assert model_for(few)[0] == "summary"
    assert "5 of each of 4" in model_for(few)[1]
    assert model_for(many)[0] == "cnn"
    assert model_for(few, "crnn") == ("crnn", "as told")
    with pytest.raises(ParameterError, match="choose one of"):
        model_for(few, "huge")


def test_a_damaged_checkpoint_is_said(digits: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "cnn.model")
    (tmp_path / "cnn.model.run").mkdir()
    (tmp_path / "cnn.model.run" / "checkpoint.pt").write_bytes(b"PK\x03\x04 nonsense")
    (tmp_path / "cnn.model.run" / "run.json").write_text("{}")
    options = {"epochs": 1}
    with pytest.raises(DataError, match="--restart"):
        train(str(digits), out, model="cnn", options=options)
    with pytest.raises(StoppedError):
        train(str(digits), out, model="cnn", options=options, restart=True, report=raise_at_epoch)
    (tmp_path / "cnn.model.run" / "checkpoint.pt").write_bytes(b"PK\x03\x04 nonsense")
    with pytest.raises(ModelError, match="damaged"):
        train(str(digits), out, model="cnn", options=options)


def raise_at_epoch(said: Any) -> None:
    if not isinstance(said, str):
        raise StoppedError
