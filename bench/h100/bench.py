"""Times emitted CUDA attention kernels beside PyTorch's peers, in one process and on the same tensors. Needs one CUDA GPU, PyTorch and nvcc.

    python3 bench/h100/bench.py --kernels DIR --peers torch_peers.py --cases short,mid,full [--out rows.json]

DIR holds `<kernel>.cu` and `<kernel>.json` (its manifest), as `serrate build` writes them. `--peers` is a module with `case`, `bench`, `peak`, `flops`
and `peers` (see targets in docs). Every output is poisoned before the checked run and compared with the f32 computation before a time counts.
"""
import argparse, concurrent.futures, ctypes, glob, importlib.util, json, math, os, subprocess, time
import torch

DTYPES = {torch.bfloat16: "bf16", torch.float16: "f16", torch.float32: "f32"}
C_TYPES = {"u32": ctypes.c_uint32, "i32": ctypes.c_int32, "f32": ctypes.c_float}


def compiled(folder, name, arch, build):
    """Path of the kernel's shared library, made once, and the seconds that nvcc took."""
    library = os.path.join(build, name + ".so")
    note = library + ".seconds"
    if not os.path.exists(note):
        started = time.time()
        subprocess.run(["nvcc", "-O3", "-std=c++17", f"-gencode=arch=compute_{arch},code=sm_{arch}", "-Xcompiler", "-fPIC", "-shared", "-o", library, os.path.join(folder, name + ".cu")], check=True)
        open(note, "w").write(str(time.time() - started))
    return library, float(open(note).read())


class Kernel:
    """One emitted .cu, compiled to a shared library and called through its extern "C" launcher."""

    def __init__(self, folder, name, arch, build):
        self.manifest = json.load(open(os.path.join(folder, name + ".json")))
        library, self.compile_s = compiled(folder, name, arch, build)
        self.launch = getattr(ctypes.CDLL(library), self.manifest["entryPoints"]["launcher"])
        self.launch.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p]
        fields = [(b["name"] + "_ptr", ctypes.c_void_p) for b in self.manifest["buffers"]] + [(p["name"], C_TYPES[p["type"]]) for p in self.manifest["params"]]
        self.Params = type("Params", (ctypes.Structure,), {"_fields_": fields})

    def bind(self, q, k, v, cu, scale, scalars=None):
        """Allocates outputs and workspace; returns (launch, out, lse)."""
        m = self.manifest
        rows, heads, _ = q.shape
        sequences = cu.numel() - 1
        max_tiles = rows // m["blockM"] + min(sequences, rows) + 1
        out = torch.empty_like(q)
        lse = torch.empty(rows, heads, device=q.device, dtype=torch.float32)
        tiles = torch.empty(m.get("tilesEntries", 8) + 8 * max_tiles, device=q.device, dtype=torch.int32)
        buffers = {"q": q, "k": k, "v": v, "out": out, "lse": lse, "tiles": tiles, "seq_offsets": cu, "kv_offsets": cu, "kv_index": tiles}
        words = 1 if cu.dtype == torch.int32 else 2
        common = {"sequences": sequences, "heads": heads, "headGroup": 1, "rows": rows, "kvRows": rows, "maxTiles": max_tiles, "offsetWords": words, "kvOffsetWords": words, "queryRows": 0, "layoutFlags": 0, "smScale": scale}
        for tensor, x in {"q": q, "k": k, "v": v, "out": out, "lse": lse}.items():
            common |= {f"{tensor}RowStride": x.stride(0), f"{tensor}HeadStride": x.stride(1)}
        params = self.Params()
        for b in m["buffers"]:
            setattr(params, b["name"] + "_ptr", buffers[b["name"]].data_ptr())
        for p in m["params"]:
            source = p["source"]
            setattr(params, p["name"], common[source] if source in common else (scalars or {})[source.split(":")[1]])
        pointer = ctypes.addressof(params)

        def launch():
            status = self.launch(pointer, max_tiles, torch.cuda.current_stream().cuda_stream)
            if status != 0:
                raise RuntimeError(f"launch failed with CUDA error {status}")
            return out

        launch.keep = (params, buffers)
        return launch, out, lse


