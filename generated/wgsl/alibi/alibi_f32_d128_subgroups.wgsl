// alibi_f32_d128_subgroups: alibi, jagged attention forward, softmax, f32, head dim 128
// definition kernels/alibi.ts:4
// schedule   wgsl_fma block_m=32 block_n=32 rows=4 lanes=8 chunk_d=32 stage_q=0 subgroups=8 split=1 order=0 pack=0 gqa=0 prefetch=0
// hashes     definition 9aaf2ed7e31343f8, plan 25b08fa0fd436966
// emitted by serrate 0.1.0; edit the definition, not this file
enable subgroups;

const BLOCK_M: u32 = 32u;     // query rows of a workgroup
const BLOCK_N: u32 = 32u;     // keys of a key tile
const THREADS: u32 = 64u;
const LANES: u32 = 8u;         // threads that share a query row
const ROW_GROUPS: u32 = 8u;    // threads / LANES: a thread owns rows row_group + i * ROW_GROUPS
const ROWS: u32 = 4u;          // query rows of a thread
const KEYS: u32 = 4u;          // keys of a key tile of a thread: lane + j * LANES
const CHUNK_VECS: u32 = 8u;    // vec4 of the head dim staged at a time
const VALUE_CHUNK_VECS: u32 = 8u;    // and of the value dim
const LOG2E: f32 = 1.4426950408889634;
const LN2: f32 = 0.6931471805599453;
const MASKED: f32 = -1.7014118e38;   // what a masked score becomes: below every kept one
const PAD: u32 = 4294967295u;  // the sequence of rows that have no keys
const BROADCAST: u32 = 1u;     // bits of layout_flags
const ALIGN_END: u32 = 2u;
const KV_INDEX: u32 = 4u;

struct Params {
  num_sequences: u32,
  num_heads: u32,
  head_group: u32,
  num_rows: u32,
  kv_rows: u32,
  max_tiles: u32,
  offset_words: u32,
  kv_offset_words: u32,
  query_rows: u32,
  layout_flags: u32,
  q_row_stride: u32,
  q_head_stride: u32,
  k_row_stride: u32,
  k_head_stride: u32,
  v_row_stride: u32,
  v_head_stride: u32,
  out_row_stride: u32,
  out_head_stride: u32,
  lse_row_stride: u32,
  lse_head_stride: u32,
  sm_scale: f32,
  base_slope: u32,
}

