"""How good a model is: on what it has not learned from, with what must be known to read the figures."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")
pytest.importorskip("onnxscript")

from models.conftest import some
from sori.app.actions.judging import evaluate
from sori.app.actions.training import train
from sori.datasets import Clip, Manifest, manifest_of, prepare
from sori.errors import DataError, ParameterError
from sori.models.data import learning_data
from sori.models.evaluation import evaluate_recipe
from sori.models.options import TrainingOptions


def manifest(folder: Path, rows: list[dict[str, Any]], name: str = "manifest.csv") -> Path:
    with open(folder / name, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, sorted({key for row in rows for key in row}))
        writer.writeheader()
        writer.writerows(rows)
    return folder / name


def test_speakers_that_leak_are_told(models: Path, digits: Path) -> None:
    found = evaluate(str(models / "summary.model"), str(digits))
    assert found["recordings"] == 90
    assert found["groups"] == 6
    assert len(found["leaking_groups"]) == 6
    assert any(
        "6 groups are in the training part and in the test" in warning for warning in found["warnings"]
    )
    assert sum(map(sum, found["confusion"])) == 90
    assert len(found["worst"]) <= 12
    sure = [answer["score"] for each in found["worst"] for answer in each["said"]]
    assert sure == sorted(sure, reverse=True)
    assert not (models / "summary.model.evaluation").exists()


def test_whole_groups_left_out_do_not_leak(models: Path, digits: Path) -> None:
    found = evaluate(str(models / "summary.model"), str(digits), how="groups")
    assert found["recordings"] == 3 * 6 * 9
    assert [part["name"] for part in found["parts"]] == [
        f"without {name}" for name in ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")
    ]
    assert not found["leaking_groups"]
    known = evaluate(str(models / "summary.model"), str(digits))
    assert found["accuracy"] < known["accuracy"], "new voices are harder than known ones"
    assert found["mean_of_parts"] == pytest.approx(
        np.mean([part["accuracy"] for part in found["parts"]]), abs=1e-3
    )


def test_official_folds_are_each_the_test_once(animals: Path, tmp_path: Path) -> None:
    data = learning_data(manifest_of(animals))
    found = evaluate_recipe(
        TrainingOptions(model="summary"), data.front_end(), data, how="folds", folder=tmp_path
    ).figures
    assert [part["name"] for part in found["parts"]] == ["fold 1", "fold 2"]
    assert found["recordings"] == 16
    assert found["accuracy"] >= 0.75, "the sea is no clock"


def test_an_evaluation_goes_on_where_it_was(
    animals: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = learning_data(manifest_of(animals))
    options, front = TrainingOptions(model="summary"), data.front_end()
    whole = evaluate_recipe(options, front, data, how="folds", folder=tmp_path).figures
    (tmp_path / "fold 2.npz").unlink()
    trained = []
    from sori.models import evaluation

    once = evaluation.learn
    monkeypatch.setattr(evaluation, "learn", lambda *given, **more: trained.append(1) or once(*given, **more))
    assert evaluate_recipe(options, front, data, how="folds", folder=tmp_path).figures == whole
    assert len(trained) == 1
    other = TrainingOptions(model="summary", seed=1)
    evaluate_recipe(other, front, data, how="folds", folder=tmp_path)
    assert len(trained) == 3, "answers of other options are not taken for these"


def test_a_prepared_store_is_learned_from_as_its_files_are(digits: Path, tmp_path: Path) -> None:
    prepare(manifest_of(digits), tmp_path / "store", jobs=1)
    files, store = (
        train(str(place), str(tmp_path / f"{place.name}.model"), model="summary")
        for place in (digits, tmp_path / "store")
    )
    assert store["parts"] == files["parts"]
    assert store["figures"]["accuracy"] == pytest.approx(files["figures"]["accuracy"], abs=0.03)
    again = evaluate(str(tmp_path / "store.model"), html=str(tmp_path / "page.html"))
    assert again["accuracy"] == store["figures"]["accuracy"]
    assert (tmp_path / "page.html").read_text().count("data:audio/mpeg") == len(again["worst"])


def test_what_was_learned_from_is_no_test(models: Path, digits: Path, tmp_path: Path) -> None:
    model = tmp_path / "all.model"
    train(str(digits), str(model), model="summary", everything=True)
    with pytest.raises(DataError, match="every one of these"):
        evaluate(str(model), str(digits))
    with pytest.raises(ParameterError, match="no folds"):
        evaluate(str(model), str(digits), how="folds")


def test_data_of_other_labels_cost_those_clips(
    models: Path, animals: Path, digits: Path, tmp_path: Path
) -> None:
    rows = [{"path": digits / "recordings" / f"{name}.wav", "label": name[0]} for name in some()]
    rows += [{"path": path, "label": "sea"} for path in sorted(animals.glob("*Sea*/*"))[:2]]
    found = evaluate(str(models / "summary.model"), str(manifest(tmp_path, rows)))
    assert found["recordings"] == len(rows) - 2
    assert any("'sea'" in warning for warning in found["warnings"])
    assert found["said"] == "the model has learned from other data"
    assert found["labels"][2]["recall"] is None


def test_bad_files_cost_themselves_and_are_listed(models: Path, copied: Any) -> None:
    folder = copied(*some())
    (folder / "0" / "broken.wav").write_bytes(b"RIFF" + bytes(50))
    found = evaluate(str(models / "summary.model"), str(folder))
    assert [os.path.basename(failure["path"]) for failure in found["failures"]] == ["broken.wav"]
    out = folder.parent / "x.model"
    answer = train(str(folder), str(out), model="summary")
    assert [failure["id"] for failure in answer["failures"]] == ["0/broken"]
    assert out.exists()
    rows = [{"path": f"{name[0]}/{name}.wav", "label": name[0]} for name in some()] + [
        {"path": "0/gone.wav", "label": "0"}
    ]
    answer = train(str(manifest(folder, rows, "more.csv")), str(out), model="summary")
    assert not answer["failures"]
    assert sum("gone" in warning for warning in answer["warnings"]) == 1


def test_what_cannot_be_learned_is_said_in_one_sentence(copied: Any, tmp_path: Path) -> None:
    out = str(tmp_path / "x.model")
    with pytest.raises(DataError, match=r"same label|one label|'0'"):
        train(str(copied(*some(of="0"), into="one")), out)
    folder = copied(*some(), into="two")
    for split, wrong in (("test", "train"), (None, None)):
        rows = [{"path": f"{name[0]}/{name}.wav", "label": name[0], "split": split or ""} for name in some()]
        if wrong:
            with pytest.raises(DataError, match=wrong):
                train(str(manifest(folder, rows)), out)
    for path in folder.glob("*/*.wav"):
        path.write_bytes(b"nothing")
    (folder / "manifest.csv").unlink()
    with pytest.raises(DataError, match="can be read"):
        train(str(folder), out)
    shutil.rmtree(folder / "0")
    with pytest.raises(FileNotFoundError):
        train(str(tmp_path / "nowhere"), out)
    assert not os.path.exists(out)


def test_a_label_that_only_the_test_has_is_told(copied: Any, tmp_path: Path) -> None:
    folder = copied(*some(), *some(of="3", takes=range(2)))
    rows = [
        {"path": f"{name[0]}/{name}.wav", "label": name[0], "split": "test" if name[-1] in "01" else "train"}
        for name in (*some(), *some(of="3", takes=range(2)))
    ]
    answer = train(str(manifest(folder, rows)), str(tmp_path / "x.model"), model="summary")
    assert any("nothing was learned of 3" in warning for warning in answer["warnings"])
    assert answer["figures"]["labels"][2]["recall"] == 0.0


def test_several_labels_at_once(digits: Path, tmp_path: Path) -> None:
    """Who speaks and what is said, of the same recordings."""
    clips = [
        Clip(id=name, path=f"recordings/{name}.wav", labels=(name[0], name.split("_")[1]),
             group=name, split="test" if name[-1] in "01" else "train")
        for name in some("george lucas", range(8))
    ]  # fmt: skip
    path = tmp_path / "tags.jsonl"
    Manifest(clips, root=digits).save(path)
    answer = train(str(path), str(tmp_path / "x.model"), model="summary")
    figures = answer["figures"]
    assert figures["multi_label"]
    assert answer["labels"] == ["0", "1", "george", "lucas"]
    assert figures["accuracy"] > 0.8
    assert figures["mean_average_precision"] > 0.8
    assert "confusion" not in figures
