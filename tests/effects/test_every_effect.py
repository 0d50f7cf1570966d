"""What every effect promises, tried on all of them, found by listing."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import importlib
import inspect
import json
import pkgutil
from typing import Any

import numpy as np
import pytest

from sori import effects
from sori.audio import save
from sori.effects import Chain, Effect, OneOf, SomeOf, SpectrogramEffect
from sori.errors import ParameterError

RATE = 16_000
CLASSES = [getattr(effects, name) for name in effects.__all__]
POLICIES = [
    cls
    for cls in CLASSES
    if inspect.isclass(cls) and issubclass(cls, Effect) and cls not in (Effect, SpectrogramEffect)
]
COMPOSED: dict[type, dict[str, Any]] = {
    Chain: {"effects": (effects.Gain(), effects.TimeShift(p=0.5))},
    OneOf: {"effects": (effects.Gain(), effects.Polarity(p=1.0)), "weights": (1.0, 2.0)},
    SomeOf: {"n": (1, 2), "effects": (effects.Gain(), effects.Polarity(p=1.0))},
}


@pytest.fixture(scope="session", autouse=True)
def _recordings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give the effects that take recordings some: a click that dies away, and a hum."""
    folder = tmp_path_factory.mktemp("recordings")
    rng = np.random.default_rng(0)
    t = np.arange(RATE // 4) / RATE
    (folder / "places").mkdir()
    for number in range(2):
        response = rng.standard_normal(len(t)) * np.exp(-(10 + 20 * number) * t) * 0.2
        save(folder / "places" / f"{number}.wav", response.astype(np.float32), sample_rate=RATE)
    hum = 0.3 * np.sin(2 * np.pi * 100 * np.arange(RATE) / RATE) + 0.01 * rng.standard_normal(RATE)
    save(folder / "hum.wav", hum.astype(np.float32), sample_rate=RATE)
    COMPOSED[effects.ImpulseResponse] = {"paths": (str(folder / "places"),)}
    COMPOSED[effects.Background] = {"paths": (str(folder / "hum.wav"),)}


def made(cls: type[Effect], **fields: Any) -> Effect:
    """Return an effect with its own defaults, and always taking part."""
    return cls(**{**COMPOSED.get(cls, {}), "p": 1.0, **fields})


def sound(cls: type[Effect], *lead: int, seed: int = 0, dtype: str = "float32") -> np.ndarray:
    """Return what the effect takes: a quarter of a second of music-like sound, or a spectrogram."""
    rng = np.random.default_rng(seed)
    if issubclass(cls, SpectrogramEffect):
        return rng.random((*lead, 40, 120)).astype(dtype)
    t = np.arange(RATE // 4) / RATE
    hz = rng.uniform(80, 3000, (*lead, 3, 1))
    x = (0.2 * np.sin(2 * np.pi * hz * t)).sum(axis=-2) + 0.003 * rng.standard_normal((*lead, len(t)))
    ends = np.minimum(1.0, 100 * np.minimum(t, t[::-1]))  # what begins at once is of all frequencies
    return (x * ends).astype(dtype)


EACH = pytest.mark.parametrize("cls", POLICIES, ids=lambda cls: cls.__name__)


@EACH
class TestEffect:
    def test_parameters_are_plain_data(self, cls: type[Effect]) -> None:
        effect, x = made(cls), sound(cls, 2)
        drawn = effect.draw(np.random.default_rng(1), x, sample_rate=RATE)
        assert json.loads(json.dumps(drawn, allow_nan=False)) == drawn
        again = effect.draw(np.random.default_rng(1), x, sample_rate=RATE)
        assert again == drawn

    def test_the_effect_is_plain_data(self, cls: type[Effect]) -> None:
        effect = made(cls)
        assert Effect.from_dict(json.loads(json.dumps(effect.to_dict()))) == effect
        with pytest.raises(dataclasses.FrozenInstanceError):
            effect.p = 0.5

    def test_the_input_stays_and_precision_is_kept(self, cls: type[Effect]) -> None:
        effect = made(cls)
        drawn = effect.draw(np.random.default_rng(2), sound(cls, 2), sample_rate=RATE)
        for dtype in ("float32", "float64"):
            x = sound(cls, 2, dtype=dtype)
            before = x.copy()
            y = effect.apply(x, drawn, sample_rate=RATE)
            assert np.array_equal(x, before)
            assert y.dtype == x.dtype
            assert np.isfinite(y).all()
            assert not np.shares_memory(x, y) or np.array_equal(x, y)

    def test_every_library_gives_the_same(self, cls: type[Effect]) -> None:
        import jax
        import torch

        effect = made(cls)
        x = sound(cls, 2, 2)
        drawn = effect.draw_batch(np.random.default_rng(3), x, sample_rate=RATE)

        def applied(samples: Any) -> Any:
            return effect.apply_batch(samples, drawn, sample_rate=RATE)

        want, tensor = applied(x), applied(torch.from_numpy(x.copy()))
        assert isinstance(tensor, torch.Tensor)
        compiled = applied if cls is effects.Codec else jax.jit(applied)
        array = compiled(jax.numpy.asarray(x))
        assert isinstance(array, jax.Array)
        scale = float(np.abs(want).max())
        for got in (tensor.numpy(), np.asarray(array)):
            assert got.shape == want.shape
            assert got.dtype == want.dtype
            assert float(np.abs(got - want).max()) <= TOLERANCE.get(cls.__name__, 1e-5) * scale

    def test_a_batch_is_its_items(self, cls: type[Effect]) -> None:
        effect = made(cls, p=0.7)
        x = sound(cls, 5, 2)
        drawn = effect.draw_batch(np.random.default_rng(4), x, sample_rate=RATE)
        want = [effect.apply(one, own, sample_rate=RATE) for one, own in zip(x, drawn, strict=True)]
        got = effect.apply_batch(x, drawn, sample_rate=RATE)
        assert np.abs(got - np.stack(want)).max() <= 2e-6 * np.abs(want).max()

    def test_an_item_draws_the_same_in_any_batch(self, cls: type[Effect]) -> None:
        effect, x = made(cls), sound(cls, 3, 1)
        together = effect.draw_batch([effects.generator(7, 0, name) for name in "abc"], x, sample_rate=RATE)
        alone = effect.draw(effects.generator(7, 0, "b"), x[1], sample_rate=RATE)
        assert together[1] == alone

    def test_without_probability_nothing_happens(self, cls: type[Effect]) -> None:
        effect, x = made(cls, p=0.0), sound(cls, 2, 2)
        drawn = effect.draw_batch(np.random.default_rng(5), x, sample_rate=RATE)
        assert drawn == [None, None]
        assert np.array_equal(effect.apply_batch(x, drawn, sample_rate=RATE), x)
        assert np.array_equal(effect(x[0], sample_rate=RATE, rng=np.random.default_rng(5)), x[0])

    def test_it_survives_what_is_hardly_a_sound(self, cls: type[Effect]) -> None:
        effect = made(cls)
        x = sound(cls, 2)
        for part in (x[..., :0], x[..., :1], x[..., :7], 0 * x, x[0], x[:1]):
            if part.ndim < 2 and issubclass(cls, SpectrogramEffect):
                continue
            y = effect(part, sample_rate=RATE, rng=np.random.default_rng(6))
            assert np.isfinite(y).all()
            assert y.shape[:-1] == part.shape[:-1]

    def test_silence_stays_finite_in_training(self, cls: type[Effect]) -> None:
        import torch

        effect = made(cls)
        x = sound(cls, 2)
        drawn = effect.draw(np.random.default_rng(7), x, sample_rate=RATE)
        for values in (x, 0 * x):
            tensor = torch.from_numpy(values.copy()).requires_grad_()
            y = effect.apply(tensor, drawn, sample_rate=RATE)
            if not y.requires_grad:
                assert cls.__name__ in WITHOUT_GRADIENT
                continue
            y.sum().backward()
            assert tensor.grad is not None
            assert bool(tensor.grad.isfinite().all())

    def test_nothing_waits_for_a_device(self, cls: type[Effect]) -> None:
        """On a device that holds no values none can be asked for: what works there never waits."""
        import torch

        if cls is effects.Codec:
            return  # encoders take plain memory
        effect, x = made(cls, p=0.7), sound(cls, 4, 2)
        drawn = effect.draw_batch(np.random.default_rng(9), x, sample_rate=RATE)
        assert None in drawn
        nowhere = torch.empty(x.shape, dtype=torch.float32, device="meta")
        y = effect.apply_batch(nowhere, drawn, sample_rate=RATE)
        assert y.device.type == "meta"
        assert y.shape == x.shape

    def test_threads_do_not_meet(self, cls: type[Effect]) -> None:
        effect, x = made(cls), sound(cls, 2)

        def once(seed: int) -> np.ndarray:
            return effect(x, sample_rate=RATE, rng=np.random.default_rng(seed))

        want = [once(seed) for seed in range(4)]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            got = list(pool.map(once, range(4)))
        assert all(np.array_equal(one, other) for one, other in zip(got, want, strict=True))

    def test_what_is_wrong_is_refused(self, cls: type[Effect]) -> None:
        effect, x = made(cls), sound(cls, 2)
        rng = np.random.default_rng(8)
        drawn = effect.draw(rng, x, sample_rate=RATE)
        bad: list[Any] = [x.astype(np.int16), np.where(x == x, np.nan, x)]
        if not issubclass(cls, SpectrogramEffect):
            bad.append(np.ascontiguousarray(x.T))
            with pytest.raises(ParameterError, match="sample_rate"):
                effect.draw(rng, x, sample_rate=0)
        for one in bad:
            with pytest.raises(ParameterError):
                effect.apply(one, drawn, sample_rate=RATE)
        with pytest.raises(ParameterError, match="want one for each"):
            effect.apply_batch(x[None], [drawn, drawn], sample_rate=RATE)
        if drawn:
            with pytest.raises(ParameterError):
                effect.apply(x, {"nothing": 1.0}, sample_rate=RATE)
        with pytest.raises(ParameterError, match="rng"):
            effect.draw(7, x, sample_rate=RATE)

    def test_bad_ranges_are_refused_at_once(self, cls: type[Effect]) -> None:
        for p in (-0.1, 1.1, float("nan"), "often"):
            with pytest.raises(ParameterError, match="p="):
                made(cls, p=p)
        effect = made(cls)
        for field in dataclasses.fields(cls):
            stem = field.name.removeprefix("min_")
            if stem == field.name:
                continue
            high = getattr(effect, f"max_{stem}")
            for low, most in ((high + 1, high), (float("nan"), high), ("low", high)):
                with pytest.raises(ParameterError, match=stem):
                    made(cls, **{field.name: low, f"max_{stem}": most})


# What NumPy does by another road than the others: soxr for resampling, recursions for filters.
RESAMPLED, RECURSIVE = 2e-3, 3e-5
TOLERANCE = {
    "Speed": RESAMPLED,
    "PitchShift": RESAMPLED,
    "Telephone": 0.05,  # the two resamplers differ by a step of the 8 bits now and then
    **dict.fromkeys(("LowPass", "HighPass", "BandPass", "BandStop"), RECURSIVE),
    **dict.fromkeys(("LowShelf", "HighShelf", "PeakEqualiser"), RECURSIVE),
}
WITHOUT_GRADIENT = {"Codec", "Telephone", "BitCrush"}


def test_the_list_is_whole() -> None:
    """Every effect that is written can be had from the room itself."""
    written = set()
    for found in pkgutil.iter_modules(effects.__path__):
        module = importlib.import_module(f"sori.effects.{found.name}")
        written |= {
            name
            for name in module.__all__
            if inspect.isclass(getattr(module, name)) and issubclass(getattr(module, name), Effect)
        }
    shared = {"Band", "Cutoff", "Shelf"}  # what two effects each are built on, none by themselves
    assert written - shared <= set(effects.__all__)
    assert len(POLICIES) > 30
