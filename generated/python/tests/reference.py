"""Every definition in plain PyTorch, float64, one sequence at a time: what the kernels are compared with."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

@dataclass(frozen=True)
class Pairs:
    """Scores of one sequence, [heads, queries, keys], and where they lie. `c`: captures of the whole batch."""

    b: int
    q: Tensor  # positions [queries, 1]
    kv: Tensor  # positions [1, keys]
    q_len: int
    kv_len: int
    rows: slice  # of the queries, in q
    keys: slice
    c: dict[str, Any]
    pair0: int  # sum of qLen * kvLen before this sequence

    def token(self, name: str) -> tuple[Tensor, Tensor]:
        x = self.c[name]
        queries, keys = x if isinstance(x, tuple) else (x, x)
        return queries[self.rows], keys[self.keys]

Score = Callable[[Tensor, Pairs], Tensor]
Mask = Callable[[Pairs], Tensor]

def causal(p: Pairs) -> Tensor:
    return p.kv <= p.q

def everything(p: Pairs) -> Tensor:
    return torch.ones(p.q.shape[0], p.kv.shape[1], dtype=torch.bool, device=p.q.device)

def _history(p: Pairs) -> int:
    return p.kv_len - min(max(int(p.c["num_targets"][p.b]), 0), p.kv_len)

def hstu_mask(p: Pairs) -> Tensor:
    c = p.c
    shift = max(c.get("contextual", 0) - 1, 0)
    last = _history(p) - shift
    id_q, id_kv = ((x - shift).clamp(min=0).clamp(max=last) for x in (p.q, p.kv))
    near = torch.ones_like(id_q - id_kv, dtype=torch.bool)
    if c.get("max_attn_len", 0) > 0:
        near = id_q - id_kv <= c["max_attn_len"]
        if c.get("min_full_attn_seq_len", 0) > 0:
            near = near | (id_q >= last - c["min_full_attn_seq_len"])
    kept = ((p.q == p.kv) | (id_q > id_kv)) & near
    return kept | ((id_q == 0) & (id_kv < last)) if c.get("contextual", 0) > 0 else kept

def targets(p: Pairs) -> Tensor:
    return causal(p) & ((p.kv < _history(p)) | (p.q == p.kv))

def target_groups(p: Pairs) -> Tensor:
    h, size = _history(p), max(p.c["group_size"], 1)
    same = torch.div(p.q - h, size, rounding_mode="floor") == torch.div(p.kv - h, size, rounding_mode="floor")
    return causal(p) & ((p.kv < h) | ((p.q >= h) & same))

def intervals(p: Pairs) -> Tensor:
    f = p.token("intervals")[0].long()
    return (p.kv < f[:, :1]) | ((f[:, 1:2] <= p.kv) & (p.kv < f[:, 2:3]))

def relative(p: Pairs, table: Tensor) -> Tensor:
    return table.double()[..., (p.kv - p.q).clamp(-128, 128) + 128]

def _heads(x: Tensor, heads: int) -> Tensor:
    """[Hr, ...] to [heads, ...]."""
    return x.double().repeat_interleave(heads // x.shape[0], 0)

def _clamped(n: Tensor, size: int) -> Tensor:
    return n.clamp(0, size - 1)

def dense_bias(s: Tensor, p: Pairs) -> Tensor:
    bias = p.c["bias"][p.b]
    bias = bias if bias.dim() == 3 else bias[None]
    return s + _heads(bias, s.shape[0])[:, _clamped(p.q, bias.shape[1]), _clamped(p.kv, bias.shape[2])]

def sll_bias(s: Tensor, p: Pairs) -> Tensor:
    bias = p.c["bias"][p.b].double()
    return s + bias[_clamped(p.kv, bias.shape[0]), _clamped(p.q, bias.shape[1])]

def jagged_bias(s: Tensor, p: Pairs) -> Tensor:
    return s + p.c["bias"][p.pair0 : p.pair0 + p.q_len * p.kv_len].double().view(p.q_len, p.kv_len)

def hstu_bias(s: Tensor, p: Pairs) -> Tensor:
    queries, keys = p.token("timestamps")
    elapsed = (queries.float()[:, None] - keys.float()[None]).clamp(min=1e-6) / 60
    return s + p.c["time_bias"].double()[elapsed.sqrt().trunc().long().clamp(0, 64)] + relative(p, p.c["position_bias"])

def silu(x: Tensor) -> Tensor:
    return x * torch.sigmoid(x)

def gelu_tanh(c: float) -> Callable[[Tensor], Tensor]:
    return lambda x: 0.5 * x * (1 + torch.tanh(c * (x + 0.044715 * x**3)))

def taylor(x: Tensor) -> Tensor:
    y, d = x * x, 0.3989422804014327
    return 0.5 * x + y * (d + y * (-d / 6 + y * d / 40))

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "gdpa_raw": lambda x: x,
    "gdpa_relu": lambda x: x.clamp(min=0),
    "gdpa_relu_square": lambda x: x.clamp(min=0) ** 2,
    "gdpa_leaky_relu": lambda x: torch.where(x >= 0, x, 0.01 * x),
    "gdpa_silu": silu,
    "gdpa_hardswish": lambda x: x * (x + 3).clamp(0, 6) / 6,
    "gdpa_gelu": lambda x: 0.5 * x * torch.special.erfc(-x * math.sqrt(0.5)),
    "gdpa_gelu_approx": gelu_tanh(math.sqrt(2 / math.pi)),
    "gdpa_fast_gelu_bf16": gelu_tanh(0.796875),
    "gdpa_gelu_taylor": taylor,
}

def _pointwise(activation: Callable[[Tensor], Tensor], scale: Callable[[Pairs], Any]) -> Callable[[Tensor, Tensor, Pairs], tuple[Tensor, None]]:
    return lambda s, keep, p: (torch.where(keep, activation(s), 0.0) * scale(p), None)

def softmax(s: Tensor, keep: Tensor, p: Pairs, sink: Tensor | None = None) -> tuple[Tensor, Tensor]:
    s = s.masked_fill(~keep, -math.inf)
    lse = torch.logsumexp(s, -1)
    if sink is not None:
        lse = torch.logaddexp(lse, sink.double()[:, None].expand_as(lse))
    return torch.where(keep, torch.exp(s - lse.clamp(min=-1e300)[..., None]), 0.0), lse

def _mixed(s: Tensor, keep: Tensor, p: Pairs) -> tuple[Tensor, Tensor]:
    n = p.c["softmax_heads"]
    weights, lse = softmax(s, keep, p)
    rest = torch.where(keep, silu(s), 0.0) / p.c["max_seq_len"]
    first = (torch.arange(s.shape[0], device=s.device) < n)[:, None, None]
    return torch.where(first, weights, rest), torch.where(first[..., 0], lse, -math.inf)

def _sll(s: Tensor, keep: Tensor, p: Pairs) -> tuple[Tensor, Tensor]:
    weights, lse = softmax(s, keep, p)
    return weights / p.c["max_seq_len"], lse

def _sll_masked(s: Tensor, keep: Tensor, p: Pairs) -> tuple[Tensor, Tensor]:
    weights, lse = _sll(s, keep, p)
    return torch.where(p.kv >= p.q, weights, 0.0), lse

SCORES: dict[str, Score] = {
    "alibi": lambda s, p: s + p.c["slope"].double()[:, None, None] * (p.kv - p.q),
    "softcap": lambda s, p: 30 * torch.tanh(s / 30),
    "relative_bias": lambda s, p: s + relative(p, p.c["bias"]),
    "pair_bias": dense_bias,
    "jagged_bias": jagged_bias,
    "hstu_bias": hstu_bias,
    "sll_jagged_dense_flash_attention": sll_bias,
}
MASKS: dict[str, Mask] = {
    **{name: causal for name in ("alibi", "causal", "cross_causal", "softcap", "relative_bias", "sink", "hstu_mixed")},
    **{name: hstu_mask for name in ("hstu", "hstu_bias", "hstu_delta", "hstu_rows")},
    "block_diagonal": lambda p: p.q // 64 == p.kv // 64,
    "sliding_window": lambda p: causal(p) & (p.q - p.kv <= p.c["window"]),
    "local_window": lambda p: (p.q - p.kv <= p.c["left"]) & (p.kv - p.q <= p.c["right"]),
    "semi_local": lambda p: causal(p) & ((p.q - p.kv < p.c["local"]) | (p.kv < p.c["global_"])),
    "prefix_lm": lambda p: causal(p) | (p.kv < int(p.c["prefix"][p.b])),
    "interval_lists": intervals,
    "targets": targets,
    "target_groups": target_groups,
}
WEIGHTS: dict[str, Callable[[Tensor, Tensor, Pairs], tuple[Tensor, Tensor | None]]] = {
    **{name: _pointwise(f, lambda p: p.c.get("qk_scale", 1)) for name, f in ACTIVATIONS.items()},
    **{name: _pointwise(silu, lambda p: 1 / p.c["max_seq_len"]) for name in ("hstu", "hstu_bias", "hstu_delta")},
    "hstu_rows": _pointwise(silu, lambda p: p.token("attn_scale")[0].double()[:, None]),
    "hstu_mixed": _mixed,
    "sink": lambda s, keep, p: softmax(s, keep, p, p.c["sink_logit"]),
    "sll_jagged_flash_attention": _sll,
    "sll_jagged_flash_attention_masked": _sll_masked,
}
ONE = {*ACTIVATIONS, "sll_jagged_flash_attention", "sll_jagged_flash_attention_masked", "sll_jagged_dense_flash_attention"}

def scale_of(name: str, head_dim: int, captures: dict[str, Any]) -> float:
    return 1.0 if name in ONE else captures.get("alpha", head_dim**-0.5)

def attention(name: str, q: Tensor, k: Tensor, v: Tensor, q_offsets: list[int], kv_offsets: list[int], *, broadcast: bool = False, kv_index: list[int] | None = None, align_end: bool = False, **captures: Any) -> tuple[Tensor, Tensor | None]:
    """out [rows, heads, value dim] and lse [rows, heads], float64; rows past the last offset are 0 and -inf."""
    b_count, heads = len(q_offsets) - 1, q.shape[1]
    rows = q.shape[0] if not broadcast else q_offsets[-1]
    out = torch.zeros(rows, heads, v.shape[2], dtype=torch.float64, device=q.device)
    lse = torch.full((rows, heads), -math.inf, dtype=torch.float64, device=q.device)
    scale, group, pair0, has_lse = scale_of(name, q.shape[2], captures), heads // k.shape[1], 0, True
    for b in range(b_count):
        q0, q1 = q_offsets[b], q_offsets[b + 1]
        keys = kv_index[b] if kv_index else b
        k0, k1 = kv_offsets[keys], kv_offsets[keys + 1]
        q_len, kv_len = q1 - q0, k1 - k0
        place = slice(0, q_len) if broadcast else slice(q0, q1)
        position = torch.arange(q_len, device=q.device)[:, None] + (kv_len - q_len if align_end else 0)
        p = Pairs(b, position, torch.arange(kv_len, device=q.device)[None], q_len, kv_len, place, slice(k0, k1), captures, pair0)
        pair0 += q_len * kv_len
        if q_len == 0:
            continue
        queries = q[place].double().transpose(0, 1)
        kk, vv = (x[k0:k1].double().transpose(0, 1).repeat_interleave(group, 0) for x in (k, v))
        s = scale * (queries @ kk.transpose(1, 2))
        s = SCORES[name](s, p) if name in SCORES and kv_len > 0 else s
        keep = (MASKS.get(name, everything)(p) & (position >= 0)).expand(s.shape[1:])
        weights, row = WEIGHTS.get(name, softmax)(s, keep, p)
        has_lse = row is not None
        out[q0:q1] = (weights @ vv).transpose(0, 1)
        if row is not None:
            lse[q0:q1] = row.transpose(0, 1)
    return out, lse if has_lse else None
