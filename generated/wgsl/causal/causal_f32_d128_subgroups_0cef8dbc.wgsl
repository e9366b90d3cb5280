// causal_f32_d128_subgroups: causal, jagged attention forward, softmax, f32, head dim 128
// definition kernels/causal.ts:4
// schedule   wgsl_fma block_m=64 block_n=64 rows=8 lanes=32 chunk_d=32 stage_q=0 subgroups=32
// hashes     definition 2353734be153df58, plan 0cef8dbc34e9df0c
// emitted by serrate 0.1.0; edit the definition, not this file
enable subgroups;

const BLOCK_M: u32 = 64u;     // query rows of a workgroup
const BLOCK_N: u32 = 64u;     // keys of a key tile
const THREADS: u32 = 256u;
const LANES: u32 = 32u;         // threads that share a query row
const ROW_GROUPS: u32 = 8u;    // threads / LANES: a thread owns rows row_group + i * ROW_GROUPS
const ROWS: u32 = 8u;          // query rows of a thread
const KEYS: u32 = 2u;          // keys of a key tile of a thread: lane + j * LANES
const HEAD_VECS: u32 = 32u;     // head dim 128 in vec4
const CHUNK_VECS: u32 = 8u;    // vec4 of the head dim staged at a time
const Q_PITCH: u32 = 9u;       // row pitches of the tiles, odd to spread rows over the banks
const KV_PITCH: u32 = 9u;
const P_PITCH: u32 = 33u;
const LOG2E: f32 = 1.4426950408889634;
const LN2: f32 = 0.6931471805599453;
const MASKED: f32 = -1.7014118e38;   // what a masked score becomes: below every kept one
const PAD: u32 = 4294967295u;  // the sequence of rows past the last offset

struct Params {
  num_sequences: u32,
  num_heads: u32,
  num_rows: u32,
  max_tiles: u32,
  offset_words: u32,
  sm_scale: f32,
}

// One query tile: rows first_query .. of a sequence that begins at packed row row0.
struct Tile {
  row0: u32,
  length: u32,
  first_query: u32,
  sequence: u32,
}

