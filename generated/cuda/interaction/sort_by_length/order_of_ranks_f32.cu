// order_of_ranks_f32: jagged interaction `order_of_ranks` (reduction), f32, from kernels/interaction/order_of_ranks.ts:4
// path       rows: 256 threads a group, vectors of 1
// schedule   cuda_reduction threads=256 lanes=8 items=8 blocks=3 cluster=1 staged=0 batch=4 unroll=4 parts=264 split=1024 span=8
// definition e2d3fcc216bcebff   plan cf3598b8a98a416e   serrate 0.1.0
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
  const int* t_rank;
  int* t_out;
  unsigned batch_b;
};

/** Where a sequence begins in packed rows, and how long it is. */
struct Seq {
  int none;
};

/** Sequence b. Whatever the offsets are, its rows lie inside of the tensors. */
__device__ __forceinline__ Seq load_sequence(const Params& params, int b) {
  Seq seq = {};
  return seq;
}

/** Towards zero, saturating; NaN gives 0. */
__device__ __forceinline__ int f32_to_i32(float x) {
  if (!(x == x)) return 0;
  return x >= 2147483648.0f ? 2147483647 : x <= -2147483648.0f ? -2147483647 - 1 : (int)x;
}

// value, from kernels/interaction/order_of_ranks.ts:8
__device__ __forceinline__ float value(int in_ranks, int at_b, int at_s_2) {
  return (float)((in_ranks == at_b) ? at_s_2 : 0);
}
// epilogue, from kernels/interaction/order_of_ranks.ts:10
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
constexpr int ROWS = 1;  // groups of a team, loaded before the first is reduced
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

/** All passes over a group, then its elements of the output. */
__device__ __forceinline__ void finish(const Params& params, const Group& g, int first, unsigned char* shared) {
  const int at_b = g.b;
  const bool active = g.live;
  const step_t steps = active ? int(params.batch_b) : 0;
  // Pass 1: sum.
  float stats_0[WIDTH];
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_0[i] = 0.0f;
  #pragma unroll 4
  for (step_t step = first; step < steps; step += STRIDE) {
    {
      const int at_s_2 = (int)step;
      const int in_ranks = load(params.t_rank, (long long)at_s_2);
      stats_0[0] = Sum::of(stats_0[0], value(in_ranks, at_b, at_s_2));
    }
  }
  combine<Sum>(stats_0, shared);
  const float stat_0 = stats_0[0];

  if (active && first == 0) {
    store(params.t_out, (long long)at_b, epilogue(stat_0));
  }
}

/** A team a group. */
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) order_of_ranks_f32_reduce(const __grid_constant__ Params params) {
  const unsigned tail = 1;
  const long long groups = (long long)params.batch_b, items = groups * tail;
  constexpr int TEAMS = 1;  // of a block
  const long long begin = (long long)(blockIdx.x / SLABS) * (TEAMS * ROWS);
  const int first = (int)threadIdx.x % TEAM / COLUMNS;
  unsigned char* const shared = dynamic_shared();
  Group g[ROWS];
  #pragma unroll
  for (int r = 0; r < ROWS; ++r) {
    const long long item = begin + r * TEAMS + threadIdx.x / TEAM;
    g[r] = Group();
    g[r].live = item < items;
    g[r].group = quotient(item, tail);
    g[r].rest = (unsigned)(item - g[r].group * tail);
    g[r].b = (int)g[r].group;
    if (g[r].live) g[r].seq = load_sequence(params, g[r].b);
  }
  finish(params, g[0], first, shared);
}

#ifndef __CUDACC_RTC__
/** Queues the kernel on `stream`. Tensors begin at multiples of 16 bytes. Returns a cudaError_t; 9 (invalid configuration) where the groups exceed a grid. */
extern "C" int serrate_order_of_ranks_f32(const Params* launch, unsigned, cudaStream_t stream) {
  const Params& params = *launch;
  const long long items = (long long)params.batch_b * (1);
  const long long blocks = (items + 1 * ROWS - 1) / (1 * ROWS) * SLABS;
  if (blocks > 0x7fffffffll) return 9;
  return serrate_launch(order_of_ranks_f32_reduce, blocks == 0 ? 1u : (unsigned)blocks, 1, THREADS, 36, stream, params);
}
#endif