// One query tile: queries first_query .. of a sequence. Rows count in q, in k and v, and in out; position0 is the position of query 0.
struct Tile {
  q_row0: u32,
  q_len: u32,
  first_query: u32,
  sequence: u32,
  kv_row0: u32,
  kv_len: u32,
  out_row0: u32,
  position0: i32,
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
@group(0) @binding(8) var<storage, read> kv_offsets: array<u32>;
@group(0) @binding(9) var<storage, read> kv_index: array<i32>;
@group(0) @binding(10) var<storage, read> captures_f32: array<f32>;

var<workgroup> q_tile: array<array<vec4<f32>, 9>, BLOCK_M>;   // rows of an odd pitch, to spread them over the banks
var<workgroup> kv_tile: array<array<vec4<f32>, 9>, BLOCK_N>;   // keys, then values
var<workgroup> p_tile: array<array<vec4<f32>, 9>, BLOCK_M>;   // weights of a key tile

// What a hook knows of its sequence, and where its rows lie.
struct Seq {
  q_len: i32,
  kv_len: i32,
  q_row0: u32,
  kv_row0: u32,
  position0: i32,
  slope: f32,
}

// c + a . b, in f32
fn dot_add(a: vec4<f32>, b: vec4<f32>, c: f32) -> f32 {
  return fma(a.w, b.w, fma(a.z, b.z, fma(a.y, b.y, fma(a.x, b.x, c))));
}

// Softmax weight of a score against the row maximum m: exactly 0 for a masked one.
fn weight(score: f32, m: f32) -> f32 {
  return select(0.0, exp2((score - m) * LOG2E), score > MASKED);
}

// dsl/mods/alibi.ts:2
// (score: number, _b: number, _h: number, q: number, kv: number, seq: { readonly slope: number }): number =>
//   score + seq.slope * (kv - q)
fn score_mod(score: f32, b: i32, h: i32, q: i32, kv: i32, seq: Seq) -> f32 {
  return (score + (seq.slope * f32((kv - q))));
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

// An offset limited to the rows there are: i32, or the two words of an i64.
fn limited(low: u32, high: u32, words: u32, rows: u32) -> u32 {
  let negative = select(high, low, words == 1u) >= 0x80000000u;
  return select(select(min(low, rows), rows, words == 2u && high > 0u), 0u, negative);
}

fn query_offset(i: u32) -> u32 {
  let at = i * params.offset_words;
  return limited(seq_offsets[at], seq_offsets[at + params.offset_words - 1u], params.offset_words, params.num_rows);
}

fn key_offset(i: u32) -> u32 {
  let at = i * params.kv_offset_words;
  return limited(kv_offsets[at], kv_offsets[at + params.kv_offset_words - 1u], params.kv_offset_words, params.kv_rows);
}

// Where the queries and the keys of sequence b lie.
fn sequence_view(b: u32) -> Tile {
  var x = Tile();
  x.sequence = b;
  if (params.query_rows > 0u) {
    // query_rows for each sequence, or the same for all
    x.q_len = params.query_rows;
    x.out_row0 = b * params.query_rows;
    x.q_row0 = select(x.out_row0, 0u, (params.layout_flags & BROADCAST) != 0u);
  } else {
    x.q_row0 = query_offset(b);
    x.q_len = max(query_offset(b + 1u), x.q_row0) - x.q_row0;
    x.out_row0 = x.q_row0;
  }
  var keys = b;
  if ((params.layout_flags & KV_INDEX) != 0u) {
    let offsets = arrayLength(&kv_offsets) / params.kv_offset_words;
    keys = min(u32(max(kv_index[b], 0)), max(offsets, 2u) - 2u);
  }
  x.kv_row0 = key_offset(keys);
  x.kv_len = max(key_offset(keys + 1u), x.kv_row0) - x.kv_row0;
  if ((params.layout_flags & ALIGN_END) != 0u) { x.position0 = i32(x.kv_len) - i32(x.q_len); }
  return x;
}

fn blocks(rows: u32) -> u32 {
  return (rows + BLOCK_M - 1u) / BLOCK_M;
}

// Leading queries that have no position.
fn dropped_rows(x: Tile) -> u32 {
  return min(u32(max(-x.position0, 0)), x.q_len);
}

fn tiles_of(x: Tile) -> u32 {
  let dropped = dropped_rows(x);
  return blocks(dropped) + blocks(x.q_len - dropped);
}

// Writes every step-th query tile of one sequence, from position first on: rows without a position, then the others. Gives the position after them.
fn write_tiles(first: u32, x: Tile, start: u32, step: u32) -> u32 {
  let dropped = dropped_rows(x);
  let without = blocks(dropped);
  let count = tiles_of(x);
  for (var i = start; i < count && first + i < params.max_tiles; i += step) {
    var tile = x;
    if (i < without) {
      tile = Tile(x.q_row0, dropped, i * BLOCK_M, PAD, x.kv_row0, 0u, x.out_row0, 0);
    } else {
      tile.first_query = dropped + (i - without) * BLOCK_M;
    }
    tiles_out.entries[first + i] = tile;
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
  for (var b = begin; b < end; b++) { own += tiles_of(sequence_view(b)); }

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
  for (var b = begin; b < end; b++) { position = write_tiles(position, sequence_view(b), 0u, 1u); }

  // rows past the last sequence: no keys, so they come out empty
  var used = 0u;
  if (params.num_sequences > 0u) {
    let last = sequence_view(params.num_sequences - 1u);
    used = last.out_row0 + last.q_len;
  }
  let rest = Tile(used, params.num_rows - used, 0u, PAD, 0u, 0u, used, 0);
  let total = write_tiles(listed, rest, thread, 256u);

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

// vec4 d of a row of q
fn load_q(row: u32, head: u32, d: u32) -> vec4<f32> {
  let at = row * params.q_row_stride + head * params.q_head_stride + 4u * d;
  return q[at / 4u];
}

// vec4 d of a row of k
fn load_k(row: u32, head: u32, d: u32) -> vec4<f32> {
  let at = row * params.k_row_stride + head * params.k_head_stride + 4u * d;
  return k[at / 4u];
}

// vec4 d of a row of v
fn load_v(row: u32, head: u32, d: u32) -> vec4<f32> {
  let at = row * params.v_row_stride + head * params.v_head_stride + 4u * d;
  return v[at / 4u];
}

// vec4 d of row i of the sequence's queries, zeros past the end
fn tile_q(tile: Tile, head: u32, i: u32, d: u32) -> vec4<f32> {
  let x = load_q(tile.q_row0 + min(i, tile.q_len - 1u), head, d);
  return select(vec4<f32>(), x, i < tile.q_len);
}

// vec4 d of row i of the sequence's keys, zeros past the end
fn tile_k(tile: Tile, head: u32, i: u32, d: u32) -> vec4<f32> {
  let x = load_k(tile.kv_row0 + min(i, tile.kv_len - 1u), head, d);
  return select(vec4<f32>(), x, i < tile.kv_len);
}

// vec4 d of row i of the sequence's values, zeros past the end
fn tile_v(tile: Tile, head: u32, i: u32, d: u32) -> vec4<f32> {
  let x = load_v(tile.kv_row0 + min(i, tile.kv_len - 1u), head, d);
  return select(vec4<f32>(), x, i < tile.kv_len);
}

// vec4 d of a row of out
fn store_out(row: u32, head: u32, d: u32, x: vec4<f32>) {
  let at = row * params.out_row_stride + head * params.out_head_stride + 4u * d;
  out[at / 4u] = (x);
}

// Natural log of the row sum; -inf, as bits, for a row that keeps no key.
fn store_lse(row: u32, head: u32, m: f32, l: f32) {
  lse[row * params.lse_row_stride + head * params.lse_head_stride] = select(0xff800000u, bitcast<u32>(m + LN2 * log2(l)), l > 0.0);
}

// One workgroup: one query tile of one head.
@compute @workgroup_size(64)
fn attention(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let task = group.y * 65535u + group.x;
  let tile_index = task / params.num_heads;
  let head = task % params.num_heads;
  if (tile_index >= tiles.count) { return; }
  let tile = tiles.entries[tile_index];
  let kv_head = head / params.head_group;
  let lane = thread % LANES;
  let row_group = thread / LANES;
  let row_0 = row_group;
  let row_1 = row_group + 8u;
  let row_2 = row_group + 16u;
  let row_3 = row_group + 24u;
  let b = i32(select(tile.sequence, 0u, tile.sequence == PAD));
  let h = i32(head);
  let seq = Seq(i32(tile.q_len), i32(tile.kv_len), tile.q_row0, tile.kv_row0, tile.position0, captures_f32[params.base_slope + u32(h)]);
  let q0 = i32(tile.first_query) + tile.position0;   // position of the tile's first query

  var acc = array<vec4<f32>, 16>();   // [ROWS][value dim chunks][COLUMNS]
  var m_i = array<f32, 4>(MASKED, MASKED, MASKED, MASKED);   // row maximum so far
  var l_i = array<f32, 4>();   // this thread's share of the row sum of exp(score - m_i)
  let key_tiles = (seq.kv_len + i32(BLOCK_N) - 1) / i32(BLOCK_N);
  let range = key_range(b, h, q0, min(q0 + i32(BLOCK_M), seq.q_len + tile.position0) - 1, key_tiles, seq);
  // walk the key tiles that hold kept pairs
  for (var n = range.begin; n < range.end; n++) {
    let kv0 = n * i32(BLOCK_N);
    let masked = n < range.full_begin || n >= range.full_end;
    var s = array<f32, 16>();   // [ROWS][KEYS]
    // stage queries and keys, head dim chunk 0
    let q0_0 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS, thread % CHUNK_VECS);
    let q0_1 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS + 8u, thread % CHUNK_VECS);
    let q0_2 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS + 16u, thread % CHUNK_VECS);
    let q0_3 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS + 24u, thread % CHUNK_VECS);
    let k0_0 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS, thread % CHUNK_VECS);
    let k0_1 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS + 8u, thread % CHUNK_VECS);
    let k0_2 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS + 16u, thread % CHUNK_VECS);
    let k0_3 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS + 24u, thread % CHUNK_VECS);
    workgroupBarrier();
    q_tile[thread / CHUNK_VECS][thread % CHUNK_VECS] = q0_0;
    q_tile[thread / CHUNK_VECS + 8u][thread % CHUNK_VECS] = q0_1;
    q_tile[thread / CHUNK_VECS + 16u][thread % CHUNK_VECS] = q0_2;
    q_tile[thread / CHUNK_VECS + 24u][thread % CHUNK_VECS] = q0_3;
    kv_tile[thread / CHUNK_VECS][thread % CHUNK_VECS] = k0_0;
    kv_tile[thread / CHUNK_VECS + 8u][thread % CHUNK_VECS] = k0_1;
    kv_tile[thread / CHUNK_VECS + 16u][thread % CHUNK_VECS] = k0_2;
    kv_tile[thread / CHUNK_VECS + 24u][thread % CHUNK_VECS] = k0_3;
    workgroupBarrier();
    // s += q . k over the chunk
    for (var d = 0u; d < CHUNK_VECS; d++) {
      let k_0 = (kv_tile[lane][d]);
      let k_1 = (kv_tile[lane + 8u][d]);
      let k_2 = (kv_tile[lane + 16u][d]);
      let k_3 = (kv_tile[lane + 24u][d]);
      let q_0 = (q_tile[row_0][d]);
      s[0] = dot_add(q_0, k_0, s[0]);
      s[1] = dot_add(q_0, k_1, s[1]);
      s[2] = dot_add(q_0, k_2, s[2]);
      s[3] = dot_add(q_0, k_3, s[3]);
      let q_1 = (q_tile[row_1][d]);
      s[4] = dot_add(q_1, k_0, s[4]);
      s[5] = dot_add(q_1, k_1, s[5]);
      s[6] = dot_add(q_1, k_2, s[6]);
      s[7] = dot_add(q_1, k_3, s[7]);
      let q_2 = (q_tile[row_2][d]);
      s[8] = dot_add(q_2, k_0, s[8]);
      s[9] = dot_add(q_2, k_1, s[9]);
      s[10] = dot_add(q_2, k_2, s[10]);
      s[11] = dot_add(q_2, k_3, s[11]);
      let q_3 = (q_tile[row_3][d]);
      s[12] = dot_add(q_3, k_0, s[12]);
      s[13] = dot_add(q_3, k_1, s[13]);
      s[14] = dot_add(q_3, k_2, s[14]);
      s[15] = dot_add(q_3, k_3, s[15]);
    }
    // stage queries and keys, head dim chunk 1
    let q1_0 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS, 8u + thread % CHUNK_VECS);
    let q1_1 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS + 8u, 8u + thread % CHUNK_VECS);
    let q1_2 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS + 16u, 8u + thread % CHUNK_VECS);
    let q1_3 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS + 24u, 8u + thread % CHUNK_VECS);
    let k1_0 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS, 8u + thread % CHUNK_VECS);
    let k1_1 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS + 8u, 8u + thread % CHUNK_VECS);
    let k1_2 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS + 16u, 8u + thread % CHUNK_VECS);
    let k1_3 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS + 24u, 8u + thread % CHUNK_VECS);
    workgroupBarrier();
    q_tile[thread / CHUNK_VECS][thread % CHUNK_VECS] = q1_0;
    q_tile[thread / CHUNK_VECS + 8u][thread % CHUNK_VECS] = q1_1;
    q_tile[thread / CHUNK_VECS + 16u][thread % CHUNK_VECS] = q1_2;
    q_tile[thread / CHUNK_VECS + 24u][thread % CHUNK_VECS] = q1_3;
    kv_tile[thread / CHUNK_VECS][thread % CHUNK_VECS] = k1_0;
    kv_tile[thread / CHUNK_VECS + 8u][thread % CHUNK_VECS] = k1_1;
    kv_tile[thread / CHUNK_VECS + 16u][thread % CHUNK_VECS] = k1_2;
    kv_tile[thread / CHUNK_VECS + 24u][thread % CHUNK_VECS] = k1_3;
    workgroupBarrier();
    // s += q . k over the chunk
    for (var d = 0u; d < CHUNK_VECS; d++) {
      let k_0 = (kv_tile[lane][d]);
      let k_1 = (kv_tile[lane + 8u][d]);
      let k_2 = (kv_tile[lane + 16u][d]);
      let k_3 = (kv_tile[lane + 24u][d]);
      let q_0 = (q_tile[row_0][d]);
      s[0] = dot_add(q_0, k_0, s[0]);
      s[1] = dot_add(q_0, k_1, s[1]);
      s[2] = dot_add(q_0, k_2, s[2]);
      s[3] = dot_add(q_0, k_3, s[3]);
      let q_1 = (q_tile[row_1][d]);
      s[4] = dot_add(q_1, k_0, s[4]);
      s[5] = dot_add(q_1, k_1, s[5]);
      s[6] = dot_add(q_1, k_2, s[6]);
      s[7] = dot_add(q_1, k_3, s[7]);
      let q_2 = (q_tile[row_2][d]);
      s[8] = dot_add(q_2, k_0, s[8]);
      s[9] = dot_add(q_2, k_1, s[9]);
      s[10] = dot_add(q_2, k_2, s[10]);
      s[11] = dot_add(q_2, k_3, s[11]);
      let q_3 = (q_tile[row_3][d]);
      s[12] = dot_add(q_3, k_0, s[12]);
      s[13] = dot_add(q_3, k_1, s[13]);
      s[14] = dot_add(q_3, k_2, s[14]);
      s[15] = dot_add(q_3, k_3, s[15]);
    }
    // stage queries and keys, head dim chunk 2
    let q2_0 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS, 16u + thread % CHUNK_VECS);
    let q2_1 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS + 8u, 16u + thread % CHUNK_VECS);
    let q2_2 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS + 16u, 16u + thread % CHUNK_VECS);
    let q2_3 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS + 24u, 16u + thread % CHUNK_VECS);
    let k2_0 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS, 16u + thread % CHUNK_VECS);
    let k2_1 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS + 8u, 16u + thread % CHUNK_VECS);
    let k2_2 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS + 16u, 16u + thread % CHUNK_VECS);
    let k2_3 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS + 24u, 16u + thread % CHUNK_VECS);
    workgroupBarrier();
    q_tile[thread / CHUNK_VECS][thread % CHUNK_VECS] = q2_0;
    q_tile[thread / CHUNK_VECS + 8u][thread % CHUNK_VECS] = q2_1;
    q_tile[thread / CHUNK_VECS + 16u][thread % CHUNK_VECS] = q2_2;
    q_tile[thread / CHUNK_VECS + 24u][thread % CHUNK_VECS] = q2_3;
    kv_tile[thread / CHUNK_VECS][thread % CHUNK_VECS] = k2_0;
    kv_tile[thread / CHUNK_VECS + 8u][thread % CHUNK_VECS] = k2_1;
    kv_tile[thread / CHUNK_VECS + 16u][thread % CHUNK_VECS] = k2_2;
    kv_tile[thread / CHUNK_VECS + 24u][thread % CHUNK_VECS] = k2_3;
    workgroupBarrier();
    // s += q . k over the chunk
    for (var d = 0u; d < CHUNK_VECS; d++) {
      let k_0 = (kv_tile[lane][d]);
      let k_1 = (kv_tile[lane + 8u][d]);
      let k_2 = (kv_tile[lane + 16u][d]);
      let k_3 = (kv_tile[lane + 24u][d]);
      let q_0 = (q_tile[row_0][d]);
      s[0] = dot_add(q_0, k_0, s[0]);
      s[1] = dot_add(q_0, k_1, s[1]);
      s[2] = dot_add(q_0, k_2, s[2]);
      s[3] = dot_add(q_0, k_3, s[3]);
      let q_1 = (q_tile[row_1][d]);
      s[4] = dot_add(q_1, k_0, s[4]);
      s[5] = dot_add(q_1, k_1, s[5]);
      s[6] = dot_add(q_1, k_2, s[6]);
      s[7] = dot_add(q_1, k_3, s[7]);
      let q_2 = (q_tile[row_2][d]);
      s[8] = dot_add(q_2, k_0, s[8]);
      s[9] = dot_add(q_2, k_1, s[9]);
      s[10] = dot_add(q_2, k_2, s[10]);
      s[11] = dot_add(q_2, k_3, s[11]);
      let q_3 = (q_tile[row_3][d]);
      s[12] = dot_add(q_3, k_0, s[12]);
      s[13] = dot_add(q_3, k_1, s[13]);
      s[14] = dot_add(q_3, k_2, s[14]);
      s[15] = dot_add(q_3, k_3, s[15]);
    }
    // stage queries and keys, head dim chunk 3
    let q3_0 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS, 24u + thread % CHUNK_VECS);
    let q3_1 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS + 8u, 24u + thread % CHUNK_VECS);
    let q3_2 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS + 16u, 24u + thread % CHUNK_VECS);
    let q3_3 = tile_q(tile, head, tile.first_query + thread / CHUNK_VECS + 24u, 24u + thread % CHUNK_VECS);
    let k3_0 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS, 24u + thread % CHUNK_VECS);
    let k3_1 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS + 8u, 24u + thread % CHUNK_VECS);
    let k3_2 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS + 16u, 24u + thread % CHUNK_VECS);
    let k3_3 = tile_k(tile, kv_head, u32(kv0) + thread / CHUNK_VECS + 24u, 24u + thread % CHUNK_VECS);
    workgroupBarrier();
    q_tile[thread / CHUNK_VECS][thread % CHUNK_VECS] = q3_0;
    q_tile[thread / CHUNK_VECS + 8u][thread % CHUNK_VECS] = q3_1;
    q_tile[thread / CHUNK_VECS + 16u][thread % CHUNK_VECS] = q3_2;
    q_tile[thread / CHUNK_VECS + 24u][thread % CHUNK_VECS] = q3_3;
    kv_tile[thread / CHUNK_VECS][thread % CHUNK_VECS] = k3_0;
    kv_tile[thread / CHUNK_VECS + 8u][thread % CHUNK_VECS] = k3_1;
    kv_tile[thread / CHUNK_VECS + 16u][thread % CHUNK_VECS] = k3_2;
    kv_tile[thread / CHUNK_VECS + 24u][thread % CHUNK_VECS] = k3_3;
    workgroupBarrier();
    // s += q . k over the chunk
    for (var d = 0u; d < CHUNK_VECS; d++) {
      let k_0 = (kv_tile[lane][d]);
      let k_1 = (kv_tile[lane + 8u][d]);
      let k_2 = (kv_tile[lane + 16u][d]);
      let k_3 = (kv_tile[lane + 24u][d]);
      let q_0 = (q_tile[row_0][d]);
      s[0] = dot_add(q_0, k_0, s[0]);
      s[1] = dot_add(q_0, k_1, s[1]);
      s[2] = dot_add(q_0, k_2, s[2]);
      s[3] = dot_add(q_0, k_3, s[3]);
      let q_1 = (q_tile[row_1][d]);
      s[4] = dot_add(q_1, k_0, s[4]);
      s[5] = dot_add(q_1, k_1, s[5]);
      s[6] = dot_add(q_1, k_2, s[6]);
      s[7] = dot_add(q_1, k_3, s[7]);
      let q_2 = (q_tile[row_2][d]);
      s[8] = dot_add(q_2, k_0, s[8]);
      s[9] = dot_add(q_2, k_1, s[9]);
      s[10] = dot_add(q_2, k_2, s[10]);
      s[11] = dot_add(q_2, k_3, s[11]);
      let q_3 = (q_tile[row_3][d]);
      s[12] = dot_add(q_3, k_0, s[12]);
      s[13] = dot_add(q_3, k_1, s[13]);
      s[14] = dot_add(q_3, k_2, s[14]);
      s[15] = dot_add(q_3, k_3, s[15]);
    }
    // score, score_mod
    let kv_0 = kv0 + i32(lane);
    let kv_1 = kv0 + i32(lane + 8u);
    let kv_2 = kv0 + i32(lane + 16u);
    let kv_3 = kv0 + i32(lane + 24u);
    let query_0 = q0 + i32(row_0);
    s[0] = score_mod(s[0] * params.sm_scale, b, h, query_0, kv_0, seq);
    s[1] = score_mod(s[1] * params.sm_scale, b, h, query_0, kv_1, seq);
    s[2] = score_mod(s[2] * params.sm_scale, b, h, query_0, kv_2, seq);
    s[3] = score_mod(s[3] * params.sm_scale, b, h, query_0, kv_3, seq);
    let query_1 = q0 + i32(row_1);
    s[4] = score_mod(s[4] * params.sm_scale, b, h, query_1, kv_0, seq);
    s[5] = score_mod(s[5] * params.sm_scale, b, h, query_1, kv_1, seq);
    s[6] = score_mod(s[6] * params.sm_scale, b, h, query_1, kv_2, seq);
    s[7] = score_mod(s[7] * params.sm_scale, b, h, query_1, kv_3, seq);
    let query_2 = q0 + i32(row_2);
    s[8] = score_mod(s[8] * params.sm_scale, b, h, query_2, kv_0, seq);
    s[9] = score_mod(s[9] * params.sm_scale, b, h, query_2, kv_1, seq);
    s[10] = score_mod(s[10] * params.sm_scale, b, h, query_2, kv_2, seq);
    s[11] = score_mod(s[11] * params.sm_scale, b, h, query_2, kv_3, seq);
    let query_3 = q0 + i32(row_3);
    s[12] = score_mod(s[12] * params.sm_scale, b, h, query_3, kv_0, seq);
    s[13] = score_mod(s[13] * params.sm_scale, b, h, query_3, kv_1, seq);
    s[14] = score_mod(s[14] * params.sm_scale, b, h, query_3, kv_2, seq);
    s[15] = score_mod(s[15] * params.sm_scale, b, h, query_3, kv_3, seq);
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
      if (extractBits(keep[0], 2u, 1u) == 0u) { s[2] = MASKED; }
      if (extractBits(keep[0], 3u, 1u) == 0u) { s[3] = MASKED; }
      if (extractBits(keep[1], 0u, 1u) == 0u) { s[4] = MASKED; }
      if (extractBits(keep[1], 1u, 1u) == 0u) { s[5] = MASKED; }
      if (extractBits(keep[1], 2u, 1u) == 0u) { s[6] = MASKED; }
      if (extractBits(keep[1], 3u, 1u) == 0u) { s[7] = MASKED; }
      if (extractBits(keep[2], 0u, 1u) == 0u) { s[8] = MASKED; }
      if (extractBits(keep[2], 1u, 1u) == 0u) { s[9] = MASKED; }
      if (extractBits(keep[2], 2u, 1u) == 0u) { s[10] = MASKED; }
      if (extractBits(keep[2], 3u, 1u) == 0u) { s[11] = MASKED; }
      if (extractBits(keep[3], 0u, 1u) == 0u) { s[12] = MASKED; }
      if (extractBits(keep[3], 1u, 1u) == 0u) { s[13] = MASKED; }
      if (extractBits(keep[3], 2u, 1u) == 0u) { s[14] = MASKED; }
      if (extractBits(keep[3], 3u, 1u) == 0u) { s[15] = MASKED; }
    } else if (kv0 + i32(BLOCK_N) > seq.kv_len) {
      // drop keys past the sequence
      if (kv0 + i32(lane) >= seq.kv_len) {
        s[0] = MASKED;
        s[4] = MASKED;
        s[8] = MASKED;
        s[12] = MASKED;
      }
      if (kv0 + i32(lane + 8u) >= seq.kv_len) {
        s[1] = MASKED;
        s[5] = MASKED;
        s[9] = MASKED;
        s[13] = MASKED;
      }
      if (kv0 + i32(lane + 16u) >= seq.kv_len) {
        s[2] = MASKED;
        s[6] = MASKED;
        s[10] = MASKED;
        s[14] = MASKED;
      }
      if (kv0 + i32(lane + 24u) >= seq.kv_len) {
        s[3] = MASKED;
        s[7] = MASKED;
        s[11] = MASKED;
        s[15] = MASKED;
      }
    }
    // row maximum of the tile: over this thread's keys, then over the lanes of the row
    var top_0 = max(s[0], max(s[1], max(s[2], s[3])));
    var top_1 = max(s[4], max(s[5], max(s[6], s[7])));
    var top_2 = max(s[8], max(s[9], max(s[10], s[11])));
    var top_3 = max(s[12], max(s[13], max(s[14], s[15])));
    for (var step = 1u; step < LANES; step *= 2u) {
      top_0 = max(top_0, subgroupShuffleXor(top_0, step));
      top_1 = max(top_1, subgroupShuffleXor(top_1, step));
      top_2 = max(top_2, subgroupShuffleXor(top_2, step));
      top_3 = max(top_3, subgroupShuffleXor(top_3, step));
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
      s[2] = weight(s[2], m);
      s[3] = weight(s[3], m);
      l_i[0] = l_i[0] * alpha + s[0] + s[1] + s[2] + s[3];
    }
    {
      let m = max(m_i[1], top_1);
      let alpha = exp2((m_i[1] - m) * LOG2E);
      m_i[1] = m;
      acc[4] *= alpha;
      acc[5] *= alpha;
      acc[6] *= alpha;
      acc[7] *= alpha;
      s[4] = weight(s[4], m);
      s[5] = weight(s[5], m);
      s[6] = weight(s[6], m);
      s[7] = weight(s[7], m);
      l_i[1] = l_i[1] * alpha + s[4] + s[5] + s[6] + s[7];
    }
    {
      let m = max(m_i[2], top_2);
      let alpha = exp2((m_i[2] - m) * LOG2E);
      m_i[2] = m;
      acc[8] *= alpha;
      acc[9] *= alpha;
      acc[10] *= alpha;
      acc[11] *= alpha;
      s[8] = weight(s[8], m);
      s[9] = weight(s[9], m);
      s[10] = weight(s[10], m);
      s[11] = weight(s[11], m);
      l_i[2] = l_i[2] * alpha + s[8] + s[9] + s[10] + s[11];
    }
    {
      let m = max(m_i[3], top_3);
      let alpha = exp2((m_i[3] - m) * LOG2E);
      m_i[3] = m;
      acc[12] *= alpha;
      acc[13] *= alpha;
      acc[14] *= alpha;
      acc[15] *= alpha;
      s[12] = weight(s[12], m);
      s[13] = weight(s[13], m);
      s[14] = weight(s[14], m);
      s[15] = weight(s[15], m);
      l_i[3] = l_i[3] * alpha + s[12] + s[13] + s[14] + s[15];
    }
    // share the weights with the other lanes of the row
    p_tile[row_0][lane] = vec4<f32>(s[0], s[1], s[2], s[3]);
    p_tile[row_1][lane] = vec4<f32>(s[4], s[5], s[6], s[7]);
    p_tile[row_2][lane] = vec4<f32>(s[8], s[9], s[10], s[11]);
    p_tile[row_3][lane] = vec4<f32>(s[12], s[13], s[14], s[15]);
    // stage values, value dim chunk 0
    let v0_0 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS, thread % VALUE_CHUNK_VECS);
    let v0_1 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS + 8u, thread % VALUE_CHUNK_VECS);
    let v0_2 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS + 16u, thread % VALUE_CHUNK_VECS);
    let v0_3 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS + 24u, thread % VALUE_CHUNK_VECS);
    workgroupBarrier();
    kv_tile[thread / VALUE_CHUNK_VECS][thread % VALUE_CHUNK_VECS] = v0_0;
    kv_tile[thread / VALUE_CHUNK_VECS + 8u][thread % VALUE_CHUNK_VECS] = v0_1;
    kv_tile[thread / VALUE_CHUNK_VECS + 16u][thread % VALUE_CHUNK_VECS] = v0_2;
    kv_tile[thread / VALUE_CHUNK_VECS + 24u][thread % VALUE_CHUNK_VECS] = v0_3;
    workgroupBarrier();
    // acc += p v over the keys of the tile, 4 at a time
    for (var n = 0u; n < 8u; n++) {
      let p_0 = p_tile[row_0][n];
      let p_1 = p_tile[row_1][n];
      let p_2 = p_tile[row_2][n];
      let p_3 = p_tile[row_3][n];
      let v_0_0 = (kv_tile[n][lane]);
      acc[0] += p_0[0] * v_0_0;
      acc[4] += p_1[0] * v_0_0;
      acc[8] += p_2[0] * v_0_0;
      acc[12] += p_3[0] * v_0_0;
      let v_1_0 = (kv_tile[n + 8u][lane]);
      acc[0] += p_0[1] * v_1_0;
      acc[4] += p_1[1] * v_1_0;
      acc[8] += p_2[1] * v_1_0;
      acc[12] += p_3[1] * v_1_0;
      let v_2_0 = (kv_tile[n + 16u][lane]);
      acc[0] += p_0[2] * v_2_0;
      acc[4] += p_1[2] * v_2_0;
      acc[8] += p_2[2] * v_2_0;
      acc[12] += p_3[2] * v_2_0;
      let v_3_0 = (kv_tile[n + 24u][lane]);
      acc[0] += p_0[3] * v_3_0;
      acc[4] += p_1[3] * v_3_0;
      acc[8] += p_2[3] * v_3_0;
      acc[12] += p_3[3] * v_3_0;
    }
    // stage values, value dim chunk 1
    let v1_0 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS, 8u + thread % VALUE_CHUNK_VECS);
    let v1_1 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS + 8u, 8u + thread % VALUE_CHUNK_VECS);
    let v1_2 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS + 16u, 8u + thread % VALUE_CHUNK_VECS);
    let v1_3 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS + 24u, 8u + thread % VALUE_CHUNK_VECS);
    workgroupBarrier();
    kv_tile[thread / VALUE_CHUNK_VECS][thread % VALUE_CHUNK_VECS] = v1_0;
    kv_tile[thread / VALUE_CHUNK_VECS + 8u][thread % VALUE_CHUNK_VECS] = v1_1;
    kv_tile[thread / VALUE_CHUNK_VECS + 16u][thread % VALUE_CHUNK_VECS] = v1_2;
    kv_tile[thread / VALUE_CHUNK_VECS + 24u][thread % VALUE_CHUNK_VECS] = v1_3;
    workgroupBarrier();
    // acc += p v over the keys of the tile, 4 at a time
    for (var n = 0u; n < 8u; n++) {
      let p_0 = p_tile[row_0][n];
      let p_1 = p_tile[row_1][n];
      let p_2 = p_tile[row_2][n];
      let p_3 = p_tile[row_3][n];
      let v_0_0 = (kv_tile[n][lane]);
      acc[1] += p_0[0] * v_0_0;
      acc[5] += p_1[0] * v_0_0;
      acc[9] += p_2[0] * v_0_0;
      acc[13] += p_3[0] * v_0_0;
      let v_1_0 = (kv_tile[n + 8u][lane]);
      acc[1] += p_0[1] * v_1_0;
      acc[5] += p_1[1] * v_1_0;
      acc[9] += p_2[1] * v_1_0;
      acc[13] += p_3[1] * v_1_0;
      let v_2_0 = (kv_tile[n + 16u][lane]);
      acc[1] += p_0[2] * v_2_0;
      acc[5] += p_1[2] * v_2_0;
      acc[9] += p_2[2] * v_2_0;
      acc[13] += p_3[2] * v_2_0;
      let v_3_0 = (kv_tile[n + 24u][lane]);
      acc[1] += p_0[3] * v_3_0;
      acc[5] += p_1[3] * v_3_0;
      acc[9] += p_2[3] * v_3_0;
      acc[13] += p_3[3] * v_3_0;
    }
    // stage values, value dim chunk 2
    let v2_0 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS, 16u + thread % VALUE_CHUNK_VECS);
    let v2_1 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS + 8u, 16u + thread % VALUE_CHUNK_VECS);
    let v2_2 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS + 16u, 16u + thread % VALUE_CHUNK_VECS);
    let v2_3 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS + 24u, 16u + thread % VALUE_CHUNK_VECS);
    workgroupBarrier();
    kv_tile[thread / VALUE_CHUNK_VECS][thread % VALUE_CHUNK_VECS] = v2_0;
    kv_tile[thread / VALUE_CHUNK_VECS + 8u][thread % VALUE_CHUNK_VECS] = v2_1;
    kv_tile[thread / VALUE_CHUNK_VECS + 16u][thread % VALUE_CHUNK_VECS] = v2_2;
    kv_tile[thread / VALUE_CHUNK_VECS + 24u][thread % VALUE_CHUNK_VECS] = v2_3;
    workgroupBarrier();
    // acc += p v over the keys of the tile, 4 at a time
    for (var n = 0u; n < 8u; n++) {
      let p_0 = p_tile[row_0][n];
      let p_1 = p_tile[row_1][n];
      let p_2 = p_tile[row_2][n];
      let p_3 = p_tile[row_3][n];
      let v_0_0 = (kv_tile[n][lane]);
      acc[2] += p_0[0] * v_0_0;
      acc[6] += p_1[0] * v_0_0;
      acc[10] += p_2[0] * v_0_0;
      acc[14] += p_3[0] * v_0_0;
      let v_1_0 = (kv_tile[n + 8u][lane]);
      acc[2] += p_0[1] * v_1_0;
      acc[6] += p_1[1] * v_1_0;
      acc[10] += p_2[1] * v_1_0;
      acc[14] += p_3[1] * v_1_0;
      let v_2_0 = (kv_tile[n + 16u][lane]);
      acc[2] += p_0[2] * v_2_0;
      acc[6] += p_1[2] * v_2_0;
      acc[10] += p_2[2] * v_2_0;
      acc[14] += p_3[2] * v_2_0;
      let v_3_0 = (kv_tile[n + 24u][lane]);
      acc[2] += p_0[3] * v_3_0;
      acc[6] += p_1[3] * v_3_0;
      acc[10] += p_2[3] * v_3_0;
      acc[14] += p_3[3] * v_3_0;
    }
    // stage values, value dim chunk 3
    let v3_0 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS, 24u + thread % VALUE_CHUNK_VECS);
    let v3_1 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS + 8u, 24u + thread % VALUE_CHUNK_VECS);
    let v3_2 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS + 16u, 24u + thread % VALUE_CHUNK_VECS);
    let v3_3 = tile_v(tile, kv_head, u32(kv0) + thread / VALUE_CHUNK_VECS + 24u, 24u + thread % VALUE_CHUNK_VECS);
    workgroupBarrier();
    kv_tile[thread / VALUE_CHUNK_VECS][thread % VALUE_CHUNK_VECS] = v3_0;
    kv_tile[thread / VALUE_CHUNK_VECS + 8u][thread % VALUE_CHUNK_VECS] = v3_1;
    kv_tile[thread / VALUE_CHUNK_VECS + 16u][thread % VALUE_CHUNK_VECS] = v3_2;
    kv_tile[thread / VALUE_CHUNK_VECS + 24u][thread % VALUE_CHUNK_VECS] = v3_3;
    workgroupBarrier();
    // acc += p v over the keys of the tile, 4 at a time
    for (var n = 0u; n < 8u; n++) {
      let p_0 = p_tile[row_0][n];
      let p_1 = p_tile[row_1][n];
      let p_2 = p_tile[row_2][n];
      let p_3 = p_tile[row_3][n];
      let v_0_0 = (kv_tile[n][lane]);
      acc[3] += p_0[0] * v_0_0;
      acc[7] += p_1[0] * v_0_0;
      acc[11] += p_2[0] * v_0_0;
      acc[15] += p_3[0] * v_0_0;
      let v_1_0 = (kv_tile[n + 8u][lane]);
      acc[3] += p_0[1] * v_1_0;
      acc[7] += p_1[1] * v_1_0;
      acc[11] += p_2[1] * v_1_0;
      acc[15] += p_3[1] * v_1_0;
      let v_2_0 = (kv_tile[n + 16u][lane]);
      acc[3] += p_0[2] * v_2_0;
      acc[7] += p_1[2] * v_2_0;
      acc[11] += p_2[2] * v_2_0;
      acc[15] += p_3[2] * v_2_0;
      let v_3_0 = (kv_tile[n + 24u][lane]);
      acc[3] += p_0[3] * v_3_0;
      acc[7] += p_1[3] * v_3_0;
      acc[11] += p_2[3] * v_3_0;
      acc[15] += p_3[3] * v_3_0;
    }
  }

  // the row sum over the lanes of the row
  for (var step = 1u; step < LANES; step *= 2u) {
    l_i[0] += subgroupShuffleXor(l_i[0], step);
    l_i[1] += subgroupShuffleXor(l_i[1], step);
    l_i[2] += subgroupShuffleXor(l_i[2], step);
    l_i[3] += subgroupShuffleXor(l_i[3], step);
  }

  // write the rows of the sequence; a row that keeps no key has l_i = 0 and comes out 0
  if (tile.first_query + row_0 < tile.q_len) {
    let row = tile.out_row0 + tile.first_query + row_0;
    let m = m_i[0];
    let l = l_i[0];
    let top = m;
    let sum = l;
    let normalised = select(0.0, 1.0 / sum, l > 0.0);
    let factor = normalised;
    store_out(row, head, lane + 0u, acc[0] * factor);

    store_out(row, head, lane + 8u, acc[1] * factor);

    store_out(row, head, lane + 16u, acc[2] * factor);

    store_out(row, head, lane + 24u, acc[3] * factor);

    if (lane == 0u) { store_lse(row, head, top, sum); }
  }
  if (tile.first_query + row_1 < tile.q_len) {
    let row = tile.out_row0 + tile.first_query + row_1;
    let m = m_i[1];
    let l = l_i[1];
    let top = m;
    let sum = l;
    let normalised = select(0.0, 1.0 / sum, l > 0.0);
    let factor = normalised;
    store_out(row, head, lane + 0u, acc[4] * factor);

    store_out(row, head, lane + 8u, acc[5] * factor);

    store_out(row, head, lane + 16u, acc[6] * factor);

    store_out(row, head, lane + 24u, acc[7] * factor);

    if (lane == 0u) { store_lse(row, head, top, sum); }
  }
  if (tile.first_query + row_2 < tile.q_len) {
    let row = tile.out_row0 + tile.first_query + row_2;
    let m = m_i[2];
    let l = l_i[2];
    let top = m;
    let sum = l;
    let normalised = select(0.0, 1.0 / sum, l > 0.0);
    let factor = normalised;
    store_out(row, head, lane + 0u, acc[8] * factor);

    store_out(row, head, lane + 8u, acc[9] * factor);

    store_out(row, head, lane + 16u, acc[10] * factor);

    store_out(row, head, lane + 24u, acc[11] * factor);

    if (lane == 0u) { store_lse(row, head, top, sum); }
  }
  if (tile.first_query + row_3 < tile.q_len) {
    let row = tile.out_row0 + tile.first_query + row_3;
    let m = m_i[3];
    let l = l_i[3];
    let top = m;
    let sum = l;
    let normalised = select(0.0, 1.0 / sum, l > 0.0);
    let factor = normalised;
    store_out(row, head, lane + 0u, acc[12] * factor);

    store_out(row, head, lane + 8u, acc[13] * factor);

    store_out(row, head, lane + 16u, acc[14] * factor);

    store_out(row, head, lane + 24u, acc[15] * factor);

    if (lane == 0u) { store_lse(row, head, top, sum); }
  }
}
