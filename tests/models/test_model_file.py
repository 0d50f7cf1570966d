"""A model file holds data and nothing that is run; what is not whole is refused, with its name."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from sori.errors import ModelError
from sori.models.model_file import arrays_of, checksum, load_model, save_model

pytest.importorskip("sklearn")


@pytest.mark.parametrize("kind", ["summary", "cnn"])
def test_what_is_read_is_what_was_written(kind: str, models: Path, digits: Path, tmp_path: Path) -> None:
    model = load_model(models / f"{kind}.model")
    save_model(model, tmp_path / "again.model")
    assert (tmp_path / "again.model").read_bytes() == (models / f"{kind}.model").read_bytes()
    again = load_model(tmp_path / "again.model")
    assert checksum(again) == checksum(model)
    file = digits / "recordings" / "0_george_0.wav"
    assert np.array_equal(again.hear_file(file).scores, model.hear_file(file).scores)
    assert again.hear_file(file).scores.sum() == pytest.approx(1, abs=1e-5)


def test_models_of_other_content_have_other_checksums(models: Path) -> None:
    assert checksum(load_model(models / "summary.model")) != checksum(load_model(models / "cnn.model"))


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def write(path: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, data in content.items():
            file.writestr(name, data)
    return path


def test_a_stranger_s_file_runs_nothing(models: Path, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (exec, ("raise SystemExit('sprung')",))

    buffer = io.BytesIO()
    np.savez(buffer, mean=np.array([Trap()], object))
    with pytest.raises(ValueError, match="allow_pickle"):
        arrays_of(buffer.getvalue())
    content = parts(models / "summary.model")
    card = json.loads(content["card.json"])
    for data in (buffer.getvalue(), pickle.dumps(Trap())):
        import hashlib

        card["checksums"]["decision.npz"] = hashlib.sha256(data).hexdigest()
        told = {**content, "decision.npz": data, "card.json": json.dumps(card).encode()}
        with pytest.raises(ModelError, match=r"trap\.model"):
            load_model(write(tmp_path / "trap.model", told))


@pytest.mark.parametrize(
    "damage", ["cut", "swapped", "newer", "other", "empty", "nothing of it", "no labels"]
)
def test_what_is_not_whole_is_refused(damage: str, models: Path, tmp_path: Path) -> None:
    path = tmp_path / "broken.model"
    whole = (models / "cnn.model").read_bytes()
    content = parts(models / "cnn.model")
    card = json.loads(content["card.json"])
    if damage == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "other":
        path.write_bytes(b"RIFF and so on" * 100)
    elif damage == "swapped":
        write(path, {**content, "network.onnx": content["network.onnx"][:-1] + b"?"})
    elif damage == "newer":
        write(path, {**content, "card.json": json.dumps({**card, "version": 99}).encode()})
    elif damage == "no labels":
        write(path, {**content, "card.json": json.dumps({**card, "labels": None}).encode()})
    else:
        write(path, {"readme.txt": b"hello"})
    with pytest.raises(ModelError, match=r"broken\.model"):
        load_model(path)


def test_no_file_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_model(tmp_path / "none.model")
