// mask_lengths_f32: jagged interaction `mask_lengths` (reduction), f32, from kernels/interaction/mask_lengths.ts:4
// path       rows: 256 threads a group, vectors of 1; sequences of more than 1024 rows in parts, merged in order
// schedule   cuda_reduction threads=256 lanes=8 items=8 blocks=3 cluster=1 staged=0 batch=4 unroll=4 parts=264 split=1024 span=8
// definition 7b58f7ae3df1519e   plan 3eebca8a58e61834   serrate 0.1.0
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
  int len_l;
  long long first_l;
};

/** Sequence b. Whatever the offsets are, its rows lie inside of the tensors. */
__device__ __forceinline__ Seq load_sequence(const Params& params, int b) {
  Seq seq = {};
  const long long rows_of_len_l = offset_at(params.offsets_l, params.offset_words_l, params.rows_l, (long long)b + 1) - offset_at(params.offsets_l, params.offset_words_l, params.rows_l, b);
  seq.len_l = rows_of_len_l > 0 ? (int)rows_of_len_l : 0;
  seq.first_l = offset_at(params.offsets_l, params.offset_words_l, params.rows_l, b);
  return seq;
}

/** Towards zero, saturating; NaN gives 0. */
__device__ __forceinline__ int f32_to_i32(float x) {
  if (!(x == x)) return 0;
  return x >= 2147483648.0f ? 2147483647 : x <= -2147483648.0f ? -2147483647 - 1 : (int)x;
}

// value, from kernels/interaction/mask_lengths.ts:8
__device__ __forceinline__ float value(int in_mask) {
  return ((in_mask != 0) ? 1.0f : 0.0f);
}
// epilogue, from kernels/interaction/mask_lengths.ts:10
__device__ __forceinline__ int epilogue(float stat_0) {
  return f32_to_i32(floorf(stat_0));
}

constexpr int THREADS = 256;
constexpr int BLOCKS = 3;  // of a multiprocessor, at least: limits the registers
constexpr int TEAM = 256;  // threads of a group
constexpr int COLUMNS = 1;  // threads of a team side by side along columns
constexpr int STRIDE = TEAM / COLUMNS;  // threads of a team along the reduced axes
constexpr int VECTOR = 1;  // neighbouring elements that a thread reads at once
constexpr int WIDTH = 1;  // columns of a thread
constexpr int SLABS = 1;  // teams side by side along columns
constexpr int VALUES = 1;  // partial results of a column
constexpr int BLOCK_ROWS = 1024;  // rows of a part
constexpr int MERGED = 8;  // groups of a block that merges parts
typedef int value_t;
typedef int step_t;
/** A quotient in 32 bits where that is enough. */
__device__ __forceinline__ long long quotient(long long x, unsigned y) { return x >> 32 == 0 ? (long long)((unsigned)x / y) : (long long)((unsigned long long)x / y); }
struct Sum {
  static __device__ __forceinline__ float of(float a, float b) { return a + b; }
};

/** The values of a team's threads that hold the same columns, combined in an order that depends on nothing else; all of them get the result. */
template <typename Op, typename T>
__device__ __forceinline__ void combine(T (&values)[WIDTH], unsigned char* shared) {
  // In a warp: at each step a lane gives half of its columns away, until it has one.
  constexpr int LANES = WARP / COLUMNS, KEPT = WIDTH > LANES ? WIDTH / LANES : 1;
  const int column = (int)threadIdx.x % COLUMNS;
  int own = 0;
  #pragma unroll
  for (int mask = COLUMNS, half = WIDTH / 2; mask < WARP; mask *= 2, half /= 2) {
    if (half > 0) {
      const bool upper = (threadIdx.x & mask) != 0;
      #pragma unroll
      for (int i = 0; i < half; ++i) {
        const T given = upper ? values[i] : values[half + i];
        values[i] = Op::of(upper ? values[half + i] : values[i], shuffle_xor(given, mask));
      }
      own += upper ? half : 0;
    } else values[0] = Op::of(values[0], shuffle_xor(values[0], mask));
  }
  // Then a thread a column over the warps.
  T* const parts = (T*)shared;
  T* const totals = parts + THREADS / WARP * COLUMNS * WIDTH;
  if ((int)threadIdx.x % WARP < COLUMNS * (WIDTH < LANES ? WIDTH : LANES)) {
    #pragma unroll
    for (int i = 0; i < KEPT; ++i) parts[((int)threadIdx.x / WARP * COLUMNS + column) * WIDTH + own + i] = values[i];
  }
  block_barrier();
  for (int c = (int)threadIdx.x; c < COLUMNS * WIDTH; c += THREADS) {
    T total = parts[c];
    #pragma unroll
    for (int warp = 1; warp < THREADS / WARP; ++warp) total = Op::of(total, parts[warp * COLUMNS * WIDTH + c]);
    totals[c] = total;
  }
  block_barrier();
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) values[i] = totals[column * WIDTH + i];
}

