// mask_places_f32: jagged interaction `mask_places` (scan), f32, from kernels/interaction/mask_places.ts:4
// path       rows of l, 2048 a block
// schedule   cuda_scan threads=256 columns=1 items=8
// definition 539d88d9d61a9c74   plan 14dbbf8b6deae28e   serrate 0.1.0
// Emitted text: edit the definition, not this file. Compile with nvcc or NVRTC for sm_80, or with g++ -DSERRATE_CPU.
#ifdef SERRATE_CPU
#include "serrate_cpu.hpp"
#else

typedef unsigned short uint16_t;
typedef unsigned int uint32_t;

__device__ __forceinline__ void block_barrier() { __syncthreads(); }
/** Bit i: whether it holds for lane i. */
__device__ __forceinline__ unsigned warp_ballot(bool predicate) { return __ballot_sync(0xffffffffu, predicate); }
/** The block's dynamic shared memory, 16-byte aligned. */
__device__ __forceinline__ unsigned char* dynamic_shared() {
  extern __shared__ __align__(16) unsigned char serrate_shared[];
  return serrate_shared;
}

#ifndef __CUDACC_RTC__
/** Queues a kernel on a stream; 0 is success. */
template <typename P>
static int serrate_launch(void (*kernel)(P), unsigned grid_x, unsigned grid_y, unsigned block, unsigned shared_bytes, cudaStream_t stream, const P& params) {
  if (shared_bytes > 49152) {  // what a kernel has without asking
    const cudaError_t error = cudaFuncSetAttribute((const void*)kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, (int)shared_bytes);
    if (error != cudaSuccess) return (int)error;
  }
  void* arguments[] = { (void*)&params };
  return (int)cudaLaunchKernel((const void*)kernel, dim3(grid_x, grid_y, 1), dim3(block, 1, 1), arguments, shared_bytes, stream);
}
#endif
#endif

/** BYTES of consecutive elements: one access where BYTES is at most 16. */
template <int BYTES>
struct Chunk { uint32_t words[(BYTES + 3) / 4]; };

/** One element as a value. */
__device__ __forceinline__ float load(const float* from, long long index) { return from[index]; }
__device__ __forceinline__ int load(const int* from, long long index) { return from[index]; }
__device__ __forceinline__ void store(float* to, long long index, float value) { to[index] = value; }
__device__ __forceinline__ void store(int* to, long long index, int value) { to[index] = value; }

typedef float element_t;
constexpr int WARP = 32;  // lanes

/** The kernels take it by value: device pointers, then 4-byte fields. */
struct Params {
  const int* t_mask;
  int* t_out;
  const unsigned* offsets_l;
  float* partials;
  unsigned batch_b;
  unsigned rows_l;
  unsigned offset_words_l;
};

/** The offset at an index of an i32 array, or of an i64 one (2 words each), clamped to the rows there are. */
__device__ __forceinline__ long long offset_at(const unsigned* offsets, unsigned words, unsigned rows, long long index) {
  const unsigned low = offsets[index * words];
  if (words == 1) return (low >> 31) != 0 ? 0 : low > rows ? rows : low;
  const unsigned high = offsets[index * 2 + 1];
  return (high >> 31) != 0 ? 0 : high != 0 || low > rows ? rows : low;
}

/** Where a sequence begins in packed rows, and how long it is. */
struct Seq {
  long long first_l;
  int len_l;
};

/** Sequence b. Whatever the offsets are, its rows lie inside of the tensors. */
__device__ __forceinline__ Seq load_sequence(const Params& params, int b) {
  Seq seq = {};
  seq.first_l = offset_at(params.offsets_l, params.offset_words_l, params.rows_l, b);
  const long long rows_of_len_l = offset_at(params.offsets_l, params.offset_words_l, params.rows_l, (long long)b + 1) - offset_at(params.offsets_l, params.offset_words_l, params.rows_l, b);
  seq.len_l = rows_of_len_l > 0 ? (int)rows_of_len_l : 0;
  return seq;
}

// value, from kernels/interaction/mask_places.ts:8
__device__ __forceinline__ int value(int in_mask) {
  return ((in_mask != 0) ? 1 : 0);
}

