"""Checks and times emitted CUDA interactions beside what PyTorch offers, in one process and on the same tensors. Needs one CUDA GPU, PyTorch and nvcc.

    python3 bench/h100/interaction.py --kernels DIR --peers torch_peers.py [--names layer_norm,jagged_sum] [--cases bmm-a,bmm-b] [--out rows.json]

DIR holds what interaction.ts wrote: `NAME@DTYPE@CASE[@field...].cu` and `.json`. A row of OPS says which tensors a definition takes, what it must give (in f64, from
the same elements), and what a PyTorch user would call. Every output is poisoned before the checked launch. GB/s counts each input and output element once, written
padding included; times as in torch_peers.bench: medians of CUDA events, the L2 flushed.
"""
import argparse, concurrent.futures, ctypes, glob, importlib.util, json, math, os, subprocess
from types import SimpleNamespace
import torch
import torch.nn.functional as F

DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}
C_TYPES = {"u32": ctypes.c_uint32, "i32": ctypes.c_int32, "f32": ctypes.c_float}
ROUNDING = {"f32": 2.0 ** -22, "tf32": 2.0 ** -10, "f16": 2.0 ** -10, "bf16": 2.0 ** -7}
DEV = "cuda"


def compiled(path, arch, build):
    library = os.path.join(build, os.path.basename(path)[:-3] + ".so")
    if not os.path.exists(library) or os.path.getmtime(library) < os.path.getmtime(path):
        subprocess.run(["nvcc", "-O3", "-std=c++17", f"-gencode=arch=compute_{arch},code=sm_{arch}", "-Xcompiler", "-fPIC", "-shared", "-o", library, path], check=True)
    return library


