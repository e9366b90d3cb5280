// causal_f16_d128: causal, jagged attention forward, softmax, f16, head dim 128
// definition kernels/causal.ts:4
// schedule   wgsl_fma block_m=32 block_n=32 rows=4 lanes=8 chunk_d=32 stage_q=0 subgroups=0
// hashes     definition 2353734be153df58, plan 07fe98b22cc455e7
// emitted by serrate 0.1.0; edit the definition, not this file
enable f16;

const BLOCK_M: u32 = 32u;     // query rows of a workgroup
const BLOCK_N: u32 = 32u;     // keys of a key tile
const THREADS: u32 = 64u;
const LANES: u32 = 8u;         // threads that share a query row
const ROW_GROUPS: u32 = 8u;    // threads / LANES: a thread owns rows row_group + i * ROW_GROUPS
const ROWS: u32 = 4u;          // query rows of a thread
const KEYS: u32 = 4u;          // keys of a key tile of a thread: lane + j * LANES
const HEAD_VECS: u32 = 32u;     // head dim 128 in vec4
const CHUNK_VECS: u32 = 8u;    // vec4 of the head dim staged at a time
const COLUMNS: u32 = 1u;       // vec4 columns of a thread in a chunk: lane + c * LANES
const Q_PITCH: u32 = 9u;       // row pitches of the tiles, odd to spread rows over the banks
const KV_PITCH: u32 = 9u;
const P_PITCH: u32 = 9u;
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
@group(0) @binding(1) var<storage, read> q: array<vec4<f16>>;
@group(0) @binding(2) var<storage, read> k: array<vec4<f16>>;
@group(0) @binding(3) var<storage, read> v: array<vec4<f16>>;
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f16>>;
@group(0) @binding(5) var<storage, read_write> lse: array<u32>;
@group(0) @binding(6) var<storage, read> tiles: Tiles;
@group(0) @binding(6) var<storage, read_write> tiles_out: Tiles;  // the same buffer, as build_tiles sees it
@group(0) @binding(7) var<storage, read> seq_offsets: array<u32>;

