"""What `serrate generate` wrote of each definition: kernels, their parameters, and what a launch must know."""

from __future__ import annotations

import functools
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent
_CODES = {"u32": "I", "i32": "i", "f32": "f"}
_POINTER = 8

@dataclass(frozen=True, slots=True)
class Capture:
    """A value of the author's beside q, k and v. `argument` is its name in Python."""

    name: str
    argument: str
    kind: str  # scalar, perHead, perSequence, perToken, table, pair
    dtype: str  # i32, f32
    per_head: bool
    layout: str | None  # of pairs: dense, jagged
    columns: int | None

@dataclass(frozen=True, slots=True)
class Kernel:
    """One emitted text and how to launch it."""

    name: str
    file: str
    #: What it is for: any, hopper, or rows of `max_mean_rows` or fewer a sequence.
    path: str
    dtype: str
    head_dim: int
    value_dim: int
    block_m: int
    split: int
    pack: bool
    persistent: bool
    #: Sequences for which a block of the tile builder pays, and its blocks at most.
    builders: tuple[int, int]
    shared_bytes: int
    tiles_entries: int
    threads: dict[str, int]
    entry_points: dict[str, str]
    architectures: tuple[str, ...]
    buffers: tuple[str, ...]
    max_mean_rows: int | None
    #: Parameters after the pointers: where each value comes from.
    sources: tuple[str, ...]
    #: `struct Params` as C lays it out: pointers in the order of `buffers`, then 4-byte fields; a multiple of 8 bytes.
    params: struct.Struct

    @property
    def path_of_text(self) -> Path:
        inside = _PACKAGE / self.file
        return inside if inside.exists() else _PACKAGE.parent.parent / self.file

    def text(self) -> str:
        return self.path_of_text.read_text()

@dataclass(frozen=True, slots=True)
class Definition:
    name: str
    queries: str  # self, jagged, dense, broadcast
    align: str  # start, end
    lse: bool
    sm_scale: dict[str, Any]
    captures: tuple[Capture, ...]
    kernels: tuple[Kernel, ...]

    def dims(self) -> list[int]:
        return sorted({k.head_dim for k in self.kernels})

def _layout(buffers: list[str], types: list[str]) -> struct.Struct:
    padding = (-4 * len(types)) % _POINTER
    return struct.Struct(f"<{len(buffers)}Q{''.join(_CODES[t] for t in types)}{padding}x")

def _kernel(given: dict[str, Any], params: list[list[str]]) -> Kernel:
    return Kernel(
        name=given["kernel"], file=given["file"], path=given["path"], dtype=given["dtype"], head_dim=given["headDim"], value_dim=given["valueDim"], block_m=given["blockM"],
        split=given["split"], pack=given["pack"], persistent=given["persistent"], builders=tuple(given.get("builders", (1, 1))), shared_bytes=given["sharedBytes"], tiles_entries=given["tilesEntries"], threads=given["threads"],
        entry_points=given["entryPoints"], architectures=tuple(given["architectures"]), buffers=tuple(given["buffers"]), max_mean_rows=given.get("maxMeanRows"),
        sources=tuple(source for _, source in params), params=_layout(given["buffers"], [kind for kind, _ in params]),
    )

def _capture(given: dict[str, Any]) -> Capture:
    return Capture(given["name"], given["argument"], given["kind"], given["dtype"], given["perHead"], given.get("layout"), given.get("columns"))

@functools.cache
def definition(name: str) -> Definition:
    given = json.loads((_PACKAGE / "kernels" / f"{name}.json").read_text())
    return Definition(
        name=name, queries=given["layout"]["queries"], align=given["layout"]["align"], lse=given["lse"], sm_scale=given["smScale"],
        captures=tuple(_capture(c) for c in given["captures"]), kernels=tuple(_kernel(k, given["params"]) for k in given["kernels"]),
    )

def names() -> list[str]:
    return sorted(p.stem for p in (_PACKAGE / "kernels").glob("*.json"))
