"""Runs on a machine with an NVIDIA GPU: pytest generated/python/tests. Every function against plain float64 PyTorch, and what PyTorch expects of an operator."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
import torch

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
import serrate_kernels as sk  # noqa: E402
from reference import attention  # noqa: E402
from serrate_kernels._manifest import definition, names  # noqa: E402

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")

DTYPES = {"f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}
TOLERANCE = {"f32": 2e-5, "f16": 2e-3, "bf16": 1.2e-2}
HEADS = 4
#: Weights of degree 6 in the score leave f16's range where |q . k| reaches 14: drawn smaller.
QUERY_SCALE = {"gdpa_gelu_taylor": 0.25}

def seed(*parts):
    random.seed(repr(parts))
    torch.manual_seed(random.randrange(2**31))

def offsets(lengths, dtype=torch.int32):
    return torch.nn.functional.pad(torch.tensor(lengths).cumsum(0), (1, 0)).to("cuda", dtype)

def lengths_of(count, longest):
    drawn = [random.randint(0, longest) for _ in range(count)]
    drawn[random.randrange(count)] = 0
    drawn[random.randrange(count)] = 1
    drawn[0] = max(drawn[0], longest)
    return drawn

def integers(low, high, *shape):
    return torch.randint(low, high + 1, shape, dtype=torch.int32, device="cuda")

def uniform(low, high, *shape):
    return torch.rand(shape, device="cuda") * (high - low) + low

SCALARS = {"contextual": 3, "max_attn_len": 37, "min_full_attn_seq_len": 11, "max_seq_len": 200, "alpha": 0.125, "qk_scale": 0.25, "window": 40, "left": 33, "right": 17, "local": 29, "global_": 9, "softmax_heads": 2, "group_size": 3}

def captures_of(d, sequences, q_rows, kv_rows, sums, longest, self_layout):
    """A random value of every capture, by its name in Python."""
    given = {}
    for c in d.captures:
        name = c.argument
        if c.kind == "scalar":
            given[name] = SCALARS[name]
        elif c.kind == "perHead":
            given[name] = uniform(0.01, 0.4, HEADS)
        elif c.kind == "perSequence":
            given[name] = integers(0, 20, sequences)
        elif c.kind == "table":
            given[name] = uniform(-1, 1, *([HEADS] if c.per_head else []), 65 if "time" in name else 257)
        elif c.kind == "pair" and c.layout == "dense":
            given[name] = uniform(-1, 1, sequences, *([2] if c.per_head else []), longest, longest)
        elif c.kind == "pair":
            given[name] = uniform(-1, 1, sums)
        else:
            make = (lambda rows, c=c: integers(0, 96, rows, c.columns) if c.columns else uniform(0.001, 0.05, rows) if c.argument == "attn_scale" else uniform(0, 1e5, rows))
            given[name] = make(q_rows) if self_layout else (make(q_rows), make(kv_rows))
    return given

class Batch:
    """Random inputs of one definition in one layout."""

    def __init__(self, name, dtype, head_dim, queries=None, kv_heads=HEADS, sequences=9, longest=190, offset_dtype=torch.int32, extra=3, align=None, shared=None):
        d = definition(name)
        self.name, self.queries = name, queries or d.queries
        self.align_end = (align or d.align) == "end"
        kv = lengths_of(sequences, longest)
        rows = 13
        shared = name == "shared_target_attention" if shared is None else shared
        self.kv_index = [random.randrange(sequences) for _ in range(sequences + 4)] if shared else None
        count = len(self.kv_index) if self.kv_index else sequences
        own = {"self": kv, "jagged": lengths_of(count, longest), "dense": [rows] * count, "broadcast": [rows] * count}[self.queries]
        total = lambda x: sum(x)  # noqa: E731
        kv_rows = total(kv) + extra
        q_rows = rows if self.queries == "broadcast" else total(own) if self.queries == "dense" else total(own) + extra
        draw = lambda *shape: torch.randn(*shape, device="cuda", dtype=DTYPES[dtype])  # noqa: E731
        self.q, self.k, self.v = draw(q_rows if self.queries != "self" else kv_rows, HEADS, head_dim) * QUERY_SCALE.get(name, 1), draw(kv_rows, kv_heads, head_dim), draw(kv_rows, kv_heads, head_dim)
        self.q_list, self.kv_list = ([0, *torch.tensor(x).cumsum(0).tolist()] for x in (own, kv))
        keys = [kv[i] for i in self.kv_index] if self.kv_index else kv
        self.captures = captures_of(d, count, self.q.shape[0], kv_rows, sum(a * b for a, b in zip(own, keys, strict=True)), longest, self.queries == "self")
        q_offsets, kv_offsets = offsets(own, offset_dtype), offsets(kv, offset_dtype)
        self.tensors = {"seq_offsets": q_offsets} if self.queries in ("self", "jagged") else {}
        if self.queries != "self":
            self.tensors["kv_offsets"] = kv_offsets
        if self.kv_index:
            self.tensors["kv_index"] = torch.tensor(self.kv_index, dtype=torch.int32, device="cuda")
        self.options = {"align": "end" if self.align_end else "start"}

    def shaped(self):
        return self.q.unflatten(0, (-1, 13)) if self.queries == "dense" else self.q

    def call(self, **more):
        return getattr(sk, self.name)(self.shaped(), self.k, self.v, **self.tensors, **self.options, **self.captures, **more)

    def expected(self):
        return attention(self.name, self.q, self.k, self.v, self.q_list, self.kv_list, broadcast=self.queries == "broadcast", kv_index=self.kv_index, align_end=self.align_end, **self.captures)

def close(got, want, dtype, what):
    got = got.double().reshape(want.shape)
    assert torch.isfinite(got).all(), f"{what}: not finite"
    error = ((got - want).norm() / want.norm().clamp(min=1e-30)).item()
    assert error < TOLERANCE[dtype], f"{what}: relative error {error:.2e}"

def check(batch, dtype, what):
    d = definition(batch.name)
    want, want_lse = batch.expected()
    if not d.lse:
        return close(batch.call(), want, dtype, what)
    out, lse = batch.call(return_lse=True)
    close(out, want, dtype, what)
    got, want_lse = lse.double().reshape(want_lse.shape), want_lse
    assert torch.equal(got.isneginf(), want_lse.isneginf()), f"{what}: -inf of lse"
    kept = ~want_lse.isneginf()
    torch.testing.assert_close(got[kept], want_lse[kept], atol=2e-3 if dtype != "f32" else 1e-4, rtol=1e-4)

CASES = [(name, k.dtype, k.head_dim, k.path) for name in names() for k in definition(name).kernels]

@pytest.mark.parametrize(("name", "dtype", "head_dim", "path"), CASES)
def test_definition(name, dtype, head_dim, path, monkeypatch):
    """Every kernel of every definition in its own layout."""
    seed(name, dtype, head_dim)
    monkeypatch.setenv("SERRATE_PATH", path)
    try:
        check(Batch(name, dtype, head_dim), dtype, f"{name} {path}")
        check(Batch(name, dtype, head_dim, longest=23, sequences=40), dtype, f"{name} {path}, short")
    except sk.UnavailableError as error:
        pytest.skip(str(error))

LAYOUTS = [("full", "jagged", 4, "start", False), ("full", "dense", 2, "start", True), ("causal", "jagged", 1, "end", False), ("causal", "dense", 2, "end", False), ("full", "broadcast", 4, "start", False), ("causal", "self", 2, "start", False), ("target_attention", "jagged", 4, "start", False)]

@pytest.mark.parametrize(("name", "queries", "kv_heads", "align", "shared"), LAYOUTS)
@pytest.mark.parametrize("offset_dtype", [torch.int32, torch.int64])
def test_layouts(name, queries, kv_heads, align, shared, offset_dtype):
    seed(name, queries)
    check(Batch(name, "bf16", 64, queries=queries, kv_heads=kv_heads, align=align, shared=shared, offset_dtype=offset_dtype), "bf16", f"{name} {queries}")

def test_strided_views():
    seed("strides")
    b = Batch("causal", "bf16", 64)
    packed = torch.stack([b.q, b.k, b.v], 1)
    b.q, b.k, b.v = packed.unbind(1)
    check(b, "bf16", "one qkv tensor")
    b.q, b.k, b.v = (x.transpose(0, 1).contiguous().transpose(0, 1) for x in (b.q, b.k, b.v))
    check(b, "bf16", "heads first")

def test_empty():
    q = torch.empty(0, HEADS, 64, device="cuda", dtype=torch.bfloat16)
    assert sk.causal(q, q, q, offsets([0, 0])).shape == q.shape
    q = torch.ones(5, HEADS, 64, device="cuda", dtype=torch.bfloat16)
    out, lse = sk.causal(q, q, q, torch.zeros(1, dtype=torch.int32, device="cuda"), return_lse=True)
    assert (out == 0).all() and lse.isneginf().all()

def test_repeat_is_bit_equal():
    seed("repeat")
    b = Batch("causal", "bf16", 128, sequences=30)
    assert torch.equal(b.call(), b.call())

@pytest.mark.parametrize("name", ["causal", "hstu", "hstu_bias", "jagged_bias", "target_attention"])
def test_compile_fullgraph(name):
    seed("compile", name)
    torch._dynamo.reset()
    b = Batch(name, "bf16", 64)
    function = torch.compile(lambda q, k, v: getattr(sk, name)(q * 1, k, v, **b.tensors, **b.options, **b.captures) * 2, fullgraph=True, dynamic=True)
    torch.testing.assert_close(function(b.shaped(), b.k, b.v), b.call() * 2, rtol=0, atol=0)

def test_opcheck():
    seed("opcheck")
    b = Batch("causal", "bf16", 64)
    arguments = (b.q, b.k, b.v, b.tensors["seq_offsets"], None, None, "start", None)
    torch.library.opcheck(torch.ops.serrate.causal.default, arguments, test_utils=("test_schema", "test_faketensor", "test_autograd_registration"))

def test_cuda_graph_with_other_lengths():
    seed("graph")
    b = Batch("causal", "bf16", 64, extra=0)
    b.call()
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        b.call()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        out = b.call()
    for _ in range(3):
        cuts = sorted(random.sample(range(1, b.q.shape[0]), len(b.q_list) - 2))
        b.q_list = b.kv_list = [0, *cuts, b.q.shape[0]]
        b.tensors["seq_offsets"].copy_(torch.tensor(b.q_list, dtype=torch.int32))
        b.q.normal_()
        graph.replay()
        close(out, b.expected()[0], "bf16", "replay")

def test_current_stream():
    """A launch waits for what its own stream was given before."""
    seed("stream")
    b = Batch("full", "bf16", 64)
    want, k = b.expected()[0], b.k.clone()
    b.call()
    torch.cuda.synchronize()
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        b.k.zero_()
        torch.cuda._sleep(20_000_000)
        b.k.copy_(k)
        out = b.call()
    stream.synchronize()
    close(out, want, "bf16", "side stream")

def test_no_sync_and_no_memory_of_our_own():
    seed("sync")
    b = Batch("hstu", "bf16", 64)
    b.call()
    torch.cuda.set_sync_debug_mode("error")
    try:
        free = torch.cuda.mem_get_info()[0]
        b.call()
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert torch.cuda.mem_get_info()[0] == free

def test_threads():
    """A thread that has no CUDA context yet."""
    from threading import Thread

    seed("threads")
    b = Batch("causal", "bf16", 64)
    want, got = b.call(), []
    threads = [Thread(target=lambda: got.append(b.call())) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    torch.cuda.synchronize()
    assert len(got) == 4 and all(torch.equal(x, want) for x in got)

PROCESS = """
import sys; sys.path.insert(0, {path!r})
import torch, serrate_kernels as sk
q = torch.randn(50, 2, 64, device="cuda", dtype=torch.bfloat16)
print(sk.full(q, q, q, torch.tensor([0, 20, 50], dtype=torch.int32, device="cuda")).float().sum().isfinite().item())
"""

def test_processes_compile_at_once(tmp_path):
    text = PROCESS.format(path=str(Path(sk.__file__).parent.parent))
    environment = {**os.environ, "SERRATE_CACHE": str(tmp_path)}
    runs = [subprocess.Popen([sys.executable, "-c", text], env=environment, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [r.communicate(timeout=120)[0].strip() for r in runs] == ["True"] * 4
    left = [p.name for p in tmp_path.iterdir()]
    assert len(left) == 1 and left[0].endswith(".cubin"), left

def test_damaged_cache_is_made_anew(tmp_path):
    text = PROCESS.format(path=str(Path(sk.__file__).parent.parent))
    environment = {**os.environ, "SERRATE_CACHE": str(tmp_path)}
    for _ in range(2):
        run = subprocess.run([sys.executable, "-c", text], env=environment, capture_output=True, text=True, timeout=120)
        assert run.stdout.strip() == "True", run.stderr
        for file in tmp_path.iterdir():
            file.write_bytes(file.read_bytes()[:100])

def test_backward_says_so():
    b = Batch("causal", "bf16", 64)
    out = sk.causal(b.q.requires_grad_(), b.k, b.v, b.tensors["seq_offsets"])
    with pytest.raises(NotImplementedError, match="no backward yet"):
        out.sum().backward()

def bad(message, **change):
    return pytest.param(change, message, id=message[:40])

@pytest.mark.parametrize(("change", "message"), [
    bad("q: dtype torch.float64", q=lambda x: x.double()),
    bad("k: dtype torch.float16, and q has torch.bfloat16", k=lambda x: x.half()),
    bad("k: head dim 32, and q has 64", k=lambda x: x[..., :32]),
    bad("k: 3 heads, and q has 4", k=lambda x: x[:, :3], v=lambda x: x[:, :3]),
    bad("v: got shape", v=lambda x: x[:-1]),
    bad("seq_offsets: dtype torch.float32", seq_offsets=lambda x: x.float()),
    bad("seq_offsets: got shape", seq_offsets=lambda x: x[None]),
    bad("seq_offsets: on cpu, and q on cuda:0", seq_offsets=lambda x: x.cpu()),
    bad("q: strides", q=lambda x: x.transpose(1, 2).contiguous().transpose(1, 2)),
    bad("k: head stride 0", k=lambda x: x[:, :1].expand(-1, HEADS, -1)),
    bad("q: starts 2 bytes past", q=lambda x: torch.empty(x.numel() + 8, device="cuda", dtype=x.dtype)[1:x.numel() + 1].view(x.shape)),
    bad("causal is emitted here for head dims 64, 128", **{n: (lambda x: x[..., :48].contiguous()) for n in "qkv"}),
    bad("align: got 'middle'", align=lambda x: "middle"),
])
def test_refusals(change, message):
    b = Batch("causal", "bf16", 64)
    arguments = {"q": b.q, "k": b.k, "v": b.v, **b.tensors, "align": "start"}
    arguments |= {name: f(arguments[name]) for name, f in change.items()}
    with pytest.raises(sk.ArgumentError) as raised:
        sk.causal(**arguments)
    assert message in str(raised.value)

@pytest.mark.parametrize(("change", "message"), [
    bad("num_targets: got shape [8]", num_targets=lambda x: x[:-1]),
    bad("num_targets: dtype torch.int64", num_targets=lambda x: x.long()),
    bad("max_attn_len: got 2147483648", max_attn_len=lambda x: 2**31),
])
def test_capture_refusals(change, message):
    b = Batch("hstu", "bf16", 64)
    b.captures |= {name: f(b.captures[name]) for name, f in change.items()}
    with pytest.raises(sk.ArgumentError) as raised:
        b.call()
    assert message in str(raised.value)

def test_cpu_tensors_are_refused():
    q = torch.ones(4, 2, 64, dtype=torch.bfloat16)
    with pytest.raises(sk.ArgumentError, match="q: on cpu"):
        sk.causal(q, q, q, torch.tensor([0, 4]))

def test_offsets_are_checked_on_request(monkeypatch):
    monkeypatch.setenv("SERRATE_CHECK_OFFSETS", "1")
    b = Batch("causal", "bf16", 64)
    with pytest.raises(sk.ArgumentError, match="goes down"):
        sk.causal(b.q, b.k, b.v, torch.tensor([0, 9, 5], dtype=torch.int32, device="cuda"))

def test_capture_without_a_loaded_kernel():
    b = Batch("softcap", "f32", 64)
    from serrate_kernels import _launch, _loaded

    _loaded._loaded.clear()
    _launch._plans.clear()
    with pytest.raises(sk.UnavailableError, match="before the capture"), torch.cuda.graph(torch.cuda.CUDAGraph()):
        b.call()
