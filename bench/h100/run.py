"""Ours and every peer in PyTorch, in one run and on the same tensors. Needs one NVIDIA GPU and PyTorch; compiles kernels with PyTorch's NVRTC.

    python bench/h100/run.py [--cases mid,tail] [--peers torch-varlen] [--paths] [--budget 400] [--out FOLDER]

Ours is checked first: its error against f32 may not exceed that of PyTorch's own variable-length attention. Prints tables, writes rows.json and chart.svg.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent.parent / "generated" / "python")]
import torch
from chart import chart
from measure import error, host_us, median_ms, peak_mib, sample
from peers import PEERS, VARLEN
from workloads import TABLE, at_density, case

import serrate_kernels as sk
from serrate_kernels._launch import _plans
from serrate_kernels._manifest import definition

OURS = "serrate"
#: Of the forward goals: ms, and times faster than torch-varlen in the same run.
GOALS = {
    "short": (0.11, 3.5), "mid": (0.17, 1.9), "mid128": (0.36, 1.8), "tail": (1.55, 1.86), "tailc": (0.87, 2.0), "full": (0.86, 1.77), "fullc": (0.44, 2.0), "full64": (1.17, 1.52),
    "movies": (0.21, 1.8), "tiny": (0.50, None), "giant": (1.0, 2.2), "hstu256": (0.175, None), "hstu512": (0.12, None), "hstu1k": (0.27, None), "hstu4k": (0.80, None),
}
#: Where PyTorch's own attention fails or computes something else: half a unit in the last place of bf16 at 4, and what weights add.
ERROR_ALONE = 2.0**-6


def ours(c):
    """The call that a user writes, and the one that gives out alone."""
    if c.silu:
        targets = torch.zeros(c.B, dtype=torch.int32, device="cuda")
        return lambda: sk.hstu(c.q, c.k, c.v, c.offsets, num_targets=targets, max_seq_len=c.N, alpha=c.scale)
    function = sk.causal if c.causal else sk.full
    return lambda: function(c.q, c.k, c.v, c.offsets)


def paths_of(c, every):
    """None: as a launch chooses."""
    d = definition("hstu" if c.silu else "causal" if c.causal else "full")
    named = [k.path for k in d.kernels if k.dtype == "bf16" and k.head_dim == c.D]
    return [None, *named] if every else [None]


def measured(c, call, packed, wanted):
    row = {"ms": median_ms(call), "peak_mib": peak_mib(call), "error": error(c, call(), wanted) if packed else None}
    return row | {"tflops": c.flops / row["ms"] / 1e9}


def run_ours(c, path, wanted):
    os.environ.pop("SERRATE_PATH", None)
    if path is not None:
        os.environ["SERRATE_PATH"] = path
    _plans.clear()
    call = ours(c)
    first = call()
    plan = next(iter(_plans.values()))
    row = measured(c, call, True, wanted)
    again = call()
    row |= {"repeat_equal": torch.equal(first.view(torch.int16), again.view(torch.int16)), "host_us": host_us(call), "kernel": plan.loaded.kernel.name, "path": plan.loaded.kernel.path}
    os.environ.pop("SERRATE_PATH", None)
    return row


def attempt(function, *arguments):
    try:
        with torch.no_grad():
            return function(*arguments)
    except Exception as failure:  # a peer that cannot run is a row of the table
        return {"failed": f"{type(failure).__name__}: {failure}"[:160].replace("\n", " ")}


def run_peer(c, make, wanted):
    call, packed = make(c)
    return measured(c, call, packed and not c.silu, wanted)


def judge(c, row, base):
    """What the issue asks of our own row."""
    limit = base.get("error") if base and not c.silu else None
    row["error_ok"] = bool(row["error"] <= (limit if limit is not None else ERROR_ALONE))
    row["memory_ok"] = bool(row["peak_mib"] <= c.allowed_mib)
    row["allowed_mib"] = c.allowed_mib
    goal_ms, goal_x = GOALS.get(c.name, (None, None))
    row["goal"] = {"ms": goal_ms, "x": goal_x}
    # an absolute time moves from card to card: the ratio of the same run decides where there is one
    by_ratio = goal_x is not None and row.get("x_varlen") is not None
    row["goal_ok"] = bool(row["x_varlen"] >= goal_x) if by_ratio else goal_ms is not None and bool(row["ms"] <= goal_ms)


def text(value, form):
    return "-" if value is None else form % value


def show(c, who, r):
    if "failed" in r:
        return print("%-14s %-24s %s" % (c.name, who, r["failed"][:96]), flush=True)
    marks = " ".join([*(["ERROR"] if r.get("error_ok") is False else []), *(["MEMORY"] if r.get("memory_ok") is False else []), *(["goal"] if r.get("goal_ok") else []), *(["not repeatable"] if r.get("repeat_equal") is False else [])])
    print("%-14s %-24s %9.4f %8.1f %7s %10s %10.1f %8s  %s" % (c.name, who, r["ms"], r["tflops"], text(r.get("x_varlen"), "%.2f"), text(r["error"], "%.2e"), r["peak_mib"], text(r.get("host_us"), "%.0f"), marks), flush=True)


def run_case(c, options, left):
    wanted = list(sample(c))
    rows = {}
    for path in paths_of(c, options.paths):
        rows[OURS if path is None else f"{OURS} ({path})"] = attempt(run_ours, c, path, wanted)
    for name, make in PEERS.items():
        slow = name == "FlexAttention"
        if name not in options.peers or (c.silu and name != VARLEN) or (slow and left() < 30):
            continue
        rows[name] = attempt(run_peer, c, make, wanted)
        torch.cuda.empty_cache()
    base = rows.get(VARLEN)
    base = base if base and "ms" in base else None
    for who, r in rows.items():
        r |= {"case": c.name, "who": who}
        if "ms" in r:
            r["x_varlen"] = base["ms"] / r["ms"] if base else None
            if who.startswith(OURS):
                judge(c, r, base)
        show(c, who, r)
    return list(rows.values())


def run_densities(name, left):
    """The paper's comparison: time, and memory with the tensors that each side reads, against padded dense attention."""
    rows = []
    for density in (0.25, 0.5, 1.0):
        c = at_density(name, density)
        wanted = list(sample(c))
        packed_mib = 3 * c.q.numel() * 2 / 2**20
        padded_mib = 3 * c.B * c.N * c.H * c.D * 2 / 2**20
        found = {OURS: attempt(run_ours, c, None, wanted)}
        for peer in ("eager, padded", "flash, padded"):
            if left() < 5:
                break
            found[peer] = attempt(run_peer, c, PEERS[peer], wanted)
            torch.cuda.empty_cache()
        own = found[OURS]
        for who, r in found.items():
            r |= {"case": c.name, "who": who, "density": c.density}
            if "ms" in r and "ms" in own:
                r["total_mib"] = r["peak_mib"] + (packed_mib if who == OURS else padded_mib)
                r["x_time"], r["x_memory"], r["x_total_memory"] = r["ms"] / own["ms"], r["peak_mib"] / own["peak_mib"], r["total_mib"] / own["total_mib"]
                print("%-14s %-24s %9.4f ms, %5.1fx the time; %9.1f MiB, %5.1fx (%5.1fx with inputs)" % (c.name, who, r["ms"], r["x_time"], r["peak_mib"], r["x_memory"], r["x_total_memory"]), flush=True)
            else:
                show(c, who, r)
        rows += list(found.values())
    return rows


