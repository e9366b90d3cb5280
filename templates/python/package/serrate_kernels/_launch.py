"""One launch: checked and worked out once for a set of shapes, then only pointers change."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

import torch
from torch import Tensor

from . import _captures
from ._captures import PAIRS, Given, pack, pair_sums
from ._choose import choose
from ._errors import refuse
from ._geometry import Geometry, check_alignment, check_contiguous, check_devices, check_offset_values, geometry, strides_of
from ._loaded import Loaded, loaded
from ._manifest import Definition, Kernel

_TILE_WORDS = 8
_MAX_BLOCKS = 2**31 - 1
_MAX_ROWS = 2**31 - 2**17
_MAX_PARTIALS = 64 << 20
_KEPT = 1024

@dataclass(frozen=True, slots=True)
class Plan:
    """What does not depend on addresses. `loaded` is None where out has no element."""

    geometry: Geometry
    loaded: Loaded | None
    values: tuple[float, ...] = ()
    max_tiles: int = 0
    workspace_words: int = 0
    partial_words: int = 0
    parts: dict[str, list[str]] | None = None
    aligned: bool = True

def max_tiles(g: Geometry, block_m: int) -> int:
    """Query tiles that any lengths can need."""
    return g.rows // block_m + min((2 if g.align == "end" else 1) * g.sequences, g.rows) + 1

def scale_of(d: Definition, g: Geometry, scale: float | None, given: Given) -> float:
    kind = d.sm_scale["kind"]
    if kind == "const":
        return float(d.sm_scale["value"])
    if kind == "capture":
        return float(given[next(c.argument for c in d.captures if c.name == d.sm_scale["name"])])  # type: ignore[arg-type]
    return 1 / math.sqrt(max(g.head_dim, 1)) if scale is None else scale

def _words(x: Tensor | None) -> int:
    return 2 if x is not None and x.dtype == torch.int64 else 1

def _values(kernel: Kernel, g: Geometry, tiles: int, known: dict[str, float]) -> tuple[float, ...]:
    common = {"sequences": g.sequences, "heads": g.heads, "headGroup": g.heads // g.kv_heads, "rows": g.rows, "kvRows": g.kv_rows, "maxTiles": tiles, "queryRows": g.query_rows, "layoutFlags": g.flags}
    every = common | known
    return tuple(every[source] for source in kernel.sources)

def plan(d: Definition, q: Tensor, k: Tensor, v: Tensor, seq_offsets: Tensor | None, kv_offsets: Tensor | None, kv_index: Tensor | None, align: str, scale: float | None, given: Given) -> Plan:
    """Checks everything that shapes, strides, dtypes and devices can show; compiles and loads the kernel. Raises ArgumentError, UnavailableError."""
    g = geometry(d, q, k, v, seq_offsets, kv_offsets, kv_index, align)
    packed = pack(d, given, g)
    tensors = {name: x for name, x in given.items() if isinstance(x, Tensor)}
    check_devices({"k": k, "v": v, "seq_offsets": seq_offsets, "kv_offsets": kv_offsets, "kv_index": kv_index, **tensors}, q.device)
    check_contiguous({"seq_offsets": seq_offsets, "kv_offsets": kv_offsets, "kv_index": kv_index, **tensors})
    if g.rows == 0 or g.heads == 0 or g.value_dim == 0:
        return Plan(g, None)
    for name, rows in (("q", g.rows), ("k", g.kv_rows)):
        if rows > _MAX_ROWS:
            raise refuse(name, f"{rows} rows", f"One launch takes {_MAX_ROWS}: split the batch")
    device = q.device.index
    kernel = choose(d, g, device)
    tiles = max_tiles(g, kernel.block_m)
    if tiles * g.heads * kernel.split > _MAX_BLOCKS:
        raise refuse("q", f"{tiles} tiles of {g.heads} heads exceed a grid", "Split the batch")
    partials = tiles * g.heads * kernel.split * kernel.block_m * (g.value_dim + 2) if kernel.split > 1 else 0
    if 4 * partials > _MAX_PARTIALS:
        raise refuse("q", f"split keys need {4 * partials >> 20} MiB of partial sums", "Split the batch")
    known: dict[str, float] = {"offsetWords": _words(seq_offsets), "kvOffsetWords": _words(seq_offsets if kv_offsets is None else kv_offsets), "smScale": scale_of(d, g, scale, given), **packed.values}
    strides = {name: strides_of(name, x) for name, x in (("q", q), ("k", k), ("v", v))}
    known |= {f"{name}{what}Stride": value for name, s in strides.items() for what, value in (("Row", s.row), ("Head", s.head))}
    known |= {"outRowStride": g.heads * g.value_dim, "outHeadStride": g.value_dim, "lseRowStride": g.heads, "lseHeadStride": 1}
    aligned = (g.head_dim * q.element_size()) % 16 == 0 or (g.value_dim * q.element_size()) % 16 == 0
    return Plan(g, loaded(kernel, device), _values(kernel, g, tiles, known), tiles, kernel.tiles_entries + _TILE_WORDS * tiles, partials, packed.parts, aligned)

_plans: dict[tuple[object, ...], Plan] = {}

def _signature(x: object) -> object:
    return (x.shape, x.stride(), x.dtype, x.device) if isinstance(x, Tensor) else x

def _planned(d: Definition, q: Tensor, k: Tensor, v: Tensor, seq_offsets: Tensor | None, kv_offsets: Tensor | None, kv_index: Tensor | None, align: str, scale: float | None, given: Given) -> Plan:
    key = (d.name, *map(_signature, (q, k, v, seq_offsets, kv_offsets, kv_index, align, scale)), *map(_signature, given.values()), os.environ.get("SERRATE_PATH"))
    found = _plans.get(key)
    if found is None:
        found = plan(d, q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, given)
        if len(_plans) >= _KEPT:
            _plans.clear()
        _plans[key] = found
    return found

def run(d: Definition, q: Tensor, k: Tensor, v: Tensor, seq_offsets: Tensor | None, kv_offsets: Tensor | None, kv_index: Tensor | None, align: str, scale: float | None, given: Given) -> tuple[Tensor, Tensor | None]:
    """Queues the kernels on q's current stream. Memory comes from PyTorch's allocator; the device is never waited for."""
    device = q.device.index
    if device != torch.cuda.current_device():
        with torch.cuda.device(device):
            return run(d, q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, given)
    p = _planned(d, q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, given)
    g = p.geometry
    if os.environ.get("SERRATE_CHECK_OFFSETS") == "1":
        check_offset_values("seq_offsets", seq_offsets, g.rows)
        check_offset_values("kv_offsets", kv_offsets, g.kv_rows)
    out = q.new_empty(g.out_shape)
    lse = q.new_empty(g.lse_shape, dtype=torch.float32) if d.lse else None
    if p.loaded is None:
        return out, lse if lse is None else lse.fill_(-math.inf)
    tiles = torch.empty(p.workspace_words, dtype=torch.int32, device=q.device)
    keys = seq_offsets if kv_offsets is None else kv_offsets
    offsets = keys if seq_offsets is None else seq_offsets  # of dense queries never read
    assert keys is not None and offsets is not None
    buffers = {"q": q, "k": k, "v": v, "out": out, "tiles": tiles, "seq_offsets": offsets, "kv_offsets": keys, "kv_index": tiles if kv_index is None else kv_index}
    if lse is not None:
        buffers["lse"] = lse
    if p.partial_words:
        buffers["partials"] = torch.empty(p.partial_words, dtype=torch.float32, device=q.device)
    assert p.parts is not None
    for dtype, names in p.parts.items():
        if names:
            buffers[f"captures_{dtype}"] = _captures.join([pair_sums(g, seq_offsets, kv_offsets, kv_index) if name == PAIRS else given[name] for name in names])  # type: ignore[misc]
    pointers = [buffers[name].data_ptr() for name in p.loaded.kernel.buffers]
    if p.aligned:
        for name, address in zip("qkv", pointers, strict=False):
            check_alignment(name, address)
    p.loaded.launch(pointers, p.values, g.sequences, p.max_tiles, g.heads, torch.cuda.current_stream(device).cuda_stream)
    return out, lse
