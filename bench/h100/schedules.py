"""Checks and times schedules of attention kernels on the named workloads. Needs one CUDA GPU, PyTorch and nvcc.

    python bench/h100/schedules.py --kernels DIR [--cases hstu1k,mid] [--arch 90a] [--budget 200] [--out schedules.json]

DIR holds what schedules.ts wrote: `WORKLOAD@FIELDS.cu` and `.json`, and WORKLOAD@default of each. Outputs are poisoned before the checked launch. A default whose error passes
2^-6 of the largest value ends its workload; a schedule whose error passes 1.5 times the default's, or whose second launch gives other bits, has no time. One that does not end
in `--patience` seconds ends the run, with what was measured written.
"""

import argparse
import concurrent.futures
import ctypes
import hashlib
import json
import os
import subprocess
import threading
import time
from pathlib import Path

import torch
from measure import error, median_ms, sample
from workloads import case

DEVICE = torch.cuda.get_device_name() if torch.cuda.is_available() else "none"
C_TYPES = {"u32": ctypes.c_uint32, "i32": ctypes.c_int32, "f32": ctypes.c_float}
#: Of the largest value: the error that a default may have.
DEFAULT_ALLOWED = 2.0**-6
#: Of the default's error: what another schedule may have.
ALLOWED = 1.5


def compiled(path, arch, build):
    """The shared library of an emitted text, named by the text and the architecture."""
    text = path.with_suffix(".cu").read_text()
    library = build / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}_{arch}.so"
    if not library.exists():
        own = f"{os.getpid()}.{threading.get_ident()}"  # schedules may share a text
        source, made = library.with_suffix(f".{own}.cu"), library.with_suffix(f".{own}.so")
        source.write_text(text)
        subprocess.run(["nvcc", "-O3", "-std=c++17", f"-gencode=arch=compute_{arch},code=sm_{arch}", "-Xcompiler", "-fPIC", "-shared", "-o", str(made), str(source)], check=True)
        made.replace(library)
    return library


def bind(manifest, library, c):
    """A launch of one emitted kernel on a workload's tensors, and the tensor that it writes."""
    launch = getattr(ctypes.CDLL(str(library)), manifest["entryPoints"]["launcher"])
    launch.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p]
    fields = [(b["name"] + "_ptr", ctypes.c_void_p) for b in manifest["buffers"]] + [(p["name"], C_TYPES[p["type"]]) for p in manifest["params"]]
    params = type("Params", (ctypes.Structure,), {"_fields_": fields})()
    rows, heads, _ = c.q.shape
    sequences = c.offsets.numel() - 1
    max_tiles = rows // manifest["blockM"] + min(sequences, rows) + 1
    out = torch.empty_like(c.q)
    lse = torch.empty(rows, heads, device="cuda", dtype=torch.float32)
    tiles = torch.empty(manifest["tilesEntries"] + 8 * max_tiles, device="cuda", dtype=torch.int32)
    captures = torch.zeros(c.B, device="cuda", dtype=torch.int32)  # HSTU: no targets
    buffers = {"q": c.q, "k": c.k, "v": c.v, "out": out, "lse": lse, "tiles": tiles, "seq_offsets": c.offsets, "kv_offsets": c.offsets, "kv_index": tiles, "captures_i32": captures}
    values = {"sequences": sequences, "heads": heads, "headGroup": 1, "rows": rows, "kvRows": rows, "maxTiles": max_tiles, "offsetWords": 1, "kvOffsetWords": 1, "queryRows": 0, "layoutFlags": 0, "smScale": c.scale,
              "scalar:contextual": 0, "scalar:maxAttnLen": 0, "scalar:minFullAttnSeqLen": 0, "scalar:maxSeqLen": c.N, "base:numTargets": 0}
    for tensor, x in {"q": c.q, "k": c.k, "v": c.v, "out": out, "lse": lse}.items():
        values |= {f"{tensor}RowStride": x.stride(0), f"{tensor}HeadStride": x.stride(1)}
    for b in manifest["buffers"]:
        setattr(params, b["name"] + "_ptr", buffers[b["name"]].data_ptr())
    for p in manifest["params"]:
        setattr(params, p["name"], values[p["source"]])

    def call():
        status = launch(ctypes.addressof(params), max_tiles, torch.cuda.current_stream().cuda_stream)
        if status != 0:
            raise RuntimeError(f"launch failed with CUDA error {status}")
        return out

    call.keep = (params, buffers)
    return call, out


