"""The commands that train models and use them, from a folder of sounds to a page and an ONNX file."""

from __future__ import annotations

import html.parser
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from command_line import Sori, runner

pytest.importorskip("sklearn")
pytest.importorskip("onnxscript")

DIGITS, SPEAKERS, TAKES = "17", ("george", "jackson", "lucas", "theo"), range(8)


@pytest.fixture
def sori(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Sori:
    monkeypatch.chdir(tmp_path)
    return runner(monkeypatch, capfd)


@pytest.fixture(scope="session")
def sounds(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return two spoken digits in a folder each."""
    folder = tmp_path_factory.mktemp("spoken") / "sounds"
    for digit in DIGITS:
        (folder / digit).mkdir(parents=True)
        for speaker in SPEAKERS:
            for take in TAKES:
                shutil.copy(data / "fsdd" / "recordings" / f"{digit}_{speaker}_{take}.wav", folder / digit)
    return folder


@pytest.fixture(scope="session")
def trained(sounds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from sori.app.actions.training import train

    path = tmp_path_factory.mktemp("trained") / "digits.model"
    train(str(sounds), str(path), model="summary")
    return path


class Page(html.parser.HTMLParser):
    """What a page fetches, and whether its tags are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_from_a_folder_to_an_answer(sori: Sori, sounds: Path) -> None:
    said = sori(
        "train", "classify", "--data", sounds, "--out", "digits.model", "--model", "summary", "--json"
    )
    assert said.code == 0
    answer = said.json
    assert answer["schema"] == 1
    assert (answer["kind"], answer["labels"]) == ("summary", ["1", "7"])
    assert answer["parts"]["training"] + answer["parts"]["test"] == 64
    assert answer["figures"]["accuracy"] > 0.8
    assert "sori: summary: as told" in said.err
    assert sorted(path.name for path in Path().iterdir()) == ["digits.model"]

    shown = sori("predict", "digits.model", sounds / "7" / "7_theo_0.wav")
    assert shown.code == 0
    assert re.search(r"7_theo_0\.wav +7 \d+\.\d %", shown.out)


def test_the_model_is_chosen_with_a_reason(sori: Sori, sounds: Path) -> None:
    few = Path("few")
    for digit in DIGITS:
        (few / digit).mkdir(parents=True)
        for path in sorted((sounds / digit).glob("*.wav"))[::3]:
            shutil.copy(path, few / digit)
    answer = sori("train", "classify", "--data", few, "--out", "x.model", "--json", "--quiet").json
    assert answer["kind"] == "summary"
    assert "too few for a network" in answer["reason"]


def test_copies_with_effects_are_learned_from(sori: Sori, sounds: Path) -> None:
    train = ("train", "classify", "--data", sounds, "--out", "copies.model", "--model", "cnn")
    assert sori(*train, "--epochs", "2", "--preset", "speech", "--copies", "2", "--json").code == 0
    with zipfile.ZipFile("copies.model") as found:
        options = json.loads(found.read("card.json"))["options"]
    assert (options["copies"], options["effect"]["effect"]) == (2, "Chain")


def test_files_that_cannot_be_read_are_listed(sori: Sori, trained: Path, sounds: Path) -> None:
    Path("broken.wav").write_bytes(b"RIFF" + bytes(100))
    good = sounds / "1" / "1_theo_0.wav"
    said = sori("predict", trained, good, "broken.wav", "nothing.wav", "--json")
    assert said.code == 1
    assert [each["path"] for each in said.json["results"]] == [str(good)]
    assert [each["path"] for each in said.json["failures"]] == ["broken.wav", "nothing.wav"]
    assert sum(said.json["results"][0]["scores"].values()) == pytest.approx(1, abs=1e-3)
    assert sori("predict", good, good).code == 1, "a sound is no model"
    assert sori("predict", "none.model", good).code == 1


def test_an_evaluation_and_its_page(sori: Sori, trained: Path, sounds: Path) -> None:
    said = sori("evaluate", trained, "--data", sounds, "--json", "--html", "page.html", "--groups")
    assert said.code == 2, "no groups are known of a folder"
    said = sori("evaluate", trained, "--json", "--html", "page.html")
    assert said.code == 0, said.err
    answer = said.json
    assert 0 <= answer["accuracy_interval"][0] <= answer["accuracy"] <= answer["accuracy_interval"][1] <= 1
    for name in ("precision", "recall", "f"):
        assert {f"{name}", f"{name}_interval"} <= set(answer["labels"][0])
    text = Path("page.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert not page.open
    assert all(address.startswith("data:audio/mpeg;base64,") for address in page.fetched), (
        "nothing is fetched"
    )
    assert len(page.fetched) == len(answer["worst"])
    assert f"{100 * answer['accuracy']:.1f} %" in text
    assert not re.search(r"https?://|@import|url\(", text)
    table = sori("evaluate", trained)
    assert table.out.startswith("accuracy ")
    assert sori("evaluate", trained, "--folds", "--groups").code == 2


def test_what_is_wrong_stands_on_the_page(sori: Sori, trained: Path, sounds: Path) -> None:
    """A speaker in both parts is a leak; a label that is text for a browser stays text."""
    rows = [
        {"path": f"{path.parent.name}/{path.name}", "label": "<u>1" if path.parent.name == "1" else "7",
         "group": path.stem.split("_")[1], "split": "test" if path.stem[-1] in "01" else "train"}
        for path in sorted(sounds.glob("*/*.wav"))
    ]  # fmt: skip
    shutil.copytree(sounds, "sounds")
    Path("sounds/manifest.json").write_text(json.dumps({"name": "mine", "clips": rows}), encoding="utf-8")
    assert sori("train", "classify", "--data", "sounds", "--out", "x.model", "--model", "summary").code == 0
    said = sori("evaluate", "x.model", "--html", "page.html", "--json")
    assert said.code == 0
    assert len(said.json["leaking_groups"]) == 4
    assert "warning: 4 groups are in the training part and in the test" in sori("evaluate", "x.model").err
    text = Path("page.html").read_text(encoding="utf-8")
    assert "Read this first" in text
    assert "4 groups are in the training part" in text
    assert "<u>1" not in text
    assert "&lt;u&gt;1" in text


def test_what_is_exported_has_a_card(sori: Sori, trained: Path) -> None:
    assert sori("export-model", trained, "--out", "x.txt").code == 2
    assert sori("export-model", trained, "--out", "nowhere/x.onnx").code == 2
    assert not Path("x.txt").exists()


def test_what_was_wrongly_asked_is_said(sori: Sori, sounds: Path) -> None:
    train = ("train", "classify", "--data", sounds, "--out", "x.model")
    for wrong, message in (
        (("--model", "huge"), "choose one of summary, cnn, crnn, compact"),
        (("--fold", "3"), "there is no fold 3"),
        (("--epochs", "0"), "epochs=0"),
        (("--device", "abacus"), "device='abacus'"),
        (("--copies", "3"), "give --preset or --chain"),
        (("--preset", "loud"), "light, music, speech, worn"),
        (("--chain", '[{"effect": "SpecAugment"}]'), "for spectrograms"),
    ):
        said = sori(*train, *wrong)
        assert said.code == 2
        assert message in said.err
        assert said.err.count("\n") <= 2, "one line"
    assert sori("train", "classify", "--data", "nowhere", "--out", "x.model").code == 1
    assert sori("train", "classify", "--data", sounds, "--out", "nowhere/x.model").code == 2
    assert not Path("x.model").exists()