constexpr int THREADS = 256;
constexpr int COLUMNS = 1;  // columns of a block
constexpr int TEAM = 256;  // threads of a column
constexpr int ITEMS = 8;  // rows of a thread, one after another
constexpr int BLOCK = 2048;  // rows of a block
constexpr int TAIL = 1;  // columns in all
constexpr int TILES = 1;  // blocks side by side
typedef int sum_t;
typedef int value_t;

/** The last sequence that begins at or before a packed row; as many as there are: past the last offset. The lanes of a warp search together. */
__device__ __forceinline__ int find_sequence(const Params& params, long long row) {
  const int lane = (int)threadIdx.x % WARP;
  int low = 0, high = (int)params.batch_b;
  while (low < high) {
    const int step = (high - low + WARP - 1) / WARP, probe = low + (lane + 1) * step;
    const unsigned before = warp_ballot(probe <= high && offset_at(params.offsets_l, params.offset_words_l, params.rows_l, probe) <= row);
    low += (before == 0xffffffffu ? WARP : __ffs((int)~before) - 1) * step;
    high = low + step - 1 < high ? low + step - 1 : high;
  }
  return low;
}
/** As find_sequence, for one thread, between two sequences. */
__device__ __forceinline__ int sequence_between(const Params& params, long long row, int low, int high) {
  while (low < high) {
    const int middle = low + (high - low + 1) / 2;
    if (offset_at(params.offsets_l, params.offset_words_l, params.rows_l, middle) <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The sum of some rows that follow one another, or of those since the last row among them that begins a sum. */
struct Running {
  sum_t sum;
  int begins;
};
/** Of the rows of a, then those of b. */
__device__ __forceinline__ Running then(const Running& a, const Running& b) {
  return { b.begins ? b.sum : (int)((unsigned)a.sum + (unsigned)b.sum), a.begins | b.begins };
}

/** Running sums of a column's threads, each of all threads up to it: the half of shared memory that holds them. */
__device__ __forceinline__ const Running* scan_team(const Running& own) {
  Running* from = (Running*)dynamic_shared();
  Running* to = from + THREADS;
  const int thread = (int)threadIdx.x;
  from[thread] = own;
  block_barrier();
  #pragma unroll
  for (int step = COLUMNS; step < THREADS; step *= 2) {
    to[thread] = thread >= step ? then(from[thread - step], from[thread]) : from[thread];
    block_barrier();
    Running* const next = to;
    to = from;
    from = next;
  }
  return from;
}
/** Of the threads of the column before this one. */
__device__ __forceinline__ Running before(const Running* parts) {
  const Running none = {};
  return (int)threadIdx.x < COLUMNS ? none : parts[(int)threadIdx.x - COLUMNS];
}

__device__ __forceinline__ long long row_count(const Params& params) { return (long long)params.rows_l; }
/** The row that comes k-th in the order of the sum. */
__device__ __forceinline__ long long row_of(const Params& params, long long k) { return k; }

/** A thread's rows and column, and the sequences of the block's first and last row. */
struct Place {
  long long block, first, rows;
  int column, low, high;
};
__device__ __forceinline__ Place place_of(const Params& params) {
  Place p = {};
  p.block = blockIdx.x / TILES;
  p.column = (int)(blockIdx.x % TILES) * COLUMNS + (int)threadIdx.x % COLUMNS;
  p.first = p.block * BLOCK + (int)threadIdx.x / COLUMNS * ITEMS;
  p.rows = p.column < TAIL ? row_count(params) : 0;
  int* const found = (int*)(dynamic_shared() + 4096);
  if (threadIdx.x < 2 * WARP) {
    const long long most = row_count(params) - 1, last = p.block * BLOCK + BLOCK - 1;
    const long long k = threadIdx.x < WARP ? p.block * BLOCK : last < most ? last : most;
    const int b = find_sequence(params, row_of(params, k));
    if (threadIdx.x % WARP == 0) found[threadIdx.x / WARP] = b;
  }
  block_barrier();
  p.low = found[0];
  p.high = found[1];
  return p;
}

/** What the element of a row adds, and whether a sum begins with it. */
__device__ __forceinline__ Running read_element(const Params& params, const Place& p, long long row) {
  const long long group = row;
  const int at_b = sequence_between(params, group, p.low, p.high);
  if (at_b >= (int)params.batch_b) return { 0, 1 };  // past the last offset
  const Seq seq = load_sequence(params, at_b);
  if (!(group >= seq.first_l && group < seq.first_l + seq.len_l)) return { 0, 1 };
  const int at_l = (int)(group - seq.first_l);
  const int in_mask = load(params.t_mask, (seq.first_l + at_l));
  return { value(in_mask), at_l == 0 };
}

/** Where a block's sum lies, then that of all rows before it; and whether a sum begins in the block. */
__device__ __forceinline__ sum_t* partial_of(const Params& params, long long block, int column) { return (sum_t*)params.partials + (block * TAIL + column) * 2; }

/** The sum of every block. */
extern "C" __global__ void __launch_bounds__(THREADS) mask_places_f32_blocks(const __grid_constant__ Params params) {
  const Place p = place_of(params);
  Running own = {};
  #pragma unroll
  for (int i = 0; i < ITEMS; ++i) {
    if (p.first + i < p.rows) own = then(own, read_element(params, p, row_of(params, p.first + i)));
  }
  const Running* const parts = scan_team(own);
  if ((int)threadIdx.x >= THREADS - COLUMNS && p.column < TAIL) {
    sum_t* const to = partial_of(params, p.block, p.column);
    to[0] = parts[threadIdx.x].sum;
    to[1] = (sum_t)parts[threadIdx.x].begins;
  }
}

/** In place of every block's sum that of the rows before it. */
extern "C" __global__ void __launch_bounds__(THREADS) mask_places_f32_carries(const __grid_constant__ Params params) {
  const int column = (int)blockIdx.x * COLUMNS + (int)threadIdx.x % COLUMNS;
  const long long blocks = (row_count(params) + BLOCK - 1) / BLOCK;
  Running carry = {};
  for (long long first = 0; first < blocks; first += TEAM) {
    const long long block = first + (int)threadIdx.x / COLUMNS;
    const bool live = block < blocks && column < TAIL;
    Running own = {};
    if (live) {
      const sum_t* const from = partial_of(params, block, column);
      own = { from[0], from[1] != 0 };
    }
    const Running* const parts = scan_team(own);
    if (live) *partial_of(params, block, column) = then(carry, before(parts)).sum;
    carry = then(carry, parts[THREADS - COLUMNS + (int)threadIdx.x % COLUMNS]);
    block_barrier();
  }
}

/** The elements of the output. */
extern "C" __global__ void __launch_bounds__(THREADS) mask_places_f32_elements(const __grid_constant__ Params params) {
  const Place p = place_of(params);
  Running values[ITEMS] = {};
  Running own = {};
  #pragma unroll
  for (int i = 0; i < ITEMS; ++i) {
    if (p.first + i < p.rows) values[i] = read_element(params, p, row_of(params, p.first + i));
    own = then(own, values[i]);
  }
  Running carry = {};
  if (p.first < p.rows) carry.sum = *partial_of(params, p.block, p.column);
  carry = then(carry, before(scan_team(own)));
  #pragma unroll
  for (int i = 0; i < ITEMS; ++i) {
    if (p.first + i >= p.rows) continue;
    const long long row = row_of(params, p.first + i);
    const sum_t sum = values[i].begins ? 0 : carry.sum;
    carry = then(carry, values[i]);
    store(params.t_out, row * TAIL + p.column, sum);
  }
}

#ifndef __CUDACC_RTC__
/** Queues the kernels on `stream`. Returns a cudaError_t; 9 (invalid configuration) where the blocks exceed a grid. */
extern "C" int serrate_mask_places_f32(const Params* launch, unsigned, cudaStream_t stream) {
  const Params& params = *launch;
  const long long rows = (long long)params.rows_l, blocks = (rows + BLOCK - 1) / BLOCK;
  if (blocks == 0) return 0;
  if (blocks * TILES > 0x7fffffffll) return 9;
  int error = serrate_launch(mask_places_f32_blocks, (unsigned)(blocks * TILES), 1, THREADS, 4112, stream, params);
  if (error == 0) error = serrate_launch(mask_places_f32_carries, TILES, 1, THREADS, 4112, stream, params);
  return error != 0 ? error : serrate_launch(mask_places_f32_elements, (unsigned)(blocks * TILES), 1, THREADS, 4112, stream, params);
}
#endif
