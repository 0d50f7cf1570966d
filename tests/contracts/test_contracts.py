"""What every transform promises, tried on all of them, found by listing.

One body for every array: the same numbers from NumPy, PyTorch, JAX and any library of the array API standard;
a batch is its members; gradients exist, at silence too; what comes in is left as it was; bad input is refused
in one way.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from contracts.case import Case
from sori.errors import ParameterError, SoriError

ROOMS = ("sori.signal", "sori.spectral", "sori.features", "sori.effects")


def case_files() -> Iterator[ModuleType]:
    """Import every ``cases_*.py`` beside this file."""
    for path in sorted(Path(__file__).parent.glob("cases_*.py")):
        yield importlib.import_module(f"contracts.{path.stem}")


def gathered() -> tuple[dict[str, list[Case]], dict[str, str]]:
    """Return all cases and all exceptions, by the function's full name."""
    cases: dict[str, list[Case]] = {}
    exceptions: dict[str, str] = {}
    for module in case_files():
        for name, some in module.CASES.items():
            cases.setdefault(name, []).extend(some)
        exceptions |= getattr(module, "NUMPY_ONLY", {})
    return cases, exceptions


CASES, NUMPY_ONLY = gathered()
EACH = [
    pytest.param(case, id=f"{module.__name__.rpartition('cases_')[2]}-{name.rpartition('.')[2]}-{number}")
    for module in case_files()
    for name, some in module.CASES.items()
    for number, case in enumerate(some)
]


def public_names() -> Iterator[str]:
    """Yield every public function and class of the rooms of transforms."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for found in pkgutil.walk_packages(package.__path__, room + "."):
            module = importlib.import_module(found.name)
            for name in getattr(module, "__all__", []):
                value = getattr(module, name)
                if (inspect.isfunction(value) or inspect.isclass(value)) and value.__module__ == found.name:
                    yield f"{found.name}.{name}"


def test_every_public_function_is_under_contract() -> None:
    names = set(public_names())
    missing = sorted(names - CASES.keys() - NUMPY_ONLY.keys())
    assert not missing, "give each a Case, or say in NUMPY_ONLY why it takes no array:\n" + "\n".join(missing)


def test_no_case_speaks_of_what_is_gone() -> None:
    gone = sorted((CASES.keys() | NUMPY_ONLY.keys()) - set(public_names()))
    assert not gone, f"there are no such functions: {gone}"


def leaves(result: Any) -> list[Any]:
    """Return the arrays of a result: itself, or those of a tuple, a dict or a dataclass."""
    if isinstance(result, dict):
        result = tuple(result.values())
    if isinstance(result, tuple | list):
        return [leaf for part in result for leaf in leaves(part)]
    return [result]


def numbers(result: Any) -> list[np.ndarray]:
    """Return the arrays of a result as NumPy's."""
    from sori.arrays import to_numpy

    return [to_numpy(leaf) for leaf in leaves(result)]


def assert_close(got: Any, want: Any, tolerance: float) -> None:
    """Compare relative to the largest value wanted."""
    all_got, all_want = numbers(got), numbers(want)
    assert len(all_got) == len(all_want)
    for one, other in zip(all_got, all_want, strict=True):
        assert one.shape == other.shape
        assert one.dtype.kind == other.dtype.kind
        if other.size:
            scale = max(float(np.abs(other).max()), 1e-12)
            error = float(np.abs(one.astype(np.complex128) - other.astype(np.complex128)).max()) / scale
            assert error <= tolerance, f"differs by {error:.2e} of the largest value, {tolerance:.0e} allowed"


def tensors(arrays: list[np.ndarray], *, gradient: bool = False) -> list[Any]:
    import torch

    made = [torch.from_numpy(array.copy()) for array in arrays]
    return [tensor.requires_grad_() if gradient else tensor for tensor in made]


def size(result: Any) -> Any:
    """Add up a result's magnitudes: a single number with something of everything in it."""
    return sum(
        abs(leaf).sum()
        for leaf in leaves(result)
        if "int" not in str(leaf.dtype) and "bool" not in str(leaf.dtype)
    )