// The work list that build_tiles leaves for attention.
struct Tiles {
  dispatch_x: u32,
  dispatch_y: u32,
  dispatch_z: u32,
  count: u32,
  executed: u32,
  full: u32,
  reserved0: u32,
  reserved1: u32,
  entries: array<Tile>,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> k: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> v: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> lse: array<u32>;
@group(0) @binding(6) var<storage, read> tiles: Tiles;
@group(0) @binding(6) var<storage, read_write> tiles_out: Tiles;  // the same buffer, as build_tiles sees it
@group(0) @binding(7) var<storage, read> seq_offsets: array<u32>;

var<workgroup> q_tile: array<vec4<f32>, 576>;
var<workgroup> kv_tile: array<vec4<f32>, 576>;   // keys, then values
var<workgroup> p_tile: array<vec2<f32>, 2112>;    // weights of a key tile

// What a hook knows of its sequence.
struct Seq {
  q_len: i32,
  kv_len: i32,
  row0: u32,
}

// c + a . b, in f32
fn dot_add(a: vec4<f32>, b: vec4<f32>, c: f32) -> f32 {
  return fma(a.w, b.w, fma(a.z, b.z, fma(a.y, b.y, fma(a.x, b.x, c))));
}

// Softmax weight of a score against the row maximum m: exactly 0 for a masked one.
fn weight(score: f32, m: f32) -> f32 {
  return select(0.0, exp2((score - m) * LOG2E), score > MASKED);
}

// dsl/masks/causal.ts:2
// (_b: number, _h: number, q: number, kv: number): boolean => kv <= q
fn mask_mod(b: i32, h: i32, q: i32, kv: i32, seq: Seq) -> bool {
  return (kv <= q);
}

// true: the part of mask_mod that turns false as kv grows holds for every pair of the box
fn falling_always(b: i32, h: i32, q0: i32, q1: i32, kv0: i32, kv1: i32, seq: Seq) -> bool {
  return (kv1 <= q0);
}

// true: the part of mask_mod that turns false as kv grows holds for no pair of the box
fn falling_never(b: i32, h: i32, q0: i32, q1: i32, kv0: i32, kv1: i32, seq: Seq) -> bool {
  return (q1 < kv0);
}

// Offset i limited to the rows there are: offsets are i32, or i64 as two words.
fn sequence_offset(i: u32) -> u32 {
  let at = i * params.offset_words;
  let low = seq_offsets[at];
  if (params.offset_words == 1u) { return select(min(low, params.num_rows), 0u, low >= 0x80000000u); }
  let high = seq_offsets[at + 1u];
  if (high >= 0x80000000u) { return 0u; }
  return select(min(low, params.num_rows), params.num_rows, high > 0u);
}

fn tiles_of(length: u32) -> u32 {
  return (length + BLOCK_M - 1u) / BLOCK_M;
}

// Writes the query tiles of one sequence from position first on; gives the position after them.
fn write_tiles(first: u32, row0: u32, length: u32, sequence: u32, start: u32, step: u32) -> u32 {
  let count = tiles_of(length);
  for (var i = start; i < count; i += step) {
    if (first + i < params.max_tiles) { tiles_out.entries[first + i] = Tile(row0, length, i * BLOCK_M, sequence); }
  }
  return first + count;
}

var<workgroup> scan: array<u32, 256>;

// Lists the query tiles of every sequence in order, then those of rows past the last offset; one workgroup, no atomics.
@compute @workgroup_size(256)
fn build_tiles(@builtin(local_invocation_index) thread: u32) {
  let share = (params.num_sequences + 255u) / 256u;
  let begin = min(thread * share, params.num_sequences);
  let end = min(begin + share, params.num_sequences);

  // count the tiles of this thread's sequences
  var own = 0u;
  var row = sequence_offset(begin);
  for (var b = begin; b < end; b++) {
    let next = max(sequence_offset(b + 1u), row);
    own += tiles_of(next - row);
    row = sequence_offset(b + 1u);
  }

  // inclusive prefix sum over the threads
  scan[thread] = own;
  for (var step = 1u; step < 256u; step *= 2u) {
    workgroupBarrier();
    var left = 0u;
    if (thread >= step) { left = scan[thread - step]; }
    workgroupBarrier();
    scan[thread] += left;
  }
  workgroupBarrier();
  let listed = scan[255];

  // write them
  var position = scan[thread] - own;
  row = sequence_offset(begin);
  for (var b = begin; b < end; b++) {
    let next = max(sequence_offset(b + 1u), row);
    position = write_tiles(position, row, next - row, b, 0u, 1u);
    row = sequence_offset(b + 1u);
  }

  // rows past the last offset: no keys, so they come out empty
  var used = sequence_offset(params.num_sequences);
  if (params.num_sequences > 0u) { used = max(used, sequence_offset(params.num_sequences - 1u)); }
  let total = write_tiles(listed, used, params.num_rows - used, PAD, thread, 256u);

  if (thread == 0u) {
    tiles_out.count = min(total, params.max_tiles);
    let workgroups = min(total, params.max_tiles) * params.num_heads;
    tiles_out.dispatch_x = min(workgroups, 65535u);
    tiles_out.dispatch_y = (workgroups + 65534u) / 65535u;
    tiles_out.dispatch_z = 1u;
    tiles_out.executed = 0u;
    tiles_out.full = 0u;
  }
}

// Key tiles [begin, end) hold kept pairs; [full_begin, full_end) hold no others.
struct KeyRange {
  begin: i32,
  full_begin: i32,
  full_end: i32,
  end: i32,
}

// Last key of key tile n.
fn last_key(n: i32, seq: Seq) -> i32 {
  return min((n + 1) * i32(BLOCK_N), seq.kv_len) - 1;
}

// mask_mod is monotone in kv, so each end of the range is found by bisection.
fn key_range(b: i32, h: i32, q0: i32, q1: i32, count: i32, seq: Seq) -> KeyRange {
  var range = KeyRange(0, 0, count, count);
  // first tile of which falling_always is not true
  var low_full_end = 0;
  var high_full_end = count;
  while (low_full_end < high_full_end) {
    let n = (low_full_end + high_full_end) / 2;
    if (falling_always(b, h, q0, q1, n * i32(BLOCK_N), last_key(n, seq), seq)) { low_full_end = n + 1; } else { high_full_end = n; }
  }
  range.full_end = low_full_end;
  // first tile that falling_never rules out
  var low_end = 0;
  var high_end = count;
  while (low_end < high_end) {
    let n = (low_end + high_end) / 2;
    if (!falling_never(b, h, q0, q1, n * i32(BLOCK_N), last_key(n, seq), seq)) { low_end = n + 1; } else { high_end = n; }
  }
  range.end = low_end;
  return range;
}

// vec4 d of a packed row of q
fn load_q(row: u32, head: u32, d: u32) -> vec4<f32> {
  return q[(row * params.num_heads + head) * HEAD_VECS + d];
}

// vec4 d of a packed row of k
fn load_k(row: u32, head: u32, d: u32) -> vec4<f32> {
  return k[(row * params.num_heads + head) * HEAD_VECS + d];
}

// vec4 d of a packed row of v
fn load_v(row: u32, head: u32, d: u32) -> vec4<f32> {
  return v[(row * params.num_heads + head) * HEAD_VECS + d];
}

// vec4 d of row of out
fn store_out(row: u32, d: u32, x: vec4<f32>) {
  out[row * HEAD_VECS + d] = (x);
}

// Natural log of the row sum; -inf, as bits, for a row that keeps no key.
fn store_lse(row: u32, m: f32, l: f32) {
  lse[row] = select(0xff800000u, bitcast<u32>(m + LN2 * log2(l)), l > 0.0);
}

// One workgroup: one query tile of one head.
@compute @workgroup_size(256)
fn attention(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let task = group.y * 65535u + group.x;
  let tile_index = task / params.num_heads;
  let head = task % params.num_heads;
  if (tile_index >= tiles.count) { return; }
  let tile = tiles.entries[tile_index];
  let lane = thread % LANES;
  let row_group = thread / LANES;
  let row_0 = row_group;
  let row_1 = row_group + 8u;
  let row_2 = row_group + 16u;
  let row_3 = row_group + 24u;
  let row_4 = row_group + 32u;
  let row_5 = row_group + 40u;
  let row_6 = row_group + 48u;
  let row_7 = row_group + 56u;
  let b = i32(select(tile.sequence, 0u, tile.sequence == PAD));
  let h = i32(head);
  let seq = Seq(i32(tile.length), i32(select(tile.length, 0u, tile.sequence == PAD)), tile.row0);
  let q0 = i32(tile.first_query);

  var acc = array<vec4<f32>, 32>();   // [ROWS][head dim chunks][COLUMNS]
  var m_i = array<f32, 8>(MASKED, MASKED, MASKED, MASKED, MASKED, MASKED, MASKED, MASKED);   // row maximum so far
  var l_i = array<f32, 8>();   // this thread's share of the row sum of exp(score - m_i)
  let key_tiles = (seq.kv_len + i32(BLOCK_N) - 1) / i32(BLOCK_N);
  let range = key_range(b, h, q0, min(q0 + i32(BLOCK_M), seq.q_len) - 1, key_tiles, seq);
  // walk the key tiles that hold kept pairs
  for (var n = range.begin; n < range.end; n++) {
    let kv0 = n * i32(BLOCK_N);
    let masked = n < range.full_begin || n >= range.full_end;
    var s = array<f32, 16>();   // [ROWS][KEYS]
    // stage queries and keys, head dim chunk 0
    workgroupBarrier();
    for (var i = thread; i < BLOCK_M * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = i % CHUNK_VECS;
      var x = vec4<f32>();
      if (q0 + i32(row) < seq.q_len) { x = load_q(seq.row0 + tile.first_query + row, head, d); }
      q_tile[row * Q_PITCH + i % CHUNK_VECS] = x;
    }
    for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = i % CHUNK_VECS;
      var x = vec4<f32>();
      if (kv0 + i32(row) < seq.kv_len) { x = load_k(seq.row0 + u32(kv0) + row, head, d); }
      kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
    }
    workgroupBarrier();
    // s += q . k over the chunk
    for (var d = 0u; d < CHUNK_VECS; d++) {
      let k_0 = (kv_tile[lane * KV_PITCH + d]);
      let k_1 = (kv_tile[(lane + 32u) * KV_PITCH + d]);
      let q_0 = (q_tile[row_0 * Q_PITCH + d]);
      s[0] = dot_add(q_0, k_0, s[0]);
      s[1] = dot_add(q_0, k_1, s[1]);
      let q_1 = (q_tile[row_1 * Q_PITCH + d]);
      s[2] = dot_add(q_1, k_0, s[2]);
      s[3] = dot_add(q_1, k_1, s[3]);
      let q_2 = (q_tile[row_2 * Q_PITCH + d]);
      s[4] = dot_add(q_2, k_0, s[4]);
      s[5] = dot_add(q_2, k_1, s[5]);
      let q_3 = (q_tile[row_3 * Q_PITCH + d]);
      s[6] = dot_add(q_3, k_0, s[6]);
      s[7] = dot_add(q_3, k_1, s[7]);
      let q_4 = (q_tile[row_4 * Q_PITCH + d]);
      s[8] = dot_add(q_4, k_0, s[8]);
      s[9] = dot_add(q_4, k_1, s[9]);
      let q_5 = (q_tile[row_5 * Q_PITCH + d]);
      s[10] = dot_add(q_5, k_0, s[10]);
      s[11] = dot_add(q_5, k_1, s[11]);
      let q_6 = (q_tile[row_6 * Q_PITCH + d]);
      s[12] = dot_add(q_6, k_0, s[12]);
      s[13] = dot_add(q_6, k_1, s[13]);
      let q_7 = (q_tile[row_7 * Q_PITCH + d]);
      s[14] = dot_add(q_7, k_0, s[14]);
      s[15] = dot_add(q_7, k_1, s[15]);
    }
    // stage queries and keys, head dim chunk 1
    workgroupBarrier();
    for (var i = thread; i < BLOCK_M * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 8u + i % CHUNK_VECS;
      var x = vec4<f32>();
      if (q0 + i32(row) < seq.q_len) { x = load_q(seq.row0 + tile.first_query + row, head, d); }
      q_tile[row * Q_PITCH + i % CHUNK_VECS] = x;
    }
    for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 8u + i % CHUNK_VECS;
      var x = vec4<f32>();
      if (kv0 + i32(row) < seq.kv_len) { x = load_k(seq.row0 + u32(kv0) + row, head, d); }
      kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
    }
    workgroupBarrier();
    // s += q . k over the chunk
    for (var d = 0u; d < CHUNK_VECS; d++) {
      let k_0 = (kv_tile[lane * KV_PITCH + d]);
      let k_1 = (kv_tile[(lane + 32u) * KV_PITCH + d]);
      let q_0 = (q_tile[row_0 * Q_PITCH + d]);
      s[0] = dot_add(q_0, k_0, s[0]);
      s[1] = dot_add(q_0, k_1, s[1]);
      let q_1 = (q_tile[row_1 * Q_PITCH + d]);
      s[2] = dot_add(q_1, k_0, s[2]);
      s[3] = dot_add(q_1, k_1, s[3]);
      let q_2 = (q_tile[row_2 * Q_PITCH + d]);
      s[4] = dot_add(q_2, k_0, s[4]);
      s[5] = dot_add(q_2, k_1, s[5]);
      let q_3 = (q_tile[row_3 * Q_PITCH + d]);
      s[6] = dot_add(q_3, k_0, s[6]);
      s[7] = dot_add(q_3, k_1, s[7]);
      let q_4 = (q_tile[row_4 * Q_PITCH + d]);
      s[8] = dot_add(q_4, k_0, s[8]);
      s[9] = dot_add(q_4, k_1, s[9]);
      let q_5 = (q_tile[row_5 * Q_PITCH + d]);
      s[10] = dot_add(q_5, k_0, s[10]);
      s[11] = dot_add(q_5, k_1, s[11]);
      let q_6 = (q_tile[row_6 * Q_PITCH + d]);
      s[12] = dot_add(q_6, k_0, s[12]);
      s[13] = dot_add(q_6, k_1, s[13]);
      let q_7 = (q_tile[row_7 * Q_PITCH + d]);
      s[14] = dot_add(q_7, k_0, s[14]);
      s[15] = dot_add(q_7, k_1, s[15]);
    }
    // stage queries and keys, head dim chunk 2
    workgroupBarrier();
    for (var i = thread; i < BLOCK_M * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 16u + i % CHUNK_VECS;
      var x = vec4<f32>();
      if (q0 + i32(row) < seq.q_len) { x = load_q(seq.row0 + tile.first_query + row, head, d); }
      q_tile[row * Q_PITCH + i % CHUNK_VECS] = x;
    }
    for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 16u + i % CHUNK_VECS;
      var x = vec4<f32>();
      if (kv0 + i32(row) < seq.kv_len) { x = load_k(seq.row0 + u32(kv0) + row, head, d); }
      kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
    }
    workgroupBarrier();
    // s += q . k over the chunk
    for (var d = 0u; d < CHUNK_VECS; d++) {
      let k_0 = (kv_tile[lane * KV_PITCH + d]);
      let k_1 = (kv_tile[(lane + 32u) * KV_PITCH + d]);
      let q_0 = (q_tile[row_0 * Q_PITCH + d]);
      s[0] = dot_add(q_0, k_0, s[0]);
      s[1] = dot_add(q_0, k_1, s[1]);
      let q_1 = (q_tile[row_1 * Q_PITCH + d]);
      s[2] = dot_add(q_1, k_0, s[2]);
      s[3] = dot_add(q_1, k_1, s[3]);
      let q_2 = (q_tile[row_2 * Q_PITCH + d]);
      s[4] = dot_add(q_2, k_0, s[4]);
      s[5] = dot_add(q_2, k_1, s[5]);
      let q_3 = (q_tile[row_3 * Q_PITCH + d]);
      s[6] = dot_add(q_3, k_0, s[6]);
      s[7] = dot_add(q_3, k_1, s[7]);
      let q_4 = (q_tile[row_4 * Q_PITCH + d]);
      s[8] = dot_add(q_4, k_0, s[8]);
      s[9] = dot_add(q_4, k_1, s[9]);
      let q_5 = (q_tile[row_5 * Q_PITCH + d]);
      s[10] = dot_add(q_5, k_0, s[10]);
      s[11] = dot_add(q_5, k_1, s[11]);
      let q_6 = (q_tile[row_6 * Q_PITCH + d]);
      s[12] = dot_add(q_6, k_0, s[12]);
      s[13] = dot_add(q_6, k_1, s[13]);
      let q_7 = (q_tile[row_7 * Q_PITCH + d]);
      s[14] = dot_add(q_7, k_0, s[14]);
      s[15] = dot_add(q_7, k_1, s[15]);
    }
    // stage queries and keys, head dim chunk 3
    workgroupBarrier();
    for (var i = thread; i < BLOCK_M * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 24u + i % CHUNK_VECS;
      var x = vec4<f32>();
      if (q0 + i32(row) < seq.q_len) { x = load_q(seq.row0 + tile.first_query + row, head, d); }
      q_tile[row * Q_PITCH + i % CHUNK_VECS] = x;
    }
    for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 24u + i % CHUNK_VECS;
      var x = vec4<f32>();
      if (kv0 + i32(row) < seq.kv_len) { x = load_k(seq.row0 + u32(kv0) + row, head, d); }
      kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
    }
    workgroupBarrier();
    // s += q . k over the chunk
    for (var d = 0u; d < CHUNK_VECS; d++) {
      let k_0 = (kv_tile[lane * KV_PITCH + d]);
      let k_1 = (kv_tile[(lane + 32u) * KV_PITCH + d]);
      let q_0 = (q_tile[row_0 * Q_PITCH + d]);
      s[0] = dot_add(q_0, k_0, s[0]);
      s[1] = dot_add(q_0, k_1, s[1]);
      let q_1 = (q_tile[row_1 * Q_PITCH + d]);
      s[2] = dot_add(q_1, k_0, s[2]);
      s[3] = dot_add(q_1, k_1, s[3]);
      let q_2 = (q_tile[row_2 * Q_PITCH + d]);
      s[4] = dot_add(q_2, k_0, s[4]);
      s[5] = dot_add(q_2, k_1, s[5]);
      let q_3 = (q_tile[row_3 * Q_PITCH + d]);
      s[6] = dot_add(q_3, k_0, s[6]);
      s[7] = dot_add(q_3, k_1, s[7]);
      let q_4 = (q_tile[row_4 * Q_PITCH + d]);
      s[8] = dot_add(q_4, k_0, s[8]);
      s[9] = dot_add(q_4, k_1, s[9]);
      let q_5 = (q_tile[row_5 * Q_PITCH + d]);
      s[10] = dot_add(q_5, k_0, s[10]);
      s[11] = dot_add(q_5, k_1, s[11]);
      let q_6 = (q_tile[row_6 * Q_PITCH + d]);
      s[12] = dot_add(q_6, k_0, s[12]);
      s[13] = dot_add(q_6, k_1, s[13]);
      let q_7 = (q_tile[row_7 * Q_PITCH + d]);
      s[14] = dot_add(q_7, k_0, s[14]);
      s[15] = dot_add(q_7, k_1, s[15]);
    }
    // score
    s[0] *= params.sm_scale;
    s[1] *= params.sm_scale;
    s[2] *= params.sm_scale;
    s[3] *= params.sm_scale;
    s[4] *= params.sm_scale;
    s[5] *= params.sm_scale;
    s[6] *= params.sm_scale;
    s[7] *= params.sm_scale;
    s[8] *= params.sm_scale;
    s[9] *= params.sm_scale;
    s[10] *= params.sm_scale;
    s[11] *= params.sm_scale;
    s[12] *= params.sm_scale;
    s[13] *= params.sm_scale;
    s[14] *= params.sm_scale;
    s[15] *= params.sm_scale;
    if (masked) {
      // drop what mask_mod does not keep
      var keep: array<u32, ROWS>;   // a bit for each of this thread's keys
      for (var i = 0u; i < ROWS; i++) {
        let q = q0 + i32(row_group + i * ROW_GROUPS);
        var bits = 0u;
        for (var j = 0u; j < KEYS; j++) {
          let kv = kv0 + i32(lane + j * LANES);
          if (kv < seq.kv_len && mask_mod(b, h, q, kv, seq)) { bits |= 1u << j; }
        }
        keep[i] = bits;
      }
      if (extractBits(keep[0], 0u, 1u) == 0u) { s[0] = MASKED; }
      if (extractBits(keep[0], 1u, 1u) == 0u) { s[1] = MASKED; }
      if (extractBits(keep[1], 0u, 1u) == 0u) { s[2] = MASKED; }
      if (extractBits(keep[1], 1u, 1u) == 0u) { s[3] = MASKED; }
      if (extractBits(keep[2], 0u, 1u) == 0u) { s[4] = MASKED; }
      if (extractBits(keep[2], 1u, 1u) == 0u) { s[5] = MASKED; }
      if (extractBits(keep[3], 0u, 1u) == 0u) { s[6] = MASKED; }
      if (extractBits(keep[3], 1u, 1u) == 0u) { s[7] = MASKED; }
      if (extractBits(keep[4], 0u, 1u) == 0u) { s[8] = MASKED; }
      if (extractBits(keep[4], 1u, 1u) == 0u) { s[9] = MASKED; }
      if (extractBits(keep[5], 0u, 1u) == 0u) { s[10] = MASKED; }
      if (extractBits(keep[5], 1u, 1u) == 0u) { s[11] = MASKED; }
      if (extractBits(keep[6], 0u, 1u) == 0u) { s[12] = MASKED; }
      if (extractBits(keep[6], 1u, 1u) == 0u) { s[13] = MASKED; }
      if (extractBits(keep[7], 0u, 1u) == 0u) { s[14] = MASKED; }
      if (extractBits(keep[7], 1u, 1u) == 0u) { s[15] = MASKED; }
    } else if (kv0 + i32(BLOCK_N) > seq.kv_len) {
      // drop keys past the sequence
      if (kv0 + i32(lane) >= seq.kv_len) {
        s[0] = MASKED;
        s[2] = MASKED;
        s[4] = MASKED;
        s[6] = MASKED;
        s[8] = MASKED;
        s[10] = MASKED;
        s[12] = MASKED;
        s[14] = MASKED;
      }
      if (kv0 + i32(lane + 32u) >= seq.kv_len) {
        s[1] = MASKED;
        s[3] = MASKED;
        s[5] = MASKED;
        s[7] = MASKED;
        s[9] = MASKED;
        s[11] = MASKED;
        s[13] = MASKED;
        s[15] = MASKED;
      }
    }
    // row maximum of the tile: over this thread's keys, then over the lanes of the row
    var top_0 = max(s[0], s[1]);
    var top_1 = max(s[2], s[3]);
    var top_2 = max(s[4], s[5]);
    var top_3 = max(s[6], s[7]);
    var top_4 = max(s[8], s[9]);
    var top_5 = max(s[10], s[11]);
    var top_6 = max(s[12], s[13]);
    var top_7 = max(s[14], s[15]);
    for (var step = 1u; step < LANES; step *= 2u) {
      top_0 = max(top_0, subgroupShuffleXor(top_0, step));
      top_1 = max(top_1, subgroupShuffleXor(top_1, step));
      top_2 = max(top_2, subgroupShuffleXor(top_2, step));
      top_3 = max(top_3, subgroupShuffleXor(top_3, step));
      top_4 = max(top_4, subgroupShuffleXor(top_4, step));
      top_5 = max(top_5, subgroupShuffleXor(top_5, step));
      top_6 = max(top_6, subgroupShuffleXor(top_6, step));
      top_7 = max(top_7, subgroupShuffleXor(top_7, step));
    }
    // online softmax: weights against the new maximum, earlier sums rescaled to it
    {
      let m = max(m_i[0], top_0);
      let alpha = exp2((m_i[0] - m) * LOG2E);
      m_i[0] = m;
      acc[0] *= alpha;
      acc[1] *= alpha;
      acc[2] *= alpha;
      acc[3] *= alpha;
      s[0] = weight(s[0], m);
      s[1] = weight(s[1], m);
      l_i[0] = l_i[0] * alpha + s[0] + s[1];
    }
    {
      let m = max(m_i[1], top_1);
      let alpha = exp2((m_i[1] - m) * LOG2E);
      m_i[1] = m;
      acc[4] *= alpha;
      acc[5] *= alpha;
      acc[6] *= alpha;
      acc[7] *= alpha;
      s[2] = weight(s[2], m);
      s[3] = weight(s[3], m);
      l_i[1] = l_i[1] * alpha + s[2] + s[3];
    }
    {
      let m = max(m_i[2], top_2);
      let alpha = exp2((m_i[2] - m) * LOG2E);
      m_i[2] = m;
      acc[8] *= alpha;
      acc[9] *= alpha;
      acc[10] *= alpha;
      acc[11] *= alpha;
      s[4] = weight(s[4], m);
      s[5] = weight(s[5], m);
      l_i[2] = l_i[2] * alpha + s[4] + s[5];
    }
    {
      let m = max(m_i[3], top_3);
      let alpha = exp2((m_i[3] - m) * LOG2E);
      m_i[3] = m;
      acc[12] *= alpha;
      acc[13] *= alpha;
      acc[14] *= alpha;
      acc[15] *= alpha;
      s[6] = weight(s[6], m);
      s[7] = weight(s[7], m);
      l_i[3] = l_i[3] * alpha + s[6] + s[7];
    }
    {
      let m = max(m_i[4], top_4);
      let alpha = exp2((m_i[4] - m) * LOG2E);
      m_i[4] = m;
      acc[16] *= alpha;
      acc[17] *= alpha;
      acc[18] *= alpha;
      acc[19] *= alpha;
      s[8] = weight(s[8], m);
      s[9] = weight(s[9], m);
      l_i[4] = l_i[4] * alpha + s[8] + s[9];
    }
    {
      let m = max(m_i[5], top_5);
      let alpha = exp2((m_i[5] - m) * LOG2E);
      m_i[5] = m;
      acc[20] *= alpha;
      acc[21] *= alpha;
      acc[22] *= alpha;
      acc[23] *= alpha;
      s[10] = weight(s[10], m);
      s[11] = weight(s[11], m);
      l_i[5] = l_i[5] * alpha + s[10] + s[11];
    }
    {
      let m = max(m_i[6], top_6);
      let alpha = exp2((m_i[6] - m) * LOG2E);
      m_i[6] = m;
      acc[24] *= alpha;
      acc[25] *= alpha;
      acc[26] *= alpha;
      acc[27] *= alpha;
      s[12] = weight(s[12], m);
      s[13] = weight(s[13], m);
      l_i[6] = l_i[6] * alpha + s[12] + s[13];
    }
    {
      let m = max(m_i[7], top_7);
      let alpha = exp2((m_i[7] - m) * LOG2E);
      m_i[7] = m;
      acc[28] *= alpha;
      acc[29] *= alpha;
      acc[30] *= alpha;
      acc[31] *= alpha;
      s[14] = weight(s[14], m);
      s[15] = weight(s[15], m);
      l_i[7] = l_i[7] * alpha + s[14] + s[15];
    }
    // share the weights with the other lanes of the row
    p_tile[row_0 * P_PITCH + lane] = vec2<f32>(s[0], s[1]);
    p_tile[row_1 * P_PITCH + lane] = vec2<f32>(s[2], s[3]);
    p_tile[row_2 * P_PITCH + lane] = vec2<f32>(s[4], s[5]);
    p_tile[row_3 * P_PITCH + lane] = vec2<f32>(s[6], s[7]);
    p_tile[row_4 * P_PITCH + lane] = vec2<f32>(s[8], s[9]);
    p_tile[row_5 * P_PITCH + lane] = vec2<f32>(s[10], s[11]);
    p_tile[row_6 * P_PITCH + lane] = vec2<f32>(s[12], s[13]);
    p_tile[row_7 * P_PITCH + lane] = vec2<f32>(s[14], s[15]);
    // stage values, head dim chunk 0
    workgroupBarrier();
    for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = i % CHUNK_VECS;
      var x = vec4<f32>();
      if (kv0 + i32(row) < seq.kv_len) { x = load_v(seq.row0 + u32(kv0) + row, head, d); }
      kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
    }
    workgroupBarrier();
    // acc += p v over the keys of the tile, 2 at a time
    for (var n = 0u; n < 32u; n++) {
      let p_0 = p_tile[row_0 * P_PITCH + n];
      let p_1 = p_tile[row_1 * P_PITCH + n];
      let p_2 = p_tile[row_2 * P_PITCH + n];
      let p_3 = p_tile[row_3 * P_PITCH + n];
      let p_4 = p_tile[row_4 * P_PITCH + n];
      let p_5 = p_tile[row_5 * P_PITCH + n];
      let p_6 = p_tile[row_6 * P_PITCH + n];
      let p_7 = p_tile[row_7 * P_PITCH + n];
      let v_0_0 = (kv_tile[n * KV_PITCH + min(lane, CHUNK_VECS - 1u)]);
      acc[0] += p_0[0] * v_0_0;
      acc[4] += p_1[0] * v_0_0;
      acc[8] += p_2[0] * v_0_0;
      acc[12] += p_3[0] * v_0_0;
      acc[16] += p_4[0] * v_0_0;
      acc[20] += p_5[0] * v_0_0;
      acc[24] += p_6[0] * v_0_0;
      acc[28] += p_7[0] * v_0_0;
      let v_1_0 = (kv_tile[(n + 32u) * KV_PITCH + min(lane, CHUNK_VECS - 1u)]);
      acc[0] += p_0[1] * v_1_0;
      acc[4] += p_1[1] * v_1_0;
      acc[8] += p_2[1] * v_1_0;
      acc[12] += p_3[1] * v_1_0;
      acc[16] += p_4[1] * v_1_0;
      acc[20] += p_5[1] * v_1_0;
      acc[24] += p_6[1] * v_1_0;
      acc[28] += p_7[1] * v_1_0;
    }
    // stage values, head dim chunk 1
    workgroupBarrier();
    for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 8u + i % CHUNK_VECS;
      var x = vec4<f32>();
      if (kv0 + i32(row) < seq.kv_len) { x = load_v(seq.row0 + u32(kv0) + row, head, d); }
      kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
    }
    workgroupBarrier();
    // acc += p v over the keys of the tile, 2 at a time
    for (var n = 0u; n < 32u; n++) {
      let p_0 = p_tile[row_0 * P_PITCH + n];
      let p_1 = p_tile[row_1 * P_PITCH + n];
      let p_2 = p_tile[row_2 * P_PITCH + n];
      let p_3 = p_tile[row_3 * P_PITCH + n];
      let p_4 = p_tile[row_4 * P_PITCH + n];
      let p_5 = p_tile[row_5 * P_PITCH + n];
      let p_6 = p_tile[row_6 * P_PITCH + n];
      let p_7 = p_tile[row_7 * P_PITCH + n];
      let v_0_0 = (kv_tile[n * KV_PITCH + min(lane, CHUNK_VECS - 1u)]);
      acc[1] += p_0[0] * v_0_0;
      acc[5] += p_1[0] * v_0_0;
      acc[9] += p_2[0] * v_0_0;
      acc[13] += p_3[0] * v_0_0;
      acc[17] += p_4[0] * v_0_0;
      acc[21] += p_5[0] * v_0_0;
      acc[25] += p_6[0] * v_0_0;
      acc[29] += p_7[0] * v_0_0;
      let v_1_0 = (kv_tile[(n + 32u) * KV_PITCH + min(lane, CHUNK_VECS - 1u)]);
      acc[1] += p_0[1] * v_1_0;
      acc[5] += p_1[1] * v_1_0;
      acc[9] += p_2[1] * v_1_0;
      acc[13] += p_3[1] * v_1_0;
      acc[17] += p_4[1] * v_1_0;
      acc[21] += p_5[1] * v_1_0;
      acc[25] += p_6[1] * v_1_0;
      acc[29] += p_7[1] * v_1_0;
    }
    // stage values, head dim chunk 2
    workgroupBarrier();
    for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 16u + i % CHUNK_VECS;
      var x = vec4<f32>();
      if (kv0 + i32(row) < seq.kv_len) { x = load_v(seq.row0 + u32(kv0) + row, head, d); }
      kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
    }
    workgroupBarrier();
    // acc += p v over the keys of the tile, 2 at a time
    for (var n = 0u; n < 32u; n++) {
      let p_0 = p_tile[row_0 * P_PITCH + n];
      let p_1 = p_tile[row_1 * P_PITCH + n];
      let p_2 = p_tile[row_2 * P_PITCH + n];
      let p_3 = p_tile[row_3 * P_PITCH + n];
      let p_4 = p_tile[row_4 * P_PITCH + n];
      let p_5 = p_tile[row_5 * P_PITCH + n];
      let p_6 = p_tile[row_6 * P_PITCH + n];
      let p_7 = p_tile[row_7 * P_PITCH + n];
      let v_0_0 = (kv_tile[n * KV_PITCH + min(lane, CHUNK_VECS - 1u)]);
      acc[2] += p_0[0] * v_0_0;
      acc[6] += p_1[0] * v_0_0;
      acc[10] += p_2[0] * v_0_0;
      acc[14] += p_3[0] * v_0_0;
      acc[18] += p_4[0] * v_0_0;
      acc[22] += p_5[0] * v_0_0;
      acc[26] += p_6[0] * v_0_0;
      acc[30] += p_7[0] * v_0_0;
      let v_1_0 = (kv_tile[(n + 32u) * KV_PITCH + min(lane, CHUNK_VECS - 1u)]);
      acc[2] += p_0[1] * v_1_0;
      acc[6] += p_1[1] * v_1_0;
      acc[10] += p_2[1] * v_1_0;
      acc[14] += p_3[1] * v_1_0;
      acc[18] += p_4[1] * v_1_0;
      acc[22] += p_5[1] * v_1_0;
      acc[26] += p_6[1] * v_1_0;
      acc[30] += p_7[1] * v_1_0;
    }
    // stage values, head dim chunk 3
    workgroupBarrier();
    for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 24u + i % CHUNK_VECS;
      var x = vec4<f32>();
      if (kv0 + i32(row) < seq.kv_len) { x = load_v(seq.row0 + u32(kv0) + row, head, d); }
      kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
    }
    workgroupBarrier();
    // acc += p v over the keys of the tile, 2 at a time
    for (var n = 0u; n < 32u; n++) {
      let p_0 = p_tile[row_0 * P_PITCH + n];
      let p_1 = p_tile[row_1 * P_PITCH + n];
      let p_2 = p_tile[row_2 * P_PITCH + n];
      let p_3 = p_tile[row_3 * P_PITCH + n];
      let p_4 = p_tile[row_4 * P_PITCH + n];
      let p_5 = p_tile[row_5 * P_PITCH + n];
      let p_6 = p_tile[row_6 * P_PITCH + n];
      let p_7 = p_tile[row_7 * P_PITCH + n];
      let v_0_0 = (kv_tile[n * KV_PITCH + min(lane, CHUNK_VECS - 1u)]);
      acc[3] += p_0[0] * v_0_0;
      acc[7] += p_1[0] * v_0_0;
      acc[11] += p_2[0] * v_0_0;
      acc[15] += p_3[0] * v_0_0;
      acc[19] += p_4[0] * v_0_0;
      acc[23] += p_5[0] * v_0_0;
      acc[27] += p_6[0] * v_0_0;
      acc[31] += p_7[0] * v_0_0;
      let v_1_0 = (kv_tile[(n + 32u) * KV_PITCH + min(lane, CHUNK_VECS - 1u)]);
      acc[3] += p_0[1] * v_1_0;
      acc[7] += p_1[1] * v_1_0;
      acc[11] += p_2[1] * v_1_0;
      acc[15] += p_3[1] * v_1_0;
      acc[19] += p_4[1] * v_1_0;
      acc[23] += p_5[1] * v_1_0;
      acc[27] += p_6[1] * v_1_0;
      acc[31] += p_7[1] * v_1_0;
    }
  }

  // the row sum over the lanes of the row
  for (var step = 1u; step < LANES; step *= 2u) {
    l_i[0] += subgroupShuffleXor(l_i[0], step);
    l_i[1] += subgroupShuffleXor(l_i[1], step);
    l_i[2] += subgroupShuffleXor(l_i[2], step);
    l_i[3] += subgroupShuffleXor(l_i[3], step);
    l_i[4] += subgroupShuffleXor(l_i[4], step);
    l_i[5] += subgroupShuffleXor(l_i[5], step);
    l_i[6] += subgroupShuffleXor(l_i[6], step);
    l_i[7] += subgroupShuffleXor(l_i[7], step);
  }

  // write the rows of the sequence; a row that keeps no key has l_i = 0 and comes out 0
  if (tile.first_query + row_0 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_0) * params.num_heads + head;
    let factor = select(0.0, 1.0 / l_i[0], l_i[0] > 0.0);
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[0] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[1] * factor); }

    if (lane + 0u < CHUNK_VECS && 16u + lane < HEAD_VECS) { store_out(row, lane + 16u, acc[2] * factor); }

    if (lane + 0u < CHUNK_VECS && 24u + lane < HEAD_VECS) { store_out(row, lane + 24u, acc[3] * factor); }

    if (lane == 0u) { store_lse(row, m_i[0], l_i[0]); }
  }
  if (tile.first_query + row_1 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_1) * params.num_heads + head;
    let factor = select(0.0, 1.0 / l_i[1], l_i[1] > 0.0);
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[4] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[5] * factor); }

    if (lane + 0u < CHUNK_VECS && 16u + lane < HEAD_VECS) { store_out(row, lane + 16u, acc[6] * factor); }

    if (lane + 0u < CHUNK_VECS && 24u + lane < HEAD_VECS) { store_out(row, lane + 24u, acc[7] * factor); }

    if (lane == 0u) { store_lse(row, m_i[1], l_i[1]); }
  }
  if (tile.first_query + row_2 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_2) * params.num_heads + head;
    let factor = select(0.0, 1.0 / l_i[2], l_i[2] > 0.0);
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[8] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[9] * factor); }

    if (lane + 0u < CHUNK_VECS && 16u + lane < HEAD_VECS) { store_out(row, lane + 16u, acc[10] * factor); }

    if (lane + 0u < CHUNK_VECS && 24u + lane < HEAD_VECS) { store_out(row, lane + 24u, acc[11] * factor); }

    if (lane == 0u) { store_lse(row, m_i[2], l_i[2]); }
  }
  if (tile.first_query + row_3 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_3) * params.num_heads + head;
    let factor = select(0.0, 1.0 / l_i[3], l_i[3] > 0.0);
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[12] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[13] * factor); }

    if (lane + 0u < CHUNK_VECS && 16u + lane < HEAD_VECS) { store_out(row, lane + 16u, acc[14] * factor); }

    if (lane + 0u < CHUNK_VECS && 24u + lane < HEAD_VECS) { store_out(row, lane + 24u, acc[15] * factor); }

    if (lane == 0u) { store_lse(row, m_i[3], l_i[3]); }
  }
  if (tile.first_query + row_4 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_4) * params.num_heads + head;
    let factor = select(0.0, 1.0 / l_i[4], l_i[4] > 0.0);
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[16] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[17] * factor); }

    if (lane + 0u < CHUNK_VECS && 16u + lane < HEAD_VECS) { store_out(row, lane + 16u, acc[18] * factor); }

    if (lane + 0u < CHUNK_VECS && 24u + lane < HEAD_VECS) { store_out(row, lane + 24u, acc[19] * factor); }

    if (lane == 0u) { store_lse(row, m_i[4], l_i[4]); }
  }
  if (tile.first_query + row_5 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_5) * params.num_heads + head;
    let factor = select(0.0, 1.0 / l_i[5], l_i[5] > 0.0);
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[20] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[21] * factor); }

    if (lane + 0u < CHUNK_VECS && 16u + lane < HEAD_VECS) { store_out(row, lane + 16u, acc[22] * factor); }

    if (lane + 0u < CHUNK_VECS && 24u + lane < HEAD_VECS) { store_out(row, lane + 24u, acc[23] * factor); }

    if (lane == 0u) { store_lse(row, m_i[5], l_i[5]); }
  }
  if (tile.first_query + row_6 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_6) * params.num_heads + head;
    let factor = select(0.0, 1.0 / l_i[6], l_i[6] > 0.0);
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[24] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[25] * factor); }

    if (lane + 0u < CHUNK_VECS && 16u + lane < HEAD_VECS) { store_out(row, lane + 16u, acc[26] * factor); }

    if (lane + 0u < CHUNK_VECS && 24u + lane < HEAD_VECS) { store_out(row, lane + 24u, acc[27] * factor); }

    if (lane == 0u) { store_lse(row, m_i[6], l_i[6]); }
  }
  if (tile.first_query + row_7 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_7) * params.num_heads + head;
    let factor = select(0.0, 1.0 / l_i[7], l_i[7] > 0.0);
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[28] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[29] * factor); }

    if (lane + 0u < CHUNK_VECS && 16u + lane < HEAD_VECS) { store_out(row, lane + 16u, acc[30] * factor); }

    if (lane + 0u < CHUNK_VECS && 24u + lane < HEAD_VECS) { store_out(row, lane + 24u, acc[31] * factor); }

    if (lane == 0u) { store_lse(row, m_i[7], l_i[7]); }
  }
}