def exact(c, limit=24):
    """f32 softmax attention of some sequences (first, last, longest, and a few more): [(rows slice, out)]."""
    order = sorted(set([0, c.B - 1, int(c.L.argmax())] + list(range(0, c.B, max(1, c.B // limit)))))
    offsets = c.cu.cpu().tolist()
    for b in order:
        lo, hi = offsets[b], offsets[b + 1]
        if hi == lo or hi - lo > 4096:
            continue
        q, k, v = (x[lo:hi].float().transpose(0, 1) for x in (c.q, c.k, c.v))
        s = (q @ k.transpose(-1, -2)) * c.scale
        if c.causal:
            s = s.masked_fill(torch.ones(hi - lo, hi - lo, device=s.device, dtype=torch.bool).triu(1), float("-inf"))
        yield slice(lo, hi), (torch.softmax(s, -1) @ v).transpose(0, 1)


def error(c, out):
    worst = 0.0
    for rows, want in exact(c):
        got = out[rows].float()
        if not torch.isfinite(got).all():
            return float("nan")
        worst = max(worst, (got - want).abs().max().item())
    return worst


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--kernels", required=True)
    p.add_argument("--peers", required=True)
    p.add_argument("--workloads", default=os.path.join(os.path.dirname(__file__), "..", "workloads.json"))
    p.add_argument("--cases", default="short,mid,mid128,full,fullc")
    p.add_argument("--peer", default="torch-varlen", help="names (parts) of peers to time, comma separated")
    p.add_argument("--arch", default="90a")
    p.add_argument("--dtype", default="bf16")
    p.add_argument("--build", default="/tmp/serrate-bench")
    p.add_argument("--out", default="")
    a = p.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = False
    spec = importlib.util.spec_from_file_location("peers", a.peers)
    peers = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(peers)
    os.makedirs(a.build, exist_ok=True)
    kernels, rows = {}, []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda path: compiled(a.kernels, os.path.basename(path)[:-5], a.arch, a.build), glob.glob(os.path.join(a.kernels, "*.json"))))
    print("%-8s %-34s %9s %8s %8s %10s %9s" % ("case", "kernel", "ms", "TFLOP/s", "x varlen", "error", "peak MiB"))
    for name in a.cases.split(","):
        c = peers.case(name, "attention", a.workloads)
        timed = {}
        for peer, make in peers.peers(c).items():
            if not any(x in peer for x in a.peer.split(",")):
                continue
            try:
                f, _ = make()
                with torch.no_grad():
                    o = f()
                    o = o[0] if isinstance(o, tuple) else o
                    timed[peer] = dict(ms=peers.bench(f), peak_mib=peers.peak(f), error=error(c, o) if o.shape == c.q.shape else None)
                del o
            except Exception as e:
                timed[peer] = dict(failed=f"{type(e).__name__}: {e}"[:160])
        for path in sorted(glob.glob(os.path.join(a.kernels, ("causal" if c.causal else "full") + f"_{a.dtype}_d{c.D}*.json"))):
            key = os.path.basename(path)[:-5]
            if key not in kernels:
                kernels[key] = Kernel(a.kernels, key, a.arch, a.build)
            kernel = kernels[key]
            launch, out, lse = kernel.bind(c.q, c.k, c.v, c.cu, c.scale)
            out.view(torch.int16).fill_(0x7FC0)
            launch()
            torch.cuda.synchronize()
            err = error(c, out)
            first = out.clone()
            launch()
            torch.cuda.synchronize()
            same = torch.equal(first.view(torch.int16), out.view(torch.int16))
            timed["serrate " + key] = dict(ms=peers.bench(launch), error=err, repeat_equal=same, compile_s=kernel.compile_s,
                peak_mib=(out.numel() * out.element_size() + lse.numel() * 4 + launch.keep[1]["tiles"].numel() * 4) / 2**20)
        base = timed.get("torch-varlen(FA2)", {}).get("ms")
        for who, r in timed.items():
            r.update(case=name, kernel=who)
            if "ms" in r:
                r["tflops"] = peers.flops(c) / r["ms"] / 1e9
                r["x_varlen"] = base / r["ms"] if base else None
                print("%-8s %-34s %9.4f %8.1f %8s %10s %9.1f" % (name, who, r["ms"], r["tflops"], "%.2f" % r["x_varlen"] if base else "-", "%.2e" % r["error"] if r["error"] is not None else "-", r["peak_mib"]), flush=True)
            else:
                print("%-8s %-34s %s" % (name, who, r["failed"]), flush=True)
            rows.append(r)
        del c
        torch.cuda.empty_cache()
    if a.out:
        json.dump(dict(device=torch.cuda.get_device_name(), torch=torch.__version__, cuda=torch.version.cuda, rows=rows), open(a.out, "w"), indent=1)


if __name__ == "__main__":
    main()
