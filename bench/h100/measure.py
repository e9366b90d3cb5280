"""Time, memory and error of a function on a Case."""

import time

import torch

_flush = None


def median_ms(function, budget_ms=60.0):
    """Median of event timings, the L2 flushed before each."""
    global _flush
    if _flush is None:
        _flush = torch.empty(256 << 20, dtype=torch.int8, device="cuda")
    pairs = []

    def once():
        _flush.zero_()
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        function()
        end.record()
        pairs.append((start, end))

    for _ in range(5):
        once()
    torch.cuda.synchronize()
    rough = sorted(s.elapsed_time(e) for s, e in pairs[1:])[1]
    pairs.clear()
    for _ in range(max(11, min(150, int(budget_ms / max(rough, 0.01))))):
        once()
    torch.cuda.synchronize()
    times = sorted(s.elapsed_time(e) for s, e in pairs)
    return times[len(times) // 2]


def peak_mib(function):
    """MiB allocated at the most, beyond what was before."""
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    result = function()
    torch.cuda.synchronize()
    peak = torch.cuda.max_memory_allocated() - before
    del result
    return peak / 2**20


def host_us(function, calls=200):
    """Microseconds of the host a call, the device not waited for."""
    torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(calls):
        function()
    spent = time.perf_counter() - start
    torch.cuda.synchronize()
    return spent / calls * 1e6


def weights(c, q, k, rows):
    """f32 weights of some query rows of one sequence, [H, rows, keys]."""
    s = (q.float().transpose(0, 1) @ k.float().permute(1, 2, 0)) * c.scale
    hidden = torch.arange(k.shape[0], device="cuda")[None] > rows[:, None] if c.causal else None
    if c.silu:
        s = torch.nn.functional.silu(s) / c.N
        return s if hidden is None else s.masked_fill(hidden, 0.0)
    return torch.softmax(s if hidden is None else s.masked_fill(hidden, float("-inf")), -1)


def sample(c, sequences=24, rows=256):
    """(rows of out, f32 result) of the first, last and longest sequences and of some others, at most `rows` queries each."""
    generator = torch.Generator().manual_seed(3)
    offsets = c.offsets.tolist()
    for b in sorted({0, c.B - 1, int(c.lengths.argmax()), *range(0, c.B, max(1, c.B // sequences))}):
        first, last = offsets[b], offsets[b + 1]
        if first == last:
            continue
        chosen = torch.randperm(last - first, generator=generator)[:rows].sort().values.cuda()
        p = weights(c, c.q[first:last][chosen], c.k[first:last], chosen)
        yield first + chosen, (p @ c.v[first:last].float().transpose(0, 1)).transpose(0, 1)


def error(c, out, wanted):
    """Largest absolute difference from the f32 results; NaN where out is not finite."""
    worst = 0.0
    for rows, want in wanted:
        got = out[rows].float()
        if not torch.isfinite(got).all():
            return float("nan")
        worst = max(worst, (got - want).abs().max().item())
    return worst
