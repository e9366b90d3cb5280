// mask_places_f32: jagged interaction `mask_places` (scan), f32
// definition kernels/interaction/mask_places.ts:4
// path       rows of l, 2048 a block
// schedule   wgsl_scan threads=256 columns=1 items=8
// hashes     definition 539d88d9d61a9c74, plan 0d85738acee8448c
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_l: u32,
  offset_words_l: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_mask: array<i32>;
@group(0) @binding(2) var<storage, read_write> t_out: array<i32>;
@group(0) @binding(3) var<storage, read> offsets_l: array<i32>;
@group(0) @binding(4) var<storage, read_write> partials: array<u32>;

// Element i of t_mask.
fn load_t_mask(i: i32) -> i32 {
  return t_mask[u32(i)];
}

// Offset i of l, inside of the rows that its tensors hold.
fn offset_l(i: i32) -> i32 {
  return clamp(offsets_l[u32(i) * params.offset_words_l], 0, i32(params.rows_l));
}

// Where a sequence begins in packed rows, and how long it is.
struct Seq {
  first_l: i32,
  len_l: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(offset_l(b), max(offset_l(b + 1) - offset_l(b), 0));
}

// kernels/interaction/mask_places.ts:8
// ({ mask }) => (mask !== 0 ? 1 : 0)
fn value(in_mask: i32) -> i32 {
  return select(0, 1, (in_mask != 0));
}

const THREADS = 256;
const COLUMNS = 1;  // columns of a workgroup
const TEAM = 256;  // threads of a column
const ITEMS = 8;  // rows of a thread, one after another
const BLOCK = 2048;  // rows of a workgroup
const TAIL = 1;  // columns in all
const TILES = 1;  // workgroups side by side

// The last sequence from low to high that begins at or before a packed row of l; as many as there are: past the last offset.
fn sequence_of_l(row: i32, low: i32, high: i32) -> i32 {
  var first = low;
  var last = high;
  while (first < last) {
    let middle = first + (last - first + 1) / 2;
    if (offset_l(middle) <= row) { first = middle; } else { last = middle - 1; }
  }
  return first;
}

var<workgroup> found: array<i32, 2>;  // sequences of the workgroup's first and last row

// The sum of some rows that follow one another, or of those since the last row among them that begins a sum.
struct Running {
  sum: i32,
  begins: bool,
}

// Of the rows of a, then those of b.
fn then(a: Running, b: Running) -> Running {
  return Running(select(a.sum + b.sum, b.sum, b.begins), a.begins || b.begins);
}

var<workgroup> parts: array<array<Running, THREADS>, 2>;

// Running sums of a column's threads, each of all threads up to it; they are in the half of `parts` that is returned.
fn scan_team(own: Running, thread: i32) -> i32 {
  var half = 0;
  parts[0][thread] = own;
  workgroupBarrier();
  for (var step = COLUMNS; step < THREADS; step *= 2) {
    var x = parts[half][thread];
    if (thread >= step) { x = then(parts[half][thread - step], x); }
    half = 1 - half;
    parts[half][thread] = x;
    workgroupBarrier();
  }
  return half;
}

// Of the threads of the column before this one.
fn before(half: i32, thread: i32) -> Running {
  if (thread < COLUMNS) { return Running(); }
  return parts[half][thread - COLUMNS];
}

fn row_count() -> i32 {
  return i32(params.elements) / TAIL;
}

// The row that comes k-th in the order of the sum.
fn row_of(k: i32) -> i32 {
  return k;
}

// What an element adds, and whether a sum begins with it.
fn read_element(element: i32, low: i32, high: i32) -> Running {
  let group = element / (1);
  let at_b = sequence_of_l(group, low, high);
  let seq = load_sequence(at_b);
  if (!(at_b < i32(params.batch_b) && group - seq.first_l < seq.len_l)) { return Running(0, true); }  // past the last offset
  let at_l = group - seq.first_l;
  let in_mask = load_t_mask((seq.first_l + at_l));
  return Running(value(in_mask), at_l == 0);
}

fn store(element: i32, x: i32) {
  t_out[element] = x;
}

// Where a block's sum lies, and later that of all rows before it.
fn partial_of(block: i32, column: i32) -> i32 {
  return 2 * (block * TAIL + column);
}

// A thread's rows and column.
struct Place {
  block: i32,
  column: i32,
  first: i32,
  rows: i32,
}

fn place_of(workgroup: i32, thread: i32) -> Place {
  let block = workgroup / TILES;
  let column = workgroup % TILES * COLUMNS + thread % COLUMNS;
  return Place(block, column, block * BLOCK + thread / COLUMNS * ITEMS, select(0, row_count(), column < TAIL));
}

// The sequences of a block's first and last row.
fn search_block(block: i32, thread: i32) {
  if (thread < 2) {
    let row = row_of(min(block * BLOCK + thread * (BLOCK - 1), row_count() - 1));
    found[thread] = sequence_of_l(row * TAIL / (1), 0, i32(params.batch_b));
  }
  workgroupBarrier();
}

// The sum of every block.
@compute @workgroup_size(THREADS)
fn sum_blocks(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let p = place_of(i32(group_id.x + group_id.y * groups.x), thread);
  search_block(p.block, thread);
  var own = Running();
  for (var i = 0; i < ITEMS; i++) {
    if (p.first + i < p.rows) { own = then(own, read_element(row_of(p.first + i) * TAIL + p.column, found[0], found[1])); }
  }
  let half = scan_team(own, thread);
  if (thread >= THREADS - COLUMNS && p.column < TAIL) {
    let total = parts[half][thread];
    let at = partial_of(p.block, p.column);
    partials[at] = bitcast<u32>(total.sum);
    partials[at + 1] = u32(total.begins);
  }
}

// In place of every block's sum that of the rows before it.
@compute @workgroup_size(THREADS)
fn sum_carries(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let column = i32(group_id.x + group_id.y * groups.x) * COLUMNS + thread % COLUMNS;
  let blocks = (row_count() + BLOCK - 1) / BLOCK;
  var carry = Running();
  for (var first = 0; first < blocks; first += TEAM) {
    let block = first + thread / COLUMNS;
    let at = partial_of(block, column);
    var own = Running();
    if (block < blocks && column < TAIL) { own = Running(bitcast<i32>(partials[at]), partials[at + 1] != 0u); }
    let half = scan_team(own, thread);
    if (block < blocks && column < TAIL) { partials[at] = bitcast<u32>(then(carry, before(half, thread)).sum); }
    carry = then(carry, parts[half][THREADS - COLUMNS + thread % COLUMNS]);
    workgroupBarrier();
  }
}

// The elements of the output.
@compute @workgroup_size(THREADS)
fn sum_elements(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let p = place_of(i32(group_id.x + group_id.y * groups.x), thread);
  search_block(p.block, thread);
  var values: array<Running, ITEMS>;
  var own = Running();
  for (var i = 0; i < ITEMS; i++) {
    if (p.first + i < p.rows) { values[i] = read_element(row_of(p.first + i) * TAIL + p.column, found[0], found[1]); }
    own = then(own, values[i]);
  }
  let half = scan_team(own, thread);
  var carry = Running();
  if (p.first < p.rows) { carry.sum = bitcast<i32>(partials[partial_of(p.block, p.column)]); }
  carry = then(carry, before(half, thread));
  for (var i = 0; i < ITEMS; i++) {
    if (p.first + i < p.rows) {
      let element = row_of(p.first + i) * TAIL + p.column;
      let sum = select(carry.sum, 0, values[i].begins);
      carry = then(carry, values[i]);
      store(element, sum);
    }
  }
}
