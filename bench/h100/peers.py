"""What a user of PyTorch would pick today for a Case: each peer as (function, whether its output is packed rows)."""

import torch
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

VARLEN = "torch-varlen"
_SCORES = 12e9
_PADDED = 8e9


class TooLarge(Exception):
    pass


def padded(c):
    """q, k, v as [B, H, N, D] with zeros, and which rows are real."""
    size = c.B * c.N * c.H * c.D * 2
    if size > _PADDED:
        raise TooLarge(f"a padded tensor would need {size / 1e9:.0f} GB")
    real = torch.arange(c.N, device="cuda")[None] < c.lengths.cuda()[:, None]

    def pad(x):
        z = torch.zeros(c.B, c.N, c.H, c.D, device="cuda", dtype=x.dtype)
        z[real] = x
        return z.transpose(1, 2).contiguous()

    return [pad(x) for x in (c.q, c.k, c.v)], real


def varlen(c):
    from torch.nn.attention.varlen import varlen_attn

    arguments = (c.q, c.k, c.v, c.offsets, c.offsets, c.N, c.N)
    options = {"is_causal": c.causal}
    try:
        varlen_attn(*arguments, **options)
    except TypeError:
        options = {"window_size": (-1, 0) if c.causal else (-1, -1)}

    def call():
        out = varlen_attn(*arguments, **options)
        return out[0] if isinstance(out, tuple) else out

    return call, True


def eager(c):
    scores = c.B * c.H * c.N * c.N * 2
    if scores > _SCORES:
        raise TooLarge(f"scores would need {scores / 1e9:.0f} GB")
    (q, k, v), real = padded(c)
    bias = torch.where(real, 0.0, float("-inf")).to(q.dtype)[:, None, None, :]
    if c.causal:
        bias = bias + torch.full((c.N, c.N), float("-inf"), device="cuda", dtype=q.dtype).triu(1)
    return lambda: torch.softmax((q @ k.transpose(-1, -2)) * c.scale + bias, -1) @ v, False


def sdpa(backend):
    def make(c):
        q, k, v = padded(c)[0]

        def call():
            with sdpa_kernel(backend):
                return F.scaled_dot_product_attention(q, k, v, is_causal=c.causal)

        return call, False

    return make


def flex(c):
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention

    document = torch.repeat_interleave(torch.arange(c.B, device="cuda"), c.lengths.cuda())
    rows = c.q.shape[0]

    def same(b, h, i, j):
        kept = document[i] == document[j]
        return kept & (j <= i) if c.causal else kept

    mask = torch.compile(create_block_mask)(same, None, None, rows, rows, device="cuda")
    q, k, v = (x.transpose(0, 1).unsqueeze(0).contiguous() for x in (c.q, c.k, c.v))
    compiled = torch.compile(flex_attention)
    return lambda: compiled(q, k, v, block_mask=mask), False


#: In the order of running; the slow ones to prepare come last.
PEERS = {VARLEN: varlen, "cuDNN, padded": sdpa(SDPBackend.CUDNN_ATTENTION), "flash, padded": sdpa(SDPBackend.FLASH_ATTENTION), "eager, padded": eager, "FlexAttention": flex}
