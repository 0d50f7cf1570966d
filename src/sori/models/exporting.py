"""Models as ONNX: excerpts to scores inside a model file, and whole recordings to scores for anybody.

The graph that is handed out takes mono samples ``(time,)`` of any length at the model's rate, cuts its
excerpts, fills up what is shorter than one, and averages: whoever runs it needs ONNX Runtime and nothing of
us.
"""

from __future__ import annotations

import contextlib
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.errors import MissingExtra, ModelError
from sori.features.recipes import Recipe
from sori.models.decision import Decision
from sori.models.model import SoundModel
from sori.models.model_file import arrays_of

try:
    import onnx
    import torch
    from onnx import TensorProto, helper, numpy_helper
    from torch import Tensor, nn
except ImportError as absent:
    raise MissingExtra("export needs PyTorch and onnx: pip install 'sori[train]'") from absent

__all__ = ["excerpt_network", "whole_network"]

_OPSET = 18
_TOLERANCE = 1e-3  # of a score, which lies between 0 and 1


class _Summary(nn.Module):
    """Summary features and their classifier in PyTorch, to be exported."""

    mean: Tensor
    deviation: Tensor
    components: Tensor | None
    support: Tensor | None
    planes: Tensor
    bias: Tensor
    votes: Tensor | None
    offset: Tensor

    def __init__(self, decision: Decision, recipe: Recipe) -> None:
        super().__init__()
        self.decision, self.recipe = decision, recipe
        for name in ("mean", "deviation", "components", "support", "planes", "bias", "votes", "offset"):
            value = getattr(decision, name)
            self.register_buffer(name, None if value is None else torch.tensor(value, dtype=torch.float32))

    def forward(self, samples: Tensor) -> tuple[Tensor, Tensor]:
        from sori.features.recipes import feature_vector

        vectors = feature_vector(samples, sample_rate=self.recipe.sample_rate, recipe=self.recipe)
        x = reduced = (vectors - self.mean) / self.deviation
        if self.components is not None:
            x = reduced = x @ self.components
        if self.support is not None:
            squared = (x * x).sum(-1, keepdim=True) + (self.support**2).sum(-1) - 2 * x @ self.support.T
            x = torch.exp(-self.decision.gamma * squared.clamp(min=0.0))
        found = x @ self.planes + self.bias
        if self.votes is not None:
            found = torch.tanh(found) @ self.votes
        logits = found * self.decision.scale + self.offset
        return (logits.sigmoid() if self.decision.multi_label else logits.softmax(-1)), reduced


def _sorted(self: Any, stable: bool = False, dim: int = -1, descending: bool = False) -> Any:
    """Return the operators that sort, which the exporter lacks; percentiles need them."""
    from onnxscript import opset18 as op

    length: Any = op.Gather(op.Shape(self), op.Constant(value_ints=[dim]))  # type: ignore[type-var]
    return op.TopK(self, length, axis=dim, largest=int(descending), sorted=1)


