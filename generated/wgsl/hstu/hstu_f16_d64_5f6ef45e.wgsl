// hstu_f16_d64: hstu, jagged attention forward, pointwise, f16, head dim 64
// definition kernels/hstu.ts:10
// schedule   wgsl_fma block_m=32 block_n=32 rows=8 lanes=16 chunk_d=32 stage_q=0 subgroups=0
// hashes     definition 45b9089ed3bf2ef7, plan 5f6ef45eafa7cd2c
// emitted by serrate 0.1.0; edit the definition, not this file
enable f16;

const BLOCK_M: u32 = 32u;     // query rows of a workgroup
const BLOCK_N: u32 = 32u;     // keys of a key tile
const THREADS: u32 = 64u;
const LANES: u32 = 16u;         // threads that share a query row
const ROW_GROUPS: u32 = 4u;    // threads / LANES: a thread owns rows row_group + i * ROW_GROUPS
const ROWS: u32 = 8u;          // query rows of a thread
const KEYS: u32 = 2u;          // keys of a key tile of a thread: lane + j * LANES
const HEAD_VECS: u32 = 16u;     // head dim 64 in vec4
const CHUNK_VECS: u32 = 8u;    // vec4 of the head dim staged at a time
const Q_PITCH: u32 = 9u;       // row pitches of the tiles, odd to spread rows over the banks
const KV_PITCH: u32 = 9u;
const P_PITCH: u32 = 17u;
const PAD: u32 = 4294967295u;  // the sequence of rows past the last offset

