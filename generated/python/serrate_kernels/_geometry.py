"""Where sequences, rows and heads lie in a launch, from shapes alone: no length is read from the device."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ._errors import ArgumentError, refuse
from ._manifest import Definition

DTYPES = {torch.float32: "f32", torch.float16: "f16", torch.bfloat16: "bf16"}
BROADCAST, ALIGN_END, KV_INDEX = 1, 2, 4  # bits of layout_flags
_U32 = 2**32 - 1
_VECTOR_BYTES = 16

@dataclass(frozen=True, slots=True)
class Geometry:
    queries: str
    align: str
    dtype: str
    sequences: int
    #: Rows of out: query rows, or sequences times query_rows.
    rows: int
    kv_rows: int
    #: T of dense and broadcast queries, else 0.
    query_rows: int
    heads: int
    kv_heads: int
    head_dim: int
    value_dim: int
    out_shape: tuple[int, ...]
    shared_keys: bool

    @property
    def flags(self) -> int:
        return BROADCAST * (self.queries == "broadcast") | ALIGN_END * (self.align == "end") | KV_INDEX * self.shared_keys

    @property
    def lse_shape(self) -> tuple[int, ...]:
        return self.out_shape[:-1]

def shape(x: Tensor) -> str:
    return str(list(x.shape))

def _rank(name: str, x: Tensor, wanted: dict[int, str]) -> None:
    if x.dim() not in wanted:
        raise refuse(name, f"got shape {shape(x)}", f"Give {' or '.join(wanted.values())}")

def queries_of(d: Definition, q: Tensor, seq_offsets: Tensor | None, kv_offsets: Tensor | None) -> str:
    """The layout that the given arguments say."""
    if kv_offsets is None:
        if seq_offsets is None:
            need = "seq_offsets" if d.queries in ("self", "jagged") else "kv_offsets"
            raise refuse(need, f"{d.name} needs it", "Give int32 or int64 offsets of B + 1 rows, the first 0, as torch.nested and cu_seqlens have them")
        return "self"
    if seq_offsets is not None:
        return "jagged"
    return "dense" if q.dim() == 4 else "broadcast"

def geometry(d: Definition, q: Tensor, k: Tensor, v: Tensor, seq_offsets: Tensor | None, kv_offsets: Tensor | None, kv_index: Tensor | None, align: str) -> Geometry:
    """Checks ranks, shapes and dtypes. Raises ArgumentError."""
    if align not in ("start", "end"):
        raise refuse("align", f"got {align!r}", "Give 'start' (query i has position i) or 'end' (the last query has the last key's position)")
    queries = queries_of(d, q, seq_offsets, kv_offsets)
    if q.dtype not in DTYPES:
        raise refuse("q", f"dtype {q.dtype}", "Use torch.bfloat16, torch.float16 or torch.float32")
    for name, x in (("k", k), ("v", v)):
        if x.dtype != q.dtype:
            raise refuse(name, f"dtype {x.dtype}, and q has {q.dtype}", f"Pass {name}.to({q.dtype})")
        _rank(name, x, {3: "[kv rows, kv heads, head dim]"})
    _rank("q", q, {4: "[B, T, heads, head dim]"} if queries == "dense" else {3: "[T, heads, head dim]" if queries == "broadcast" else "[rows, heads, head dim]"})
    heads, head_dim = q.shape[-2], q.shape[-1]
    kv_heads, value_dim = k.shape[1], v.shape[2]
    if k.shape[2] != head_dim:
        raise refuse("k", f"head dim {k.shape[2]}, and q has {head_dim}", "Give q and k one head dim")
    if v.shape[0] != k.shape[0] or v.shape[1] != kv_heads:
        raise refuse("v", f"got shape {shape(v)}, and k is {shape(k)}", "Give k and v the same rows and heads")
    if heads > 0 and (kv_heads == 0 or heads % kv_heads != 0):
        raise refuse("k", f"{kv_heads} heads, and q has {heads}", "The number of k's heads must divide q's")
    keys = seq_offsets if kv_offsets is None else kv_offsets
    assert keys is not None
    for name, x in (("seq_offsets", seq_offsets), ("kv_offsets", kv_offsets)):
        _check_offsets(name, x)
    if queries == "self" and k.shape[0] != q.shape[0]:
        raise refuse("k", f"{k.shape[0]} rows, and q has {q.shape[0]}", "Give them as many rows, or give the keys offsets of their own: kv_offsets")
    key_sequences = keys.shape[0] - 1
    sequences = q.shape[0] if queries == "dense" else seq_offsets.shape[0] - 1 if seq_offsets is not None else kv_index.shape[0] if kv_index is not None else key_sequences
    _check_index(kv_index, sequences, key_sequences)
    query_rows = q.shape[-3] if queries in ("dense", "broadcast") else 0
    lead = (sequences, query_rows) if queries in ("dense", "broadcast") else (q.shape[0],)
    rows = sequences * query_rows if query_rows else lead[0] if len(lead) == 1 else 0
    return Geometry(queries, align, DTYPES[q.dtype], sequences, rows, k.shape[0], query_rows, heads, max(kv_heads, 1), head_dim, value_dim, (*lead, heads, value_dim), kv_index is not None)

def _check_offsets(name: str, x: Tensor | None) -> None:
    if x is None:
        return
    if x.dtype not in (torch.int32, torch.int64):
        raise refuse(name, f"dtype {x.dtype}", "Use torch.int32 or torch.int64")
    if x.dim() != 1 or x.shape[0] == 0:
        raise refuse(name, f"got shape {shape(x)}", "Give B + 1 offsets in one dimension, the first 0")

def _check_index(kv_index: Tensor | None, sequences: int, key_sequences: int) -> None:
    if kv_index is None:
        if key_sequences != sequences:
            raise refuse("kv_offsets", f"{key_sequences} key sequences, and {sequences} of queries", "Give as many, or say which one each query sequence reads: kv_index, int32 [B]")
    elif kv_index.dtype != torch.int32 or kv_index.dim() != 1 or kv_index.shape[0] != sequences:
        raise refuse("kv_index", f"got {kv_index.dtype} {shape(kv_index)}", f"Give torch.int32 [{sequences}], the key sequence that each query sequence reads")

@dataclass(frozen=True, slots=True)
class Strides:
    row: int
    head: int

def strides_of(name: str, x: Tensor) -> Strides:
    """Elements from row to row and from head to head. Raises ArgumentError where a kernel cannot walk the tensor."""
    row, head, last = x.stride()[-3:]
    dim = x.shape[-1]
    contiguous = f"Pass {name}.contiguous()"
    if last != 1 and dim > 1:
        raise refuse(name, f"strides {list(x.stride())}, the last one not 1", contiguous)
    if x.dim() == 4 and x.shape[0] > 1 and x.stride(0) != x.shape[1] * row:
        raise refuse(name, f"strides {list(x.stride())}: [B, T] does not collapse to rows", contiguous)
    unit = max(1, _VECTOR_BYTES // x.element_size())
    for what, stride, count in (("row", row, x.shape[-3]), ("head", head, x.shape[-2])):
        if count <= 1:
            continue
        if stride == 0:
            raise refuse(name, f"{what} stride 0 (an expanded tensor)", f"{contiguous}; fewer k and v heads than q's need no expanding")
        if stride > _U32:
            raise refuse(name, f"{what} stride {stride}", f"Strides must stay below 2^32 elements. {contiguous}")
        if (dim * x.element_size()) % _VECTOR_BYTES == 0 and stride % unit != 0:
            raise refuse(name, f"{what} stride {stride}, not a multiple of {unit} elements ({_VECTOR_BYTES} bytes)", contiguous)
    return Strides(row if x.shape[-3] > 1 else x.shape[-2] * dim, head if x.shape[-2] > 1 else dim)

def check_devices(tensors: dict[str, Tensor | None], device: torch.device) -> None:
    for name, x in tensors.items():
        if x is not None and x.device != device:
            raise refuse(name, f"on {x.device}, and q on {device}", f"Pass {name}.to({str(device)!r})")

def check_contiguous(tensors: dict[str, Tensor | None]) -> None:
    for name, x in tensors.items():
        if x is not None and not x.is_contiguous():
            raise refuse(name, f"strides {list(x.stride())} of shape {shape(x)}", f"Pass {name}.contiguous()")

def check_alignment(name: str, address: int) -> None:
    if address % _VECTOR_BYTES:
        raise refuse(name, f"starts {address % _VECTOR_BYTES} bytes past a multiple of {_VECTOR_BYTES}", f"A view with such a storage offset cannot be read in vectors: pass {name}.clone()")

def check_offset_values(name: str, offsets: Tensor | None, rows: int) -> None:
    """Reads offsets back to check them; only with SERRATE_CHECK_OFFSETS=1, since it waits for the device."""
    if offsets is None:
        return
    values = offsets.tolist()
    if values[0] != 0:
        raise refuse(name, f"starts with {values[0]}", "The first offset is 0")
    for i, (before, value) in enumerate(zip(values, values[1:], strict=False)):
        if value < before:
            raise refuse(name, f"goes down at {i + 1}: {before}, then {value}", "Offsets never go down")
    if values[-1] > rows:
        raise refuse(name, f"ends with {values[-1]}, and there are {rows} rows", "Give as many rows as the last offset")

__all__ = ["ArgumentError", "Geometry", "Strides", "geometry"]
