"""``sori prepare`` and ``sori datasets``, as people type them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from command_line import Sori, runner

from sori.datasets import open_store
from sori.datasets.known import fsdd


@pytest.fixture
def sori(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Sori:
    return runner(monkeypatch, capfd)


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    """Return a few made-up digits in the layout of FSDD, and one that is no sound."""
    folder = tmp_path / "fsdd/recordings"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for digit in range(2):
        for take in (4, 5, 6):
            soundfile.write(folder / f"{digit}_ann_{take}.wav", 0.1 * rng.standard_normal(2000), 8000)
    (folder / "1_bob_7.wav").write_text("no sound")
    return tmp_path / "fsdd"


def test_the_list_and_the_cards(sori: Sori) -> None:
    said = sori("datasets", "list")
    assert said.code == 0
    assert len(said.out.splitlines()) >= 25
    assert "CC BY-SA 4.0" in said.out
    names = [each["name"] for each in sori("datasets", "list", "--json").json["datasets"]]
    assert names == sorted(names)
    for name in ("fsdd", "gtzan", "voxceleb"):
        said = sori("datasets", "show", name)
        assert said.code == 0
        assert sori("datasets", "show", name, "--json").json["name"] == name
        assert max(map(len, said.out.splitlines())) < 130
    assert sori("datasets", "show", "nonesuch").code == 2


def test_prepare_lists_what_failed_and_goes_on(sori: Sori, digits: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    said = sori("prepare", digits, "--out", store, "--jobs", "2")
    assert said.code == 1
    assert "6 packed, 1 failed" in said.err
    assert "1_bob_7.wav" in said.err
    again = sori("prepare", digits, "--out", store, "--json", "--quiet")
    assert (again.code, again.err) == (1, "")
    assert (again.json["packed"], again.json["unchanged"], again.json["to_do"]) == (0, 6, 1)
    assert again.json["failures"][0]["kind"] == "decode"
    soundfile.write(digits / "recordings/1_bob_7.wav", np.zeros(1000), 8000)
    assert sori("prepare", digits, "--out", store).code == 0
    assert len(open_store(store)) == 7


def test_verify_looks_and_mends(sori: Sori, digits: Path, tmp_path: Path) -> None:
    (digits / "recordings/1_bob_7.wav").unlink()
    store = tmp_path / "store"
    assert sori("prepare", digits, "--out", store, "--encoding", "flac").code == 0
    assert sori("prepare", "--verify", "--out", store).out.endswith("6 clips, 0 damaged\n")
    shard = next(store.glob("shard-*"))
    data = bytearray(shard.read_bytes())
    data[10] ^= 255
    shard.write_bytes(data)
    said = sori("prepare", "--verify", "--out", store, "--json")
    assert said.code == 1
    assert len(said.json["damaged"]) == 1
    assert sori("datasets", "check", store).code == 0
    assert sori("datasets", "check", store, "--decode").code == 1
    mended = sori("prepare", digits, "--out", store, "--encoding", "flac", "--verify")
    assert mended.code == 0
    assert "1 packed, 5 unchanged, 1 were damaged" in mended.err


def test_check_says_what_is_wrong(sori: Sori, digits: Path) -> None:
    said = sori("datasets", "check", digits)
    assert said.code == 0
    assert "splits     train 5, test 2" in said.out
    assert "warning    1 group is in several splits: 'ann'" in said.out
    assert "beware" in said.out
    deep = sori("datasets", "check", digits, "--decode", "--task", "classify", "--json")
    assert deep.code == 1
    assert [each["kind"] for each in deep.json["findings"]] == ["unreadable", "straddling_group"]
    assert deep.json["dataset"] == "fsdd"


def test_what_makes_no_sense_is_wrong_usage(sori: Sori, digits: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for arguments in (
        ("prepare", digits),
        ("prepare", "--out", tmp_path / "store"),
        ("prepare", digits, "--out", tmp_path / "store", "--encoding", "mp3"),
        ("prepare", digits, "--out", tmp_path / "store", "--timeout", "0"),
        ("prepare", "--verify", "--out", digits),
        ("datasets", "check", digits, "--task", "guess"),
        ("datasets", "check", tmp_path / "empty"),
        ("datasets", "prepare", "voxceleb", tmp_path / "vox"),
    ):
        said = sori(*arguments)
        assert said.code == 2, said.err
        assert said.err.startswith("sori: ")
    assert sori("datasets", "check", tmp_path / "nowhere").code == 1


def test_what_is_there_is_not_fetched(sori: Sori, digits: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("urllib.request.urlopen", None)
    said = sori("datasets", "prepare", "fsdd", digits)
    assert said.code == 0
    assert said.out.startswith("fsdd: 7 clips")


def test_preparing_fetches_and_checks(
    sori: Sori, digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pretend(card: object, folder: str, **_: object) -> list[str]:
        assert card is fsdd.CARD
        digits.rename(folder)
        return ["digits.zip"]

    monkeypatch.setattr("sori.app.actions.preparing.fetch", pretend)
    said = sori("datasets", "prepare", "fsdd", tmp_path / "new", "--json")
    assert said.code == 0
    assert said.json["fetched"] == ["digits.zip"]
    assert said.json["clips"] == 7
    monkeypatch.setattr("sori.app.actions.preparing.fetch", lambda card, folder, **_: [])
    (tmp_path / "other").mkdir()
    said = sori("datasets", "prepare", "fsdd", tmp_path / "other")
    assert said.code == 2
    assert "is not laid out as fsdd" in said.err
