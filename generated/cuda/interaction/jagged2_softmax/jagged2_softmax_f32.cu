// jagged2_softmax_f32: jagged interaction `jagged2_softmax` (reduction), f32, from kernels/interaction/jagged2_softmax.ts:4
// path       rows: 32 threads a group, vectors of 1
// schedule   cuda_reduction threads=128 lanes=8 items=8 blocks=3 cluster=1 staged=0 batch=4 unroll=4 parts=264 split=1024 span=8
// definition dd95bb502f35a8c2   plan d3265fc04cd0d231   serrate 0.1.0
// Emitted text: edit the definition, not this file. Compile with nvcc or NVRTC for sm_80, or with g++ -DSERRATE_CPU.
#ifdef SERRATE_CPU
#include "serrate_cpu.hpp"
#else

typedef unsigned short uint16_t;
typedef unsigned int uint32_t;

__device__ __forceinline__ void block_barrier() { __syncthreads(); }
/** The value of the lane whose number differs in the bits of `lane_mask`. */
template <typename T>
__device__ __forceinline__ T shuffle_xor(T value, int lane_mask) { return __shfl_xor_sync(0xffffffffu, value, lane_mask); }
/** Bit i: whether it holds for lane i. */
__device__ __forceinline__ unsigned warp_ballot(bool predicate) { return __ballot_sync(0xffffffffu, predicate); }
/** The block's dynamic shared memory, 16-byte aligned. */
__device__ __forceinline__ unsigned char* dynamic_shared() {
  extern __shared__ __align__(16) unsigned char serrate_shared[];
  return serrate_shared;
}
__device__ __forceinline__ float uint_as_float(uint32_t bits) { return __uint_as_float(bits); }

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
  const element_t* t_x;
  element_t* t_out;
  const unsigned* offsets_i;
  const unsigned* offsets_j;
  const unsigned* offsets_outer_i_j;
  unsigned batch_b;
  unsigned rows_i;
  unsigned rows_j;
  unsigned rows_outer_i_j;
  unsigned offset_words_i;
  unsigned offset_words_j;
  unsigned offset_words_outer_i_j;
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
  long long first_i;
  int len_i;
  int len_j;
  long long first_outer_i_j;
};

/** Sequence b. Whatever the offsets are, its rows lie inside of the tensors. */
__device__ __forceinline__ Seq load_sequence(const Params& params, int b) {
  Seq seq = {};
  seq.first_i = offset_at(params.offsets_i, params.offset_words_i, params.rows_i, b);
  const long long rows_of_len_i = offset_at(params.offsets_i, params.offset_words_i, params.rows_i, (long long)b + 1) - offset_at(params.offsets_i, params.offset_words_i, params.rows_i, b);
  seq.len_i = rows_of_len_i > 0 ? (int)rows_of_len_i : 0;
  const long long rows_of_len_j = offset_at(params.offsets_j, params.offset_words_j, params.rows_j, (long long)b + 1) - offset_at(params.offsets_j, params.offset_words_j, params.rows_j, b);
  seq.len_j = rows_of_len_j > 0 ? (int)rows_of_len_j : 0;
  seq.first_outer_i_j = offset_at(params.offsets_outer_i_j, params.offset_words_outer_i_j, params.rows_outer_i_j, b);
  if (seq.first_outer_i_j + (long long)seq.len_i * seq.len_j > params.rows_outer_i_j) seq.len_i = seq.len_j = 0;
  return seq;
}

// sum_1
__device__ __forceinline__ float sum_1(float in_x, float stat_0) {
  return expf((in_x - stat_0));
}
// epilogue
__device__ __forceinline__ float epilogue(float in_x, float stat_0, float stat_1) {
  return (expf((in_x - stat_0)) * (1.0f / stat_1));
}

