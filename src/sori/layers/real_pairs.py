"""Complex numbers as two real tensors, for runtimes that have none.

ONNX knows no complex tensors. Inside `WithoutComplex` every PyTorch function that would make one gives a
`Pair` instead, which passes for a complex tensor in the transforms and leaves only real arithmetic behind;
Fourier transforms become products of matrices (`sori.layers.factored_fourier`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from sori.errors import ParameterError
from sori.layers.factored_fourier import transform

__all__ = ["Pair", "WithoutComplex", "as_pair", "pair"]

_COMPLEX = {torch.float32: torch.complex64, torch.float64: torch.complex128}


class Pair(Tensor):
    """A tensor that says it is complex and holds two real ones, ``re`` and ``im``."""

    re: Tensor
    im: Tensor

    @classmethod
    def __torch_function__(
        cls,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Do what `WithoutComplex` does."""
        return _without_complex(func, args, kwargs or {})

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Say which function got past `WithoutComplex`."""
        raise _unwritten(str(func))

    def __repr__(self, **_: Any) -> str:  # type: ignore[override]
        """Return both parts."""
        return f"Pair({self.re!r}, {self.im!r})"

    def __complex__(self) -> complex:
        """Return the only number there is."""
        return complex(float(self.re), float(self.im))


def pair(re: Tensor, im: Tensor) -> Pair:
    """Return the complex tensor of two real ones of one shape."""
    found: Pair = Tensor._make_wrapper_subclass(Pair, re.shape, dtype=_COMPLEX[re.dtype], device=re.device)
    found.re, found.im = re, im
    return found


def as_pair(x: Tensor) -> Tensor:
    """Return a complex tensor from elsewhere as a pair, anything else as it is."""
    if isinstance(x, Pair) or not x.is_complex():
        return x
    with torch._C.DisableTorchFunction():
        return pair(torch.real(x), torch.imag(x))


class WithoutComplex(TorchFunctionMode):
    """Inside, no complex tensor is made."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Call ``func``, or what stands for it where complex numbers come in or out."""
        return _without_complex(func, args, kwargs or {})


def _without_complex(func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    name = getattr(func, "__name__", "")
    if name == "__get__":
        name = getattr(getattr(func, "__self__", None), "__name__", name)
    if name == "sort":  # ONNX has no order of equals; of values none is to be seen
        kwargs = {key: value for key, value in kwargs.items() if key != "stable"}
    given = list(_tensors((*args, *kwargs.values())))
    met = any(isinstance(value, Pair) for value in given)
    if not met and name not in _MAKERS and not _makes_complex(name, args, kwargs):
        return func(*args, **kwargs)
    with torch._C.DisableTorchFunctionSubclass():
        if name in _DESCRIBE:
            return func(*args, **kwargs)
        instead = _INSTEAD.get(name)
        if instead is not None:
            return instead(*args, **kwargs)
        if name in _EACH:
            parts = [func(*_part(args, k), **_part(kwargs, k)) for k in (0, 1)]
            return pair(*parts) if isinstance(parts[0], Tensor) else tuple(map(pair, *parts))
    raise _unwritten(name)


def _unwritten(name: str) -> Exception:
    return ParameterError(
        f"{name} of complex numbers is not written for export: docs/exports.md lists what can be exported"
    )


def _tensors(values: Any) -> Any:
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, tuple | list):
            yield from _tensors(value)


