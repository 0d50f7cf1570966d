"""Recipes: each number has a name and is what the name says, of the part of the sound that it names."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sori.errors import DataError, ParameterError
from sori.features.recipes import FEATURES, Entry, Recipe, feature_vector
from sori.signal.synthesis import clicks, sawtooth

RATE = 22050
ALL = Recipe(
    "all",
    1,
    tuple(
        Entry(name, source=source, deltas=1)
        for name in FEATURES
        for source in ("mix", "harmonic", "percussive")
    ),
)


def named(x: np.ndarray, recipe: Recipe) -> dict[str, float]:
    return dict(zip(recipe.names, feature_vector(x, sample_rate=RATE, recipe=recipe).tolist(), strict=True))


def noise(seconds: float = 1.0) -> np.ndarray:
    return 0.1 * np.random.default_rng(0).standard_normal(round(RATE * seconds))


def test_every_number_has_a_name_of_its_own() -> None:
    assert (
        len(set(ALL.names))
        == len(ALL.names)
        == feature_vector(noise(), sample_rate=RATE, recipe=ALL).shape[-1]
    )
    assert "harmonic_mfcc_3_delta_std" in ALL.names
    assert "centroid_hz_mean" in ALL.names


def test_numbers_are_what_their_names_say() -> None:
    found = named(0.1 * np.sin(2 * np.pi * 1000 * np.arange(2 * RATE) / RATE), ALL)
    # Half of the first and last frame is silence, which a mean over two seconds hardly notices.
    assert found["centroid_hz_mean"] == pytest.approx(1000, rel=0.05)
    assert found["level_db_mean"] == pytest.approx(-23, abs=0.5)
    assert max(range(12), key=lambda k: found[ALL.names[ALL.names.index("chroma_C_mean") + 2 * k]]) == 11
    assert named(noise(), ALL)["flatness_mean"] > 0.3 > found["flatness_mean"]


def test_tones_and_strokes_go_to_their_own_parts() -> None:
    tone = 0.1 * sawtooth(220.0, sample_rate=RATE, duration_s=3)
    strokes = np.zeros(3 * RATE)
    strokes[::11025] = 1.0
    for sound, more, less in ((tone, "harmonic", "percussive"), (strokes, "percussive", "harmonic")):
        found = named(sound, ALL)
        assert found[f"{more}_level_db_mean"] > found[f"{less}_level_db_mean"] + 6
    mixed = named(tone + strokes, ALL)
    assert mixed["percussive_centroid_hz_mean"] > mixed["harmonic_centroid_hz_mean"]


def test_textures_tell_beats_from_swelling() -> None:
    recipe = Recipe("second by second", 1, (Entry("level_db"),), texture_s=1.0)
    assert recipe.names == tuple(f"level_db_{a}_{b}" for a in ("mean", "std") for b in ("mean", "std"))
    beats = clicks(np.arange(0, 8, 0.25), sample_rate=RATE, duration_s=8)
    swelling = noise(8.0) * np.geomspace(1e-3, 1, 8 * RATE)
    assert named(beats, recipe)["level_db_std_mean"] > named(swelling, recipe)["level_db_std_mean"]
    assert named(beats, recipe)["level_db_mean_std"] < named(swelling, recipe)["level_db_mean_std"]


def test_a_recipe_is_kept_as_json_and_gives_the_same() -> None:
    again = Recipe.from_dict(json.loads(json.dumps(ALL.to_dict())))
    assert again == ALL
    x = noise()
    assert np.array_equal(*(feature_vector(x, sample_rate=RATE, recipe=one) for one in (ALL, again)))


def test_the_vector_hardly_depends_on_the_rate_of_the_file() -> None:
    recipe = Recipe("few", 1, (Entry("level_db"), Entry("centroid"), Entry("mfcc", statistics=("mean",))))
    tone = {
        rate: 0.1 * np.sin(2 * np.pi * 440 * np.arange(2 * rate) / rate).astype(np.float64)
        for rate in (22050, 44100)
    }
    one, other = (feature_vector(x, sample_rate=rate, recipe=recipe) for rate, x in tone.items())
    assert np.abs(one[:2] - other[:2]).max() < 0.5
    assert abs(one[2] / other[2] - 1) < 0.02


@pytest.mark.parametrize(
    "make",
    [
        lambda: Entry("loudness of love"),
        lambda: Entry("mfcc", source="vocals"),
        lambda: Entry("mfcc", statistics=("average",)),
        lambda: Entry("mfcc", deltas=4),
        lambda: Recipe("none", 1, ()),
        lambda: Recipe("twice", 1, (Entry("mfcc"), Entry("mfcc"))),
        lambda: feature_vector(np.zeros(9), sample_rate=0, recipe=ALL),
    ],
)
def test_what_cannot_be_made_is_refused(make: object) -> None:
    with pytest.raises(ParameterError):
        make()  # type: ignore[operator]


@pytest.mark.parametrize("data", [{}, {"entries": [{"feature": "x"}]}, {**ALL.to_dict(), "speed": 1}])
def test_damaged_data_are_refused(data: dict[str, object]) -> None:
    with pytest.raises(DataError):
        Recipe.from_dict(data)
