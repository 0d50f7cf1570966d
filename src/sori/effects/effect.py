"""What every effect is: ranges to draw from, a draw that gives plain numbers, and a pure function of them.

::

    effect = Gain(min_db=-6.0, max_db=6.0, p=0.8)
    parameters = effect.draw(rng, samples, sample_rate=44100)      {"gain_db": 2.31}, or None: not this time
    louder = effect.apply(samples, parameters, sample_rate=44100)  the same numbers, the same sound, anywhere

An effect is frozen and holds nothing that was drawn, so any number of threads may share one. What was drawn
is plain data: write it beside the sound, and the sound can be made again.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from typing import Any, ClassVar, Self, TypeVar

import numpy as np

from sori.arrays import Array, spectrogram, waveform
from sori.arrays.framing import check_numbers
from sori.effects.items import Columns, columns, gathered, grouped
from sori.errors import ParameterError

__all__ = ["Effect", "Parameters", "SpectrogramEffect", "generator"]

Parameters = dict[str, Any]
"""What was drawn for one item: numbers, strings, lists and ``None`` by name, as JSON holds them."""

Event = TypeVar("Event")


def generator(seed: int, epoch: int, sample_id: int | str) -> np.random.Generator:
    """Return the generator of one sample in one epoch: the same wherever and whenever it is asked for.

    Workers and machines need not agree on anything but the three.

    Examples
    --------
    >>> bool(generator(7, 0, "a.wav").random() == generator(7, 0, "a.wav").random())
    True
    >>> bool(generator(7, 1, "a.wav").random() == generator(7, 0, "a.wav").random())
    False
    """
    if not all(isinstance(number, int | np.integer) for number in (seed, epoch)):
        raise ParameterError(f"seed={seed!r}, epoch={epoch!r}: want whole numbers")
    if not isinstance(sample_id, int | np.integer | str):
        raise ParameterError(f"sample_id={sample_id!r}: want a whole number or a name")
    named = sample_id if isinstance(sample_id, str) else int(sample_id)
    text = json.dumps([int(seed), int(epoch), named])
    digest = hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))


class Effect:
    """What all effects share; see the module. Each is a frozen dataclass of ranges with a probability ``p``.

    An effect says how it draws (`_draw`), what it does to a row of items that were drawn alike (`_apply`),
    and what that does to labels (`_move`). Fields ``min_*`` and ``max_*`` are checked here.
    """

    p: float

    _ALIKE: ClassVar[tuple[str, ...]] = ()
    """Parameters that items must share to be worked on together."""

    _LIMITS: ClassVar[tuple[tuple[str, float, float], ...]] = ()
    """What is allowed at most: what follows ``min_`` and ``max_``, the least, the greatest."""

    def __post_init__(self) -> None:
        """Refuse ranges that are none."""
        check_numbers(p=self.p)
        if not 0 <= self.p <= 1:
            raise ParameterError(f"p={self.p}: want a probability, 0 to 1")
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}  # type: ignore[arg-type]
        counts = {field.name for field in dataclasses.fields(self) if field.type == "int"}  # type: ignore[arg-type]
        for name, low in values.items():
            stem = name.removeprefix("min_")
            if stem != name:
                self._check_range(stem, low, values[f"max_{stem}"], whole=name in counts)

    def _check_range(self, stem: str, low: Any, high: Any, *, whole: bool) -> None:
        check_numbers(**{f"min_{stem}": low, f"max_{stem}": high})
        if whole and not all(isinstance(one, int | np.integer) for one in (low, high)):
            raise ParameterError(f"min_{stem}={low}, max_{stem}={high}: want whole numbers")
        if not low <= high:
            raise ParameterError(f"min_{stem}={low}, max_{stem}={high}: want the smaller one first")
        for limited, least, most in self._LIMITS:
            if limited == stem and not (least <= low and high <= most):
                raise ParameterError(f"min_{stem}={low}, max_{stem}={high}: want {least:g} to {most:g}")

    def _check_some(self, **known: tuple[Any, ...]) -> None:
        """Keep a field as a tuple, once it is known to hold one or more of what there is."""
        for name, allowed in known.items():
            given: Any = getattr(self, name)
            many = tuple(given) if isinstance(given, list | tuple) else ()
            if not many or not all(one in allowed for one in many):
                raise ParameterError(f"{name}={given!r}: want one or more of {', '.join(map(str, allowed))}")
            object.__setattr__(self, name, many)

    def draw(self, rng: np.random.Generator, samples: Array, *, sample_rate: float) -> Parameters | None:
        """Return what to do to some samples this time.

        Parameters
        ----------
        rng : numpy.random.Generator
            Where randomness comes from; see `generator`.
        samples : (..., channels, time) real
            Only their shape is looked at.
        sample_rate : float
            Hz.

        Returns
        -------
        dict or None
            Plain data for `apply`; ``None``, with a probability of ``1 - p``: leave them as they are.
        """
        if not isinstance(rng, np.random.Generator):
            raise ParameterError(f"rng={rng!r}: want numpy.random.default_rng(...) or generator(...)")
        self._check_rate(sample_rate)
        if not rng.random() < self.p:
            return None
        return self._draw(rng, tuple(np.shape(samples)), sample_rate)

    def apply(self, samples: Array, parameters: Parameters | None, *, sample_rate: float) -> Array:
        """Return samples with what was drawn done to them.

        Parameters
        ----------
        samples : (..., channels, time) or (time,) real
            NumPy, PyTorch or JAX; left as they are.
        parameters : dict or None
            From `draw`.
        sample_rate : float
            Hz.

        Returns
        -------
        As ``samples``

        Raises
        ------
        ParameterError
            For NaN, integers, ``(time, channels)``, and parameters that are none of this effect's.
        """
        self._check_rate(sample_rate)
        x = self._checked(samples)
        if parameters is None or x.shape[-1] == 0:
            return x
        return self._apply(x[None, ...], columns([parameters]), sample_rate)[0, ...]

    def __call__(self, samples: Array, *, sample_rate: float, rng: np.random.Generator) -> Array:
        """Draw and apply."""
        return self.apply(samples, self.draw(rng, samples, sample_rate=sample_rate), sample_rate=sample_rate)

    def draw_batch(
        self,
        rng: np.random.Generator | Sequence[np.random.Generator],
        samples: Array,
        *,
        sample_rate: float,
    ) -> list[Parameters | None]:
        """Return what to do to each item of ``samples`` ``(batch, channels, time)``.

        ``rng`` is one generator for all, in turn, or one for each item (see `generator`), with which an item
        gets the same whatever batch it is in.
        """
        shape = tuple(np.shape(samples))
        if len(shape) < 2:
            raise ParameterError(f"got shape {shape}, want (batch, channels, time)")
        each = [rng] * shape[0] if isinstance(rng, np.random.Generator) else list(rng)
        if len(each) != shape[0]:
            raise ParameterError(f"{len(each)} generators for {shape[0]} items: want one, or one for each")
        one = np.broadcast_to(np.float32(0), shape[1:])
        return [self.draw(own, one, sample_rate=sample_rate) for own in each]

    def apply_batch(
        self, samples: Array, parameters: Sequence[Parameters | None], *, sample_rate: float
    ) -> Array:
        """Return a batch ``(batch, channels, time)`` with what was drawn for each item done to it.

        The same as `apply` on each, in one go.

        Raises
        ------
        ParameterError
            As `apply`, and where items come out at different lengths.
        """
        self._check_rate(sample_rate)
        x = self._checked(samples)
        if x.ndim < 2 or len(parameters) != x.shape[0]:
            raise ParameterError(
                f"parameters for {len(parameters)} items, samples of shape {tuple(x.shape)}: "
                "want one for each item of (batch, channels, time)"
            )
        if x.shape[-1] == 0:
            return x
        return gathered(
            x,
            grouped(parameters, self._ALIKE),
            lambda part, own: self._apply(part, own, sample_rate),
        )

    def move(self, event: Event, parameters: Parameters | None, *, duration_s: float) -> Event:
        """Return a label as it is after the effect.

        Parameters
        ----------
        event : a record of `sori.events`, or anything else, which stays as it is
        parameters : dict or None
            From `draw`.
        duration_s : float
            Length of the samples before.

        Returns
        -------
        As ``event``, with times, pitches and names where the sound has them now.
        """
        check_numbers(duration_s=duration_s)
        if parameters is None:
            return event
        moved: Event = self._move(event, Columns(parameters), duration_s)
        return moved

    def duration_after(self, duration_s: float, parameters: Parameters | None) -> float:
        """Return how long samples of ``duration_s`` are after the effect, seconds."""
        return duration_s

    def check_for_samples(self) -> None:
        """Refuse an effect on spectrograms, by itself or somewhere in a chain, where samples are heard.

        Raises
        ------
        ParameterError
            It names the first one.
        """
        if isinstance(self, SpectrogramEffect):
            raise ParameterError(
                f"{type(self).__name__} is for spectrograms: leave it out, files hold samples"
            )
        for one in getattr(self, "effects", ()):
            one.check_for_samples()

    def to_dict(self) -> dict[str, Any]:
        """Return the effect as plain data: its name under ``effect``, its fields under theirs."""
        fields = dataclasses.fields(self)  # type: ignore[arg-type]
        return {
            "effect": type(self).__name__,
            **{field.name: _plain(getattr(self, field.name)) for field in fields},
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Return the effect that `to_dict` described.

        Raises
        ------
        ParameterError
            For an unknown effect, fields that it does not have, and an effect of another class than this.
        """
        made = _made(data)
        if not isinstance(made, cls):
            raise ParameterError(f"effect {data['effect']!r} is no {cls.__name__}")
        return made

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        raise NotImplementedError

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        """Return items ``(items, ..., time)``, ``drawn`` holding one value for each under every name."""
        raise NotImplementedError

    def _move(self, event: Any, drawn: Columns, duration_s: float) -> Any:
        return event

    def _checked(self, samples: Array) -> Array:
        return waveform(samples, name="samples")[1]

    def _check_rate(self, sample_rate: float) -> None:
        check_numbers(sample_rate=sample_rate)
        if not sample_rate > 0:
            raise ParameterError(f"sample_rate={sample_rate}: want a positive number of Hz")


