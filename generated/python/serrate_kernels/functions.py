"""One function a definition. serrate 0.1.0 wrote this: edit the definition, not this file."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from ._ops import register, sides

register("alibi")
register("block_diagonal")
register("causal")
register("cross")
register("cross_causal")
register("full")
register("gdpa_fast_gelu_bf16")
register("gdpa_gelu")
register("gdpa_gelu_approx")
register("gdpa_gelu_taylor")
register("gdpa_hardswish")
register("gdpa_leaky_relu")
register("gdpa_raw")
register("gdpa_relu")
register("gdpa_relu_square")
register("gdpa_silu")
register("hstu")
register("hstu_bias")
register("hstu_delta")
register("hstu_mixed")
register("hstu_rows")
register("interval_lists")
register("jagged_bias")
register("local_window")
register("pair_bias")
register("pma")
register("prefix_lm")
register("relative_bias")
register("semi_local")
register("shared_target_attention")
register("sink")
register("sliding_window")
register("sll_jagged_dense_flash_attention")
register("sll_jagged_flash_attention")
register("sll_jagged_flash_attention_masked")
register("softcap")
register("target_attention")
register("target_groups")
register("targets")

def alibi(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    slope: Tensor,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Causal attention with ALiBi's per-head linear bias.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64 or 128; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        slope: float32 [heads].
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.alibi(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, slope)
    return (out, lse) if return_lse else out

def block_diagonal(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Attention inside blocks of 64 tokens (BlockAttention).

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.block_diagonal(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale)
    return (out, lse) if return_lse else out

def causal(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Each query sees itself and the past of its own sequence.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64 or 128; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.causal(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale)
    return (out, lse) if return_lse else out

def cross(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor,
    kv_offsets: Tensor,
    *,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Queries of one jagged batch over the keys of another.

    Queries and keys have offsets of their own.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q start; the first 0 (cu_seqlens).
        kv_offsets: int32 or int64 [B + 1], where sequences of k and v start; the first 0.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.cross(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale)
    return (out, lse) if return_lse else out

def cross_causal(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor,
    kv_offsets: Tensor,
    *,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "end",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Cross-attention whose last query is level with the last key (bottom-right causal).

    Queries and keys have offsets of their own.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64 or 128; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q start; the first 0 (cu_seqlens).
        kv_offsets: int32 or int64 [B + 1], where sequences of k and v start; the first 0.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.cross_causal(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale)
    return (out, lse) if return_lse else out

def full(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Bidirectional attention inside each sequence. The layout is the document mask.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64 or 128; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.full(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale)
    return (out, lse) if return_lse else out

def gdpa_fast_gelu_bf16(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    qk_scale: float = 1,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
) -> Tensor:
    """Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: GELU's tanh form with its constant rounded to bf16.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        qk_scale: a number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.

    Returns: out of q's dtype, [rows, heads, head dim]. Rows that keep no key are 0.
    """
    return torch.ops.serrate.gdpa_fast_gelu_bf16(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, qk_scale)

def gdpa_gelu(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    qk_scale: float = 1,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
) -> Tensor:
    """Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: GELU with the error function.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        qk_scale: a number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.

    Returns: out of q's dtype, [rows, heads, head dim]. Rows that keep no key are 0.
    """
    return torch.ops.serrate.gdpa_gelu(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, qk_scale)

def gdpa_gelu_approx(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    qk_scale: float = 1,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
) -> Tensor:
    """Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: GELU's tanh form (also GDPA's `fast_gelu`).

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        qk_scale: a number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.

    Returns: out of q's dtype, [rows, heads, head dim]. Rows that keep no key are 0.
    """
    return torch.ops.serrate.gdpa_gelu_approx(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, qk_scale)

def gdpa_gelu_taylor(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    qk_scale: float = 1,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
) -> Tensor:
    """Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: GELU's Taylor polynomial of degree 6.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        qk_scale: a number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.

    Returns: out of q's dtype, [rows, heads, head dim]. Rows that keep no key are 0.
    """
    return torch.ops.serrate.gdpa_gelu_taylor(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, qk_scale)

def gdpa_hardswish(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    qk_scale: float = 1,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
) -> Tensor:
    """Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: hard swish.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        qk_scale: a number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.

    Returns: out of q's dtype, [rows, heads, head dim]. Rows that keep no key are 0.
    """
    return torch.ops.serrate.gdpa_hardswish(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, qk_scale)

def gdpa_leaky_relu(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    qk_scale: float = 1,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
) -> Tensor:
    """Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: leaky ReLU, 0.01 below 0.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        qk_scale: a number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.

    Returns: out of q's dtype, [rows, heads, head dim]. Rows that keep no key are 0.
    """
    return torch.ops.serrate.gdpa_leaky_relu(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, qk_scale)

def gdpa_raw(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    qk_scale: float = 1,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
) -> Tensor:
    """Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: no activation.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        qk_scale: a number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.

    Returns: out of q's dtype, [rows, heads, head dim]. Rows that keep no key are 0.
    """
    return torch.ops.serrate.gdpa_raw(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, qk_scale)

def gdpa_relu(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    qk_scale: float = 1,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
) -> Tensor:
    """Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: ReLU.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        qk_scale: a number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.

    Returns: out of q's dtype, [rows, heads, head dim]. Rows that keep no key are 0.
    """
    return torch.ops.serrate.gdpa_relu(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, qk_scale)

def gdpa_relu_square(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    qk_scale: float = 1,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
) -> Tensor:
    """Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: squared ReLU.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        qk_scale: a number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.

    Returns: out of q's dtype, [rows, heads, head dim]. Rows that keep no key are 0.
    """
    return torch.ops.serrate.gdpa_relu_square(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, qk_scale)

def gdpa_silu(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    qk_scale: float = 1,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
) -> Tensor:
    """Generalised dot-product attention, qkScale · act(Q Kᵀ) · V: SiLU (also GDPA's `fast_silu`).

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        qk_scale: a number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.

    Returns: out of q's dtype, [rows, heads, head dim]. Rows that keep no key are 0.
    """
    return torch.ops.serrate.gdpa_silu(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, qk_scale)

def hstu(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    num_targets: Tensor,
    max_seq_len: int,
    alpha: float,
    contextual: int = 0,
    max_attn_len: int = 0,
    min_full_attn_seq_len: int = 0,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
) -> Tensor:
    """HSTU (Zhai et al. 2024): SiLU attention over history and targets, scaled by 1 / max_seq_len.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64 or 128; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        num_targets: int32 [B].
        max_seq_len: a whole number.
        alpha: a number.
        contextual: a whole number.
        max_attn_len: a whole number.
        min_full_attn_seq_len: a whole number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.

    Returns: out of q's dtype, [rows, heads, head dim]. Rows that keep no key are 0.
    """
    return torch.ops.serrate.hstu(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, num_targets, contextual, max_attn_len, min_full_attn_seq_len, max_seq_len, alpha)

def hstu_bias(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    num_targets: Tensor,
    max_seq_len: int,
    timestamps: Tensor | tuple[Tensor, Tensor],
    time_bias: Tensor,
    position_bias: Tensor,
    alpha: float,
    contextual: int = 0,
    max_attn_len: int = 0,
    min_full_attn_seq_len: int = 0,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
) -> Tensor:
    """HSTU with relative attention bias: square-root time buckets and positions up to 128 apart, added after α.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        num_targets: int32 [B].
        max_seq_len: a whole number.
        timestamps: float32 [rows]; where keys have rows of their own, a pair of it for the queries and for the keys.
        time_bias: float32 [length].
        position_bias: float32 [length].
        alpha: a number.
        contextual: a whole number.
        max_attn_len: a whole number.
        min_full_attn_seq_len: a whole number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.

    Returns: out of q's dtype, [rows, heads, head dim]. Rows that keep no key are 0.
    """
    timestamps_q, timestamps_kv = sides("timestamps", timestamps)
    return torch.ops.serrate.hstu_bias(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, num_targets, contextual, max_attn_len, min_full_attn_seq_len, max_seq_len, timestamps_q, timestamps_kv, time_bias, position_bias, alpha)

def hstu_delta(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    kv_offsets: Tensor,
    *,
    num_targets: Tensor,
    max_seq_len: int,
    alpha: float,
    contextual: int = 0,
    max_attn_len: int = 0,
    min_full_attn_seq_len: int = 0,
    seq_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "end",
) -> Tensor:
    """HSTU's delta_q: the last Δ rows of each sequence, [B, Δ, H, d], against its whole history.

    T queries for each sequence of keys.

    Args:
        q: [B, T, heads, head dim], f32, f16, bf16, head dim 64 or 128; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        kv_offsets: int32 or int64 [B + 1], where sequences of k and v start; the first 0.
        num_targets: int32 [B].
        max_seq_len: a whole number.
        alpha: a number.
        contextual: a whole number.
        max_attn_len: a whole number.
        min_full_attn_seq_len: a whole number.
        seq_offsets: as kv_offsets, for queries that are jagged too: q is then [rows, heads, head dim].
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.

    Returns: out of q's dtype, [B, T, heads, head dim]. Rows that keep no key are 0.
    """
    return torch.ops.serrate.hstu_delta(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, num_targets, contextual, max_attn_len, min_full_attn_seq_len, max_seq_len, alpha)

def hstu_mixed(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    softmax_heads: int,
    max_seq_len: int,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Softmax in the first `softmaxHeads` heads, SiLU in the others (HSTU's `num_softmax_heads`).

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        softmax_heads: a whole number.
        max_seq_len: a whole number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.hstu_mixed(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, softmax_heads, max_seq_len)
    return (out, lse) if return_lse else out

def hstu_rows(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    num_targets: Tensor,
    attn_scale: Tensor | tuple[Tensor, Tensor],
    alpha: float,
    contextual: int = 0,
    max_attn_len: int = 0,
    min_full_attn_seq_len: int = 0,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
) -> Tensor:
    """HSTU whose scale is given per row (`attn_scale` of shape [ΣL]).

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        num_targets: int32 [B].
        attn_scale: float32 [rows]; where keys have rows of their own, a pair of it for the queries and for the keys.
        alpha: a number.
        contextual: a whole number.
        max_attn_len: a whole number.
        min_full_attn_seq_len: a whole number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.

    Returns: out of q's dtype, [rows, heads, head dim]. Rows that keep no key are 0.
    """
    attn_scale_q, attn_scale_kv = sides("attn_scale", attn_scale)
    return torch.ops.serrate.hstu_rows(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, num_targets, contextual, max_attn_len, min_full_attn_seq_len, attn_scale_q, attn_scale_kv, alpha)

def interval_lists(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    intervals: Tensor | tuple[Tensor, Tensor],
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Each query lists the keys it sees: a prefix and one interval.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        intervals: int32 [rows, 3]; where keys have rows of their own, a pair of it for the queries and for the keys.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    intervals_q, intervals_kv = sides("intervals", intervals)
    out, lse = torch.ops.serrate.interval_lists(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, intervals_q, intervals_kv)
    return (out, lse) if return_lse else out

def jagged_bias(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    bias: Tensor,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Attention with a packed bias of Σ qLen · kvLen numbers: no padding to N.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        bias: float32 [sum of qLen * kvLen], row-major, one sequence after another.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.jagged_bias(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, bias)
    return (out, lse) if return_lse else out

def local_window(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    left: int,
    right: int,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Each query sees `left` tokens back and `right` ahead.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        left: a whole number.
        right: a whole number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.local_window(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, left, right)
    return (out, lse) if return_lse else out

def pair_bias(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    bias: Tensor,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Attention with a dense bias [B, Hr, N, N], Hr any divisor of the heads (PyTorch's `attn_mask`, HSTU's `rab`).

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        bias: float32 [B, (Hr,) rows, columns], Hr a divisor of the heads.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.pair_bias(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, bias)
    return (out, lse) if return_lse else out

def pma(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    kv_offsets: Tensor,
    *,
    seq_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Pooling by attention: the same T queries over every sequence (Set Transformer's PMA; GDPA's `broadcast_q`).

    The same T queries for every sequence of keys.

    Args:
        q: [T, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        kv_offsets: int32 or int64 [B + 1], where sequences of k and v start; the first 0.
        seq_offsets: as kv_offsets, for queries that are jagged too: q is then [rows, heads, head dim].
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [B, T, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.pma(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale)
    return (out, lse) if return_lse else out

def prefix_lm(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    prefix: Tensor,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """The first `prefix` tokens of a sequence see each other; the rest is causal.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64 or 128; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        prefix: int32 [B].
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.prefix_lm(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, prefix)
    return (out, lse) if return_lse else out

def relative_bias(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    bias: Tensor,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Causal attention with a learned bias per head and relative position, up to 128 positions away.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64 or 128; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        bias: float32 [heads, length].
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.relative_bias(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, bias)
    return (out, lse) if return_lse else out

def semi_local(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    local: int,
    global_: int,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Causal attention to the last `local` tokens and the first `global` ones.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        local: a whole number.
        global_: a whole number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.semi_local(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, local, global_)
    return (out, lse) if return_lse else out

def shared_target_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    kv_offsets: Tensor,
    *,
    seq_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Target attention of many candidates that share their request's history.

    T queries for each sequence of keys; sequences share keys through kv_index.

    Args:
        q: [B, T, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        kv_offsets: int32 or int64 [B + 1], where sequences of k and v start; the first 0.
        seq_offsets: as kv_offsets, for queries that are jagged too: q is then [rows, heads, head dim].
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [B, T, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.shared_target_attention(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale)
    return (out, lse) if return_lse else out

def sink(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    sink_logit: Tensor,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Causal attention with a learned logit per head in the softmax's sum (attention sink).

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        sink_logit: float32 [heads].
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.sink(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, sink_logit)
    return (out, lse) if return_lse else out

def sliding_window(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    window: int,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Each query sees itself and the `window` tokens before it.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64 or 128; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        window: a whole number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.sliding_window(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, window)
    return (out, lse) if return_lse else out

def sll_jagged_dense_flash_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    kv_offsets: Tensor,
    *,
    bias: Tensor,
    seq_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """FBGEMM's `sll_jagged_dense_flash_attention`: dense queries [B, T, D], jagged keys, bias [B, N, T] read at (key, query).

    T queries for each sequence of keys.

    Args:
        q: [B, T, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        kv_offsets: int32 or int64 [B + 1], where sequences of k and v start; the first 0.
        bias: float32 [B, rows, columns].
        seq_offsets: as kv_offsets, for queries that are jagged too: q is then [rows, heads, head dim].
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [B, T, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.sll_jagged_dense_flash_attention(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, bias)
    return (out, lse) if return_lse else out

def sll_jagged_flash_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    max_seq_len: float,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """FBGEMM's `sll_jagged_flash_attention_basic` and `sll_multi_head_jagged_flash_attention`: no 1/√d, softmax divided by N.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        max_seq_len: a number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.sll_jagged_flash_attention(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, max_seq_len)
    return (out, lse) if return_lse else out

def sll_jagged_flash_attention_masked(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    max_seq_len: float,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """The same with `use_mask`: keeps j >= i after the softmax, without renormalising.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        max_seq_len: a number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.sll_jagged_flash_attention_masked(q, k, v, seq_offsets, kv_offsets, kv_index, align, None, max_seq_len)
    return (out, lse) if return_lse else out

def softcap(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Causal attention with scores limited to ±30.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64 or 128; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.softcap(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale)
    return (out, lse) if return_lse else out

def target_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    kv_offsets: Tensor,
    *,
    seq_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """T dense queries a sequence over its jagged keys, as in DIN and TransAct.

    T queries for each sequence of keys.

    Args:
        q: [B, T, heads, head dim], f32, f16, bf16, head dim 64 or 128; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        kv_offsets: int32 or int64 [B + 1], where sequences of k and v start; the first 0.
        seq_offsets: as kv_offsets, for queries that are jagged too: q is then [rows, heads, head dim].
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [B, T, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.target_attention(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale)
    return (out, lse) if return_lse else out

def target_groups(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    num_targets: Tensor,
    group_size: int,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Candidates in groups: each sees the history and what came before it in its own group.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        num_targets: int32 [B].
        group_size: a whole number.
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.target_groups(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, num_targets, group_size)
    return (out, lse) if return_lse else out

def targets(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    seq_offsets: Tensor | None = None,
    *,
    num_targets: Tensor,
    kv_offsets: Tensor | None = None,
    kv_index: Tensor | None = None,
    align: Literal["start", "end"] = "start",
    scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Causal history; each candidate at the end sees the history and itself.

    Queries and keys of a sequence are the same rows.

    Args:
        q: [rows, heads, head dim], f32, f16, bf16, head dim 64; the head dim contiguous.
        k, v: [kv rows, kv heads, head dim] of q's dtype; the kv heads divide q's.
        seq_offsets: int32 or int64 [B + 1], where sequences of q, k and v start; the first 0 (cu_seqlens).
        num_targets: int32 [B].
        kv_offsets: as seq_offsets, for keys that have rows of their own (cross-attention). Without seq_offsets: q is [B, T, heads, head dim], or [T, heads, head dim] for every sequence.
        kv_index: int32 [B], the key sequence that each query sequence reads; entries are not checked.
        align: "start": query i has position i. "end": the last query has the last key's position.
        scale: multiplies q . k; default 1 / sqrt(head dim).
        return_lse: also return the natural log of each row's sum, float32 of out's shape without the last dim.

    Returns: out of q's dtype, [rows, heads, head dim], and lse if asked. Rows that keep no key are 0, their lse -inf.
    """
    out, lse = torch.ops.serrate.targets(q, k, v, seq_offsets, kv_offsets, kv_index, align, scale, num_targets)
    return (out, lse) if return_lse else out