@contextlib.contextmanager
def _silent(name: str) -> Iterator[None]:
    """Let a library log errors only: what it says of other libraries that are not here helps nobody."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def excerpt_network(network: nn.Module, excerpt_samples: int) -> bytes:
    """Return a network of excerpts as ONNX: ``samples`` (batch, samples) to ``scores`` and ``embedding``."""
    example = torch.zeros(2, excerpt_samples)
    example[:, ::97] = 0.1
    with warnings.catch_warnings(), _silent("torch.onnx"):
        warnings.simplefilter("ignore")  # torch, of itself
        program = torch.onnx.export(
            network.eval(),
            (example,),
            dynamo=True,
            dynamic_shapes=({0: torch.export.Dim.DYNAMIC},),
            input_names=["samples"],
            output_names=["scores", "embedding"],
            opset_version=_OPSET,
            custom_translation_table={torch.ops.aten.sort.stable: _sorted},
            verbose=False,
        )
    assert program is not None
    found: bytes = program.model_proto.SerializeToString()
    return found


def whole_network(model: SoundModel) -> bytes:
    """Return a model as ONNX: mono ``samples`` (time,) to ``scores`` (classes,) and ``embedding`` (width,).

    Checked against the model itself on noise of four lengths.

    Raises
    ------
    ModelError
        The graph does not say what the model says.
    """
    if model.card["kind"] == "summary":
        decision = Decision.from_arrays(arrays_of(model.parts["decision.npz"]))
        inner = excerpt_network(
            _Summary(decision, Recipe.from_dict(model.card["recipe"])), model.excerpt_samples
        )
    else:
        inner = model.parts["network.onnx"]
    made = _around(onnx.load_from_string(inner), model)
    onnx.checker.check_model(made)
    data: bytes = made.SerializeToString()
    _check(data, model)
    return data


def _around(inner: Any, model: SoundModel) -> Any:
    """Put the cutting into excerpts before a graph, and the averaging behind it."""
    graph = inner.graph
    prefix = "excerpt_"
    _rename(
        graph, {"samples": f"{prefix}samples", "scores": f"{prefix}scores", "embedding": f"{prefix}embedding"}
    )
    length = model.excerpt_samples
    hop = max(1, length // 2)
    constants = {
        "length": np.array(length, np.int64),
        "hop": np.array(hop, np.int64),
        "hop_less_one": np.array(hop - 1, np.int64),
        "zero": np.array(0, np.int64),
        "one": np.array(1, np.int64),
        "first_axis": np.array([0], np.int64),
        "second_axis": np.array([1], np.int64),
        "positions": np.arange(length, dtype=np.int64)[None],
    }

    def node(kind: str, inputs: list[str], output: str, **more: Any) -> Any:
        return helper.make_node(kind, inputs, [f"cut_{output}"], **more)

    def c(name: str) -> str:
        return f"cut_{name}"

    before = [
        node("Shape", ["samples"], "shape"),
        node("Gather", [c("shape"), c("zero")], "time", axis=0),
    ]
    if model.fill == "repeat":
        source = "samples"
    else:
        before += [
            node("Sub", [c("length"), c("time")], "lacking"),
            node("Max", [c("lacking"), c("zero")], "missing"),
            node("Unsqueeze", [c("missing"), c("first_axis")], "missing_1"),
            node("Concat", [c("first_axis"), c("missing_1")], "pads", axis=0),
            node("Pad", ["samples", c("pads")], "padded"),
        ]
        source = c("padded")
    before += [
        # Excerpts begin every `hop`, the last one where it ends with the recording.
        node("Sub", [c("time"), c("length")], "beyond"),
        node("Max", [c("beyond"), c("zero")], "last"),
        node("Add", [c("last"), c("hop_less_one")], "rounded"),
        node("Div", [c("rounded"), c("hop")], "hops"),
        node("Add", [c("hops"), c("one")], "count"),
        node("Range", [c("zero"), c("count"), c("one")], "numbers"),
        node("Mul", [c("numbers"), c("hop")], "steps"),
        node("Min", [c("steps"), c("last")], "starts"),
        node("Unsqueeze", [c("starts"), c("second_axis")], "columns"),
        node("Add", [c("columns"), c("positions")], "places"),
    ]
    places = c("places")
    if model.fill == "repeat":
        before.append(node("Mod", [places, c("time")], "wrapped"))
        places = c("wrapped")
    before.append(helper.make_node("Gather", [source, places], [f"{prefix}samples"], axis=0))
    after = [
        helper.make_node("ReduceMean", [f"{prefix}{name}", c("first_axis")], [name], keepdims=0)
        for name in ("scores", "embedding")
    ]
    made = helper.make_graph(
        [*before, *graph.node, *after],
        "sori",
        [helper.make_tensor_value_info("samples", TensorProto.FLOAT, ["time"])],
        [
            helper.make_tensor_value_info("scores", TensorProto.FLOAT, [len(model.labels)]),
            helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["width"]),
        ],
        [*graph.initializer, *(numpy_helper.from_array(v, c(name)) for name, v in constants.items())],
    )
    whole = helper.make_model(made, opset_imports=inner.opset_import, functions=inner.functions)
    whole.ir_version = inner.ir_version
    about = {
        "labels": json.dumps(model.labels, ensure_ascii=False),
        "sample_rate": str(model.sample_rate),
        "multi_label": json.dumps(model.multi_label),
        "card": json.dumps(
            {name: model.card[name] for name in _TOLD if name in model.card}, ensure_ascii=False
        ),
    }
    helper.set_model_props(whole, about)
    return whole


_TOLD = ("kind", "name", "made_by", "data", "options", "figures")


def _rename(graph: Any, names: dict[str, str]) -> None:
    for node in graph.node:
        for place in (node.input, node.output):
            for number, name in enumerate(place):
                if name in names:
                    place[number] = names[name]


def _check(data: bytes, model: SoundModel) -> None:
    import onnxruntime

    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(0)
    length = model.excerpt_samples
    for size in (length, max(1, length // 3), length + 1, 2 * length + length // 3):
        samples = (0.1 * rng.standard_normal(size)).astype(np.float32)
        found: NDArray[Any] = session.run(["scores"], {"samples": samples})[0]
        wanted = model.hear(samples, sample_rate=model.sample_rate).scores
        if not np.abs(found - wanted).max() <= _TOLERANCE:
            raise ModelError(
                f"the exported graph differs by {np.abs(found - wanted).max():.2g} from the model on"
                f" {size} samples; it was not written"
            )