/** The coordinates that one run of the passes has: a packed row, a sequence or an entry, and where in it. */
struct Group {
  Seq seq;
  int b;
  long long group;
  unsigned rest;
  bool live;
};

/** The pass over steps [from, to) of a group. */
__device__ __forceinline__ void accumulate(const Params& params, const Group& g, int first, step_t from, step_t to, float (&stats_0)[WIDTH], unsigned char* shared) {
  const Seq& seq = g.seq;
  const bool active = g.live;
  const step_t steps = active ? to : 0;
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_0[i] = 0.0f;
  #pragma unroll 4
  for (step_t step = from + first; step < steps; step += STRIDE) {
    {
      const int at_l = (int)step;
      const int in_mask = load(params.t_mask, (seq.first_l + at_l));
      stats_0[0] = Sum::of(stats_0[0], value(in_mask));
    }
  }
  combine<Sum>(stats_0, shared);
}

/** The group's elements of the output from its results. */
__device__ __forceinline__ void complete(const Params& params, const Group& g, int first, float (&stats_0)[WIDTH]) {
  const int at_b = g.b;
  const bool active = g.live;
  const float stat_0 = stats_0[0];
  if (active && first == 0) {
    store(params.t_out, (long long)at_b, epilogue(stat_0));
  }
}

/** Where the partial results of a part and item lie: VALUES rows of all columns. */
__device__ __forceinline__ float* partials_of(const Params& params, long long part, long long items, long long item, int slab) {
  return params.partials + ((part * items + item) * VALUES * SLABS + slab) * (COLUMNS * WIDTH) + (int)threadIdx.x % COLUMNS * WIDTH;
}

/** The coordinates of an item. */
__device__ __forceinline__ Group group_of(const Params& params, long long item, unsigned tail) {
  Group g = {};
  g.live = true;
  g.group = quotient(item, tail);
  g.rest = (unsigned)(item - g.group * tail);
  g.b = (int)g.group;
  g.seq = load_sequence(params, g.b);
  return g;
}

/** Sequence b owns the slots from this one on. */
__device__ __forceinline__ long long first_slot(const Params& params, int b) { return offset_at(params.offsets_l, params.offset_words_l, params.rows_l, b) / BLOCK_ROWS + b; }
/** The sequence that owns a slot; as many as there are: none. The lanes of a warp search together. */
__device__ __forceinline__ int slot_sequence(const Params& params, long long slot) {
  const int lane = (int)threadIdx.x % WARP;
  int low = 0, high = (int)params.batch_b;
  while (low < high) {
    const int step = (high - low + WARP - 1) / WARP, probe = low + (lane + 1) * step;
    const unsigned before = warp_ballot(probe <= high && first_slot(params, probe) <= slot);
    low += (before == 0xffffffffu ? WARP : __ffs((int)~before) - 1) * step;
    high = low + step - 1 < high ? low + step - 1 : high;
  }
  return low;
}

