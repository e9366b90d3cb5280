"""The functions as PyTorch operators `torch.ops.serrate.*`: CUDA, fake tensors for torch.compile, and no backward yet."""

from __future__ import annotations

import torch
from torch import Tensor

from . import _launch
from ._captures import Given
from ._errors import refuse
from ._geometry import geometry
from ._manifest import Capture, Definition, definition

library = torch.library.Library("serrate", "FRAGMENT")

_SCALARS = {"i32": "SymInt", "f32": "float"}
_FIXED = ("q", "k", "v", "seq_offsets", "kv_offsets", "kv_index", "align", "scale")

def _schema(c: Capture) -> list[str]:
    if c.kind == "scalar":
        return [f"{_SCALARS[c.dtype]} {c.argument}"]
    return [f"Tensor {c.argument}", *([f"Tensor? {c.argument}_kv"] if c.kind == "perToken" else [])]

def _arguments(d: Definition) -> list[str]:
    return [text.split()[1] for c in d.captures for text in _schema(c)]

def schema(d: Definition) -> str:
    captures = "".join(f", {text}" for c in d.captures for text in _schema(c))
    result = "(Tensor, Tensor)" if d.lse else "Tensor"
    return f"{d.name}(Tensor q, Tensor k, Tensor v, Tensor? seq_offsets, Tensor? kv_offsets, Tensor? kv_index, str align, float? scale{captures}) -> {result}"

def register(name: str) -> None:
    """Defines torch.ops.serrate.NAME."""
    d = definition(name)
    arguments = _arguments(d)

    def given(captures: tuple[Tensor | float | None, ...]) -> Given:
        return dict(zip(arguments, captures, strict=True))

    def on_cuda(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, *captures):  # type: ignore[no-untyped-def]
        out, lse = _launch.run(d, q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, given(captures))
        return (out, lse) if d.lse else out

    def on_cpu(q, k, v, *rest):  # type: ignore[no-untyped-def]
        raise refuse("q", f"on {q.device}", f"{name} runs on CUDA devices: pass tensors.to('cuda')")

    def fake(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, *captures):  # type: ignore[no-untyped-def]
        g = geometry(d, q, k, v, seq_offsets, kv_offsets, kv_index, align)
        out = q.new_empty(g.out_shape)
        return (out, q.new_empty(g.lse_shape, dtype=torch.float32)) if d.lse else out

    def no_backward(_context, *_grads):  # type: ignore[no-untyped-def]
        raise NotImplementedError(f"serrate_kernels.{name} has no backward yet. Call it under torch.no_grad(), or on q.detach(), k.detach() and v.detach().")

    operator = f"serrate::{name}"
    library.define(schema(d), tags=(torch.Tag.pt2_compliant_tag,))
    library.impl(name, on_cuda, "CUDA")
    library.impl(name, on_cpu, "CPU")
    torch.library.register_fake(operator, fake, lib=library)
    torch.library.register_autograd(operator, no_backward, setup_context=None, lib=library)

def sides(name: str, value: Tensor | tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor | None]:
    """Queries' and keys' values of a perToken capture."""
    if isinstance(value, Tensor):
        return value, None
    if not (isinstance(value, tuple) and len(value) == 2):
        raise refuse(name, f"got {type(value).__name__}", "Give a tensor, or a pair (queries' values, keys' values)")
    return value