def bars(rows):
    shown = [OURS, *PEERS]
    cases = list(dict.fromkeys(r["case"] for r in rows))
    return [(name, [(r["who"], r["x_varlen"], r["ms"]) for r in rows if r["case"] == name and r["who"] in shown and r.get("x_varlen") is not None]) for name in cases]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--cases", default=",".join([*TABLE["attention"], *TABLE["hstu"]]))
    p.add_argument("--peers", default=";".join(PEERS), help="names, separated by ;")
    p.add_argument("--paths", action="store_true", help="each of our kernels on its own too")
    p.add_argument("--no-densities", action="store_true")
    p.add_argument("--budget", type=float, default=400, help="seconds; what does not fit is left out, slow peers first")
    p.add_argument("--out", default="bench-h100")
    a = p.parse_args()
    a.peers = a.peers.split(";")
    end = time.monotonic() + a.budget

    def left():
        return end - time.monotonic()

    torch.backends.cuda.matmul.allow_tf32 = False
    print("%-14s %-24s %9s %8s %7s %10s %10s %8s" % ("workload", "who", "ms", "TFLOP/s", "x", "error", "peak MiB", "host us"))
    rows, densities, skipped = [], [], []
    for name in a.cases.split(","):
        if left() < 8:
            skipped.append(name)
            continue
        rows += run_case(case(name), a, left)
        torch.cuda.empty_cache()
    if not a.no_densities and left() > 10:
        densities = run_densities("mid128", left)
    out = Path(a.out)
    out.mkdir(parents=True, exist_ok=True)
    about = {"device": torch.cuda.get_device_name(), "torch": torch.__version__, "cuda": torch.version.cuda, "skipped": skipped}
    (out / "rows.json").write_text(json.dumps({**about, "rows": rows, "densities": densities}, indent=1))
    (out / "chart.svg").write_text(chart(f"Forward, times faster than torch-varlen: {about['device']}, bf16", [g for g in bars(rows) if g[1]]))
    own = [r for r in rows if r["who"] == OURS]
    bad = [r["case"] for r in own if "failed" in r or not r["error_ok"] or not r["repeat_equal"]]
    print(f"{out}/rows.json, {out}/chart.svg; goals met {sum(bool(r.get('goal_ok')) for r in own)} of {len(own)}{'; skipped ' + ', '.join(skipped) if skipped else ''}{'; WRONG ' + ', '.join(bad) if bad else ''}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
