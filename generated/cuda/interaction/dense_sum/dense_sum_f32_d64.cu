// dense_sum_f32_d64: jagged interaction `dense_sum` (reduction), f32, from kernels/interaction/dense_sum.ts:4
// path       rows: 16 threads a group, vectors of 4 along d; a row stays in registers
// schedule   cuda_reduction threads=256 lanes=8 items=8 blocks=3 cluster=1 staged=0 batch=4 unroll=4 parts=264 split=1024 span=8
// definition faafdb392d42f3af   plan ea9397db11221f4f   serrate 0.1.0
// Emitted text: edit the definition, not this file. Compile with nvcc or NVRTC for sm_80, or with g++ -DSERRATE_CPU.
#ifdef SERRATE_CPU
#include "serrate_cpu.hpp"
#else

typedef unsigned short uint16_t;
typedef unsigned int uint32_t;

/** The value of the lane whose number differs in the bits of `lane_mask`. */
template <typename T>
__device__ __forceinline__ T shuffle_xor(T value, int lane_mask) { return __shfl_xor_sync(0xffffffffu, value, lane_mask); }
__device__ __forceinline__ float uint_as_float(uint32_t bits) { return __uint_as_float(bits); }
/** A load of what the kernel reads once: it takes no place in the L1. */
__device__ __forceinline__ uint4 load_16(const void* address) {
  uint4 value;
  asm("ld.global.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];" : "=r"(value.x), "=r"(value.y), "=r"(value.z), "=r"(value.w) : "l"(address));
  return value;
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
/** `address` must be a multiple of BYTES, or of 16. */
template <int BYTES>
__device__ __forceinline__ Chunk<BYTES> read_chunk(const void* address) {
  Chunk<BYTES> chunk;
  if constexpr (BYTES >= 16) {
    #pragma unroll
    for (int i = 0; i < BYTES / 16; ++i) {
      const uint4 quad = load_16((const unsigned char*)address + 16 * i);
      chunk.words[4 * i] = quad.x;
      chunk.words[4 * i + 1] = quad.y;
      chunk.words[4 * i + 2] = quad.z;
      chunk.words[4 * i + 3] = quad.w;
    }
  } else if constexpr (BYTES == 8) {
    const uint2 pair = *(const uint2*)address;
    chunk.words[0] = pair.x;
    chunk.words[1] = pair.y;
  } else if constexpr (BYTES == 4) chunk.words[0] = *(const uint32_t*)address;
  else chunk.words[0] = *(const uint16_t*)address;
  return chunk;
}

/** One element as a value. */
__device__ __forceinline__ float load(const float* from, long long index) { return from[index]; }
__device__ __forceinline__ int load(const int* from, long long index) { return from[index]; }
__device__ __forceinline__ void store(float* to, long long index, float value) { to[index] = value; }
__device__ __forceinline__ void store(int* to, long long index, int value) { to[index] = value; }

/** Element i of a chunk as a value. */
template <int BYTES>
__device__ __forceinline__ float element_of(const Chunk<BYTES>& chunk, int i, float) { return uint_as_float(chunk.words[i]); }
template <int BYTES>
__device__ __forceinline__ int element_of(const Chunk<BYTES>& chunk, int i, int) { return (int)chunk.words[i]; }

/** A chunk's elements as values; the pointer says how they are stored. */
template <int N, typename T, typename V>
__device__ __forceinline__ void unpack_vector(V (&values)[N], const Chunk<N * (int)sizeof(T)>& chunk, const T*) {
  #pragma unroll
  for (int i = 0; i < N; ++i) values[i] = element_of(chunk, i, T());
}

typedef float element_t;
constexpr int WARP = 32;  // lanes

/** The kernels take it by value: device pointers, then 4-byte fields. */
struct Params {
  const element_t* t_x;
  element_t* t_out;
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

constexpr int THREADS = 256;
constexpr int BLOCKS = 3;  // of a multiprocessor, at least: limits the registers
constexpr int TEAM = 16;  // threads of a group
constexpr int COLUMNS = 1;  // threads of a team side by side along columns
constexpr int STRIDE = TEAM / COLUMNS;  // threads of a team along the reduced axes
constexpr int VECTOR = 4;  // neighbouring elements that a thread reads at once
constexpr int WIDTH = 1;  // columns of a thread
constexpr int SLABS = 1;  // teams side by side along columns
constexpr int ROWS = 4;  // groups of a team, loaded before the first is reduced
constexpr int ITEMS = 1;  // vectors that a thread has in registers
typedef float value_t;
typedef int step_t;
/** A quotient in 32 bits where that is enough. */
__device__ __forceinline__ long long quotient(long long x, unsigned y) { return x >> 32 == 0 ? (long long)((unsigned)x / y) : (long long)((unsigned long long)x / y); }
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

/** What a thread has of its group. */
struct Cache {
  Chunk<4 * (int)sizeof(*Params().t_x)> in_x[ITEMS];
};

/** Starts the loads of ITEMS steps of a thread, from step `begin` on. */
__device__ __forceinline__ void load_cache(const Params& params, const Group& g, step_t begin, step_t steps, Cache& cache) {
  const int at_b = g.b;
  #pragma unroll
  for (int k = 0; k < ITEMS; ++k) {
    const step_t step = begin + k * STRIDE;
    if (step < steps) {
      const int start_d = (int)step * 4;
      cache.in_x[k] = read_chunk<4 * (int)sizeof(*params.t_x)>(params.t_x + ((long long)at_b * 64 + start_d));
    }
  }
}

/** All passes over a group, then its elements of the output. */
__device__ __forceinline__ void finish(const Params& params, const Group& g, int first, Cache& cache) {
  const int at_b = g.b;
  const bool active = g.live;
  const step_t steps = active ? 16 : 0;
  // Pass 1: sum.
  float stats_0[WIDTH];
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_0[i] = 0.0f;
  #pragma unroll
  for (int k = 0; k < ITEMS; ++k) {
    const step_t step = first + (step_t)k * STRIDE;
    if (step < steps) {
      float vector_in_x[VECTOR];
      unpack_vector(vector_in_x, cache.in_x[k], params.t_x);
      #pragma unroll
      for (int i = 0; i < VECTOR; ++i) {
        const float in_x = vector_in_x[i];
        stats_0[0] = Sum::of(stats_0[0], in_x);
      }
    }
  }
  combine<Sum>(stats_0);
  const float stat_0 = stats_0[0];

  if (active && first == 0) {
    store(params.t_out, (long long)at_b, stat_0);
  }
}

/** A team a group. */
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) dense_sum_f32_d64_reduce(const __grid_constant__ Params params) {
  const unsigned tail = 1;
  const long long groups = (long long)params.batch_b, items = groups * tail;
  constexpr int TEAMS = 16;  // of a block
  const long long begin = (long long)(blockIdx.x / SLABS) * (TEAMS * ROWS);
  const int first = (int)threadIdx.x % TEAM / COLUMNS;
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
  Cache cache[ROWS];
  #pragma unroll
  for (int r = 0; r < ROWS; ++r) load_cache(params, g[r], first, g[r].live ? 16 : 0, cache[r]);
  #pragma unroll
  for (int r = 0; r < ROWS; ++r) finish(params, g[r], first, cache[r]);
}

#ifndef __CUDACC_RTC__
/** Queues the kernel on `stream`. Tensors begin at multiples of 16 bytes. Returns a cudaError_t; 9 (invalid configuration) where the groups exceed a grid. */
extern "C" int serrate_dense_sum_f32_d64(const Params* launch, unsigned, cudaStream_t stream) {
  const Params& params = *launch;
  const long long items = (long long)params.batch_b * (1);
  const long long blocks = (items + 16 * ROWS - 1) / (16 * ROWS) * SLABS;
  if (blocks > 0x7fffffffll) return 9;
  return serrate_launch(dense_sum_f32_d64_reduce, blocks == 0 ? 1u : (unsigned)blocks, 1, THREADS, 0, stream, params);
}
#endif
