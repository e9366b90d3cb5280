// hstu_f32_d64: hstu, jagged attention forward, pointwise, f32, head dim 64
// definition kernels/hstu.ts:10
// schedule   wgsl_fma block_m=32 block_n=32 rows=8 lanes=4 chunk_d=64 stage_q=1 subgroups=0
// hashes     definition 45b9089ed3bf2ef7, plan 26f152ed959f1ef1
// emitted by serrate 0.1.0; edit the definition, not this file

const BLOCK_M: u32 = 32u;     // query rows of a workgroup
const BLOCK_N: u32 = 32u;     // keys of a key tile
const THREADS: u32 = 16u;
const LANES: u32 = 4u;         // threads that share a query row
const ROW_GROUPS: u32 = 4u;    // threads / LANES: a thread owns rows row_group + i * ROW_GROUPS
const ROWS: u32 = 8u;          // query rows of a thread
const KEYS: u32 = 8u;          // keys of a key tile of a thread: lane + j * LANES
const HEAD_VECS: u32 = 16u;     // head dim 64 in vec4
const CHUNK_VECS: u32 = 16u;    // vec4 of the head dim staged at a time
const Q_PITCH: u32 = 17u;       // row pitches of the tiles, odd to spread rows over the banks
const KV_PITCH: u32 = 17u;
const P_PITCH: u32 = 9u;
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
@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> k: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> v: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> tiles: Tiles;
@group(0) @binding(5) var<storage, read_write> tiles_out: Tiles;  // the same buffer, as build_tiles sees it
@group(0) @binding(6) var<storage, read> seq_offsets: array<u32>;
@group(0) @binding(7) var<storage, read> captures_i32: array<i32>;

var<workgroup> q_tile: array<vec4<f32>, 544>;
var<workgroup> kv_tile: array<vec4<f32>, 544>;   // keys, then values
var<workgroup> p_tile: array<vec4<f32>, 288>;    // weights of a key tile
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

