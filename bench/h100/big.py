"""Tensors of more than 2^31 elements through emitted CUDA interactions, checked at rows on both sides of every 2^31. Needs a GPU with 40 GB, PyTorch and nvcc.

    python3 bench/h100/big.py --kernels DIR

DIR holds what `interaction.ts --cases big --dtypes bf16` wrote.
"""
import argparse, glob, os
from types import SimpleNamespace
import torch

from interaction import DEV, Kernel

B, N, D, K = 1400, 24576, 64, 8


def rows_around(T, width):
    """Rows of [T, width] next to where element 2^31 and its multiples lie, and the first and the last."""
    edges = [(k << 31) // width for k in range(1, (T * width >> 31) + 1)]
    return torch.tensor(sorted({0, 1, T - 2, T - 1, *(r + d for r in edges for d in (-2, -1, 0, 1, 2) if 0 <= r + d < T)}), device=DEV)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--kernels", required=True); p.add_argument("--arch", default="90a"); p.add_argument("--build", default="/tmp/serrate-big")
    a = p.parse_args()
    os.makedirs(a.build, exist_ok=True)
    g = torch.Generator().manual_seed(3)
    lengths = torch.randint(N - 64, N + 1, (B,), generator=g)
    off = torch.zeros(B + 1, dtype=torch.int64); off[1:] = lengths.cumsum(0)
    T = int(off[-1])
    off32 = off.to(torch.int32).to(DEV)
    seq = torch.repeat_interleave(torch.arange(B), lengths).to(DEV)
    c = SimpleNamespace(B=B, N=N, T=T, sizes={})
    x = torch.empty(T, D, device=DEV, dtype=torch.bfloat16).uniform_(-1, 1)
    where = rows_around(T, D)
    wrong = 0

    def path(name):
        found = glob.glob(os.path.join(a.kernels, f"{name}@bf16@*.cu"))
        return found[0] if found else None

    def report(name, ok, elements):
        nonlocal wrong
        wrong += not ok
        print(f"{name:24s} {elements / 2**31:.2f} x 2^31 elements  {'ok' if ok else 'WRONG'}", flush=True)

    def run(name, tensors, out, offsets, scalars={}):
        out.view(torch.int16).fill_(0x7FC1)
        Kernel(path(name), a.arch, a.build).bind(c, tensors, offsets, out, scalars)()
        torch.cuda.synchronize()
        return out

    local = where - off.to(DEV)[seq[where]]
    y = run("jagged_to_padded", {"x": x}, torch.empty(B, N, D, device=DEV, dtype=torch.bfloat16), {"l": off32}, {"pad": 0.5})
    empty = torch.tensor([int(lengths[b]) < N for b in range(B)])
    tail = torch.nonzero(empty)[:, 0].to(DEV)
    report("jagged_to_padded", torch.equal(y[seq[where], local], x[where]) and bool((y[tail, N - 1] == 0.5).all()), y.numel())
    z = run("padded_to_jagged", {"x": y}, torch.empty_like(x), {"l": off32})
    report("padded_to_jagged", torch.equal(z[where], x[where]) and torch.equal(z[-1000000:], x[-1000000:]), y.numel())
    del y, z
    m = run("jagged_jagged_mul", {"x": x, "y": x}, torch.empty_like(x), {"l": off32})
    report("jagged_jagged_mul", torch.equal(m[where], (x[where].float() ** 2).to(torch.bfloat16)), x.numel())
    del m
    ones = torch.ones(D, device=DEV, dtype=torch.bfloat16)
    n = run("layer_norm", {"x": x, "weight": ones, "bias": torch.zeros_like(ones)}, torch.empty_like(x), {"l": off32}, {"eps": 1e-5})
    report("layer_norm", bool((n[where].float() - torch.nn.functional.layer_norm(x[where].float(), (D,))).abs().max() < 0.04), x.numel())
    del n
    s = run("jagged_sum", {"x": x}, torch.empty(B, D, device=DEV, dtype=torch.bfloat16), {"l": off32})
    want = torch.stack([x[off[b]:off[b + 1]].double().sum(0) for b in (0, B // 2, B - 1)])
    report("jagged_sum", bool((s[[0, B // 2, B - 1]].double() - want).abs().max() < 2.0), x.numel())
    w = torch.empty(B, D, K, device=DEV, dtype=torch.bfloat16).uniform_(-1, 1)
    o = run("jagged_dense_bmm", {"x": x, "w": w}, torch.empty(T, K, device=DEV, dtype=torch.bfloat16), {"l": off32})
    want = torch.einsum("rd,rdk->rk", x[where].float(), w[seq[where]].float())
    report("jagged_dense_bmm", bool((o[where].float() - want).abs().max() < 0.1), x.numel())
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