def measured(c, call, out, wanted, allowed):
    out.view(torch.int16).fill_(0x7FC0)
    call()
    torch.cuda.synchronize()
    off, first = error(c, out, wanted), out.clone()
    call()
    torch.cuda.synchronize()
    if not off <= allowed:
        return {"failed": f"error {off:.2e}, of which {allowed:.2e} are allowed"}
    if not torch.equal(first.view(torch.int16), out.view(torch.int16)):
        return {"failed": "a second launch gave other bits"}
    ms = median_ms(call)
    return {"ms": ms, "error": off}


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as failure:  # a schedule that cannot run is a row of the table
        return {"failed": f"{type(failure).__name__}: {failure}"[:200].replace("\n", " ")}


class Rows:
    """What was measured, written after every row; a row that takes longer than `patience` seconds ends the process."""

    def __init__(self, file, patience):
        self.rows, self.file, self.patience = [], file, patience

    def add(self, name, label, values, make):
        watch = threading.Timer(self.patience, self.give_up, (name, label, values))
        watch.daemon = True
        watch.start()
        row = attempt(make)
        watch.cancel()
        self.put(name, label, values, row)
        return row

    def give_up(self, name, label, values):
        self.put(name, label, values, {"failed": f"did not end in {self.patience:.0f} s"})
        os._exit(1)

    def put(self, name, label, values, row):
        self.rows.append({"workload": name, "schedule": label, "values": values, **row})
        if "failed" in row:
            print("%-10s %-44s %s" % (name, label, row["failed"]), flush=True)
        self.write()

    def write(self):
        if self.file:
            self.file.write_text(json.dumps({"device": DEVICE, "torch": torch.__version__, "cuda": torch.version.cuda, "rows": self.rows}, indent=1))


def run_workload(name, manifests, libraries, rows):
    c = case(name)
    wanted = list(sample(c))
    allowed = DEFAULT_ALLOWED * max(want.abs().max().item() for _, want in wanted)
    base, calls = None, {}
    for f in sorted(manifests, key=lambda f: (label_of(f) != "default", f.stem)):
        manifest, library = json.loads(f.read_text()), libraries[f]

        def make():
            if isinstance(library, dict):
                return library
            calls[label_of(f)], out = bind(manifest, library, c)
            return measured(c, calls[label_of(f)], out, wanted, allowed)

        row = rows.add(name, label_of(f), manifest["schedule"]["values"], make)
        if base is None:
            if "ms" not in row:
                print(f"{name}: nothing else is timed, its default failed")
                return
            base, allowed = row, ALLOWED * row["error"]
    # once more, the other way round, and the shorter time counts: a card that has run for a while is slower
    timed = [r for r in rows.rows if r["workload"] == name and "ms" in r]
    for row in reversed(timed):
        row["ms"] = min(row["ms"], median_ms(calls[row["schedule"]]))
    for row in timed:
        row |= {"tflops": c.flops / row["ms"] / 1e9, "x": timed[0]["ms"] / row["ms"]}
        print("%-10s %-44s %9.4f %8.1f %8.3f %10.2e" % (name, row["schedule"], row["ms"], row["tflops"], row["x"], row["error"]), flush=True)
    rows.write()


def label_of(file):
    return file.stem.split("@")[1]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--kernels", type=Path, required=True)
    p.add_argument("--cases", default="")
    p.add_argument("--arch", default="90a")
    p.add_argument("--build", type=Path, default=Path("/tmp/serrate-schedules"))
    p.add_argument("--budget", type=float, default=1e9, help="seconds after which no further workload is begun")
    p.add_argument("--patience", type=float, default=60, help="seconds that one schedule may take")
    p.add_argument("--out", type=Path)
    options = p.parse_args()
    started = time.time()
    options.build.mkdir(parents=True, exist_ok=True)
    names = {n for n in options.cases.split(",") if n}
    manifests = sorted(f for f in options.kernels.glob("*@*.json") if not names or f.stem.split("@")[0] in names)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        libraries = dict(zip(manifests, pool.map(lambda f: attempt(compiled, f, options.arch, options.build), manifests)))
    print(f"{len(manifests)} kernels compiled in {time.time() - started:.0f} s")
    print("%-10s %-44s %9s %8s %8s %10s" % ("workload", "schedule", "ms", "TFLOP/s", "x", "error"))
    rows = Rows(options.out, options.patience)
    workloads = sorted({f.stem.split("@")[0] for f in manifests})
    for place, name in enumerate(workloads):
        if time.time() - started > options.budget:
            print(f"the budget is spent: {', '.join(workloads[place:])} not timed")
            break
        run_workload(name, [f for f in manifests if f.stem.split("@")[0] == name], libraries, rows)
        torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