// One workgroup: one query tile of one head.
@compute @workgroup_size(16)
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

  // stage the query tile, zeros past the sequence
  for (var i = thread; i < BLOCK_M * 16u; i += THREADS) {
    let row = i / 16u;
    let d = i % 16u;
    var x = vec4<f32>();
    if (q0 + i32(row) < seq.q_len) { x = load_q(seq.row0 + tile.first_query + row, head, d); }
    q_tile[row * Q_PITCH + d] = x;
  }

  var acc = array<vec4<f32>, 32>();   // [ROWS][head dim chunks][COLUMNS]
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
      var s = array<f32, 64>();   // [ROWS][KEYS]
      // stage keys
      workgroupBarrier();
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
        let k_1 = (kv_tile[(lane + 4u) * KV_PITCH + d]);
        let k_2 = (kv_tile[(lane + 8u) * KV_PITCH + d]);
        let k_3 = (kv_tile[(lane + 12u) * KV_PITCH + d]);
        let k_4 = (kv_tile[(lane + 16u) * KV_PITCH + d]);
        let k_5 = (kv_tile[(lane + 20u) * KV_PITCH + d]);
        let k_6 = (kv_tile[(lane + 24u) * KV_PITCH + d]);
        let k_7 = (kv_tile[(lane + 28u) * KV_PITCH + d]);
        let q_0 = (q_tile[row_0 * Q_PITCH + d]);
        s[0] = dot_add(q_0, k_0, s[0]);
        s[1] = dot_add(q_0, k_1, s[1]);
        s[2] = dot_add(q_0, k_2, s[2]);
        s[3] = dot_add(q_0, k_3, s[3]);
        s[4] = dot_add(q_0, k_4, s[4]);
        s[5] = dot_add(q_0, k_5, s[5]);
        s[6] = dot_add(q_0, k_6, s[6]);
        s[7] = dot_add(q_0, k_7, s[7]);
        let q_1 = (q_tile[row_1 * Q_PITCH + d]);
        s[8] = dot_add(q_1, k_0, s[8]);
        s[9] = dot_add(q_1, k_1, s[9]);
        s[10] = dot_add(q_1, k_2, s[10]);
        s[11] = dot_add(q_1, k_3, s[11]);
        s[12] = dot_add(q_1, k_4, s[12]);
        s[13] = dot_add(q_1, k_5, s[13]);
        s[14] = dot_add(q_1, k_6, s[14]);
        s[15] = dot_add(q_1, k_7, s[15]);
        let q_2 = (q_tile[row_2 * Q_PITCH + d]);
        s[16] = dot_add(q_2, k_0, s[16]);
        s[17] = dot_add(q_2, k_1, s[17]);
        s[18] = dot_add(q_2, k_2, s[18]);
        s[19] = dot_add(q_2, k_3, s[19]);
        s[20] = dot_add(q_2, k_4, s[20]);
        s[21] = dot_add(q_2, k_5, s[21]);
        s[22] = dot_add(q_2, k_6, s[22]);
        s[23] = dot_add(q_2, k_7, s[23]);
        let q_3 = (q_tile[row_3 * Q_PITCH + d]);
        s[24] = dot_add(q_3, k_0, s[24]);
        s[25] = dot_add(q_3, k_1, s[25]);
        s[26] = dot_add(q_3, k_2, s[26]);
        s[27] = dot_add(q_3, k_3, s[27]);
        s[28] = dot_add(q_3, k_4, s[28]);
        s[29] = dot_add(q_3, k_5, s[29]);
        s[30] = dot_add(q_3, k_6, s[30]);
        s[31] = dot_add(q_3, k_7, s[31]);
        let q_4 = (q_tile[row_4 * Q_PITCH + d]);
        s[32] = dot_add(q_4, k_0, s[32]);
        s[33] = dot_add(q_4, k_1, s[33]);
        s[34] = dot_add(q_4, k_2, s[34]);
        s[35] = dot_add(q_4, k_3, s[35]);
        s[36] = dot_add(q_4, k_4, s[36]);
        s[37] = dot_add(q_4, k_5, s[37]);
        s[38] = dot_add(q_4, k_6, s[38]);
        s[39] = dot_add(q_4, k_7, s[39]);
        let q_5 = (q_tile[row_5 * Q_PITCH + d]);
        s[40] = dot_add(q_5, k_0, s[40]);
        s[41] = dot_add(q_5, k_1, s[41]);
        s[42] = dot_add(q_5, k_2, s[42]);
        s[43] = dot_add(q_5, k_3, s[43]);
        s[44] = dot_add(q_5, k_4, s[44]);
        s[45] = dot_add(q_5, k_5, s[45]);
        s[46] = dot_add(q_5, k_6, s[46]);
        s[47] = dot_add(q_5, k_7, s[47]);
        let q_6 = (q_tile[row_6 * Q_PITCH + d]);
        s[48] = dot_add(q_6, k_0, s[48]);
        s[49] = dot_add(q_6, k_1, s[49]);
        s[50] = dot_add(q_6, k_2, s[50]);
        s[51] = dot_add(q_6, k_3, s[51]);
        s[52] = dot_add(q_6, k_4, s[52]);
        s[53] = dot_add(q_6, k_5, s[53]);
        s[54] = dot_add(q_6, k_6, s[54]);
        s[55] = dot_add(q_6, k_7, s[55]);
        let q_7 = (q_tile[row_7 * Q_PITCH + d]);
        s[56] = dot_add(q_7, k_0, s[56]);
        s[57] = dot_add(q_7, k_1, s[57]);
        s[58] = dot_add(q_7, k_2, s[58]);
        s[59] = dot_add(q_7, k_3, s[59]);
        s[60] = dot_add(q_7, k_4, s[60]);
        s[61] = dot_add(q_7, k_5, s[61]);
        s[62] = dot_add(q_7, k_6, s[62]);
        s[63] = dot_add(q_7, k_7, s[63]);
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
      s[16] = activation(s[16] * params.sm_scale);
      s[17] = activation(s[17] * params.sm_scale);
      s[18] = activation(s[18] * params.sm_scale);
      s[19] = activation(s[19] * params.sm_scale);
      s[20] = activation(s[20] * params.sm_scale);
      s[21] = activation(s[21] * params.sm_scale);
      s[22] = activation(s[22] * params.sm_scale);
      s[23] = activation(s[23] * params.sm_scale);
      s[24] = activation(s[24] * params.sm_scale);
      s[25] = activation(s[25] * params.sm_scale);
      s[26] = activation(s[26] * params.sm_scale);
      s[27] = activation(s[27] * params.sm_scale);
      s[28] = activation(s[28] * params.sm_scale);
      s[29] = activation(s[29] * params.sm_scale);
      s[30] = activation(s[30] * params.sm_scale);
      s[31] = activation(s[31] * params.sm_scale);
      s[32] = activation(s[32] * params.sm_scale);
      s[33] = activation(s[33] * params.sm_scale);
      s[34] = activation(s[34] * params.sm_scale);
      s[35] = activation(s[35] * params.sm_scale);
      s[36] = activation(s[36] * params.sm_scale);
      s[37] = activation(s[37] * params.sm_scale);
      s[38] = activation(s[38] * params.sm_scale);
      s[39] = activation(s[39] * params.sm_scale);
      s[40] = activation(s[40] * params.sm_scale);
      s[41] = activation(s[41] * params.sm_scale);
      s[42] = activation(s[42] * params.sm_scale);
      s[43] = activation(s[43] * params.sm_scale);
      s[44] = activation(s[44] * params.sm_scale);
      s[45] = activation(s[45] * params.sm_scale);
      s[46] = activation(s[46] * params.sm_scale);
      s[47] = activation(s[47] * params.sm_scale);
      s[48] = activation(s[48] * params.sm_scale);
      s[49] = activation(s[49] * params.sm_scale);
      s[50] = activation(s[50] * params.sm_scale);
      s[51] = activation(s[51] * params.sm_scale);
      s[52] = activation(s[52] * params.sm_scale);
      s[53] = activation(s[53] * params.sm_scale);
      s[54] = activation(s[54] * params.sm_scale);
      s[55] = activation(s[55] * params.sm_scale);
      s[56] = activation(s[56] * params.sm_scale);
      s[57] = activation(s[57] * params.sm_scale);
      s[58] = activation(s[58] * params.sm_scale);
      s[59] = activation(s[59] * params.sm_scale);
      s[60] = activation(s[60] * params.sm_scale);
      s[61] = activation(s[61] * params.sm_scale);
      s[62] = activation(s[62] * params.sm_scale);
      s[63] = activation(s[63] * params.sm_scale);
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
        if (extractBits(keep[0], 2u, 1u) == 0u) { s[2] = 0.0; }
        if (extractBits(keep[0], 3u, 1u) == 0u) { s[3] = 0.0; }
        if (extractBits(keep[0], 4u, 1u) == 0u) { s[4] = 0.0; }
        if (extractBits(keep[0], 5u, 1u) == 0u) { s[5] = 0.0; }
        if (extractBits(keep[0], 6u, 1u) == 0u) { s[6] = 0.0; }
        if (extractBits(keep[0], 7u, 1u) == 0u) { s[7] = 0.0; }
        if (extractBits(keep[1], 0u, 1u) == 0u) { s[8] = 0.0; }
        if (extractBits(keep[1], 1u, 1u) == 0u) { s[9] = 0.0; }
        if (extractBits(keep[1], 2u, 1u) == 0u) { s[10] = 0.0; }
        if (extractBits(keep[1], 3u, 1u) == 0u) { s[11] = 0.0; }
        if (extractBits(keep[1], 4u, 1u) == 0u) { s[12] = 0.0; }
        if (extractBits(keep[1], 5u, 1u) == 0u) { s[13] = 0.0; }
        if (extractBits(keep[1], 6u, 1u) == 0u) { s[14] = 0.0; }
        if (extractBits(keep[1], 7u, 1u) == 0u) { s[15] = 0.0; }
        if (extractBits(keep[2], 0u, 1u) == 0u) { s[16] = 0.0; }
        if (extractBits(keep[2], 1u, 1u) == 0u) { s[17] = 0.0; }
        if (extractBits(keep[2], 2u, 1u) == 0u) { s[18] = 0.0; }
        if (extractBits(keep[2], 3u, 1u) == 0u) { s[19] = 0.0; }
        if (extractBits(keep[2], 4u, 1u) == 0u) { s[20] = 0.0; }
        if (extractBits(keep[2], 5u, 1u) == 0u) { s[21] = 0.0; }
        if (extractBits(keep[2], 6u, 1u) == 0u) { s[22] = 0.0; }
        if (extractBits(keep[2], 7u, 1u) == 0u) { s[23] = 0.0; }
        if (extractBits(keep[3], 0u, 1u) == 0u) { s[24] = 0.0; }
        if (extractBits(keep[3], 1u, 1u) == 0u) { s[25] = 0.0; }
        if (extractBits(keep[3], 2u, 1u) == 0u) { s[26] = 0.0; }
        if (extractBits(keep[3], 3u, 1u) == 0u) { s[27] = 0.0; }
        if (extractBits(keep[3], 4u, 1u) == 0u) { s[28] = 0.0; }
        if (extractBits(keep[3], 5u, 1u) == 0u) { s[29] = 0.0; }
        if (extractBits(keep[3], 6u, 1u) == 0u) { s[30] = 0.0; }
        if (extractBits(keep[3], 7u, 1u) == 0u) { s[31] = 0.0; }
        if (extractBits(keep[4], 0u, 1u) == 0u) { s[32] = 0.0; }
        if (extractBits(keep[4], 1u, 1u) == 0u) { s[33] = 0.0; }
        if (extractBits(keep[4], 2u, 1u) == 0u) { s[34] = 0.0; }
        if (extractBits(keep[4], 3u, 1u) == 0u) { s[35] = 0.0; }
        if (extractBits(keep[4], 4u, 1u) == 0u) { s[36] = 0.0; }
        if (extractBits(keep[4], 5u, 1u) == 0u) { s[37] = 0.0; }
        if (extractBits(keep[4], 6u, 1u) == 0u) { s[38] = 0.0; }
        if (extractBits(keep[4], 7u, 1u) == 0u) { s[39] = 0.0; }
        if (extractBits(keep[5], 0u, 1u) == 0u) { s[40] = 0.0; }
        if (extractBits(keep[5], 1u, 1u) == 0u) { s[41] = 0.0; }
        if (extractBits(keep[5], 2u, 1u) == 0u) { s[42] = 0.0; }
        if (extractBits(keep[5], 3u, 1u) == 0u) { s[43] = 0.0; }
        if (extractBits(keep[5], 4u, 1u) == 0u) { s[44] = 0.0; }
        if (extractBits(keep[5], 5u, 1u) == 0u) { s[45] = 0.0; }
        if (extractBits(keep[5], 6u, 1u) == 0u) { s[46] = 0.0; }
        if (extractBits(keep[5], 7u, 1u) == 0u) { s[47] = 0.0; }
        if (extractBits(keep[6], 0u, 1u) == 0u) { s[48] = 0.0; }
        if (extractBits(keep[6], 1u, 1u) == 0u) { s[49] = 0.0; }
        if (extractBits(keep[6], 2u, 1u) == 0u) { s[50] = 0.0; }
        if (extractBits(keep[6], 3u, 1u) == 0u) { s[51] = 0.0; }
        if (extractBits(keep[6], 4u, 1u) == 0u) { s[52] = 0.0; }
        if (extractBits(keep[6], 5u, 1u) == 0u) { s[53] = 0.0; }
        if (extractBits(keep[6], 6u, 1u) == 0u) { s[54] = 0.0; }
        if (extractBits(keep[6], 7u, 1u) == 0u) { s[55] = 0.0; }
        if (extractBits(keep[7], 0u, 1u) == 0u) { s[56] = 0.0; }
        if (extractBits(keep[7], 1u, 1u) == 0u) { s[57] = 0.0; }
        if (extractBits(keep[7], 2u, 1u) == 0u) { s[58] = 0.0; }
        if (extractBits(keep[7], 3u, 1u) == 0u) { s[59] = 0.0; }
        if (extractBits(keep[7], 4u, 1u) == 0u) { s[60] = 0.0; }
        if (extractBits(keep[7], 5u, 1u) == 0u) { s[61] = 0.0; }
        if (extractBits(keep[7], 6u, 1u) == 0u) { s[62] = 0.0; }
        if (extractBits(keep[7], 7u, 1u) == 0u) { s[63] = 0.0; }
      } else if (kv0 + i32(BLOCK_N) > seq.kv_len) {
        // drop keys past the sequence
        if (kv0 + i32(lane) >= seq.kv_len) {
          s[0] = 0.0;
          s[8] = 0.0;
          s[16] = 0.0;
          s[24] = 0.0;
          s[32] = 0.0;
          s[40] = 0.0;
          s[48] = 0.0;
          s[56] = 0.0;
        }
        if (kv0 + i32(lane + 4u) >= seq.kv_len) {
          s[1] = 0.0;
          s[9] = 0.0;
          s[17] = 0.0;
          s[25] = 0.0;
          s[33] = 0.0;
          s[41] = 0.0;
          s[49] = 0.0;
          s[57] = 0.0;
        }
        if (kv0 + i32(lane + 8u) >= seq.kv_len) {
          s[2] = 0.0;
          s[10] = 0.0;
          s[18] = 0.0;
          s[26] = 0.0;
          s[34] = 0.0;
          s[42] = 0.0;
          s[50] = 0.0;
          s[58] = 0.0;
        }
        if (kv0 + i32(lane + 12u) >= seq.kv_len) {
          s[3] = 0.0;
          s[11] = 0.0;
          s[19] = 0.0;
          s[27] = 0.0;
          s[35] = 0.0;
          s[43] = 0.0;
          s[51] = 0.0;
          s[59] = 0.0;
        }
        if (kv0 + i32(lane + 16u) >= seq.kv_len) {
          s[4] = 0.0;
          s[12] = 0.0;
          s[20] = 0.0;
          s[28] = 0.0;
          s[36] = 0.0;
          s[44] = 0.0;
          s[52] = 0.0;
          s[60] = 0.0;
        }
        if (kv0 + i32(lane + 20u) >= seq.kv_len) {
          s[5] = 0.0;
          s[13] = 0.0;
          s[21] = 0.0;
          s[29] = 0.0;
          s[37] = 0.0;
          s[45] = 0.0;
          s[53] = 0.0;
          s[61] = 0.0;
        }
        if (kv0 + i32(lane + 24u) >= seq.kv_len) {
          s[6] = 0.0;
          s[14] = 0.0;
          s[22] = 0.0;
          s[30] = 0.0;
          s[38] = 0.0;
          s[46] = 0.0;
          s[54] = 0.0;
          s[62] = 0.0;
        }
        if (kv0 + i32(lane + 28u) >= seq.kv_len) {
          s[7] = 0.0;
          s[15] = 0.0;
          s[23] = 0.0;
          s[31] = 0.0;
          s[39] = 0.0;
          s[47] = 0.0;
          s[55] = 0.0;
          s[63] = 0.0;
        }
      }
      // share the weights with the other lanes of the row
      p_tile[row_0 * P_PITCH + lane * 2u + 0u] = vec4<f32>(s[0], s[1], s[2], s[3]);
      p_tile[row_0 * P_PITCH + lane * 2u + 1u] = vec4<f32>(s[4], s[5], s[6], s[7]);
      p_tile[row_1 * P_PITCH + lane * 2u + 0u] = vec4<f32>(s[8], s[9], s[10], s[11]);
      p_tile[row_1 * P_PITCH + lane * 2u + 1u] = vec4<f32>(s[12], s[13], s[14], s[15]);
      p_tile[row_2 * P_PITCH + lane * 2u + 0u] = vec4<f32>(s[16], s[17], s[18], s[19]);
      p_tile[row_2 * P_PITCH + lane * 2u + 1u] = vec4<f32>(s[20], s[21], s[22], s[23]);
      p_tile[row_3 * P_PITCH + lane * 2u + 0u] = vec4<f32>(s[24], s[25], s[26], s[27]);
      p_tile[row_3 * P_PITCH + lane * 2u + 1u] = vec4<f32>(s[28], s[29], s[30], s[31]);
      p_tile[row_4 * P_PITCH + lane * 2u + 0u] = vec4<f32>(s[32], s[33], s[34], s[35]);
      p_tile[row_4 * P_PITCH + lane * 2u + 1u] = vec4<f32>(s[36], s[37], s[38], s[39]);
      p_tile[row_5 * P_PITCH + lane * 2u + 0u] = vec4<f32>(s[40], s[41], s[42], s[43]);
      p_tile[row_5 * P_PITCH + lane * 2u + 1u] = vec4<f32>(s[44], s[45], s[46], s[47]);
      p_tile[row_6 * P_PITCH + lane * 2u + 0u] = vec4<f32>(s[48], s[49], s[50], s[51]);
      p_tile[row_6 * P_PITCH + lane * 2u + 1u] = vec4<f32>(s[52], s[53], s[54], s[55]);
      p_tile[row_7 * P_PITCH + lane * 2u + 0u] = vec4<f32>(s[56], s[57], s[58], s[59]);
      p_tile[row_7 * P_PITCH + lane * 2u + 1u] = vec4<f32>(s[60], s[61], s[62], s[63]);
      // stage values
      workgroupBarrier();
      for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
        let row = i / CHUNK_VECS;
        let d = i % CHUNK_VECS;
        var x = vec4<f32>();
        if (kv0 + i32(row) < seq.kv_len) { x = load_v(seq.row0 + u32(kv0) + row, head, d); }
        kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
      }
      workgroupBarrier();
      // acc += p v over the keys of the tile, 4 at a time
      for (var n = 0u; n < 8u; n++) {
        let key = n / 2u + (n % 2u) * 16u;
        let p_0 = p_tile[row_0 * P_PITCH + n];
        let p_1 = p_tile[row_1 * P_PITCH + n];
        let p_2 = p_tile[row_2 * P_PITCH + n];
        let p_3 = p_tile[row_3 * P_PITCH + n];
        let p_4 = p_tile[row_4 * P_PITCH + n];
        let p_5 = p_tile[row_5 * P_PITCH + n];
        let p_6 = p_tile[row_6 * P_PITCH + n];
        let p_7 = p_tile[row_7 * P_PITCH + n];
        let v_0_0 = (kv_tile[key * KV_PITCH + lane]);
        acc[0] += p_0[0] * v_0_0;
        acc[4] += p_1[0] * v_0_0;
        acc[8] += p_2[0] * v_0_0;
        acc[12] += p_3[0] * v_0_0;
        acc[16] += p_4[0] * v_0_0;
        acc[20] += p_5[0] * v_0_0;
        acc[24] += p_6[0] * v_0_0;
        acc[28] += p_7[0] * v_0_0;
        let v_0_1 = (kv_tile[key * KV_PITCH + lane + 4u]);
        acc[1] += p_0[0] * v_0_1;
        acc[5] += p_1[0] * v_0_1;
        acc[9] += p_2[0] * v_0_1;
        acc[13] += p_3[0] * v_0_1;
        acc[17] += p_4[0] * v_0_1;
        acc[21] += p_5[0] * v_0_1;
        acc[25] += p_6[0] * v_0_1;
        acc[29] += p_7[0] * v_0_1;
        let v_0_2 = (kv_tile[key * KV_PITCH + lane + 8u]);
        acc[2] += p_0[0] * v_0_2;
        acc[6] += p_1[0] * v_0_2;
        acc[10] += p_2[0] * v_0_2;
        acc[14] += p_3[0] * v_0_2;
        acc[18] += p_4[0] * v_0_2;
        acc[22] += p_5[0] * v_0_2;
        acc[26] += p_6[0] * v_0_2;
        acc[30] += p_7[0] * v_0_2;
        let v_0_3 = (kv_tile[key * KV_PITCH + lane + 12u]);
        acc[3] += p_0[0] * v_0_3;
        acc[7] += p_1[0] * v_0_3;
        acc[11] += p_2[0] * v_0_3;
        acc[15] += p_3[0] * v_0_3;
        acc[19] += p_4[0] * v_0_3;
        acc[23] += p_5[0] * v_0_3;
        acc[27] += p_6[0] * v_0_3;
        acc[31] += p_7[0] * v_0_3;
        let v_1_0 = (kv_tile[(key + 4u) * KV_PITCH + lane]);
        acc[0] += p_0[1] * v_1_0;
        acc[4] += p_1[1] * v_1_0;
        acc[8] += p_2[1] * v_1_0;
        acc[12] += p_3[1] * v_1_0;
        acc[16] += p_4[1] * v_1_0;
        acc[20] += p_5[1] * v_1_0;
        acc[24] += p_6[1] * v_1_0;
        acc[28] += p_7[1] * v_1_0;
        let v_1_1 = (kv_tile[(key + 4u) * KV_PITCH + lane + 4u]);
        acc[1] += p_0[1] * v_1_1;
        acc[5] += p_1[1] * v_1_1;
        acc[9] += p_2[1] * v_1_1;
        acc[13] += p_3[1] * v_1_1;
        acc[17] += p_4[1] * v_1_1;
        acc[21] += p_5[1] * v_1_1;
        acc[25] += p_6[1] * v_1_1;
        acc[29] += p_7[1] * v_1_1;
        let v_1_2 = (kv_tile[(key + 4u) * KV_PITCH + lane + 8u]);
        acc[2] += p_0[1] * v_1_2;
        acc[6] += p_1[1] * v_1_2;
        acc[10] += p_2[1] * v_1_2;
        acc[14] += p_3[1] * v_1_2;
        acc[18] += p_4[1] * v_1_2;
        acc[22] += p_5[1] * v_1_2;
        acc[26] += p_6[1] * v_1_2;
        acc[30] += p_7[1] * v_1_2;
        let v_1_3 = (kv_tile[(key + 4u) * KV_PITCH + lane + 12u]);
        acc[3] += p_0[1] * v_1_3;
        acc[7] += p_1[1] * v_1_3;
        acc[11] += p_2[1] * v_1_3;
        acc[15] += p_3[1] * v_1_3;
        acc[19] += p_4[1] * v_1_3;
        acc[23] += p_5[1] * v_1_3;
        acc[27] += p_6[1] * v_1_3;
        acc[31] += p_7[1] * v_1_3;
        let v_2_0 = (kv_tile[(key + 8u) * KV_PITCH + lane]);
        acc[0] += p_0[2] * v_2_0;
        acc[4] += p_1[2] * v_2_0;
        acc[8] += p_2[2] * v_2_0;
        acc[12] += p_3[2] * v_2_0;
        acc[16] += p_4[2] * v_2_0;
        acc[20] += p_5[2] * v_2_0;
        acc[24] += p_6[2] * v_2_0;
        acc[28] += p_7[2] * v_2_0;
        let v_2_1 = (kv_tile[(key + 8u) * KV_PITCH + lane + 4u]);
        acc[1] += p_0[2] * v_2_1;
        acc[5] += p_1[2] * v_2_1;
        acc[9] += p_2[2] * v_2_1;
        acc[13] += p_3[2] * v_2_1;
        acc[17] += p_4[2] * v_2_1;
        acc[21] += p_5[2] * v_2_1;
        acc[25] += p_6[2] * v_2_1;
        acc[29] += p_7[2] * v_2_1;
        let v_2_2 = (kv_tile[(key + 8u) * KV_PITCH + lane + 8u]);
        acc[2] += p_0[2] * v_2_2;
        acc[6] += p_1[2] * v_2_2;
        acc[10] += p_2[2] * v_2_2;
        acc[14] += p_3[2] * v_2_2;
        acc[18] += p_4[2] * v_2_2;
        acc[22] += p_5[2] * v_2_2;
        acc[26] += p_6[2] * v_2_2;
        acc[30] += p_7[2] * v_2_2;
        let v_2_3 = (kv_tile[(key + 8u) * KV_PITCH + lane + 12u]);
        acc[3] += p_0[2] * v_2_3;
        acc[7] += p_1[2] * v_2_3;
        acc[11] += p_2[2] * v_2_3;
        acc[15] += p_3[2] * v_2_3;
        acc[19] += p_4[2] * v_2_3;
        acc[23] += p_5[2] * v_2_3;
        acc[27] += p_6[2] * v_2_3;
        acc[31] += p_7[2] * v_2_3;
        let v_3_0 = (kv_tile[(key + 12u) * KV_PITCH + lane]);
        acc[0] += p_0[3] * v_3_0;
        acc[4] += p_1[3] * v_3_0;
        acc[8] += p_2[3] * v_3_0;
        acc[12] += p_3[3] * v_3_0;
        acc[16] += p_4[3] * v_3_0;
        acc[20] += p_5[3] * v_3_0;
        acc[24] += p_6[3] * v_3_0;
        acc[28] += p_7[3] * v_3_0;
        let v_3_1 = (kv_tile[(key + 12u) * KV_PITCH + lane + 4u]);
        acc[1] += p_0[3] * v_3_1;
        acc[5] += p_1[3] * v_3_1;
        acc[9] += p_2[3] * v_3_1;
        acc[13] += p_3[3] * v_3_1;
        acc[17] += p_4[3] * v_3_1;
        acc[21] += p_5[3] * v_3_1;
        acc[25] += p_6[3] * v_3_1;
        acc[29] += p_7[3] * v_3_1;
        let v_3_2 = (kv_tile[(key + 12u) * KV_PITCH + lane + 8u]);
        acc[2] += p_0[3] * v_3_2;
        acc[6] += p_1[3] * v_3_2;
        acc[10] += p_2[3] * v_3_2;
        acc[14] += p_3[3] * v_3_2;
        acc[18] += p_4[3] * v_3_2;
        acc[22] += p_5[3] * v_3_2;
        acc[26] += p_6[3] * v_3_2;
        acc[30] += p_7[3] * v_3_2;
        let v_3_3 = (kv_tile[(key + 12u) * KV_PITCH + lane + 12u]);
        acc[3] += p_0[3] * v_3_3;
        acc[7] += p_1[3] * v_3_3;
        acc[11] += p_2[3] * v_3_3;
        acc[15] += p_3[3] * v_3_3;
        acc[19] += p_4[3] * v_3_3;
        acc[23] += p_5[3] * v_3_3;
        acc[27] += p_6[3] * v_3_3;
        acc[31] += p_7[3] * v_3_3;
      }
    }
  }

  // write the rows of the sequence
  let factor = scale(b, h, seq);
  if (tile.first_query + row_0 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_0) * params.num_heads + head;
    store_out(row, lane + 0u, acc[0] * factor);

    store_out(row, lane + 4u, acc[1] * factor);

    store_out(row, lane + 8u, acc[2] * factor);

    store_out(row, lane + 12u, acc[3] * factor);

  }
  if (tile.first_query + row_1 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_1) * params.num_heads + head;
    store_out(row, lane + 0u, acc[4] * factor);

    store_out(row, lane + 4u, acc[5] * factor);

    store_out(row, lane + 8u, acc[6] * factor);

    store_out(row, lane + 12u, acc[7] * factor);

  }
  if (tile.first_query + row_2 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_2) * params.num_heads + head;
    store_out(row, lane + 0u, acc[8] * factor);

    store_out(row, lane + 4u, acc[9] * factor);

    store_out(row, lane + 8u, acc[10] * factor);

    store_out(row, lane + 12u, acc[11] * factor);

  }
  if (tile.first_query + row_3 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_3) * params.num_heads + head;
    store_out(row, lane + 0u, acc[12] * factor);

    store_out(row, lane + 4u, acc[13] * factor);

    store_out(row, lane + 8u, acc[14] * factor);

    store_out(row, lane + 12u, acc[15] * factor);

  }
  if (tile.first_query + row_4 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_4) * params.num_heads + head;
    store_out(row, lane + 0u, acc[16] * factor);

    store_out(row, lane + 4u, acc[17] * factor);

    store_out(row, lane + 8u, acc[18] * factor);

    store_out(row, lane + 12u, acc[19] * factor);

  }
  if (tile.first_query + row_5 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_5) * params.num_heads + head;
    store_out(row, lane + 0u, acc[20] * factor);

    store_out(row, lane + 4u, acc[21] * factor);

    store_out(row, lane + 8u, acc[22] * factor);

    store_out(row, lane + 12u, acc[23] * factor);

  }
  if (tile.first_query + row_6 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_6) * params.num_heads + head;
    store_out(row, lane + 0u, acc[24] * factor);

    store_out(row, lane + 4u, acc[25] * factor);

    store_out(row, lane + 8u, acc[26] * factor);

    store_out(row, lane + 12u, acc[27] * factor);

  }
  if (tile.first_query + row_7 < tile.length) {
    let row = (tile.row0 + tile.first_query + row_7) * params.num_heads + head;
    store_out(row, lane + 0u, acc[28] * factor);

    store_out(row, lane + 4u, acc[29] * factor);

    store_out(row, lane + 8u, acc[30] * factor);

    store_out(row, lane + 12u, acc[31] * factor);

  }
}
