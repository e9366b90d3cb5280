"""An author's captures: checked, and laid one after another in one buffer a dtype, as kernels read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ._errors import ArgumentError, refuse
from ._geometry import Geometry, shape
from ._manifest import Capture, Definition

TORCH = {"i32": torch.int32, "f32": torch.float32}
_I32 = 2**31

#: By capture name; a perToken capture of two sides under `NAME` (queries) and `NAME_kv` (keys).
Given = Mapping[str, Tensor | float | None]

@dataclass(slots=True)
class Packed:
    """Where arrays go. `parts`: argument names by dtype, in order; `PAIRS` stands for the exclusive sums of qLen * kvLen."""

    values: dict[str, float] = field(default_factory=dict)
    parts: dict[str, list[str]] = field(default_factory=lambda: {"i32": [], "f32": []})
    _length: dict[str, int] = field(default_factory=lambda: {"i32": 0, "f32": 0})

    def add(self, dtype: str, name: str, elements: int) -> int:
        base = self._length[dtype]
        self.parts[dtype].append(name)
        self._length[dtype] = base + elements
        return base

PAIRS = "pairs"

def _tensor(c: Capture, given: Given, argument: str, shapes: dict[tuple[int | None, ...], str]) -> Tensor:
    """A tensor of the capture's dtype and one of the shapes; None fits any size."""
    x = given.get(argument)
    wanted = " or ".join(shapes.values())
    if not isinstance(x, Tensor):
        raise refuse(argument, f"got {x!r}", f"Give a {TORCH[c.dtype]} tensor {wanted}")
    if x.dtype != TORCH[c.dtype]:
        raise refuse(argument, f"dtype {x.dtype}", f"Pass {argument}.to({TORCH[c.dtype]})")
    if not any(len(s) == x.dim() and all(n is None or n == have for n, have in zip(s, x.shape, strict=True)) for s in shapes):
        raise refuse(argument, f"got shape {shape(x)}", f"Give {wanted}")
    return x

def _scalar(c: Capture, given: Given) -> float:
    value = given.get(c.argument)
    if not isinstance(value, int | float):
        raise refuse(c.argument, f"got {value!r}", f"Give {'an int' if c.dtype == 'i32' else 'a float'}")
    if c.dtype == "i32" and (value != int(value) or not -_I32 <= value < _I32):
        raise refuse(c.argument, f"got {value}", "Give a whole number that fits 32 bits")
    return int(value) if c.dtype == "i32" else float(value)