/** A block a part of a group: the output itself where the sequence has one part, else partial results. */
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) mask_lengths_f32_reduce(const __grid_constant__ Params params) {
  const unsigned tail = 1;
  const int slab = (int)(blockIdx.x % SLABS), first = (int)threadIdx.x % TEAM / COLUMNS;
  unsigned char* const shared = dynamic_shared();
  float stats_0[WIDTH];
  const long long slot = blockIdx.x / SLABS / tail;
  const int b = slot_sequence(params, slot);
  if (b >= (int)params.batch_b) return;
  const unsigned rest = blockIdx.x / SLABS % tail;
  const Group g = group_of(params, (long long)b * tail + rest, tail);
  const Seq& seq = g.seq;
  const long long row = (slot - first_slot(params, b)) * BLOCK_ROWS;
  if (row > 0 && row >= seq.len_l) return;
  const int rows = seq.len_l - (int)row < BLOCK_ROWS ? seq.len_l - (int)row : BLOCK_ROWS;
  accumulate(params, g, first, (step_t)row * (1), (step_t)(row + rows) * (1), stats_0, shared);
  if (seq.len_l <= BLOCK_ROWS) {
    complete(params, g, first, stats_0);
    return;
  }
  float* const to = partials_of(params, slot, tail, rest, slab);
  if (first == 0) {
    #pragma unroll
    for (int i = 0; i < WIDTH; ++i) {
      to[0 * SLABS * COLUMNS * WIDTH + i] = stats_0[i];
    }
  }
}

/** The partial results of parts [begin, end) of a group, combined in an order that depends on nothing else, and its elements of the output. */
__device__ __forceinline__ void merge(const Params& params, const Group& g, long long begin, long long end, long long items, long long item, int slab, int first, unsigned char* shared) {
  float stats_0[WIDTH];
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) {
    stats_0[i] = 0.0f;
  }
  #pragma unroll 4
  for (long long part = begin + first; part < end; part += STRIDE) {
    const float* const from = partials_of(params, part, items, item, slab);
    #pragma unroll
    for (int i = 0; i < WIDTH; ++i) {
      stats_0[i] = Sum::of(stats_0[i], from[0 * SLABS * COLUMNS * WIDTH + i]);
    }
  }
  combine<Sum>(stats_0, shared);
  complete(params, g, first, stats_0);
}

/** A block MERGED groups, of which those of more than one part are merged. */
extern "C" __global__ void __launch_bounds__(THREADS) mask_lengths_f32_merge(const __grid_constant__ Params params) {
  const unsigned tail = 1;
  const int slab = (int)(blockIdx.x % SLABS), first = (int)threadIdx.x % TEAM / COLUMNS;
  unsigned char* const shared = dynamic_shared();
  // Every warp finds the same items.
  const long long items = (long long)params.batch_b * tail, from = (long long)(blockIdx.x / SLABS) * MERGED;
  const int lane = (int)threadIdx.x % WARP;
  bool split = false;
  if (lane < MERGED && from + lane < items) {
    const Seq seq = load_sequence(params, (int)quotient(from + lane, tail));
    split = seq.len_l > BLOCK_ROWS;
  }
  for (unsigned left = warp_ballot(split); left != 0; left &= left - 1) {
    const Group g = group_of(params, from + __ffs((int)left) - 1, tail);
    const Seq& seq = g.seq;
    const long long begin = first_slot(params, g.b);
    merge(params, g, begin, begin + (seq.len_l + BLOCK_ROWS - 1) / BLOCK_ROWS, tail, g.rest, slab, first, shared);
  }
}

#ifndef __CUDACC_RTC__
/** Queues the kernels on `stream`. Tensors begin at multiples of 16 bytes. Returns a cudaError_t; 9 (invalid configuration) where the parts exceed a grid. */
extern "C" int serrate_mask_lengths_f32(const Params* launch, unsigned, cudaStream_t stream) {
  const Params& params = *launch;
  const long long items = (long long)params.batch_b * (1);
  if (items == 0) return 0;
  const long long parts = ((long long)params.rows_l / BLOCK_ROWS + (int)params.batch_b + 1) * (1) * SLABS;
  if (parts > 0x7fffffffll || items * SLABS > 0x7fffffffll) return 9;
  const int error = serrate_launch(mask_lengths_f32_reduce, (unsigned)parts, 1, THREADS, 36, stream, params);
  return error != 0 ? error : serrate_launch(mask_lengths_f32_merge, (unsigned)((items + MERGED - 1) / MERGED * SLABS), 1, THREADS, 36, stream, params);
}
#endif
