"""Effects together, as data, by seed, and those that take more than one sound."""

from __future__ import annotations

import collections

import numpy as np
import pytest

from sori import effects
from sori.effects import (
    Chain,
    Effect,
    Gain,
    MixSources,
    Mixup,
    OneOf,
    Polarity,
    SomeOf,
    SpecAugment,
    generator,
)
from sori.errors import ParameterError

X = np.ones((2, 100))


class TestTogether:
    def test_one_of_several_by_weight(self) -> None:
        either = OneOf([Gain(min_db=6.0, max_db=6.0), Polarity(p=1.0)], weights=[3.0, 1.0])
        rng = np.random.default_rng(0)
        chosen = collections.Counter(
            next(
                at
                for at, own in enumerate(either.draw(rng, X, sample_rate=8000)["effects"])
                if own is not None
            )
            for _ in range(2000)
        )
        assert chosen[0] / 2000 == pytest.approx(0.75, abs=0.04)

    def test_some_of_several_are_different_ones_in_order(self) -> None:
        some = SomeOf((1, 2), [Gain(), Polarity(p=1.0), Gain()])
        rng = np.random.default_rng(0)
        counts = collections.Counter(
            tuple(own is not None for own in some.draw(rng, X, sample_rate=8000)["effects"])
            for _ in range(600)
        )
        assert len(counts) == 6
        assert {sum(taken) for taken in counts} == {1, 2}

    def test_a_chain_is_its_effects_in_turn(self) -> None:
        chain = Chain([Gain(min_db=20.0, max_db=20.0), effects.Clipping(), Polarity(p=1.0)])
        drawn = {"effects": [{"gain_db": 20.0}, {"below_peak_db": 20.0}, {}]}
        assert np.allclose(chain.apply(X, drawn, sample_rate=8000), -1.0)

    def test_probabilities_are_kept(self) -> None:
        rng = np.random.default_rng(0)
        taken = [Gain(p=0.3).draw(rng, X, sample_rate=8000) is not None for _ in range(2000)]
        assert np.mean(taken) == pytest.approx(0.3, abs=0.04)

    @pytest.mark.parametrize(
        "wrong",
        [
            lambda: Chain([]),
            lambda: Chain([1]),  # type: ignore[list-item]
            lambda: OneOf([Gain()], weights=[1.0, 2.0]),
            lambda: OneOf([Gain()], weights=[-1.0]),
            lambda: SomeOf(3, [Gain()]),
            lambda: SomeOf((2, 1), [Gain(), Gain()]),
            lambda: SomeOf("two", [Gain()]),  # type: ignore[arg-type]
        ],
    )
    def test_what_is_no_composition_is_refused(self, wrong: object) -> None:
        with pytest.raises(ParameterError):
            wrong()  # type: ignore[operator]

    def test_parameters_of_another_chain_are_refused(self) -> None:
        for wrong in ({"effects": []}, {"gain_db": 1.0}, {"effects": [None, None]}):
            with pytest.raises(ParameterError, match="'effects' with 1"):
                Chain([Gain()]).apply(X, wrong, sample_rate=8000)

    def test_lengths_that_differ_make_no_batch(self) -> None:
        speed = effects.Speed(keep_length=False)
        with pytest.raises(ParameterError, match="keep_length=True"):
            speed.apply_batch(np.ones((2, 1, 400)), [{"rate": 0.5}, {"rate": 2.0}], sample_rate=8000)


class TestData:
    @pytest.mark.parametrize(
        "data",
        [
            {},
            [],
            "Gain",
            {"effect": "Effect"},
            {"effect": "Louder"},
            {"effect": "Gain", "db": 3},
            {"effect": "Gain", "min_db": 3, "max_db": 1},
            {"effect": "Background"},
            {"effect": "Chain", "effects": [{"effect": "Louder"}]},
        ],
    )
    def test_what_is_no_effect_is_refused(self, data: object) -> None:
        with pytest.raises(ParameterError):
            Effect.from_dict(data)  # type: ignore[arg-type]

    def test_an_effect_of_another_class_is_refused(self) -> None:
        with pytest.raises(ParameterError, match="no Gain"):
            Gain.from_dict(Polarity().to_dict())

    def test_presets_are_chains_that_run(self) -> None:
        x = np.random.default_rng(0).standard_normal((1, 8000)) * 0.1
        for name, chain in effects.PRESETS.items():
            assert effects.chain_preset(name) is chain
            assert Effect.from_dict(chain.to_dict()) == chain
            y = chain(x, sample_rate=16_000, rng=np.random.default_rng(1))
            assert y.shape == x.shape
            assert np.isfinite(y).all()
        with pytest.raises(ParameterError, match="light"):
            effects.chain_preset("loud")


