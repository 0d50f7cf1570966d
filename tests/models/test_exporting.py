"""What is handed out says what the model says, without us: any length, real sounds, in ONNX Runtime."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

pytest.importorskip("onnxscript")
import onnxruntime

from sori.app.actions.judging import export_model, predict
from sori.errors import ParameterError
from sori.models.model_file import load_model

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", params=["cnn", "summary"])
def exported(request: pytest.FixtureRequest, models: Path) -> tuple[Path, Path]:
    """Return a model file and what it was exported to."""
    model, out = models / f"{request.param}.model", models / f"{request.param}.onnx"
    answer = export_model(str(model), str(out))
    assert answer["bytes"] == out.stat().st_size
    return model, out


def test_it_says_what_the_model_says(exported: tuple[Path, Path], digits: Path) -> None:
    model, session = load_model(exported[0]), onnxruntime.InferenceSession(exported[1])
    assert [each.name for each in session.get_inputs()] == ["samples"]
    words = [
        soundfile.read(path, dtype="float32")[0] for path in sorted((digits / "recordings").iterdir())[::9]
    ]
    for samples in (*words, np.concatenate(words), words[0][:50], np.zeros(3000, np.float32)):
        scores, embedding = session.run(["scores", "embedding"], {"samples": samples})
        wanted = model.hear(samples, sample_rate=8000)
        np.testing.assert_allclose(scores, wanted.scores, atol=1e-3)
        np.testing.assert_allclose(embedding, wanted.embedding, atol=0.02 * np.abs(wanted.embedding).max())


def test_the_script_of_the_docs_runs_it_alone(exported: tuple[Path, Path], digits: Path) -> None:
    script, file = ROOT / "docs" / "hear_with_onnx.py", digits / "recordings" / "3_theo_0.wav"
    shown = subprocess.run(
        [sys.executable, "-I", str(script), str(exported[1]), str(file)],
        capture_output=True,
        text=True,
        check=True,
    )
    best = shown.stdout.split("\n")[0].split()
    result = predict(str(exported[0]), [str(file)])["results"][0]
    assert best[1] == result["labels"][0]
    assert float(best[0].rstrip("%")) == pytest.approx(100 * result["scores"][best[1]], abs=0.2)
    text = script.read_text(encoding="utf-8")
    assert "sori" not in text
    assert len(text.splitlines()) <= 20


def test_the_card_says_what_is_needed(exported: tuple[Path, Path]) -> None:
    card = exported[1].with_suffix(".md").read_text(encoding="utf-8")
    for said in (
        "8000 Hz",
        "`samples`",
        "`scores`",
        "SHA-256",
        "`0`, `1`, `3`",
        "72 recordings of fsdd",
        "accuracy",
    ):
        assert said in card
    about = onnxruntime.InferenceSession(exported[1]).get_modelmeta().custom_metadata_map
    assert json.loads(about["labels"]) == ["0", "1", "3"]
    assert about["sample_rate"] == "8000"


def test_only_onnx_is_written(models: Path, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"\.onnx"):
        export_model(str(models / "cnn.model"), str(tmp_path / "x.pt"))
