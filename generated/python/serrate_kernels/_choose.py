"""Which of a definition's kernels runs a launch: shapes and the device decide, never lengths."""

from __future__ import annotations

import os

import torch

from ._errors import UnavailableError, refuse
from ._geometry import Geometry
from ._manifest import Definition, Kernel

def _mean_rows(g: Geometry) -> float:
    return g.rows / max(g.sequences, 1)

def _fits(kernel: Kernel, g: Geometry, capability: tuple[int, int], shared: int) -> bool:
    major, minor = capability
    if kernel.shared_bytes > shared:
        return False
    if kernel.pack and (g.queries != "self" or g.shared_keys or g.align != "start"):
        return False
    return (major, minor) == (9, 0) if kernel.architectures == ("sm_90a",) else major >= 8

def _suits(kernel: Kernel, g: Geometry) -> bool:
    return kernel.max_mean_rows is None or _mean_rows(g) <= kernel.max_mean_rows

def choose(d: Definition, g: Geometry, device: int) -> Kernel:
    """The first kernel in the emitted order that fits dtype, dims, device and the mean rows of a sequence. SERRATE_PATH names a path to take alone."""
    same = [k for k in d.kernels if k.dtype == g.dtype and (k.head_dim, k.value_dim) == (g.head_dim, g.value_dim)]
    if not same:
        known = ", ".join(str(n) for n in d.dims())
        raise refuse("q", f"head dim {g.head_dim}, value dim {g.value_dim} in {g.dtype}: {d.name} is emitted here for head dims {known}", f"Pad with zeros to one of them and pass scale, or emit that kernel: `serrate build {d.name}`")
    properties = torch.cuda.get_device_properties(device)
    capability = (properties.major, properties.minor)
    shared = getattr(properties, "shared_memory_per_block_optin", 227 * 1024 if capability == (9, 0) else 99 * 1024)
    fitting = [k for k in same if _fits(k, g, capability, shared)]
    wanted = os.environ.get("SERRATE_PATH")
    if wanted is not None:
        fitting = [k for k in fitting if k.path == wanted]
    else:
        fitting = [k for k in fitting if _suits(k, g)]
    if not fitting:
        paths = ", ".join(sorted({k.path for k in same}))
        raise UnavailableError(f"no kernel of {d.name} ({g.dtype}, head dim {g.head_dim}; paths {paths}) runs on {properties.name}, compute capability {properties.major}.{properties.minor}{f', with SERRATE_PATH={wanted}' if wanted else ''}.")
    return fitting[0]