class TestSeeds:
    def test_the_three_numbers_make_the_draw(self) -> None:
        first = [generator(s, e, i).random() for s in range(3) for e in range(3) for i in (0, 1, "0", "a")]
        assert len(set(first)) == 36
        assert generator(1, 2, np.int64(3)).random() == generator(1, 2, 3).random()

    @pytest.mark.parametrize("wrong", [(1.5, 0, 0), (0, "1", 0), (0, 0, 1.5), (0, 0, None)])
    def test_what_is_no_name_is_refused(self, wrong: tuple) -> None:
        with pytest.raises(ParameterError):
            generator(*wrong)

    def test_the_numbers_stay_those_they_are(self) -> None:
        """A changed rule would change every experiment that names its seed."""
        assert generator(7, 3, "song").integers(1 << 30) == GOLDEN[0]
        assert generator(0, 0, 0).integers(1 << 30) == GOLDEN[1]


GOLDEN = (427082437, 1030283207)


class TestMore:
    def test_sources_are_mixed_at_their_gains(self) -> None:
        stems = np.stack([np.full((2, 8), value) for value in (1.0, 10.0, 100.0)])
        mix = MixSources(min_db=-6.0, max_db=6.0, p_silent=0.5)
        drawn = mix.draw(np.random.default_rng(0), stems)
        want = sum(
            stem * 10 ** (gain / 20)
            for stem, gain in zip(stems, drawn["gains_db"], strict=True)
            if gain is not None
        )
        assert np.allclose(mix.apply(stems, drawn), want)
        both = mix.apply_batch(np.stack([stems, stems]), [drawn, {"gains_db": [0.0, None, None]}])
        assert np.allclose(both[0], want)
        assert np.allclose(both[1], 1.0)
        silent = MixSources(p_silent=1.0)
        for seed in range(5):
            gains = silent.draw(np.random.default_rng(seed), stems)["gains_db"]
            assert sum(gain is not None for gain in gains) == 1
        with pytest.raises(ParameterError, match="one gain for each"):
            mix.apply(stems, {"gains_db": [0.0]})

    def test_mixup_mixes_sounds_and_labels_alike(self) -> None:
        import torch

        rng = np.random.default_rng(0)
        x, labels = rng.standard_normal((6, 1, 50)), np.eye(6)
        mixup = Mixup(alpha=0.4, p=0.8)
        drawn = mixup.draw_batch(rng, x)
        mixed, targets = mixup.apply_batch(x, drawn), mixup.apply_batch(labels, drawn)
        assert np.allclose(mixed[:, 0], targets @ x[:, 0])
        assert np.allclose(targets.sum(axis=-1), 1.0)
        assert (targets.diagonal() >= 0.5).all()
        assert np.allclose(mixup.apply_batch(torch.from_numpy(x), drawn).numpy(), mixed)
        with pytest.raises(ParameterError, match="items of the batch"):
            mixup.apply_batch(labels, [{"partner": 9, "weight": 0.5}] * 6)
        for wrong in ({"alpha": 0.0}, {"p": 2.0}):
            with pytest.raises(ParameterError):
                Mixup(**wrong)

    @pytest.mark.parametrize("name", ["LB", "LD", "SM", "SS"])
    def test_the_published_policies(self, name: str) -> None:
        policy = SpecAugment.policy(name, fill="zero")
        S = np.random.default_rng(0).random((80, 1000)) + 1.0
        hidden = []
        for seed in range(20):
            drawn = policy.draw(np.random.default_rng(seed), S)
            assert drawn is not None
            assert len(drawn["row_masks"]) == (1 if name == "LB" else 2)
            assert max(width for _, width in drawn["row_masks"]) <= (15 if name == "SM" else 27)
            assert max(width for _, width in drawn["frame_masks"]) <= (100 if name in ("LB", "LD") else 70)
            y = policy.apply(S, drawn)
            rows, frames = (y == 0).all(axis=1), (y == 0).all(axis=0)
            want = np.zeros(80, bool)
            for start, width in drawn["row_masks"]:
                want[start : start + width] = True
            assert np.array_equal(rows, want)
            hidden.append(frames.mean())
        assert 0 < np.mean(hidden) < 0.3
        with pytest.raises(ParameterError, match="LB"):
            SpecAugment.policy("XL")

    def test_a_short_spectrogram_is_hidden_in_part_at_most(self) -> None:
        policy = SpecAugment.policy("SS", fill="zero")
        for seed in range(20):
            y = policy(np.ones((80, 50)), rng=np.random.default_rng(seed))
            assert (y == 0).all(axis=0).mean() <= 0.4

    def test_a_warp_keeps_ends_and_moves_its_frame(self) -> None:
        ramp = np.arange(101.0)[None]
        y = effects.TimeWarp().apply(ramp, {"centre": 40, "shift": 20, "frames": 101})[0]
        assert y[[0, 60, 100]].tolist() == pytest.approx([0.0, 40.0, 100.0])
        assert (np.diff(y) > 0).all()