@pytest.mark.parametrize("case", EACH)
class TestContract:
    def test_numpy_keeps_precision_and_its_input(self, case: Case) -> None:
        single, double = case.arrays(1), case.arrays(1, dtype="float64")
        before = [array.copy() for array in single]
        got, exact = case.call(*single), case.call(*double)
        for array, old in zip(single, before, strict=True):
            assert np.array_equal(array, old), "the input was written to"
        for one, other in zip(leaves(got), leaves(exact), strict=True):
            assert isinstance(one, np.ndarray)
            if one.dtype.kind in "fc":
                assert one.dtype in (np.float32, np.complex64)
                assert other.dtype in (np.float64, np.complex128)
            assert np.isfinite(one).all()

    def test_torch_gives_the_same(self, case: Case) -> None:
        import torch

        for dtype, tolerance in (("float32", case.float32_tolerance), ("float64", case.float64_tolerance)):
            arrays = case.arrays(2, dtype=dtype)
            want, got = case.call(*arrays), case.call(*tensors(arrays))
            for one, other in zip(leaves(got), leaves(want), strict=True):
                assert isinstance(one, torch.Tensor)
                assert str(one.dtype) == f"torch.{other.dtype}"
            assert_close(got, want, tolerance)

    def test_jax_gives_the_same(self, case: Case) -> None:
        import jax
        import jax.numpy as jnp

        arrays = case.arrays(3)
        want = case.call(*arrays)
        got = jax.jit(case.call)(*(jnp.asarray(array) for array in arrays))
        assert all(isinstance(leaf, jax.Array) for leaf in leaves(got))
        assert_close(got, want, case.float32_tolerance)
        with jax.enable_x64(True):
            arrays = case.arrays(3, dtype="float64")
            got = jax.jit(case.call)(*(jnp.asarray(array) for array in arrays))
            assert_close(got, case.call(*arrays), case.float64_tolerance)

    def test_the_standard_gives_the_same(self, case: Case) -> None:
        import array_api_strict

        arrays = case.arrays(4, dtype="float64")
        got = case.call(*(array_api_strict.asarray(array) for array in arrays))
        assert_close(got, case.call(*arrays), case.float64_tolerance)

    def test_a_batch_is_its_members(self, case: Case) -> None:
        if not case.batch:
            pytest.skip(case.note)
        import jax
        import jax.numpy as jnp

        arrays = case.arrays(5, lead=(2, 1))
        got = case.call(*arrays)
        alone = [case.call(*(array[at, 0] for array in arrays)) for at in range(2)]
        for leaf, *members in zip(leaves(got), *map(leaves, alone), strict=True):
            assert_close(leaf[:, 0], np.stack(members), case.float32_tolerance)
        assert_close(case.call(*tensors(arrays)), got, case.float32_tolerance)
        mapped = jax.jit(jax.vmap(case.call))(*(jnp.asarray(array[:, 0]) for array in arrays))
        for leaf, other in zip(leaves(mapped), leaves(got), strict=True):
            assert_close(leaf, other[:, 0], case.float32_tolerance)

    def test_gradients_are_finite(self, case: Case) -> None:
        if not case.gradient:
            pytest.skip(case.note)
        import jax
        import jax.numpy as jnp

        noise, silence = case.arrays(6), case.silent()
        for arrays in (silence, noise):
            given = tensors(arrays, gradient=True)
            size(case.call(*given)).backward()
            for tensor in given:
                assert tensor.grad is not None
                assert bool(tensor.grad.isfinite().all())
        assert any(bool((tensor.grad != 0).any()) for tensor in given)
        if any(np.iscomplexobj(array) for array in noise):
            return  # JAX asks for a real-valued argument
        every = tuple(range(len(noise)))
        derived = jax.jit(jax.grad(lambda *some: size(case.call(*some)), argnums=every))
        for arrays in (silence, noise):
            found = derived(*(jnp.asarray(array) for array in arrays))
            assert all(bool(jnp.isfinite(part).all()) for part in found)

    def test_bad_input_gives_a_result_or_one_error(self, case: Case) -> None:
        good = case.arrays(7)
        axes = [array.ndim for array in good]
        tries: list[Callable[[np.ndarray], Any]] = [
            lambda array: array[..., :0],
            lambda array: array[..., :1],
            np.zeros_like,
            lambda array: np.where(np.arange(array.shape[-1]) == 1, np.nan, array).astype(array.dtype),
            lambda array: np.where(np.arange(array.shape[-1]) == 1, np.inf, array).astype(array.dtype),
            lambda array: array.reshape(-1)[0],
        ]
        for number, spoil in enumerate(tries):
            try:
                got = case.call(*map(spoil, good))
            except SoriError:
                continue
            assert number not in (3, 4), "NaN or infinity must be refused"
            assert all(np.isfinite(leaf).all() for leaf in numbers(got) if leaf.dtype.kind in "fc")
        if axes == [1]:
            with pytest.raises(ParameterError, match="time, channels"):
                case.call(np.stack([good[0]] * 2, axis=-1))
        with pytest.raises(ParameterError):
            case.call(*((array * 100).real.astype(np.int64) for array in good))
