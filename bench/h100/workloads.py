"""The named workloads of bench/workloads.json as tensors on the GPU."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parent.parent.parent
TABLE = json.loads((ROOT / "bench" / "workloads.json").read_text())


def movielens(count):
    histories = json.loads((ROOT / "data" / "movielens-small-history-lengths.json").read_text())["lengths"]
    return torch.tensor((histories * (count // len(histories) + 1))[:count])


def one_giant(count, longest, generator):
    drawn = torch.randint(0, 3, (count,), generator=generator)
    drawn[count // 2] = longest
    return drawn


#: (B, N, generator) -> lengths; see lengthKinds in workloads.json.
KINDS = {
    "full": lambda b, n, g: torch.full((b,), n),
    "uniform": lambda b, n, g: torch.randint(1, n + 1, (b,), generator=g),
    "nearfull": lambda b, n, g: torch.randint(int(0.9 * n), n, (b,), generator=g),
    "longtail": lambda b, n, g: torch.exp(torch.randn(b, generator=g) * 1.2 + math.log(n / 16)).clamp(1, n).long(),
    "zipf": lambda b, n, g: (n * (1.0 + torch.randperm(b, generator=g).double()) ** -1.2).clamp(1, n).long(),
    "onegiant": one_giant,
    "movielens": lambda b, n, g: movielens(b).clamp(1, n),
}


@dataclass
class Case:
    """One batch: q, k, v [rows, H, D] in bf16, int32 offsets, lengths on the host."""

    name: str
    B: int
    H: int
    D: int
    N: int
    causal: bool
    silu: bool
    lengths: torch.Tensor
    offsets: torch.Tensor
    q: torch.Tensor
    k: torch.Tensor
    v: torch.Tensor

    @property
    def scale(self):
        return self.D**-0.5

    @property
    def density(self):
        return float(self.lengths.sum()) / (self.B * self.N)

    @property
    def flops(self):
        """4 H D sum(L^2), half of it where causal."""
        return 4.0 * self.H * self.D * float((self.lengths.double() ** 2).sum()) * (0.5 if self.causal else 1.0)

    @property
    def allowed_mib(self):
        """Output and LSE, 1% and 1 MiB more."""
        rows = self.q.shape[0]
        return (rows * self.H * (self.D * 2 + (0 if self.silu else 4)) / 2**20) * 1.01 + 1


def build(name, row, lengths, silu=False):
    torch.manual_seed(1)
    rows = int(lengths.sum())
    offsets = torch.nn.functional.pad(lengths.cumsum(0), (1, 0)).int().cuda()
    q, k, v = (torch.randn(rows, row["H"], row["D"], device="cuda", dtype=torch.bfloat16) for _ in range(3))
    return Case(name, row["B"], row["H"], row["D"], row["N"], row.get("causal", True), silu, lengths, offsets, q, k, v)


def case(name):
    """A workload of the groups attention and hstu, always the same lengths and numbers."""
    group = next(g for g in ("attention", "hstu") if name in TABLE[g])
    row = TABLE[group][name]
    return build(name, row, KINDS[row["lengths"]](row["B"], row["N"], torch.Generator().manual_seed(7)), group == "hstu")


def at_density(name, density):
    """A workload's batch with lengths uniform in [1, 2 density N], or all N at density 1."""
    row = TABLE["attention"][name]
    longest = min(row["N"], int(2 * density * row["N"]))
    lengths = KINDS["full" if density == 1 else "uniform"](row["B"], longest, torch.Generator().manual_seed(7))
    return build(f"{name} at {density}", row, lengths)