class SpectrogramEffect(Effect):
    """An effect on spectrograms ``(..., frequency, time)``, which need no sample rate."""

    def draw(
        self, rng: np.random.Generator, samples: Array, *, sample_rate: float = 1.0
    ) -> Parameters | None:
        """Return what to do to a spectrogram this time; see `Effect.draw`."""
        return super().draw(rng, samples, sample_rate=sample_rate)

    def apply(self, samples: Array, parameters: Parameters | None, *, sample_rate: float = 1.0) -> Array:
        """Return a spectrogram with what was drawn done to it; see `Effect.apply`."""
        return super().apply(samples, parameters, sample_rate=sample_rate)

    def __call__(self, samples: Array, *, sample_rate: float = 1.0, rng: np.random.Generator) -> Array:
        """Draw and apply."""
        return super().__call__(samples, sample_rate=sample_rate, rng=rng)

    def draw_batch(
        self,
        rng: np.random.Generator | Sequence[np.random.Generator],
        samples: Array,
        *,
        sample_rate: float = 1.0,
    ) -> list[Parameters | None]:
        """Return what to do to each item of ``(batch, ..., frequency, time)``; see `Effect.draw_batch`."""
        return super().draw_batch(rng, samples, sample_rate=sample_rate)

    def apply_batch(
        self, samples: Array, parameters: Sequence[Parameters | None], *, sample_rate: float = 1.0
    ) -> Array:
        """Return a batch with what was drawn for each item done to it; see `Effect.apply_batch`."""
        return super().apply_batch(samples, parameters, sample_rate=sample_rate)

    def _checked(self, samples: Array) -> Array:
        return spectrogram(samples, name="samples")[1]


def _plain(value: Any) -> Any:
    if isinstance(value, Effect):
        return value.to_dict()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


def _made(data: Any) -> Effect:
    known = _every(Effect)
    name = data.get("effect") if isinstance(data, dict) else None
    if name not in known:
        raise ParameterError(f"got {data!r}: want a dict with 'effect', one of {', '.join(sorted(known))}")
    of = known[name]
    fields = {key: _field(value) for key, value in data.items() if key != "effect"}
    unknown = fields.keys() - {field.name for field in dataclasses.fields(of)}  # type: ignore[arg-type]
    if unknown:
        raise ParameterError(f"{name} has no {', '.join(sorted(unknown))}")
    try:
        return of(**fields)
    except TypeError as error:
        raise ParameterError(f"{name} cannot be made of {fields!r}: {error}") from None


def _field(value: Any) -> Any:
    if isinstance(value, dict):
        return _made(value)
    if isinstance(value, list | tuple):
        return tuple(_field(one) for one in value)
    return value


def _every(cls: type[Effect]) -> dict[str, type[Effect]]:
    found: dict[str, type[Effect]] = {}
    for own in cls.__subclasses__():
        found |= _every(own)
        if hasattr(own, "__dataclass_fields__"):
            found[own.__name__] = own
    return found