class Kernel:
    """One emitted .cu, compiled to a shared library and called through its extern "C" launcher."""

    def __init__(self, path, arch, build):
        self.manifest = m = json.load(open(path[:-3] + ".json"))
        self.launch = getattr(ctypes.CDLL(compiled(path, arch, build)), m["launcher"])
        self.launch.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p]
        fields = [(b["name"] + "_ptr", ctypes.c_void_p) for b in m["buffers"]] + [(p["name"], C_TYPES[p["type"]]) for p in m["params"]]
        self.Params = type("Params", (ctypes.Structure,), {"_fields_": fields})

    def bind(self, c, tensors, offsets, out, scalars, sums={}):
        """A launch of these tensors; `offsets` by segment (the owner of the lengths); `sums`: the outputs beside `out`, by tensor."""
        m = self.manifest
        rows = {s: int(o[-1]) for s, o in offsets.items()}
        defaults = {k["name"]: k.get("default", 0) for k in m["captures"]}
        sources = {"batch": lambda _: c.B, "rows": lambda s: rows[s], "capacity": lambda _: c.N, "size": lambda a: c.sizes.get(a, c.B), "offsetWords": lambda _: 1,
                   "scalar": lambda n: scalars.get(n, defaults[n]), "scalarBits": lambda n: bits_of(scalars.get(n, defaults[n]), m["dtype"]), "base": lambda _: 0, "length": lambda _: 0,
                   "elements": lambda _: out.numel(), "parts": lambda _: m["schedule"]["values"].get("parts", 1)}

        def value(source):
            kind, _, name = source.partition(":")
            return sources[kind](name)

        def factor(g):
            if g["kind"] == "const":
                return g["value"]
            if g["kind"] == "ceil":
                return max(g["least"], -(-math.prod(factor(f) for f in g["factors"]) // g["per"]))
            return rows[g["segment"]] // g["per"] + c.B + 1 if g["kind"] == "tiles" else -(-value(g["of"]) // g["per"])

        partials = torch.empty(math.prod(factor(g) for g in m["partials"]) if m.get("partials") else 1, device=DEV, dtype=torch.float32)
        buffers = {"t_out": out, "partials": partials, **{"t_" + n: t for n, t in {**tensors, **sums}.items()}, **{"offsets_" + s: o for s, o in offsets.items()}}
        params = self.Params()
        for b in m["buffers"]:
            setattr(params, b["name"] + "_ptr", buffers[b["name"]].data_ptr())
        for p in m["params"]:
            setattr(params, p["name"], value(p["source"]))
        pointer, processors = ctypes.addressof(params), torch.cuda.get_device_properties(0).multi_processor_count

        def launch():
            status = self.launch(pointer, processors, torch.cuda.current_stream().cuda_stream)
            if status != 0:
                raise RuntimeError(f"launch failed with CUDA error {status}")
            return out

        launch.keep = (params, buffers)
        return launch


def bits_of(value, dtype):
    return torch.tensor([value], dtype=DTYPES[dtype]).view(torch.int32 if dtype == "f32" else torch.int16).item() & (0xFFFFFFFF if dtype == "f32" else 0xFFFF)


def case(name, dtype, workloads, lengths):
    """Tensors of one workload: x [ΣL, D], y [ΣL, K], z [ΣL, D], w [B, D, K], padded [B, N, D]."""
    w = json.load(open(workloads))["interaction"][name]
    w = {"N": w.get("F", 0), "K": w["D"], "lengths": "full", **w}
    L = lengths(w["lengths"], w["B"], w["N"])
    T, dt = int(L.sum()), DTYPES[dtype]
    cu = torch.zeros(w["B"] + 1, dtype=torch.int32)
    cu[1:] = L.cumsum(0)
    torch.manual_seed(1)
    new = lambda *shape: torch.randn(*shape, device=DEV, dtype=torch.float32).to(dt)
    B, N, D, K = w["B"], w["N"], w["D"], w["K"]
    c = SimpleNamespace(name=name, dtype=dtype, dt=dt, B=B, N=N, D=D, K=K, T=T, L=L.to(DEV), cu=cu.to(DEV), x=new(T, D), y=new(T, K), z=new(T, D), w=new(B, D, K), weight=new(D), bias=new(D), row=new(B, D), sizes={"d": D, "k": K}, F=w.get("F", 0))
    c.seg = torch.repeat_interleave(torch.arange(B, device=DEV), c.L)
    c.pos = torch.arange(T, device=DEV) - c.cu[c.seg].long()
    c.new = new
    return c


def padded(c, x):
    out = torch.zeros(c.B, c.N, x.shape[1], device=DEV, dtype=x.dtype)
    out[c.seg, c.pos] = x
    return out


def pieces(c, limit=16):
    """Some sequences: the first, the last, the longest and others."""
    for b in sorted({0, c.B - 1, int(c.L.argmax()), *range(0, c.B, max(1, c.B // limit))}):
        lo = int(c.cu[b])
        yield b, slice(lo, lo + int(c.L[b]))


def compared(pairs):
    """Largest error of (got, want, plain), largest value, and the largest error of the plain formula in the tensors' own dtype where there is one."""
    worst, largest, off = 0.0, 0.0, 0.0
    for got, want, plain in pairs:
        if want.numel() == 0:
            continue
        worst, largest = max(worst, (got.double() - want).abs().max().item()), max(largest, want.abs().max().item())
        off = off if plain is None else max(off, (plain.double() - want).abs().max().item())
    return worst, largest, off


def by_sequence(f, plain=None):
    """A jagged output against f(sequence, its rows) in f64."""
    return lambda c, out: compared((out[r], f(c, b, r), plain and plain(c, b, r)) for b, r in pieces(c))


def by_batch(f, plain=None):
    """A [B, ...] output against f(sequence, its rows) in f64."""
    return lambda c, out: compared((out[b], f(c, b, r), plain and plain(c, b, r)) for b, r in pieces(c))


def whole(f, plain=None):
    return lambda c, out: compared([(out, f(c), plain and plain(c))])


def norm(x, c, eps=1e-5):
    return (x - x.mean(-1, keepdim=True)) / (x.var(-1, unbiased=False, keepdim=True) + eps).sqrt()


def by_rows(f, whole=False, eps=1e-5):
    """The backward of a norm in f64: d_x against autograd over some sequences, the sums over all rows; `whole`: a sequence is normalised as one."""
    names = ["weight", "bias"]

    def gradients(c, rows):
        leaves = [t.double().requires_grad_() for t in (c.x[rows], c.weight, c.bias)]
        x, weight, bias = leaves
        y = f(x, norm(x.reshape(1, -1), c, eps).reshape(x.shape) if whole else norm(x, c, eps), x * (x.square().mean(-1, keepdim=True) + eps).rsqrt(), weight, bias)
        return torch.autograd.grad(y, leaves, c.z[rows].double(), allow_unused=True)

    def check(c, out, sums):
        worst, largest, plain = by_sequence(lambda c, b, r: gradients(c, r)[0])(c, out)
        step = 1 << 16
        cuts = [slice(int(lo), int(lo + n)) for lo, n in zip(c.cu[:-1].tolist(), c.L.tolist()) if n] if whole else [slice(i, min(c.T, i + step)) for i in range(0, c.T, step)]
        totals = [0.0, 0.0]
        for rows in cuts:
            for i, g in enumerate(gradients(c, rows)[1:]):
                totals[i] = totals[i] + g if g is not None else totals[i]
        for name, total in zip(names, totals):
            if "d_" + name in sums:
                scale = max(1.0, total.abs().max().item())
                worst = max(worst, (sums["d_" + name].double() - total).abs().max().item() / scale * max(1.0, largest))
        return worst, largest, plain
    return check


def softmax_gradient(c, b, r):
    """The backward of a softmax over a sequence's rows, in f64."""
    y, g = torch.softmax(c.x[r].double(), 0), c.z[r].double()
    return y * (g - (y * g).sum(0))


def backward(f, *names):
    """PyTorch's own backward of a forward on the same tensors."""
    def make(c):
        leaves = [getattr(c, n).detach().clone().requires_grad_() for n in names]
        y = f(c, *leaves)
        return lambda: torch.autograd.grad(y, leaves, c.z, retain_graph=True)
    return make


def norm_gradient(check, reads, sums, peers={}):
    return dict(tensors=lambda c: {"x": c.x, **{n: getattr(c, n) for n in reads}, "d_out": c.z}, offsets=one, out=lambda c: (c.T, c.D), sums=sums, check=check, peers=peers)


def twice(c):
    return {"i": c.cu, "j": c.cu, "l": (2 * c.cu.long()).int()}


def one(c):
    return {"l": c.cu}


def two(c):
    return {"l": c.cu, "m": c.cu}


def numbers(c):
    return torch.arange(c.B, device=DEV, dtype=torch.int32).flip(0).contiguous()


def picked(c):
    lengths = c.L.flip(0)
    cu = torch.zeros(c.B + 1, device=DEV, dtype=torch.int32)
    cu[1:] = lengths.cumsum(0)
    return {"m": c.cu, "l": cu}


def picked_check(c, out):
    new = picked(c)["l"]
    same = all(torch.equal(out[int(new[c.B - 1 - b]):int(new[c.B - b])], c.x[rows]) for b, rows in pieces(c))
    return (0.0 if same else math.inf), 1.0, 0.0


ops = torch.ops.aten
# tensors, offsets by segment, output shape, error of the output, peers: name -> (c) -> function
OPS = {
    "jagged_to_padded": dict(tensors=lambda c: {"x": c.x}, offsets=one, out=lambda c: (c.B, c.N, c.D), exact=True, check=whole(lambda c: padded(c, c.x).double()),
        peers={"torch": lambda c: lambda: ops._jagged_to_padded_dense_forward(c.x, [c.cu], [c.N], 0.0)}),
    "padded_to_jagged": dict(tensors=lambda c: {"x": padded(c, c.x)}, offsets=one, out=lambda c: (c.T, c.D), exact=True, check=whole(lambda c: c.x.double()), read=lambda c: c.T * c.D,
        peers={"torch": lambda c: (lambda p: lambda: ops._padded_dense_to_jagged_forward(p, [c.cu], c.T))(padded(c, c.x))}),
    "jagged_jagged_mul": dict(tensors=lambda c: {"x": c.x, "y": c.z}, offsets=one, out=lambda c: (c.T, c.D), check=whole(lambda c: c.x.double() * c.z.double()), peers={"torch": lambda c: lambda: c.x * c.z}),
    "jagged_broadcast_add": dict(tensors=lambda c: {"x": c.x, "y": c.row}, offsets=one, out=lambda c: (c.T, c.D), check=by_sequence(lambda c, b, r: c.x[r].double() + c.row[b].double()), peers={"torch": lambda c: lambda: c.x + c.row[c.seg]}),
    "concat": dict(tensors=lambda c: {"left": c.x, "right": c.z}, offsets=twice, out=lambda c: (2 * c.T, c.D), exact=True,
        check=lambda c, out: (0.0 if all(torch.equal(out[2 * r.start:2 * r.stop], torch.cat([c.x[r], c.z[r]])) for _, r in pieces(c)) else math.inf, 1.0, 0.0), peers={}),
    "jagged_index_select": dict(tensors=lambda c: {"x": c.x, "ids": numbers(c)}, offsets=picked, out=lambda c: (c.T, c.D), exact=True, check=picked_check, peers={}),
    "reverse": dict(tensors=lambda c: {"x": c.x}, offsets=two, out=lambda c: (c.T, c.D), exact=True, check=by_sequence(lambda c, b, r: c.x[r].flip(0).double()), peers={}),
    "jagged_softmax": dict(tensors=lambda c: {"x": c.x}, offsets=one, out=lambda c: (c.T, c.D), check=by_sequence(lambda c, b, r: torch.softmax(c.x[r].double(), 0)),
        peers={"torch padded": lambda c: (lambda p: lambda: torch.softmax(p, 1))(padded(c, c.x))}),
    "jagged_sum": dict(tensors=lambda c: {"x": c.x}, offsets=one, out=lambda c: (c.B, c.D), check=by_batch(lambda c, b, r: c.x[r].double().sum(0)), peers={"segment_reduce": lambda c: lambda: torch.segment_reduce(c.x, "sum", lengths=c.L)}),
    "jagged_mean": dict(tensors=lambda c: {"x": c.x}, offsets=one, out=lambda c: (c.B, c.D), check=by_batch(lambda c, b, r: c.x[r].double().mean(0)), peers={"segment_reduce": lambda c: lambda: torch.segment_reduce(c.x, "mean", lengths=c.L)}),
    "jagged_max": dict(tensors=lambda c: {"x": c.x}, offsets=one, out=lambda c: (c.B, c.D), check=by_batch(lambda c, b, r: c.x[r].double().amax(0)), peers={"segment_reduce": lambda c: lambda: torch.segment_reduce(c.x, "max", lengths=c.L)}),
    "factorisation_machine": dict(tensors=lambda c: {"x": c.x}, offsets=one, out=lambda c: (c.B, c.D), check=by_batch(lambda c, b, r: 0.5 * (c.x[r].double().sum(0) ** 2 - (c.x[r].double() ** 2).sum(0))), peers={}),
    "layer_norm": dict(tensors=lambda c: {"x": c.x, "weight": c.weight, "bias": c.bias}, offsets=one, out=lambda c: (c.T, c.D), check=by_sequence(lambda c, b, r: norm(c.x[r].double(), c) * c.weight.double() + c.bias.double()),
        peers={"torch": lambda c: lambda: F.layer_norm(c.x, (c.D,), c.weight, c.bias)}),
    "rms_norm": dict(tensors=lambda c: {"x": c.x, "weight": c.weight}, offsets=one, out=lambda c: (c.T, c.D), check=None, peers={"torch": lambda c: lambda: F.rms_norm(c.x, (c.D,), c.weight)}),
    "layer_norm_sequence": dict(tensors=lambda c: {"x": c.x, "weight": c.weight, "bias": c.bias}, offsets=one, out=lambda c: (c.T, c.D),
        check=by_sequence(lambda c, b, r: norm(c.x[r].double().reshape(1, -1), c, 1e-6).reshape(-1, c.D) * c.weight.double() + c.bias.double()), peers={}),
    "rms_norm_silu": dict(tensors=lambda c: {"x": c.x, "weight": c.weight}, offsets=one, out=lambda c: (c.T, c.D), check=None, peers={}),
    "swish_layer_norm": dict(tensors=lambda c: {"x": c.x, "weight": c.weight, "bias": c.bias}, offsets=one, out=lambda c: (c.T, c.D), check=None, peers={}),
    "jagged_softmax.x": dict(tensors=lambda c: {"x": c.x, "d_out": c.z}, offsets=one, out=lambda c: (c.T, c.D), check=by_sequence(softmax_gradient), peers={}),
    "layer_norm.x": norm_gradient(by_rows(lambda x, n, r, w, b: n * w + b), ["weight"], ["d_weight", "d_bias"], {"torch": backward(lambda c, x, w, b: F.layer_norm(x, (c.D,), w, b), "x", "weight", "bias")}),
    "rms_norm.x": norm_gradient(by_rows(lambda x, n, r, w, b: r * w), ["weight"], ["d_weight"], {"torch": backward(lambda c, x, w: F.rms_norm(x, (c.D,), w, 1e-5), "x", "weight")}),
    "rms_norm_silu.x": norm_gradient(by_rows(lambda x, n, r, w, b: F.silu(r * w)), ["weight"], ["d_weight"]),
    "swish_layer_norm.x": norm_gradient(by_rows(lambda x, n, r, w, b: x * torch.sigmoid(n * w + b)), ["weight", "bias"], ["d_weight", "d_bias"]),
    "layer_norm_sequence.x": norm_gradient(by_rows(lambda x, n, r, w, b: n * w + b, whole=True, eps=1e-6), ["weight"], ["d_weight", "d_bias"]),
    "jagged_dense_bmm": dict(tensors=lambda c: {"x": c.x, "w": c.w}, offsets=one, out=lambda c: (c.T, c.K), flops=lambda c: 2 * c.T * c.D * c.K, check=by_sequence(lambda c, b, r: c.x[r].double() @ c.w[b].double(), lambda c, b, r: c.x[r] @ c.w[b]),
        peers={"torch padded": lambda c: (lambda p: lambda: torch.bmm(p, c.w))(padded(c, c.x))}),
    "jagged_jagged_bmm": dict(tensors=lambda c: {"x": c.x, "y": c.y}, offsets=one, out=lambda c: (c.B, c.D, c.K), flops=lambda c: 2 * c.T * c.D * c.K, check=by_batch(lambda c, b, r: c.x[r].double().T @ c.y[r].double(), lambda c, b, r: c.x[r].T @ c.y[r]),
        peers={"torch padded": lambda c: (lambda p, q: lambda: torch.bmm(p.transpose(1, 2), q))(padded(c, c.x), padded(c, c.y))}),
    "jagged_dense_bmm_add": dict(tensors=lambda c: {"x": c.x, "w": c.w, "bias": c.w[:, 0].contiguous()}, offsets=one, out=lambda c: (c.T, c.K), flops=lambda c: 2 * c.T * c.D * c.K,
        check=by_sequence(lambda c, b, r: F.relu(c.x[r].double() @ c.w[b].double() + c.w[b, 0].double())), peers={"torch padded": lambda c: (lambda p: lambda: F.relu(torch.baddbmm(c.w[:, :1], p, c.w)))(padded(c, c.x))}),
    "jagged_dense_bmm_shared": dict(tensors=lambda c: {"x": c.x, "w": c.w[0].contiguous()}, offsets=one, out=lambda c: (c.T, c.K), flops=lambda c: 2 * c.T * c.D * c.K, check=by_sequence(lambda c, b, r: c.x[r].double() @ c.w[0].double(), lambda c, b, r: c.x[r] @ c.w[0]),
        peers={"torch": lambda c: lambda: c.x @ c.w[0]}),
    "jagged_dense_bmm_shared.w": dict(tensors=lambda c: {"x": c.x, "d_out": c.y}, offsets=one, out=lambda c: (c.D, c.K), flops=lambda c: 2 * c.T * c.D * c.K, check=whole(lambda c: c.x.double().T @ c.y.double(), lambda c: c.x.T @ c.y),
        peers={"torch": lambda c: lambda: c.x.T @ c.y}),
    "dot_interaction_dense": dict(tensors=lambda c: {"x": dots(c)}, offsets=lambda c: {}, out=lambda c: (c.B, c.F * (c.F - 1) // 2), flops=lambda c: c.B * c.F * (c.F - 1) * c.D, check=whole(lambda c: pairs(c, dots(c).double())),
        peers={"torch bmm and gather": lambda c: lambda: pairs(c, dots(c))}),
}


def dots(c):
    """Features [B, F, D] of a dot interaction."""
    c.features = c.new(c.B, c.F, c.D) if not hasattr(c, "features") else c.features
    return c.features


def pairs(c, x):
    f, g = torch.tril_indices(c.F, c.F, -1, device=DEV)
    return torch.bmm(x, x.transpose(1, 2))[:, f, g]


def verdict(op, c, out, sums, precision=""):
    if op["check"] is None:
        return None, True
    if not all(torch.isfinite(t.float()).all() for t in (out, *sums.values())):
        return math.nan, False
    worst, largest, plain = op["check"](c, out, sums) if sums else op["check"](c, out)
    return worst, worst <= (0.0 if op.get("exact") else 2 * plain + ROUNDING[precision or c.dtype] * max(1.0, largest) * 4)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--kernels", required=True)
    p.add_argument("--peers", required=True, help="a module with lengths and bench: torch_peers.py")
    p.add_argument("--workloads", default=os.path.join(os.path.dirname(__file__), "..", "workloads.json"))
    p.add_argument("--names", default="", help="definitions; default: all that DIR holds")
    p.add_argument("--cases", default="bmm-a,bmm-b")
    p.add_argument("--dtypes", default="f32,bf16")
    p.add_argument("--arch", default="90a")
    p.add_argument("--build", default="/tmp/serrate-interaction")
    p.add_argument("--no-peers", action="store_true")
    p.add_argument("--out", default="")
    a = p.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = False
    spec = importlib.util.spec_from_file_location("peers", a.peers)
    peers = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(peers)
    os.makedirs(a.build, exist_ok=True)
    names = [n for n in a.names.split(",") if n]
    paths = [f for f in sorted(glob.glob(os.path.join(a.kernels, "*.cu"))) if os.path.basename(f).split("@")[0] in (names or OPS)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda f: compiled(f, a.arch, a.build), paths))
    rows, failed = [], 0

    def report(who, c, op, ms, error, ok, moved):
        row = dict(case=c.name, dtype=c.dtype, kernel=who, ms=ms, gbs=moved / ms / 1e6, error=error, ok=ok)
        if "flops" in op:
            row["tflops"] = op["flops"](c) / ms / 1e9
        rows.append(row)
        print("%-6s %-5s %-52s %9.4f ms %7.0f GB/s %8s %10s %s" % (c.name, c.dtype, who, ms, row["gbs"], "%.0f TF" % row["tflops"] if "tflops" in row else "", "%.1e" % error if error is not None else "", "" if ok else "WRONG"), flush=True)

    for name in a.cases.split(","):
        for dtype in a.dtypes.split(","):
            c = case(name, dtype, a.workloads, peers.lengths)
            target = torch.empty_like(c.x)
            report("device copy", c, {}, peers.bench(lambda: target.copy_(c.x)), None, True, 2 * c.x.numel() * c.x.element_size())
            del target
            for op_name, op in OPS.items():
                mine = [f for f in paths if os.path.basename(f)[:-3].split("@")[:3] == [op_name, dtype, name]]
                if not mine:
                    continue
                tensors, offsets = op["tensors"](c), op["offsets"](c)
                out = torch.empty(*op["out"](c), device=DEV, dtype=c.dt)
                sums = {n: torch.empty(c.D, device=DEV, dtype=c.dt) for n in op.get("sums", [])}
                made = (out, *sums.values())
                read = op["read"](c) * c.x.element_size() if "read" in op else sum(t.numel() * t.element_size() for t in tensors.values())
                moved = read + sum(t.numel() * t.element_size() for t in made)
                for path in mine:
                    who = os.path.basename(path)[:-3]
                    try:
                        launch = Kernel(path, a.arch, a.build).bind(c, tensors, offsets, out, op.get("scalars", {}), sums)
                        for t in made:
                            t.view(torch.int16).fill_(0x7FC1)
                        launch()
                        torch.cuda.synchronize()
                        error, ok = verdict(op, c, out, sums, "tf32" if "tf32" in who.split("@") else "")
                        first = [t.clone() for t in made]
                        launch()
                        ok = ok and all(torch.equal(a.view(torch.int16), b.view(torch.int16)) for a, b in zip(first, made))
                        failed += not ok
                        report(who, c, op, peers.bench(launch), error, ok, moved)
                    except Exception as e:
                        failed += 1
                        rows.append(dict(case=name, dtype=dtype, kernel=who, failed=f"{type(e).__name__}: {e}"[:200]))
                        print("%-6s %-5s %-52s %s" % (name, dtype, who, rows[-1]["failed"]), flush=True)
                for peer, make in ({} if a.no_peers else op["peers"]).items():
                    try:
                        report(f"  {op_name}: {peer}", c, op, peers.bench(make(c)), None, True, moved)
                    except Exception as e:
                        print("%-6s %-5s   %s: %s fails: %s" % (name, dtype, op_name, peer, str(e)[:120]), flush=True)
                del tensors, out, sums, made
                torch.cuda.empty_cache()
            del c
            torch.cuda.empty_cache()
    if a.out:
        json.dump(dict(device=torch.cuda.get_device_name(), torch=torch.__version__, cuda=torch.version.cuda, rows=rows), open(a.out, "w"), indent=1)
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