struct Params {
  num_sequences: u32,
  num_heads: u32,
  num_rows: u32,
  max_tiles: u32,
  offset_words: u32,
  sm_scale: f32,
  contextual: i32,
  max_attn_len: i32,
  max_seq_len: i32,
  base_num_targets: u32,
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
@group(0) @binding(1) var<storage, read> q: array<vec4<f16>>;
@group(0) @binding(2) var<storage, read> k: array<vec4<f16>>;
@group(0) @binding(3) var<storage, read> v: array<vec4<f16>>;
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f16>>;
@group(0) @binding(5) var<storage, read> tiles: Tiles;
@group(0) @binding(5) var<storage, read_write> tiles_out: Tiles;  // the same buffer, as build_tiles sees it
@group(0) @binding(6) var<storage, read> seq_offsets: array<u32>;
@group(0) @binding(7) var<storage, read> captures_i32: array<i32>;

var<workgroup> q_tile: array<vec4<f16>, 288>;
var<workgroup> kv_tile: array<vec4<f16>, 288>;   // keys, then values
var<workgroup> p_tile: array<vec2<f32>, 544>;    // weights of a key tile
var<workgroup> tile_class: array<u32, THREADS>;

// What a hook knows of its sequence.
struct Seq {
  q_len: i32,
  kv_len: i32,
  row0: u32,
  num_targets: i32,
  contextual: i32,
  max_attn_len: i32,
  max_seq_len: i32,
}

// e^x as 2^n e^f, |f| <= ln(2) / 2: the built-in may lose 2|x| ulp
fn exp_f32(x: f32) -> f32 {
  let limited = clamp(x, -87.0, 88.0);
  let n = round(limited * 1.44269504);
  let f = (limited - n * 0.693359375) + n * 0.000212194440;
  return ldexp(exp2(f * 1.44269504), i32(n));
}

fn sigmoid(x: f32) -> f32 {
  return 1.0 / (1.0 + exp_f32(-max(x, -80.0)));
}

fn silu(x: f32) -> f32 {
  return x * sigmoid(x);
}

// c + a . b, in f32
fn dot_add(a: vec4<f32>, b: vec4<f32>, c: f32) -> f32 {
  return fma(a.w, b.w, fma(a.z, b.z, fma(a.y, b.y, fma(a.x, b.x, c))));
}

// dsl/masks/hstu.ts:14
// (_b: number, _h: number, q: number, kv: number, seq: HstuSeq): boolean => {
//   const shift = Math.max(seq.contextual - 1, 0)
//   const maxId = seq.qLen - shift - clamp(seq.numTargets, 0, seq.qLen)
//   const idQ = Math.min(Math.max(q - shift, 0), maxId)
//   const idKv = Math.min(Math.max(kv - shift, 0), maxId)
//   const near = seq.maxAttnLen <= 0 || idQ - idKv <= seq.maxAttnLen
//   return ((q === kv || idQ > idKv) && near) || (seq.contextual > 0 && idQ === 0 && idKv < maxId)
// }
fn mask_mod(b: i32, h: i32, q: i32, kv: i32, seq: Seq) -> bool {
  let shift = max((seq.contextual - 1), 0);
  let max_id = ((seq.q_len - shift) - max(0, min(seq.num_targets, seq.q_len)));
  let id_q = min(max((q - shift), 0), max_id);
  let id_kv = min(max((kv - shift), 0), max_id);
  let near_2 = ((seq.max_attn_len <= 0) | ((id_q - id_kv) <= seq.max_attn_len));
  return ((((q == kv) | (id_q > id_kv)) & near_2) | (((seq.contextual > 0) & (id_q == 0)) & (id_kv < max_id)));
}

// dsl/math.ts:6
// (x: number): number => x / (1 + Math.exp(-x))
fn activation(score: f32) -> f32 {
  return silu(score);
}

// kernels/hstu.ts:14
// (seq: { maxSeqLen: number }) => 1 / seq.maxSeqLen
fn scale(b: i32, h: i32, seq: Seq) -> f32 {
  return (1.0 / f32(seq.max_seq_len));
}

// true: mask_mod keeps every pair of the box
fn tile_always(b: i32, h: i32, q0: i32, q1: i32, kv0: i32, kv1: i32, seq: Seq) -> bool {
  let shift = max((seq.contextual - 1), 0);
  let max_id = ((seq.q_len - shift) - max(0, min(seq.num_targets, seq.q_len)));
  let id_kv_max = min(max((kv1 - shift), 0), max_id);
  let id_q_min = min(max((q0 - shift), 0), max_id);
  let id_q_max = min(max((q1 - shift), 0), max_id);
  let id_kv_min = min(max((kv0 - shift), 0), max_id);
  let t_2 = (id_q_max - id_kv_min);
  return (((((q0 == kv1) & (q1 == kv0)) | (id_kv_max < id_q_min)) & ((seq.max_attn_len <= 0) | (((((id_q_min ^ id_kv_max) & (id_q_min ^ (id_q_min - id_kv_max))) >= 0) & (((id_q_max ^ id_kv_min) & (id_q_max ^ t_2)) >= 0)) & (t_2 <= seq.max_attn_len)))) | (((seq.contextual > 0) & ((id_q_min == 0) & (id_q_max == 0))) & (id_kv_max < max_id)));
}

// true: mask_mod keeps no pair of the box
fn tile_never(b: i32, h: i32, q0: i32, q1: i32, kv0: i32, kv1: i32, seq: Seq) -> bool {
  let shift = max((seq.contextual - 1), 0);
  let max_id = ((seq.q_len - shift) - max(0, min(seq.num_targets, seq.q_len)));
  let id_q_max = min(max((q1 - shift), 0), max_id);
  let id_kv_min = min(max((kv0 - shift), 0), max_id);
  let id_q_min = min(max((q0 - shift), 0), max_id);
  let id_kv_max = min(max((kv1 - shift), 0), max_id);
  let t_2 = (id_q_min - id_kv_max);
  return (((((q1 < kv0) | (kv1 < q0)) & (id_q_max <= id_kv_min)) | ((!(seq.max_attn_len <= 0)) & (((((id_q_min ^ id_kv_max) & (id_q_min ^ t_2)) >= 0) & (((id_q_max ^ id_kv_min) & (id_q_max ^ (id_q_max - id_kv_min))) >= 0)) & (seq.max_attn_len < t_2)))) & (((!(seq.contextual > 0)) | ((id_q_max < 0) | (0 < id_q_min))) | (max_id <= id_kv_min)));
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

const EMPTY: u32 = 0u;
const PARTIAL: u32 = 1u;
const FULL: u32 = 2u;

struct Box {
  q0: i32,
  q1: i32,
  kv0: i32,
  kv1: i32,
}

fn box_always(b: i32, h: i32, x: Box, seq: Seq) -> bool {
  return tile_always(b, h, x.q0, x.q1, x.kv0, x.kv1, seq);
}

fn box_never(b: i32, h: i32, x: Box, seq: Seq) -> bool {
  return tile_never(b, h, x.q0, x.q1, x.kv0, x.kv1, seq);
}

// First row, last row, first column, last column of a box.
fn edge_of(x: Box, i: u32) -> Box {
  return Box(select(x.q0, x.q1, i == 1u), select(x.q1, x.q0, i == 0u), select(x.kv0, x.kv1, i == 3u), select(x.kv1, x.kv0, i == 2u));
}

// Cut between rows where both outer rows are proven, between keys where both outer keys are, else across the longer side.
fn splits_rows(b: i32, h: i32, x: Box, seq: Seq) -> bool {
  if (x.q0 == x.q1) { return false; }
  if (x.kv0 == x.kv1) { return true; }
  var proven = 0u;  // bit i: edge i
  for (var i = 0u; i < 4u; i++) {
    let edge = edge_of(x, i);
    if (box_always(b, h, edge, seq) || box_never(b, h, edge, seq)) { proven |= 1u << i; }
  }
  if ((proven & 3u) == 3u) { return true; }
  if ((proven & 12u) == 12u) { return false; }
  return x.q1 - x.q0 >= x.kv1 - x.kv0;
}

// What mask_mod keeps of a tile: proven boxes are taken as they are, open ones are asked at their corners and halved.
fn classify_tile(b: i32, h: i32, tile: Box, seq: Seq) -> u32 {
  var stack: array<Box, 15>;
  stack[0] = tile;
  var depth = 1u;
  var kept = false;
  var dropped = false;
  for (var budget = 64u; depth > 0u; budget--) {
    if (budget == 0u) { return PARTIAL; }
    depth--;
    let x = stack[depth];
    let full = box_always(b, h, x, seq);
    let empty = box_never(b, h, x, seq);
    if (full) {
      kept = true;
    } else if (empty) {
      dropped = true;
    } else {
      for (var corner = 0u; corner < 4u; corner++) {
        let keep = mask_mod(b, h, select(x.q0, x.q1, corner > 1u), select(x.kv0, x.kv1, corner % 2u == 1u), seq);
        kept = kept || keep;
        dropped = dropped || !keep;
      }
    }
    if (kept && dropped) { return PARTIAL; }
    if (full || empty || (x.q0 == x.q1 && x.kv0 == x.kv1)) { continue; }
    if (depth + 2u > 15u) { return PARTIAL; }
    if (splits_rows(b, h, x, seq)) {
      let middle = x.q0 + (x.q1 - x.q0) / 2;
      stack[depth] = Box(middle + 1, x.q1, x.kv0, x.kv1);
      stack[depth + 1u] = Box(x.q0, middle, x.kv0, x.kv1);
    } else {
      let middle = x.kv0 + (x.kv1 - x.kv0) / 2;
      stack[depth] = Box(x.q0, x.q1, middle + 1, x.kv1);
      stack[depth + 1u] = Box(x.q0, x.q1, x.kv0, middle);
    }
    depth += 2u;
  }
  return select(EMPTY, FULL, kept);
}

// vec4 d of a packed row of q
fn load_q(row: u32, head: u32, d: u32) -> vec4<f16> {
  return q[(row * params.num_heads + head) * HEAD_VECS + d];
}

// vec4 d of a packed row of k
fn load_k(row: u32, head: u32, d: u32) -> vec4<f16> {
  return k[(row * params.num_heads + head) * HEAD_VECS + d];
}

// vec4 d of a packed row of v
fn load_v(row: u32, head: u32, d: u32) -> vec4<f16> {
  return v[(row * params.num_heads + head) * HEAD_VECS + d];
}

// vec4 d of row of out
fn store_out(row: u32, d: u32, x: vec4<f32>) {
  out[row * HEAD_VECS + d] = vec4<f16>(x);
}

// One workgroup: one query tile of one head.
@compute @workgroup_size(64)
fn attention(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let task = group.y * 65535u + group.x;
  let tile_index = task / params.num_heads;
  let head = task % params.num_heads;
  if (tile_index >= tiles.count) { return; }
  let tile = tiles.entries[tile_index];
  let lane = thread % LANES;
  let row_group = thread / LANES;
  let row_0 = row_group;
  let row_1 = row_group + 4u;
  let row_2 = row_group + 8u;
  let row_3 = row_group + 12u;
  let row_4 = row_group + 16u;
  let row_5 = row_group + 20u;
  let row_6 = row_group + 24u;
  let row_7 = row_group + 28u;
  let b = i32(select(tile.sequence, 0u, tile.sequence == PAD));
  let h = i32(head);
  let seq = Seq(i32(tile.length), i32(select(tile.length, 0u, tile.sequence == PAD)), tile.row0, captures_i32[params.base_num_targets + u32(b)], params.contextual, params.max_attn_len, params.max_seq_len);
  let q0 = i32(tile.first_query);

  var acc = array<vec4<f32>, 16>();   // [ROWS][head dim chunks][COLUMNS]
  let key_tiles = (seq.kv_len + i32(BLOCK_N) - 1) / i32(BLOCK_N);
  // classify THREADS key tiles at a time, one a thread
  for (var first = 0; first < key_tiles; first += i32(THREADS)) {
    let own = first + i32(thread);
    workgroupBarrier();
    if (own < key_tiles) {
      tile_class[thread] = classify_tile(b, h, Box(q0, min(q0 + i32(BLOCK_M), seq.q_len) - 1, own * i32(BLOCK_N), min((own + 1) * i32(BLOCK_N), seq.kv_len) - 1), seq);
    }

    // walk those that hold kept pairs
    for (var n = first; n < min(first + i32(THREADS), key_tiles); n++) {
      let found = workgroupUniformLoad(&tile_class[n - first]);
      if (found == EMPTY) { continue; }
      let kv0 = n * i32(BLOCK_N);
      let masked = found == PARTIAL;
      var s = array<f32, 16>();   // [ROWS][KEYS]
      // stage queries and keys, head dim chunk 0
      workgroupBarrier();
      for (var i = thread; i < BLOCK_M * CHUNK_VECS; i += THREADS) {
        let row = i / CHUNK_VECS;
        let d = i % CHUNK_VECS;
        var x = vec4<f16>();
        if (q0 + i32(row) < seq.q_len) { x = load_q(seq.row0 + tile.first_query + row, head, d); }
        q_tile[row * Q_PITCH + i % CHUNK_VECS] = x;
      }
      for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
        let row = i / CHUNK_VECS;
        let d = i % CHUNK_VECS;
        var x = vec4<f16>();
        if (kv0 + i32(row) < seq.kv_len) { x = load_k(seq.row0 + u32(kv0) + row, head, d); }
        kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
      }
      workgroupBarrier();
      // s += q . k over the chunk
      for (var d = 0u; d < CHUNK_VECS; d++) {
        let k_0 = vec4<f32>(kv_tile[lane * KV_PITCH + d]);
        let k_1 = vec4<f32>(kv_tile[(lane + 16u) * KV_PITCH + d]);
        let q_0 = vec4<f32>(q_tile[row_0 * Q_PITCH + d]);
        s[0] = dot_add(q_0, k_0, s[0]);
        s[1] = dot_add(q_0, k_1, s[1]);
        let q_1 = vec4<f32>(q_tile[row_1 * Q_PITCH + d]);
        s[2] = dot_add(q_1, k_0, s[2]);
        s[3] = dot_add(q_1, k_1, s[3]);
        let q_2 = vec4<f32>(q_tile[row_2 * Q_PITCH + d]);
        s[4] = dot_add(q_2, k_0, s[4]);
        s[5] = dot_add(q_2, k_1, s[5]);
        let q_3 = vec4<f32>(q_tile[row_3 * Q_PITCH + d]);
        s[6] = dot_add(q_3, k_0, s[6]);
        s[7] = dot_add(q_3, k_1, s[7]);
        let q_4 = vec4<f32>(q_tile[row_4 * Q_PITCH + d]);
        s[8] = dot_add(q_4, k_0, s[8]);
        s[9] = dot_add(q_4, k_1, s[9]);
        let q_5 = vec4<f32>(q_tile[row_5 * Q_PITCH + d]);
        s[10] = dot_add(q_5, k_0, s[10]);
        s[11] = dot_add(q_5, k_1, s[11]);
        let q_6 = vec4<f32>(q_tile[row_6 * Q_PITCH + d]);
        s[12] = dot_add(q_6, k_0, s[12]);
        s[13] = dot_add(q_6, k_1, s[13]);
        let q_7 = vec4<f32>(q_tile[row_7 * Q_PITCH + d]);
        s[14] = dot_add(q_7, k_0, s[14]);
        s[15] = dot_add(q_7, k_1, s[15]);
      }
      // stage queries and keys, head dim chunk 1
      workgroupBarrier();
      for (var i = thread; i < BLOCK_M * CHUNK_VECS; i += THREADS) {
        let row = i / CHUNK_VECS;
        let d = 8u + i % CHUNK_VECS;
        var x = vec4<f16>();
        if (q0 + i32(row) < seq.q_len) { x = load_q(seq.row0 + tile.first_query + row, head, d); }
        q_tile[row * Q_PITCH + i % CHUNK_VECS] = x;
      }
      for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
        let row = i / CHUNK_VECS;
        let d = 8u + i % CHUNK_VECS;
        var x = vec4<f16>();
        if (kv0 + i32(row) < seq.kv_len) { x = load_k(seq.row0 + u32(kv0) + row, head, d); }
        kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
      }
      workgroupBarrier();
      // s += q . k over the chunk
      for (var d = 0u; d < CHUNK_VECS; d++) {
        let k_0 = vec4<f32>(kv_tile[lane * KV_PITCH + d]);
        let k_1 = vec4<f32>(kv_tile[(lane + 16u) * KV_PITCH + d]);
        let q_0 = vec4<f32>(q_tile[row_0 * Q_PITCH + d]);
        s[0] = dot_add(q_0, k_0, s[0]);
        s[1] = dot_add(q_0, k_1, s[1]);
        let q_1 = vec4<f32>(q_tile[row_1 * Q_PITCH + d]);
        s[2] = dot_add(q_1, k_0, s[2]);
        s[3] = dot_add(q_1, k_1, s[3]);
        let q_2 = vec4<f32>(q_tile[row_2 * Q_PITCH + d]);
        s[4] = dot_add(q_2, k_0, s[4]);
        s[5] = dot_add(q_2, k_1, s[5]);
        let q_3 = vec4<f32>(q_tile[row_3 * Q_PITCH + d]);
        s[6] = dot_add(q_3, k_0, s[6]);
        s[7] = dot_add(q_3, k_1, s[7]);
        let q_4 = vec4<f32>(q_tile[row_4 * Q_PITCH + d]);
        s[8] = dot_add(q_4, k_0, s[8]);
        s[9] = dot_add(q_4, k_1, s[9]);
        let q_5 = vec4<f32>(q_tile[row_5 * Q_PITCH + d]);
        s[10] = dot_add(q_5, k_0, s[10]);
        s[11] = dot_add(q_5, k_1, s[11]);
        let q_6 = vec4<f32>(q_tile[row_6 * Q_PITCH + d]);
        s[12] = dot_add(q_6, k_0, s[12]);
        s[13] = dot_add(q_6, k_1, s[13]);
        let q_7 = vec4<f32>(q_tile[row_7 * Q_PITCH + d]);
        s[14] = dot_add(q_7, k_0, s[14]);
        s[15] = dot_add(q_7, k_1, s[15]);
      }
      // score, activation
      s[0] = activation(s[0] * params.sm_scale);
      s[1] = activation(s[1] * params.sm_scale);
      s[2] = activation(s[2] * params.sm_scale);
      s[3] = activation(s[3] * params.sm_scale);
      s[4] = activation(s[4] * params.sm_scale);
      s[5] = activation(s[5] * params.sm_scale);
      s[6] = activation(s[6] * params.sm_scale);
      s[7] = activation(s[7] * params.sm_scale);
      s[8] = activation(s[8] * params.sm_scale);
      s[9] = activation(s[9] * params.sm_scale);
      s[10] = activation(s[10] * params.sm_scale);
      s[11] = activation(s[11] * params.sm_scale);
      s[12] = activation(s[12] * params.sm_scale);
      s[13] = activation(s[13] * params.sm_scale);
      s[14] = activation(s[14] * params.sm_scale);
      s[15] = activation(s[15] * params.sm_scale);
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
        if (extractBits(keep[0], 0u, 1u) == 0u) { s[0] = 0.0; }
        if (extractBits(keep[0], 1u, 1u) == 0u) { s[1] = 0.0; }
        if (extractBits(keep[1], 0u, 1u) == 0u) { s[2] = 0.0; }
        if (extractBits(keep[1], 1u, 1u) == 0u) { s[3] = 0.0; }
        if (extractBits(keep[2], 0u, 1u) == 0u) { s[4] = 0.0; }
        if (extractBits(keep[2], 1u, 1u) == 0u) { s[5] = 0.0; }
        if (extractBits(keep[3], 0u, 1u) == 0u) { s[6] = 0.0; }
        if (extractBits(keep[3], 1u, 1u) == 0u) { s[7] = 0.0; }
        if (extractBits(keep[4], 0u, 1u) == 0u) { s[8] = 0.0; }
        if (extractBits(keep[4], 1u, 1u) == 0u) { s[9] = 0.0; }
        if (extractBits(keep[5], 0u, 1u) == 0u) { s[10] = 0.0; }
        if (extractBits(keep[5], 1u, 1u) == 0u) { s[11] = 0.0; }
        if (extractBits(keep[6], 0u, 1u) == 0u) { s[12] = 0.0; }
        if (extractBits(keep[6], 1u, 1u) == 0u) { s[13] = 0.0; }
        if (extractBits(keep[7], 0u, 1u) == 0u) { s[14] = 0.0; }
        if (extractBits(keep[7], 1u, 1u) == 0u) { s[15] = 0.0; }
      } else if (kv0 + i32(BLOCK_N) > seq.kv_len) {
        // drop keys past the sequence
        if (kv0 + i32(lane) >= seq.kv_len) {
          s[0] = 0.0;
          s[2] = 0.0;
          s[4] = 0.0;
          s[6] = 0.0;
          s[8] = 0.0;
          s[10] = 0.0;
          s[12] = 0.0;
          s[14] = 0.0;
        }
        if (kv0 + i32(lane + 16u) >= seq.kv_len) {
          s[1] = 0.0;
          s[3] = 0.0;
          s[5] = 0.0;
          s[7] = 0.0;
          s[9] = 0.0;
          s[11] = 0.0;
          s[13] = 0.0;
          s[15] = 0.0;
        }
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
        var x = vec4<f16>();
        if (kv0 + i32(row) < seq.kv_len) { x = load_v(seq.row0 + u32(kv0) + row, head, d); }
        kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
      }
      workgroupBarrier();
      // acc += p v over the keys of the tile, 2 at a time
      for (var n = 0u; n < 16u; n++) {
        let p_0 = p_tile[row_0 * P_PITCH + n];
        let p_1 = p_tile[row_1 * P_PITCH + n];
        let p_2 = p_tile[row_2 * P_PITCH + n];
        let p_3 = p_tile[row_3 * P_PITCH + n];
        let p_4 = p_tile[row_4 * P_PITCH + n];
        let p_5 = p_tile[row_5 * P_PITCH + n];
        let p_6 = p_tile[row_6 * P_PITCH + n];
        let p_7 = p_tile[row_7 * P_PITCH + n];
        let v_0_0 = vec4<f32>(kv_tile[n * KV_PITCH + min(lane, CHUNK_VECS - 1u)]);
        acc[0] += p_0[0] * v_0_0;
        acc[2] += p_1[0] * v_0_0;
        acc[4] += p_2[0] * v_0_0;
        acc[6] += p_3[0] * v_0_0;
        acc[8] += p_4[0] * v_0_0;
        acc[10] += p_5[0] * v_0_0;
        acc[12] += p_6[0] * v_0_0;
        acc[14] += p_7[0] * v_0_0;
        let v_1_0 = vec4<f32>(kv_tile[(n + 16u) * KV_PITCH + min(lane, CHUNK_VECS - 1u)]);
        acc[0] += p_0[1] * v_1_0;
        acc[2] += p_1[1] * v_1_0;
        acc[4] += p_2[1] * v_1_0;
        acc[6] += p_3[1] * v_1_0;
        acc[8] += p_4[1] * v_1_0;
        acc[10] += p_5[1] * v_1_0;
        acc[12] += p_6[1] * v_1_0;
        acc[14] += p_7[1] * v_1_0;
      }
      // stage values, head dim chunk 1
      workgroupBarrier();
      for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
        let row = i / CHUNK_VECS;
        let d = 8u + i % CHUNK_VECS;
        var x = vec4<f16>();
        if (kv0 + i32(row) < seq.kv_len) { x = load_v(seq.row0 + u32(kv0) + row, head, d); }
        kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
      }
      workgroupBarrier();
      // acc += p v over the keys of the tile, 2 at a time
      for (var n = 0u; n < 16u; n++) {
        let p_0 = p_tile[row_0 * P_PITCH + n];
        let p_1 = p_tile[row_1 * P_PITCH + n];
        let p_2 = p_tile[row_2 * P_PITCH + n];
        let p_3 = p_tile[row_3 * P_PITCH + n];
        let p_4 = p_tile[row_4 * P_PITCH + n];
        let p_5 = p_tile[row_5 * P_PITCH + n];
        let p_6 = p_tile[row_6 * P_PITCH + n];
        let p_7 = p_tile[row_7 * P_PITCH + n];
        let v_0_0 = vec4<f32>(kv_tile[n * KV_PITCH + min(lane, CHUNK_VECS - 1u)]);
        acc[1] += p_0[0] * v_0_0;
        acc[3] += p_1[0] * v_0_0;
        acc[5] += p_2[0] * v_0_0;
        acc[7] += p_3[0] * v_0_0;
        acc[9] += p_4[0] * v_0_0;
        acc[11] += p_5[0] * v_0_0;
        acc[13] += p_6[0] * v_0_0;
        acc[15] += p_7[0] * v_0_0;
        let v_1_0 = vec4<f32>(kv_tile[(n + 16u) * KV_PITCH + min(lane, CHUNK_VECS - 1u)]);
        acc[1] += p_0[1] * v_1_0;
        acc[3] += p_1[1] * v_1_0;
        acc[5] += p_2[1] * v_1_0;
        acc[7] += p_3[1] * v_1_0;
        acc[9] += p_4[1] * v_1_0;
        acc[11] += p_5[1] * v_1_0;
        acc[13] += p_6[1] * v_1_0;
        acc[15] += p_7[1] * v_1_0;
      }
    }
  }

  // write the rows of the sequence
  let factor = scale(b, h, seq);
  if (tile.first_query + row_0 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_0) * params.num_heads + head;
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[0] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[1] * factor); }

  }
  if (tile.first_query + row_1 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_1) * params.num_heads + head;
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[2] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[3] * factor); }

  }
  if (tile.first_query + row_2 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_2) * params.num_heads + head;
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[4] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[5] * factor); }

  }
  if (tile.first_query + row_3 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_3) * params.num_heads + head;
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[6] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[7] * factor); }

  }
  if (tile.first_query + row_4 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_4) * params.num_heads + head;
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[8] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[9] * factor); }

  }
  if (tile.first_query + row_5 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_5) * params.num_heads + head;
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[10] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[11] * factor); }

  }
  if (tile.first_query + row_6 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_6) * params.num_heads + head;
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[12] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[13] * factor); }

  }
  if (tile.first_query + row_7 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_7) * params.num_heads + head;
    if (lane + 0u < CHUNK_VECS && 0u + lane < HEAD_VECS) { store_out(row, lane + 0u, acc[14] * factor); }

    if (lane + 0u < CHUNK_VECS && 8u + lane < HEAD_VECS) { store_out(row, lane + 8u, acc[15] * factor); }

  }
}