def _makes_complex(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    values = [*args, *kwargs.values()]
    if name in _ARITHMETIC and any(isinstance(value, complex) for value in values):
        return True
    return name in ("to", "type") and any(
        value in _COMPLEX.values() for value in values if isinstance(value, torch.dtype)
    )


def _both(value: Any) -> tuple[Any, Any]:
    """Return real and imaginary part of a pair, a real tensor or a number."""
    if isinstance(value, Pair):
        return value.re, value.im
    if isinstance(value, complex):
        return value.real, value.imag
    return value, None


def _part(values: Any, k: int) -> Any:
    """Return the arguments for one part: parts of pairs, nothing for the imaginary part of the real."""
    if isinstance(values, dict):
        return {name: _part(value, k) for name, value in values.items()}
    if isinstance(values, Pair):
        return values.im if k else values.re
    if isinstance(values, Tensor) and values.is_floating_point():
        return torch.zeros_like(values) if k else values
    if isinstance(values, tuple | list):
        return type(values)(_part(value, k) for value in values)
    return values


def _whole(re: Any, im: Any) -> Pair:
    if im is None:
        return pair(re, torch.zeros_like(re))
    re, im = torch.broadcast_tensors(re, im)  # type: ignore[no-untyped-call]
    return pair(re, im)


def _add(a: Any, b: Any, **_: Any) -> Pair:
    (ar, ai), (br, bi) = _both(a), _both(b)
    return _whole(ar + br, bi if ai is None else ai if bi is None else ai + bi)


def _negative(a: Any) -> Any:
    return pair(-a.re, -a.im) if isinstance(a, Pair) else -a


def _subtract(a: Any, b: Any) -> Pair:
    return _add(a, _negative(b))


def _times(multiply: Callable[[Any, Any], Any]) -> Callable[..., Pair]:
    def times(a: Any, b: Any) -> Pair:
        (ar, ai), (br, bi) = _both(a), _both(b)
        if ai is None:
            return _whole(multiply(ar, br), multiply(ar, bi))
        if bi is None:
            return _whole(multiply(ar, br), multiply(ai, br))
        return _whole(multiply(ar, br) - multiply(ai, bi), multiply(ar, bi) + multiply(ai, br))

    return times


_multiply = _times(lambda a, b: a * b)
_product = _times(lambda a, b: a @ b)


def _divide(a: Any, b: Any) -> Pair:
    br, bi = _both(b)
    if bi is None:
        return _whole(*(part if part is None else part / br for part in _both(a)))
    size = br * br + bi * bi
    return _multiply(a, _whole(br / size, -bi / size) if isinstance(b, Pair) else 1 / b)


def _abs(a: Pair) -> Tensor:
    total = a.re * a.re + a.im * a.im
    return torch.sqrt(total)


def _to(a: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """Return ``a`` elsewhere, or as complex numbers; the dtype of the parts follows."""
    wanted = [value for value in (*args, *kwargs.values()) if isinstance(value, torch.dtype)]
    real_dtype = {complex_: real for real, complex_ in _COMPLEX.items()}
    if wanted and wanted[0] not in real_dtype:
        raise ParameterError(f"complex numbers as {wanted[0]}: take their real part")
    args = tuple(real_dtype.get(value, value) if isinstance(value, torch.dtype) else value for value in args)
    kwargs = {k: real_dtype.get(v, v) if isinstance(v, torch.dtype) else v for k, v in kwargs.items()}
    re, im = _both(a)
    return _whole(re.to(*args, **kwargs), None if im is None else im.to(*args, **kwargs))


def _rfft(x: Tensor, n: int | None = None, dim: int = -1, **_: Any) -> Pair:
    n = x.shape[-1] if n is None else n
    return pair(*transform(_length(x, n), None, n=n, bins=n // 2 + 1, sign=-1))


def _fft(x: Tensor, n: int | None = None, dim: int = -1, **_: Any) -> Pair:
    re, im = _both(x)
    n = re.shape[-1] if n is None else n
    return pair(*transform(_length(re, n), im if im is None else _length(im, n), n=n, bins=n, sign=-1))


def _ifft(x: Tensor, n: int | None = None, dim: int = -1, **_: Any) -> Pair:
    re, im = _both(x)
    n = re.shape[-1] if n is None else n
    re, im = transform(_length(re, n), im if im is None else _length(im, n), n=n, bins=n, sign=1)
    return pair(re / n, im / n)


def _irfft(x: Pair, n: int | None = None, dim: int = -1, **_: Any) -> Tensor:
    """Return the real signal: that of the spectrum and its mirror image, the conjugate."""
    re, im = _both(x)
    n = 2 * (re.shape[-1] - 1) if n is None else n
    re, im = _length(re, n // 2 + 1), _length(torch.zeros_like(re) if im is None else im, n // 2 + 1)
    last = (n + 1) // 2
    re = torch.cat([re, re[..., 1:last].flip(-1)], -1)
    im = torch.cat([im, -im[..., 1:last].flip(-1)], -1)
    return transform(re, im, n=n, bins=n, sign=1)[0] / n


def _length(x: Tensor, n: int) -> Tensor:
    have = x.shape[-1]
    return x if have == n else torch.nn.functional.pad(x, (0, n - have)) if have < n else x[..., :n]


_ARITHMETIC: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(("add", "__add__", "__radd__"), _add),
    "sub": _subtract,
    "__sub__": _subtract,
    "__rsub__": lambda a, b: _subtract(b, a),
    **dict.fromkeys(("mul", "multiply", "__mul__", "__rmul__"), _multiply),
    **dict.fromkeys(("div", "divide", "true_divide", "__truediv__"), _divide),
    "__rtruediv__": lambda a, b: _divide(b, a),
    **dict.fromkeys(("matmul", "__matmul__"), _product),
    "__rmatmul__": lambda a, b: _product(b, a),
    **dict.fromkeys(("neg", "negative", "__neg__"), _negative),
}
# What makes complex numbers of real ones.
_MAKERS: dict[str, Callable[..., Any]] = {
    "fft_rfft": _rfft,
    "fft_fft": _fft,
    "fft_ifft": _ifft,
    "fft_irfft": _irfft,
    "complex": _whole,
    "polar": lambda size, angle: pair(size * torch.cos(angle), size * torch.sin(angle)),
    "view_as_complex": lambda a: pair(a[..., 0], a[..., 1]),
}
_INSTEAD: dict[str, Callable[..., Any]] = {
    **_ARITHMETIC,
    **_MAKERS,
    "to": _to,
    **dict.fromkeys(("abs", "absolute", "__abs__"), _abs),
    **dict.fromkeys(("conj", "conj_physical", "resolve_conj"), lambda a: pair(a.re, -a.im)),
    "linalg_vector_norm": lambda a, *args, **kwargs: torch.linalg.vector_norm(_abs(a), *args, **kwargs),
    "real": lambda a: a.re,
    "imag": lambda a: a.im,
    "angle": lambda a: torch.atan2(a.im, a.re),
    "view_as_real": lambda a: torch.stack([a.re, a.im], -1),
    "ones_like": lambda a, **_: _whole(torch.ones_like(a.re), None),
    "isfinite": lambda a: torch.isfinite(a.re) & torch.isfinite(a.im),
    "__complex__": Pair.__complex__,
}
# What looks at no value.
_DESCRIBE = frozenset(
    """shape dtype device ndim dim size numel is_complex is_floating_point requires_grad is_meta layout
    __len__ element_size names is_sparse is_cuda itemsize is_quantized""".split()  # noqa: SIM905 -- a table of words
)
# What is the same for both parts, and moves or adds up numbers without mixing them.
_EACH = frozenset(
    """__getitem__ broadcast_tensors broadcast_to cat chunk clone concat concatenate contiguous cumsum detach
    diff expand expand_dims flatten flip index_select mT T mean movedim moveaxis narrow pad permute ravel
    repeat reshape roll select split squeeze stack sum swapaxes take_along_dim tile transpose unbind unfold
    unsqueeze view where zeros_like""".split()  # noqa: SIM905 -- a table of words
)
