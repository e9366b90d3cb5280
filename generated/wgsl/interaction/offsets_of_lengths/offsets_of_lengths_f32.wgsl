// offsets_of_lengths_f32: jagged interaction `offsets_of_lengths` (scan), f32
// definition kernels/interaction/offsets_of_lengths.ts:4
// path       rows of b, 2048 a block
// schedule   wgsl_scan threads=256 columns=1 items=8
// hashes     definition a309c7b4dda986d8, plan e92ce2cadee613f6
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_lengths: array<i32>;
@group(0) @binding(2) var<storage, read_write> t_out: array<i32>;
@group(0) @binding(3) var<storage, read_write> partials: array<u32>;

// Element i of t_lengths.
fn load_t_lengths(i: i32) -> i32 {
  return t_lengths[u32(i)];
}

const THREADS = 256;
const COLUMNS = 1;  // columns of a workgroup
const TEAM = 256;  // threads of a column
const ITEMS = 8;  // rows of a thread, one after another
const BLOCK = 2048;  // rows of a workgroup
const TAIL = 1;  // columns in all
const TILES = 1;  // workgroups side by side

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
  return i32(params.elements) / TAIL - 1;
}

// The row that comes k-th in the order of the sum.
fn row_of(k: i32) -> i32 {
  return k;
}

// What an element adds, and whether a sum begins with it.
fn read_element(element: i32) -> Running {
  let group = element / (1);
  let at_b = group;
  let in_lengths = load_t_lengths(at_b);
  return Running(in_lengths, at_b == 0);
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

// The sum of every block.
@compute @workgroup_size(THREADS)
fn sum_blocks(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let p = place_of(i32(group_id.x + group_id.y * groups.x), thread);
  var own = Running();
  for (var i = 0; i < ITEMS; i++) {
    if (p.first + i < p.rows) { own = then(own, read_element(row_of(p.first + i) * TAIL + p.column)); }
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
  if (p.block == 0 && thread < COLUMNS && p.column < TAIL) { store(p.column, i32()); }
  var values: array<Running, ITEMS>;
  var own = Running();
  for (var i = 0; i < ITEMS; i++) {
    if (p.first + i < p.rows) { values[i] = read_element(row_of(p.first + i) * TAIL + p.column); }
    own = then(own, values[i]);
  }
  let half = scan_team(own, thread);
  var carry = Running();
  if (p.first < p.rows) { carry.sum = bitcast<i32>(partials[partial_of(p.block, p.column)]); }
  carry = then(carry, before(half, thread));
  for (var i = 0; i < ITEMS; i++) {
    if (p.first + i < p.rows) {
      let element = row_of(p.first + i) * TAIL + p.column;
      carry = then(carry, values[i]);
      let sum = carry.sum;
      store(element + TAIL, sum);
    }
  }
}
