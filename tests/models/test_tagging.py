"""A trained model listens to a library: tags and an embedding, from the one decode there is."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")
pytest.importorskip("onnxscript")

from sori.analysis.listen import hear as ours
from sori.app.actions.analyzing import analyze, flat
from sori.app.actions.asking import asked
from sori.app.actions.indexing import index
from sori.app.actions.recommending import similar
from sori.errors import ModelError, ParameterError
from sori.library.catalog import SqlCatalog
from sori.models.model_file import load_model
from sori.models.tagging import hear, tagger

STAGES = ("loudness", "facets")


@pytest.fixture(scope="module")
def music(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words")
    for name in ("0_theo_0", "1_theo_0", "3_theo_0"):
        shutil.copy(digits / "recordings" / f"{name}.wav", folder)
    return folder


def results(library: str) -> dict[str, dict[str, Any]]:
    with SqlCatalog(library) as catalog:
        return {os.path.basename(track.path): track.results for track in catalog.tracks(results=True)}


def test_one_decode_hears_what_both_hear_alone(models: Path, data: Path) -> None:
    """At the file's own rate and channels, not the model's."""
    path = str(next((data / "music" / "librosa").glob("*sorohanro*")))
    model = models / "cnn.model"
    found = hear(path, taggers=[tagger(model)], stages=[*STAGES, "tags:cnn"])
    alone = ours(path, stages=STAGES)
    assert found.results["loudness"] == alone.results["loudness"]
    for name, vector in alone.results["facets"].items():
        assert np.array_equal(found.results["facets"][name], vector, equal_nan=True)
    wanted = load_model(model).hear_file(path)
    np.testing.assert_allclose(found.results["facets"]["learned:cnn"], wanted.embedding, rtol=1e-3, atol=1e-4)
    tags = found.results["tags:cnn"]
    assert tags["scores"][0]["score"] == pytest.approx(float(wanted.scores.max()), abs=1e-3)
    assert tags["labels"] == list(load_model(model).named(wanted.scores))


def test_a_library_is_told_once_and_goes_on(models: Path, music: Path, digits: Path, tmp_path: Path) -> None:
    library, model = str(tmp_path / "library.db"), tmp_path / "digits.model"
    shutil.copy(models / "cnn.model", model)
    assert index([str(music)], library=library, jobs=1).heard == 3
    assert "tags:digits" not in results(library)["0_theo_0.wav"]

    counts = index([str(music)], library=library, models=[str(model)], jobs=1)
    assert (counts.heard, counts.failed) == (3, 0), "each is heard for what is new"
    said = results(library)["0_theo_0.wav"]
    wanted = load_model(model).hear_file(music / "0_theo_0.wav")
    assert said["tags:digits"]["labels"] == list(load_model(model).named(wanted.scores))
    assert said["tempo"] is not None
    told = flat(analyze(str(music / "0_theo_0.wav"), library=library).track)["tags"]
    assert told == {"digits": said["tags:digits"]}, "and in everything that can be heard in the file"

    assert index([str(music)], library=library, jobs=1).unchanged == 3, "and the model is remembered"
    with asked(library) as open_library:
        assert "learned:digits" in open_library.neighbours.space.names
        assert open_library.outdated == 0
    answer = similar(["0_theo_0"], library=library, per_artist=None, weights="learned:digits=1,others=0")
    assert set(answer["results"][0]["facets"]) >= {"learned:digits"}
    outside = digits / "recordings" / "0_lucas_1.wav"
    assert len(similar([str(outside)], library=library, per_artist=None)["results"]) == 3

    shutil.copy(models / "summary.model", model)  # trained again under the old name
    with pytest.raises(ModelError, match="sori index"):
        similar([str(outside)], library=library)
    assert index([str(music)], library=library, jobs=1).heard == 3
    with SqlCatalog(library) as catalog:
        assert catalog.models()["digits"][1] == tagger(model).version

    model.unlink()
    with pytest.raises(ParameterError, match="--no-models"):
        index([str(music)], library=library, jobs=1)
    assert index([str(music)], library=library, models=[], jobs=1).unchanged == 3
    with asked(library) as open_library:
        assert "learned:digits" not in open_library.neighbours.space.names


def test_models_that_cannot_be_told_apart_are_refused(models: Path, tmp_path: Path, music: Path) -> None:
    (tmp_path / "other").mkdir()
    for folder in (tmp_path, tmp_path / "other"):
        shutil.copy(models / "summary.model", folder / "x.model")
    both = [str(tmp_path / "x.model"), str(tmp_path / "other" / "x.model")]
    with pytest.raises(ParameterError, match="same file name"):
        index([str(music)], library=str(tmp_path / "l.db"), models=both)
    shutil.copy(models / "summary.model", tmp_path / "a=b.model")
    with pytest.raises(ParameterError, match="rename"):
        tagger(tmp_path / "a=b.model")
    (tmp_path / "none.model").write_text(json.dumps({}))
    with pytest.raises(ModelError, match=r"none\.model"):
        index([str(music)], library=str(tmp_path / "l.db"), models=[str(tmp_path / "none.model")])


def test_the_version_is_the_model_s(models: Path) -> None:
    one, other = tagger(models / "cnn.model"), tagger(models / "summary.model")
    assert one.version != other.version
    assert 0 < one.version < 2**31
    assert (one.stage, one.facet) == ("tags:cnn", "learned:cnn")