var<workgroup> q_tile: array<vec4<f16>, 288>;
var<workgroup> kv_tile: array<vec4<f16>, 288>;   // keys, then values
var<workgroup> p_tile: array<vec4<f32>, 288>;    // weights of a key tile
var<workgroup> row_scratch: array<f32, 256>;   // a value per row and lane

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
fn offset_at(i: u32) -> u32 {
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
  var row = offset_at(begin);
  for (var b = begin; b < end; b++) {
    let next = max(offset_at(b + 1u), row);
    own += tiles_of(next - row);
    row = offset_at(b + 1u);
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
  row = offset_at(begin);
  for (var b = begin; b < end; b++) {
    let next = max(offset_at(b + 1u), row);
    position = write_tiles(position, row, next - row, b, 0u, 1u);
    row = offset_at(b + 1u);
  }

  // rows past the last offset: no keys, so they come out empty
  var used = offset_at(params.num_sequences);
  if (params.num_sequences > 0u) { used = max(used, offset_at(params.num_sequences - 1u)); }
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
  let b = i32(select(tile.sequence, 0u, tile.sequence == PAD));
  let h = i32(head);
  let seq = Seq(i32(tile.length), i32(select(tile.length, 0u, tile.sequence == PAD)), tile.row0);
  let q0 = i32(tile.first_query);

  var acc = array<vec4<f32>, 16>();   // [ROWS][head dim chunks][COLUMNS]
  var m_i: array<f32, ROWS>;   // row maximum so far, of scores times log2(e)
  var l_i = array<f32, ROWS>();   // this thread's share of the row sum of exp2(score - m_i)
  for (var i = 0u; i < ROWS; i++) { m_i[i] = MASKED; }
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
      var k_d: array<vec4<f32>, KEYS>;
      for (var j = 0u; j < KEYS; j++) { k_d[j] = vec4<f32>(kv_tile[(lane + j * LANES) * KV_PITCH + d]); }
      for (var i = 0u; i < ROWS; i++) {
        let q_d = vec4<f32>(q_tile[(row_group + i * ROW_GROUPS) * Q_PITCH + d]);
        for (var j = 0u; j < KEYS; j++) { s[i * KEYS + j] = dot_add(q_d, k_d[j], s[i * KEYS + j]); }
      }
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
      var k_d: array<vec4<f32>, KEYS>;
      for (var j = 0u; j < KEYS; j++) { k_d[j] = vec4<f32>(kv_tile[(lane + j * LANES) * KV_PITCH + d]); }
      for (var i = 0u; i < ROWS; i++) {
        let q_d = vec4<f32>(q_tile[(row_group + i * ROW_GROUPS) * Q_PITCH + d]);
        for (var j = 0u; j < KEYS; j++) { s[i * KEYS + j] = dot_add(q_d, k_d[j], s[i * KEYS + j]); }
      }
    }
    // stage queries and keys, head dim chunk 2
    workgroupBarrier();
    for (var i = thread; i < BLOCK_M * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 16u + i % CHUNK_VECS;
      var x = vec4<f16>();
      if (q0 + i32(row) < seq.q_len) { x = load_q(seq.row0 + tile.first_query + row, head, d); }
      q_tile[row * Q_PITCH + i % CHUNK_VECS] = x;
    }
    for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 16u + i % CHUNK_VECS;
      var x = vec4<f16>();
      if (kv0 + i32(row) < seq.kv_len) { x = load_k(seq.row0 + u32(kv0) + row, head, d); }
      kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
    }
    workgroupBarrier();
    // s += q . k over the chunk
    for (var d = 0u; d < CHUNK_VECS; d++) {
      var k_d: array<vec4<f32>, KEYS>;
      for (var j = 0u; j < KEYS; j++) { k_d[j] = vec4<f32>(kv_tile[(lane + j * LANES) * KV_PITCH + d]); }
      for (var i = 0u; i < ROWS; i++) {
        let q_d = vec4<f32>(q_tile[(row_group + i * ROW_GROUPS) * Q_PITCH + d]);
        for (var j = 0u; j < KEYS; j++) { s[i * KEYS + j] = dot_add(q_d, k_d[j], s[i * KEYS + j]); }
      }
    }
    // stage queries and keys, head dim chunk 3
    workgroupBarrier();
    for (var i = thread; i < BLOCK_M * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 24u + i % CHUNK_VECS;
      var x = vec4<f16>();
      if (q0 + i32(row) < seq.q_len) { x = load_q(seq.row0 + tile.first_query + row, head, d); }
      q_tile[row * Q_PITCH + i % CHUNK_VECS] = x;
    }
    for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 24u + i % CHUNK_VECS;
      var x = vec4<f16>();
      if (kv0 + i32(row) < seq.kv_len) { x = load_k(seq.row0 + u32(kv0) + row, head, d); }
      kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
    }
    workgroupBarrier();
    // s += q . k over the chunk
    for (var d = 0u; d < CHUNK_VECS; d++) {
      var k_d: array<vec4<f32>, KEYS>;
      for (var j = 0u; j < KEYS; j++) { k_d[j] = vec4<f32>(kv_tile[(lane + j * LANES) * KV_PITCH + d]); }
      for (var i = 0u; i < ROWS; i++) {
        let q_d = vec4<f32>(q_tile[(row_group + i * ROW_GROUPS) * Q_PITCH + d]);
        for (var j = 0u; j < KEYS; j++) { s[i * KEYS + j] = dot_add(q_d, k_d[j], s[i * KEYS + j]); }
      }
    }
    // score
    for (var i = 0u; i < ROWS; i++) {
      for (var j = 0u; j < KEYS; j++) {
        let score = s[i * KEYS + j] * params.sm_scale;
        s[i * KEYS + j] = score * LOG2E;
      }
    }
    if (masked) {
      // drop what mask_mod does not keep
      for (var i = 0u; i < ROWS; i++) {
        let q = q0 + i32(row_group + i * ROW_GROUPS);
        for (var j = 0u; j < KEYS; j++) {
          let kv = kv0 + i32(lane + j * LANES);
          if (!(kv < seq.kv_len && mask_mod(b, h, q, kv, seq))) { s[i * KEYS + j] = MASKED; }
        }
      }
    } else if (kv0 + i32(BLOCK_N) > seq.kv_len) {
      // drop keys past the sequence
      for (var i = 0u; i < ROWS; i++) {
        for (var j = 0u; j < KEYS; j++) {
          let kv = kv0 + i32(lane + j * LANES);
          if (!(kv < seq.kv_len)) { s[i * KEYS + j] = MASKED; }
        }
      }
    }
    // row maximum: over this thread's keys, then over the lanes of the row
    var m_new: array<f32, ROWS>;
    for (var i = 0u; i < ROWS; i++) {
      var m = m_i[i];
      for (var j = 0u; j < KEYS; j++) { m = max(m, s[i * KEYS + j]); }
      m_new[i] = m;
    }
    for (var i = 0u; i < ROWS; i++) { row_scratch[(row_group + i * ROW_GROUPS) * LANES + lane] = m_new[i]; }
    workgroupBarrier();
    for (var i = 0u; i < ROWS; i++) {
      for (var other = 0u; other < LANES; other++) { m_new[i] = max(m_new[i], row_scratch[(row_group + i * ROW_GROUPS) * LANES + other]); }
    }
    // online softmax: weights against the new maximum, earlier sums rescaled to it
    for (var i = 0u; i < ROWS; i++) {
      let alpha = exp2(m_i[i] - m_new[i]);
      m_i[i] = m_new[i];
      l_i[i] *= alpha;
      for (var c = 0u; c < 4u; c++) { acc[i * 4u + c] *= alpha; }
      for (var j = 0u; j < KEYS; j++) {
        let x = s[i * KEYS + j];
        let p = select(0.0, exp2(x - m_new[i]), x > MASKED);
        s[i * KEYS + j] = p;
        l_i[i] += p;
      }
    }
    // share the weights with the other lanes of the row
    for (var i = 0u; i < ROWS; i++) {
      let j = i * KEYS;
      p_tile[(row_group + i * ROW_GROUPS) * P_PITCH + lane] = vec4<f32>(s[j], s[j + 1u], s[j + 2u], s[j + 3u]);
    }
    // stage values, head dim chunk 0
    for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = i % CHUNK_VECS;
      var x = vec4<f16>();
      if (kv0 + i32(row) < seq.kv_len) { x = load_v(seq.row0 + u32(kv0) + row, head, d); }
      kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
    }
    workgroupBarrier();
    // acc += p v over the key tile
    for (var n = 0u; n < 8u; n++) {
      var p: array<vec4<f32>, ROWS>;
      for (var i = 0u; i < ROWS; i++) { p[i] = p_tile[(row_group + i * ROW_GROUPS) * P_PITCH + n]; }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + c] += p[i][0u] * x; }
      }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n + 8u) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + c] += p[i][1u] * x; }
      }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n + 16u) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + c] += p[i][2u] * x; }
      }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n + 24u) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + c] += p[i][3u] * x; }
      }
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
    // acc += p v over the key tile
    for (var n = 0u; n < 8u; n++) {
      var p: array<vec4<f32>, ROWS>;
      for (var i = 0u; i < ROWS; i++) { p[i] = p_tile[(row_group + i * ROW_GROUPS) * P_PITCH + n]; }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + 1u + c] += p[i][0u] * x; }
      }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n + 8u) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + 1u + c] += p[i][1u] * x; }
      }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n + 16u) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + 1u + c] += p[i][2u] * x; }
      }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n + 24u) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + 1u + c] += p[i][3u] * x; }
      }
    }
    // stage values, head dim chunk 2
    workgroupBarrier();
    for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 16u + i % CHUNK_VECS;
      var x = vec4<f16>();
      if (kv0 + i32(row) < seq.kv_len) { x = load_v(seq.row0 + u32(kv0) + row, head, d); }
      kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
    }
    workgroupBarrier();
    // acc += p v over the key tile
    for (var n = 0u; n < 8u; n++) {
      var p: array<vec4<f32>, ROWS>;
      for (var i = 0u; i < ROWS; i++) { p[i] = p_tile[(row_group + i * ROW_GROUPS) * P_PITCH + n]; }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + 2u + c] += p[i][0u] * x; }
      }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n + 8u) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + 2u + c] += p[i][1u] * x; }
      }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n + 16u) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + 2u + c] += p[i][2u] * x; }
      }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n + 24u) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + 2u + c] += p[i][3u] * x; }
      }
    }
    // stage values, head dim chunk 3
    workgroupBarrier();
    for (var i = thread; i < BLOCK_N * CHUNK_VECS; i += THREADS) {
      let row = i / CHUNK_VECS;
      let d = 24u + i % CHUNK_VECS;
      var x = vec4<f16>();
      if (kv0 + i32(row) < seq.kv_len) { x = load_v(seq.row0 + u32(kv0) + row, head, d); }
      kv_tile[row * KV_PITCH + i % CHUNK_VECS] = x;
    }
    workgroupBarrier();
    // acc += p v over the key tile
    for (var n = 0u; n < 8u; n++) {
      var p: array<vec4<f32>, ROWS>;
      for (var i = 0u; i < ROWS; i++) { p[i] = p_tile[(row_group + i * ROW_GROUPS) * P_PITCH + n]; }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + 3u + c] += p[i][0u] * x; }
      }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n + 8u) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + 3u + c] += p[i][1u] * x; }
      }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n + 16u) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + 3u + c] += p[i][2u] * x; }
      }
      for (var c = 0u; c < COLUMNS; c++) {
        let x = vec4<f32>(kv_tile[(n + 24u) * KV_PITCH + lane + c * LANES]);
        for (var i = 0u; i < ROWS; i++) { acc[i * 4u + 3u + c] += p[i][3u] * x; }
      }
    }
  }

  // the row sum over the lanes of the row
  workgroupBarrier();
  for (var i = 0u; i < ROWS; i++) { row_scratch[(row_group + i * ROW_GROUPS) * LANES + lane] = l_i[i]; }
  workgroupBarrier();
  for (var i = 0u; i < ROWS; i++) {
    l_i[i] = 0.0;
    for (var other = 0u; other < LANES; other++) { l_i[i] += row_scratch[(row_group + i * ROW_GROUPS) * LANES + other]; }
  }

  // write the rows of the sequence
  for (var i = 0u; i < ROWS; i++) {
    let query = tile.first_query + row_group + i * ROW_GROUPS;
    if (query >= tile.length) { continue; }
    let row = (tile.row0 + query) * params.num_heads + head;
    // a row that keeps no key has l_i = 0 and comes out 0
    let factor = select(0.0, 1.0 / l_i[i], l_i[i] > 0.0);
    for (var c = 0u; c < COLUMNS; c++) {
      let d = lane + c * LANES;
      let x = acc[i * 4u + c] * factor;
      out[row * HEAD_VECS + d] = vec4<f16>(x);
    }
    for (var c = 0u; c < COLUMNS; c++) {
      let d = 8u + lane + c * LANES;
      let x = acc[i * 4u + 1u + c] * factor;
      out[row * HEAD_VECS + d] = vec4<f16>(x);
    }
    for (var c = 0u; c < COLUMNS; c++) {
      let d = 16u + lane + c * LANES;
      let x = acc[i * 4u + 2u + c] * factor;
      out[row * HEAD_VECS + d] = vec4<f16>(x);
    }
    for (var c = 0u; c < COLUMNS; c++) {
      let d = 24u + lane + c * LANES;
      let x = acc[i * 4u + 3u + c] * factor;
      out[row * HEAD_VECS + d] = vec4<f16>(x);
    }
    // natural log; -inf, as bits, for a row that keeps no key
    if (lane == 0u) { lse[row] = select(0xff800000u, bitcast<u32>(LN2 * (m_i[i] + log2(l_i[i]))), l_i[i] > 0.0); }
  }
}
