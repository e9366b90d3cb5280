"""Compiles kernels ahead of their first use: python -m serrate_kernels [NAME ...] [--dtype bf16 ...] [--jobs N]."""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import torch

from ._cache import cubin_of, folder
from ._compiler import compiler
from ._manifest import Kernel, definition, names

def _architectures(kernel: Kernel, plain: str) -> str | None:
    if f"{plain}a" in kernel.architectures:
        return f"{plain}a"
    return None if kernel.architectures == ("sm_90a",) else plain

def _compile(name: str, index: int, architecture: str) -> tuple[str, float]:
    kernel = definition(name).kernels[index]
    start = time.perf_counter()
    cubin_of(kernel.name, kernel.text(), architecture)
    return f"{kernel.path} {kernel.name}", time.perf_counter() - start

def main() -> None:
    p = argparse.ArgumentParser(prog="python -m serrate_kernels", description=__doc__)
    p.add_argument("names", nargs="*", help="definitions; default all")
    p.add_argument("--dtype", nargs="*", default=["f32", "f16", "bf16"])
    p.add_argument("--arch", help="sm_90, sm_80, ...; default this machine's first device")
    p.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    p.add_argument("--json", help="writes the seconds of each kernel there")
    a = p.parse_args()
    plain = a.arch or "sm_{}{}".format(*torch.cuda.get_device_capability())
    wanted = [(name, i, arch) for name in a.names or names() for i, k in enumerate(definition(name).kernels) if k.dtype in a.dtype and (arch := _architectures(k, plain))]
    start = time.perf_counter()
    with ProcessPoolExecutor(a.jobs, mp_context=get_context("spawn")) as pool:
        done = list(pool.map(_compile, *zip(*wanted, strict=True)))
    seconds = sorted((s for _, s in done), reverse=True)
    print(f"{len(done)} kernels for {plain} with {compiler().name} in {time.perf_counter() - start:.1f} s; the slowest {seconds[0]:.2f} s; in {folder()}")
    if a.json:
        import json

        with open(a.json, "w") as file:
            json.dump({"compiler": compiler().name, "architecture": plain, "seconds": dict(done)}, file, indent=1)

if __name__ == "__main__":
    main()
