"""`sori augment`: copies with drawn effects, what was drawn beside them, bad files listed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from command_line import Sori, runner

from sori import load, save
from sori.effects import Effect, generator

RATE = 16_000


@pytest.fixture
def sori(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Sori:
    """Return a function that runs a command line in a folder with two sounds and what is none."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    for name in ("one.wav", "two.flac"):
        save(name, 0.1 * rng.standard_normal((2, RATE)).astype(np.float32), sample_rate=RATE)
    Path("bad.mp3").write_bytes(b"no sound")
    return runner(monkeypatch, capfd)


def test_copies_are_what_their_parameters_say(sori: Sori) -> None:
    said = sori(
        "augment", "one.wav", "two.flac", "--out", "more", "--preset", "light", "--copies", "2", "--seed", "5"
    )
    assert said.code == 0
    assert said.out.split() == [
        f"more/{name}" for name in ("one-1.wav", "one-2.wav", "two-1.flac", "two-2.flac")
    ]
    record = json.loads(Path("more/one-2.json").read_text(encoding="utf-8"))
    assert (record["source"], record["copy"], record["seed"]) == ("one.wav", 2, 5)
    effect = Effect.from_dict(record["effect"])
    samples, rate = load("one.wav")
    assert effect.draw(generator(5, 2, "one"), samples, sample_rate=rate) == record["parameters"]
    want = effect.apply(samples, record["parameters"], sample_rate=rate)
    assert np.array_equal(load("more/one-2.wav").samples, want)


def test_the_same_seed_makes_the_same_files_and_more_change_none(sori: Sori) -> None:
    sori("augment", "one.wav", "--out", "a", "--preset", "worn", "--seed", "1", "--format", "wav")
    sori(
        "augment",
        "two.flac",
        "one.wav",
        "--out",
        "b",
        "--preset",
        "worn",
        "--seed",
        "1",
        "--format",
        "wav",
        "--copies",
        "3",
    )
    assert np.array_equal(load("a/one-1.wav").samples, load("b/one-1.wav").samples)
    assert not np.array_equal(load("b/one-1.wav").samples, load("b/one-2.wav").samples)


def test_bad_files_are_listed_and_stop_nothing(sori: Sori) -> None:
    said = sori("augment", "bad.mp3", "gone.wav", "one.wav", "--out", "o", "--preset", "light", "--json")
    assert said.code == 1
    assert [one["path"] for one in said.json["failures"]] == ["bad.mp3", "gone.wav"]
    assert [one["path"] for one in said.json["written"]] == ["o/one-1.wav"]
    assert "sori: bad.mp3: " in said.err
    assert "sori: gone.wav: " in said.err


def test_a_chain_of_ones_own(sori: Sori) -> None:
    chain = [{"effect": "Gain", "min_db": 30.0, "max_db": 30.0}]
    Path("chain.json").write_text(json.dumps(chain), encoding="utf-8")
    for given in (json.dumps(chain), "chain.json", json.dumps(chain[0])):
        said = sori("augment", "one.wav", "two.flac", "--out", "o", "--chain", given, "--quiet")
        assert (said.code, said.out, said.err) == (0, "", "")
    loud = load("o/one-1.wav").samples
    assert np.allclose(loud, load("one.wav").samples * 10**1.5)
    record = json.loads(Path("o/two-1.json").read_text(encoding="utf-8"))
    assert np.abs(load("o/two-1.flac").samples).max() == pytest.approx(1.0, abs=1e-6)
    assert record["gain"] < 1


def test_a_slower_copy_is_longer(sori: Sori) -> None:
    chain = '[{"effect": "Speed", "min_rate": 0.5, "max_rate": 0.5, "keep_length": false}]'
    assert sori("augment", "one.wav", "--out", "o", "--chain", chain).code == 0
    assert load("o/one-1.wav").samples.shape == (2, 2 * RATE)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["one.wav", "--out", "o"], "--preset"),
        (["one.wav", "--out", "o", "--preset", "light", "--chain", "[]"], "--preset"),
        (["one.wav", "--out", "o", "--preset", "loud"], "light"),
        (["one.wav", "--out", "o", "--chain", "[{"], "no JSON"),
        (["one.wav", "--out", "o", "--chain", '[{"effect": "Louder"}]'], "Louder"),
        (["one.wav", "--out", "o", "--chain", '[{"effect": "TimeMask"}]'], "spectrograms"),
        (["one.wav", "--out", "o", "--preset", "light", "--copies", "0"], "at least 1"),
        (["one.wav", "x/one.mp3", "--out", "o", "--preset", "light"], "several files"),
    ],
)
def test_wrong_usage_is_said_in_one_line(sori: Sori, options: list[str], why: str) -> None:
    said = sori("augment", *options)
    assert said.code == 2
    assert why in said.err
    assert len(said.err.splitlines()) == 1


def test_no_source_is_written_over(sori: Sori) -> None:
    save("one-1.wav", np.zeros((1, 10), np.float32), sample_rate=RATE)
    said = sori("augment", "one.wav", "one-1.wav", "--out", ".", "--preset", "light")
    assert said.code == 2
    assert "written over" in said.err
    assert load("one-1.wav").samples.shape == (1, 10)