constexpr int THREADS = 128;
constexpr int BLOCKS = 3;  // of a multiprocessor, at least: limits the registers
constexpr int TEAM = 32;  // threads of a group
constexpr int COLUMNS = 1;  // threads of a team side by side along columns
constexpr int STRIDE = TEAM / COLUMNS;  // threads of a team along the reduced axes
constexpr int VECTOR = 1;  // neighbouring elements that a thread reads at once
constexpr int WIDTH = 1;  // columns of a thread
constexpr int SLABS = 1;  // teams side by side along columns
constexpr int ROWS = 1;  // groups of a team, loaded before the first is reduced
typedef float value_t;
typedef int step_t;
/** A quotient in 32 bits where that is enough. */
__device__ __forceinline__ long long quotient(long long x, unsigned y) { return x >> 32 == 0 ? (long long)((unsigned)x / y) : (long long)((unsigned long long)x / y); }
/** The last sequence that begins at or before a packed row; as many as there are: past the last offset. The lanes of a warp search together. */
__device__ __forceinline__ int find_sequence(const Params& params, long long row) {
  const int lane = (int)threadIdx.x % WARP;
  int low = 0, high = (int)params.batch_b;
  while (low < high) {
    const int step = (high - low + WARP - 1) / WARP, probe = low + (lane + 1) * step;
    const unsigned before = warp_ballot(probe <= high && offset_at(params.offsets_i, params.offset_words_i, params.rows_i, probe) <= row);
    low += (before == 0xffffffffu ? WARP : __ffs((int)~before) - 1) * step;
    high = low + step - 1 < high ? low + step - 1 : high;
  }
  return low;
}
/** As find_sequence, for one thread, between two sequences. */
__device__ __forceinline__ int sequence_between(const Params& params, long long row, int low, int high) {
  while (low < high) {
    const int middle = low + (high - low + 1) / 2;
    if (offset_at(params.offsets_i, params.offset_words_i, params.rows_i, middle) <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}
struct Max {
  static __device__ __forceinline__ float of(float a, float b) { return fmaxf(a, b); }
  static __device__ __forceinline__ int of(int a, int b) { return a > b ? a : b; }
};
struct Sum {
  static __device__ __forceinline__ float of(float a, float b) { return a + b; }
};

/** The values of a team's threads that hold the same columns, combined in an order that depends on nothing else; all of them get the result. */
template <typename Op, typename T>
__device__ __forceinline__ void combine(T (&values)[WIDTH]) {
  #pragma unroll
  for (int mask = COLUMNS; mask < TEAM; mask *= 2) {
    #pragma unroll
    for (int i = 0; i < WIDTH; ++i) values[i] = Op::of(values[i], shuffle_xor(values[i], mask));
  }
}

/** The coordinates that one run of the passes has: a packed row, a sequence or an entry, and where in it. */
struct Group {
  Seq seq;
  int b;
  long long group;
  unsigned rest;
  bool live;
};

/** All passes over a group, then its elements of the output. */
__device__ __forceinline__ void finish(const Params& params, const Group& g, int first) {
  const Seq& seq = g.seq;
  const long long group = g.group;
  const int at_i = (int)(group - seq.first_i);
  const bool active = g.live;
  const step_t steps = active ? seq.len_j : 0;
  const long long count = (long long)seq.len_j;
  // Pass 1: max.
  float stats_0[WIDTH];
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_0[i] = uint_as_float(0xff800000u);
  #pragma unroll 4
  for (step_t step = first; step < steps; step += STRIDE) {
    {
      const int at_j = (int)step;
      const float in_x = load(params.t_x, (seq.first_outer_i_j + (long long)at_i * seq.len_j + at_j));
      stats_0[0] = Max::of(stats_0[0], in_x);
    }
  }
  combine<Max>(stats_0);
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_0[i] = count == 0 ? 0 : stats_0[i];
  const float stat_0 = stats_0[0];
  // Pass 2: sum.
  float stats_1[WIDTH];
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_1[i] = 0.0f;
  #pragma unroll 4
  for (step_t step = first; step < steps; step += STRIDE) {
    {
      const int at_j = (int)step;
      const float in_x = load(params.t_x, (seq.first_outer_i_j + (long long)at_i * seq.len_j + at_j));
      stats_1[0] = Sum::of(stats_1[0], sum_1(in_x, stat_0));
    }
  }
  combine<Sum>(stats_1);
  const float stat_1 = stats_1[0];

  // Every element of the output along the reduced axes.
  {
    const step_t steps = active ? seq.len_j : 0;
  #pragma unroll 4
  for (step_t step = first; step < steps; step += STRIDE) {
    {
      const int at_j = (int)step;
      const float in_x = load(params.t_x, (seq.first_outer_i_j + (long long)at_i * seq.len_j + at_j));
      store(params.t_out, (seq.first_outer_i_j + (long long)at_i * seq.len_j + at_j), epilogue(in_x, stat_0, stat_1));
    }
    }
  }
}

/** A team a group. */
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) jagged2_softmax_f32_reduce(const __grid_constant__ Params params) {
  const unsigned tail = 1;
  const long long groups = (long long)params.rows_i, items = groups * tail;
  constexpr int TEAMS = 4;  // of a block
  const long long begin = (long long)(blockIdx.x / SLABS) * (TEAMS * ROWS);
  const int first = (int)threadIdx.x % TEAM / COLUMNS;
  unsigned char* const shared = dynamic_shared();
  // The sequences of the block's first and last row.
  int* const found = (int*)(shared + 0);
  if (threadIdx.x < 2 * WARP) {
    const long long last = begin + TEAMS * ROWS - 1;
    const int b = find_sequence(params, quotient(threadIdx.x < WARP ? begin : last, tail));
    if (threadIdx.x % WARP == 0) found[threadIdx.x / WARP] = b;
  }
  block_barrier();
  const int low = found[0], high = found[1];
  Group g[ROWS];
  #pragma unroll
  for (int r = 0; r < ROWS; ++r) {
    const long long item = begin + r * TEAMS + threadIdx.x / TEAM;
    g[r] = Group();
    g[r].live = item < items;
    g[r].group = quotient(item, tail);
    g[r].rest = (unsigned)(item - g[r].group * tail);
    g[r].b = low == high ? low : sequence_between(params, g[r].group, low, high);
    g[r].live = g[r].live && g[r].b < (int)params.batch_b;
    if (g[r].live) {
      g[r].seq = load_sequence(params, g[r].b);
      const Seq& seq = g[r].seq;
      const long long group = g[r].group;
      g[r].live = group >= seq.first_i && group < seq.first_i + seq.len_i;
    }
  }
  finish(params, g[0], first);
  // Packed rows past the last offset.
  const long long elements = (long long)params.rows_outer_i_j * (1), live = offset_at(params.offsets_outer_i_j, params.offset_words_outer_i_j, params.rows_outer_i_j, params.batch_b) * (1);
  for (long long e = live + (long long)blockIdx.x * THREADS + threadIdx.x; e < elements; e += (long long)gridDim.x * THREADS) store(params.t_out, e, 0);
}

#ifndef __CUDACC_RTC__
/** Queues the kernel on `stream`. Tensors begin at multiples of 16 bytes. Returns a cudaError_t; 9 (invalid configuration) where the groups exceed a grid. */
extern "C" int serrate_jagged2_softmax_f32(const Params* launch, unsigned, cudaStream_t stream) {
  const Params& params = *launch;
  const long long items = (long long)params.rows_i * (1);
  const long long blocks = (items + 4 * ROWS - 1) / (4 * ROWS) * SLABS;
  if (blocks > 0x7fffffffll) return 9;
  return serrate_launch(jagged2_softmax_f32_reduce, blocks == 0 ? 1u : (unsigned)blocks, 1, THREADS, 16, stream, params);
}
#endif