def _group(c: Capture, arrays: int, g: Geometry) -> int:
    if arrays == 0 or g.heads % max(arrays, 1) != 0:
        raise refuse(c.argument, f"{arrays} arrays for {g.heads} heads", "Their number must divide the heads")
    return max(1, g.heads // arrays)

def _scalars(c: Capture, given: Given, _g: Geometry, p: Packed) -> None:
    p.values[f"scalar:{c.name}"] = _scalar(c, given)

def _per_head(c: Capture, given: Given, g: Geometry, p: Packed) -> None:
    x = _tensor(c, given, c.argument, {(g.heads,): f"[heads] = [{g.heads}]"})
    p.values[f"base:{c.name}"] = p.add(c.dtype, c.argument, x.numel())

def _per_sequence(c: Capture, given: Given, g: Geometry, p: Packed) -> None:
    x = _tensor(c, given, c.argument, {(g.sequences,): f"[sequences] = [{g.sequences}]"})
    p.values[f"base:{c.name}"] = p.add(c.dtype, c.argument, x.numel())

def _per_token(c: Capture, given: Given, g: Geometry, p: Packed) -> None:
    keys, columns = f"{c.argument}_kv", (c.columns,) if c.columns else ()
    text = f", {c.columns}" if c.columns else ""
    query_rows = g.query_rows if g.queries == "broadcast" else g.rows
    x = _tensor(c, given, c.argument, {(query_rows, *columns): f"[query rows{text}] = [{query_rows}{text}]"})
    p.values[f"base:{c.name}"] = p.values[f"baseKv:{c.name}"] = p.add(c.dtype, c.argument, x.numel())
    if given.get(keys) is not None:
        y = _tensor(c, given, keys, {(g.kv_rows, *columns): f"[kv rows{text}] = [{g.kv_rows}{text}]"})
        p.values[f"baseKv:{c.name}"] = p.add(c.dtype, keys, y.numel())
    elif g.queries != "self":
        raise refuse(c.argument, f"one tensor, and queries are {g.queries}", "Give a pair (queries' values, keys' values)")

def _table(c: Capture, given: Given, g: Geometry, p: Packed) -> None:
    x = _tensor(c, given, c.argument, {(g.heads, None): f"[heads, length] = [{g.heads}, length]"} if c.per_head else {(None,): "[length]"})
    if x.numel() == 0 and g.heads > 0:
        raise refuse(c.argument, "an empty table", "Give at least one entry")
    p.values[f"length:{c.name}"] = x.shape[-1]
    p.values[f"base:{c.name}"] = p.add(c.dtype, c.argument, x.numel())

def _pair(c: Capture, given: Given, g: Geometry, p: Packed) -> None:
    b = g.sequences
    if c.layout == "dense":
        shapes: dict[tuple[int | None, ...], str] = {(b, None, None): f"[sequences, rows, columns] = [{b}, rows, columns]"}
        if c.per_head:
            shapes[(b, None, None, None)] = f"[{b}, Hr, rows, columns]"
        x = _tensor(c, given, c.argument, shapes)
        p.values |= {f"rows:{c.name}": x.shape[-2], f"columns:{c.name}": x.shape[-1], f"headStride:{c.name}": 0}
        arrays = x.shape[1] if x.dim() == 4 else 1
    else:
        x = _tensor(c, given, c.argument, {(None,): "[sum of qLen * kvLen]"} | ({(None, None): "[Hr, sum of qLen * kvLen]"} if c.per_head else {}))
        p.values |= {f"rows:{c.name}": 0, f"columns:{c.name}": 0, f"headStride:{c.name}": x.shape[-1]}
        arrays = x.shape[0] if x.dim() == 2 else 1
    p.values[f"group:{c.name}"] = _group(c, arrays, g)
    p.values[f"base:{c.name}"] = p.add(c.dtype, c.argument, x.numel())

_KINDS = {"scalar": _scalars, "perHead": _per_head, "perSequence": _per_sequence, "perToken": _per_token, "table": _table, "pair": _pair}

def pack(d: Definition, given: Given, g: Geometry) -> Packed:
    """Checks captures against their declarations and says where each goes. Raises ArgumentError."""
    packed = Packed()
    for c in d.captures:
        _KINDS[c.kind](c, given, g, packed)
    if any(c.kind == "pair" and c.layout == "jagged" for c in d.captures):
        packed.values[f"base:{PAIRS}"] = packed.add("i32", PAIRS, g.sequences + 1)
    return packed

def pair_sums(g: Geometry, seq_offsets: Tensor | None, kv_offsets: Tensor | None, kv_index: Tensor | None) -> Tensor:
    """Exclusive sums of qLen * kvLen, int32 [B + 1], made on the device."""
    keys = seq_offsets if kv_offsets is None else kv_offsets
    assert keys is not None
    kv_len = keys.diff() if kv_index is None else keys.diff()[kv_index]
    q_len = seq_offsets.diff() if seq_offsets is not None else g.query_rows
    sums = torch.zeros(g.sequences + 1, dtype=torch.int32, device=keys.device)
    torch.cumsum(kv_len * q_len, 0, dtype=torch.int32, out=sums[1:])
    return sums

def join(parts: list[Tensor]) -> Tensor:
    """One buffer: the tensor itself where there is one."""
    return parts[0] if len(parts) == 1 else torch.cat([x.reshape(-1) for x in parts])

__all__ = ["ArgumentError", "Packed", "pack"]
