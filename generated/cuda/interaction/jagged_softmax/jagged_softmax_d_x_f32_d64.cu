// jagged_softmax_d_x_f32_d64: jagged interaction `jagged_softmax_d_x` (reduction), f32, from kernels/interaction/jagged_softmax.ts:4
// path       columns: 8 threads side by side along d, 32 along l; the first 256 of a sequence stay in shared memory
// schedule   cuda_reduction threads=256 lanes=8 items=8 blocks=3 cluster=1 staged=16 batch=4 unroll=4 parts=264 split=1024 span=8
// definition 5db5690424876924   plan f1e59489275131bd   serrate 0.1.0
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
__device__ __forceinline__ float uint_as_float(uint32_t bits) { return __uint_as_float(bits); }
__device__ __forceinline__ uint32_t float_as_uint(float value) { return __float_as_uint(value); }
__device__ __forceinline__ uint4 load_16(const void* address) { return *(const uint4*)address; }
/** A store that leaves first from the cache: nothing here reads it again. */
__device__ __forceinline__ void store_16(void* address, uint4 value) {
  asm volatile("st.global.cs.v4.u32 [%0], {%1, %2, %3, %4};" ::"l"(address), "r"(value.x), "r"(value.y), "r"(value.z), "r"(value.w) : "memory");
}
__device__ __forceinline__ uint32_t shared_address(const void* pointer) { return (uint32_t)__cvta_generic_to_shared(pointer); }
/** Starts a copy of 16 bytes to shared memory; zeros where not `valid`. */
__device__ __forceinline__ void cp_async_16(void* shared_dst, const void* global_src, bool valid) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(shared_dst)), "l"(global_src), "r"(valid ? 16 : 0) : "memory");
}
/** Ends a group of copies. */
__device__ __forceinline__ void cp_async_commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }
/** Waits until at most N of this thread's latest groups are still on their way. */
template <int N>
__device__ __forceinline__ void cp_async_wait() { asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory"); }

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
/** As read_chunk. */
template <int BYTES>
__device__ __forceinline__ void write_chunk(void* address, const Chunk<BYTES>& chunk) {
  if constexpr (BYTES >= 16) {
    #pragma unroll
    for (int i = 0; i < BYTES / 16; ++i) store_16((unsigned char*)address + 16 * i, make_uint4(chunk.words[4 * i], chunk.words[4 * i + 1], chunk.words[4 * i + 2], chunk.words[4 * i + 3]));
  } else if constexpr (BYTES == 8) *(uint2*)address = make_uint2(chunk.words[0], chunk.words[1]);
  else if constexpr (BYTES == 4) *(uint32_t*)address = chunk.words[0];
  else *(uint16_t*)address = (uint16_t)chunk.words[0];
}

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
/** N consecutive elements from an index that is a multiple of N. */
template <int N, typename T, typename V>
__device__ __forceinline__ void load_vector(V (&values)[N], const T* from, long long index) {
  unpack_vector(values, read_chunk<N * (int)sizeof(T)>(from + index), from);
}
/** Values as a chunk of the elements that the pointer says. */
template <int N>
__device__ __forceinline__ Chunk<N * 4> pack_vector(const float (&values)[N], float*) {
  Chunk<N * 4> chunk;
  #pragma unroll
  for (int i = 0; i < N; ++i) chunk.words[i] = float_as_uint(values[i]);
  return chunk;
}
template <int N>
__device__ __forceinline__ Chunk<N * 4> pack_vector(const int (&values)[N], int*) {
  Chunk<N * 4> chunk;
  #pragma unroll
  for (int i = 0; i < N; ++i) chunk.words[i] = (uint32_t)values[i];
  return chunk;
}
/** As load_vector. */
template <int N, typename T, typename V>
__device__ __forceinline__ void store_vector(T* to, long long index, const V (&values)[N]) { write_chunk(to + index, pack_vector(values, to)); }

typedef float element_t;
constexpr int WARP = 32;  // lanes

/** The kernels take it by value: device pointers, then 4-byte fields. */
struct Params {
  const element_t* t_x;
  const element_t* t_d_out;
  element_t* t_out;
  const unsigned* offsets_l;
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

// sum_1
__device__ __forceinline__ float sum_1(float in_x, float stat_0) {
  return expf((in_x - stat_0));
}
// sum_2
__device__ __forceinline__ float sum_2(float in_d_out, float in_x, float stat_0) {
  return (in_d_out * expf((in_x - stat_0)));
}
// epilogue
__device__ __forceinline__ float epilogue(float stat_2, float stat_1, float in_x, float stat_0, float in_d_out) {
  const float t_2 = (1.0f / stat_1);
  const float t_3 = expf((in_x - stat_0));
  return (((-((stat_2 * t_2) * t_2)) * t_3) + ((in_d_out * t_2) * t_3));
}

constexpr int THREADS = 256;
constexpr int BLOCKS = 3;  // of a multiprocessor, at least: limits the registers
constexpr int TEAM = 256;  // threads of a group
constexpr int COLUMNS = 8;  // threads of a team side by side along columns
constexpr int STRIDE = TEAM / COLUMNS;  // threads of a team along the reduced axes
constexpr int VECTOR = 4;  // neighbouring elements that a thread reads at once
constexpr int WIDTH = 4;  // columns of a thread
constexpr int SLABS = 2;  // teams side by side along columns
constexpr int ROWS = 1;  // groups of a team, loaded before the first is reduced
constexpr int STAGED = 8;  // vectors of an input that a thread has in shared memory
typedef float value_t;
typedef int step_t;
/** A quotient in 32 bits where that is enough. */
__device__ __forceinline__ long long quotient(long long x, unsigned y) { return x >> 32 == 0 ? (long long)((unsigned)x / y) : (long long)((unsigned long long)x / y); }
struct Max {
  static __device__ __forceinline__ float of(float a, float b) { return fmaxf(a, b); }
  static __device__ __forceinline__ int of(int a, int b) { return a > b ? a : b; }
};
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

/** Where a thread's steps end: those in shared memory, or all of them (`rest`). */
__device__ __forceinline__ step_t end_of_steps(step_t first, step_t steps, int rest) {
  const step_t own = (steps - first + STRIDE - 1) / STRIDE;
  return rest == 1 || own < STAGED ? own : STAGED;
}

/** What a thread has of its group in shared memory: its first STAGED vectors, those of the block's threads side by side. */
struct Cache {
  Chunk<16>* in_x;
  Chunk<16>* in_d_out;
};

/** Starts the copies of a thread's first STAGED steps. The thread alone reads them, after a wait of its own. */
__device__ __forceinline__ Cache stage(const Params& params, const Group& g, step_t first, step_t steps, int start_d, unsigned char* shared) {
  const Seq& seq = g.seq;
  Cache cache;
  cache.in_x = (Chunk<16>*)shared + 0 * STAGED * THREADS + threadIdx.x;
  cache.in_d_out = (Chunk<16>*)shared + 1 * STAGED * THREADS + threadIdx.x;
  #pragma unroll
  for (int k = 0; k < STAGED; ++k) {
    const step_t step = first + (step_t)k * STRIDE;
    if (step >= steps) break;
    const int at_l = (int)step;
    cp_async_16(cache.in_x + k * THREADS, params.t_x + ((seq.first_l + at_l) * 64 + start_d), true);
    cp_async_16(cache.in_d_out + k * THREADS, params.t_d_out + ((seq.first_l + at_l) * 64 + start_d), true);
  }
  cp_async_commit();
  return cache;
}

/** All passes over a group, then its elements of the output. */
__device__ __forceinline__ void finish(const Params& params, const Group& g, int first, int start_d, Cache& cache, unsigned char* shared) {
  const Seq& seq = g.seq;
  const bool active = g.live && start_d < 64;
  const step_t steps = active ? seq.len_l : 0;
  const long long count = (long long)seq.len_l;
  cp_async_wait<0>();
  // Pass 1: max.
  float stats_0[WIDTH];
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_0[i] = uint_as_float(0xff800000u);
  #pragma unroll
  for (int rest = 0; rest < 2; ++rest) {  // a thread has its first STAGED steps in shared memory
    const step_t end = end_of_steps(first, steps, rest);
    #pragma unroll 4
    for (step_t k = rest * STAGED; k < end; ++k) {
      const step_t step = first + k * STRIDE;
      const int at_l = (int)step;
      float vector_in_x[VECTOR];
      unpack_vector(vector_in_x, rest == 0 ? read_chunk<16>(cache.in_x + k * THREADS) : read_chunk<16>(params.t_x + ((seq.first_l + at_l) * 64 + start_d)), params.t_x);
      #pragma unroll
      for (int i = 0; i < VECTOR; ++i) {
        const float in_x = vector_in_x[i];
        stats_0[i] = Max::of(stats_0[i], in_x);
      }
    }
  }
  combine<Max>(stats_0, shared);
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_0[i] = count == 0 ? 0 : stats_0[i];
  // Pass 2: sum.
  float stats_1[WIDTH];
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_1[i] = 0.0f;
  float stats_2[WIDTH];
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_2[i] = 0.0f;
  #pragma unroll
  for (int rest = 0; rest < 2; ++rest) {  // a thread has its first STAGED steps in shared memory
    const step_t end = end_of_steps(first, steps, rest);
    #pragma unroll 4
    for (step_t k = rest * STAGED; k < end; ++k) {
      const step_t step = first + k * STRIDE;
      const int at_l = (int)step;
      float vector_in_x[VECTOR];
      unpack_vector(vector_in_x, rest == 0 ? read_chunk<16>(cache.in_x + k * THREADS) : read_chunk<16>(params.t_x + ((seq.first_l + at_l) * 64 + start_d)), params.t_x);
      float vector_in_d_out[VECTOR];
      unpack_vector(vector_in_d_out, rest == 0 ? read_chunk<16>(cache.in_d_out + k * THREADS) : read_chunk<16>(params.t_d_out + ((seq.first_l + at_l) * 64 + start_d)), params.t_d_out);
      #pragma unroll
      for (int i = 0; i < VECTOR; ++i) {
        const float stat_0 = stats_0[i];
        const float in_x = vector_in_x[i];
        const float in_d_out = vector_in_d_out[i];
        stats_1[i] = Sum::of(stats_1[i], sum_1(in_x, stat_0));
        stats_2[i] = Sum::of(stats_2[i], sum_2(in_d_out, in_x, stat_0));
      }
    }
  }
  combine<Sum>(stats_1, shared);
  combine<Sum>(stats_2, shared);

  // Every element of the output along the reduced axes.
  {
    const step_t steps = active ? seq.len_l : 0;
  #pragma unroll
  for (int rest = 0; rest < 2; ++rest) {  // a thread has its first STAGED steps in shared memory
    const step_t end = end_of_steps(first, steps, rest);
    #pragma unroll 4
    for (step_t k = rest * STAGED; k < end; ++k) {
      const step_t step = first + k * STRIDE;
      const int at_l = (int)step;
      float vector_in_x[VECTOR];
      unpack_vector(vector_in_x, rest == 0 ? read_chunk<16>(cache.in_x + k * THREADS) : read_chunk<16>(params.t_x + ((seq.first_l + at_l) * 64 + start_d)), params.t_x);
      float vector_in_d_out[VECTOR];
      unpack_vector(vector_in_d_out, rest == 0 ? read_chunk<16>(cache.in_d_out + k * THREADS) : read_chunk<16>(params.t_d_out + ((seq.first_l + at_l) * 64 + start_d)), params.t_d_out);
      value_t values[VECTOR];
      #pragma unroll
      for (int i = 0; i < VECTOR; ++i) {
        const float stat_0 = stats_0[i];
        const float stat_1 = stats_1[i];
        const float stat_2 = stats_2[i];
        const float in_x = vector_in_x[i];
        const float in_d_out = vector_in_d_out[i];
        values[i] = epilogue(stat_2, stat_1, in_x, stat_0, in_d_out);
      }
      store_vector(params.t_out, ((seq.first_l + at_l) * 64 + start_d), values);
    }
    }
  }
}

/** A team a group. */
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) jagged_softmax_d_x_f32_d64_reduce(const __grid_constant__ Params params) {
  const unsigned tail = 1;
  const long long groups = (long long)params.batch_b, items = groups * tail;
  constexpr int TEAMS = 1;  // of a block
  const long long begin = (long long)(blockIdx.x / SLABS) * (TEAMS * ROWS);
  const int first = (int)threadIdx.x % TEAM / COLUMNS;
  const int start_d = ((int)(blockIdx.x % SLABS) * COLUMNS + (int)threadIdx.x % COLUMNS) * VECTOR;
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
  const Seq& seq = g[0].seq;
  Cache cache = stage(params, g[0], first, g[0].live && start_d < 64 ? seq.len_l : 0, start_d, shared + 1152);
  finish(params, g[0], first, start_d, cache, shared);
  // Packed rows past the last offset.
  const long long elements = (long long)params.rows_l * (64), live = offset_at(params.offsets_l, params.offset_words_l, params.rows_l, params.batch_b) * (64);
  for (long long e = live + (long long)blockIdx.x * THREADS + threadIdx.x; e < elements; e += (long long)gridDim.x * THREADS) store(params.t_out, e, 0);
}

#ifndef __CUDACC_RTC__
/** Queues the kernel on `stream`. Tensors begin at multiples of 16 bytes. Returns a cudaError_t; 9 (invalid configuration) where the groups exceed a grid. */
extern "C" int serrate_jagged_softmax_d_x_f32_d64(const Params* launch, unsigned, cudaStream_t stream) {
  const Params& params = *launch;
  const long long items = (long long)params.batch_b * (1);
  const long long blocks = (items + 1 * ROWS - 1) / (1 * ROWS) * SLABS;
  if (blocks > 0x7fffffffll) return 9;
  return serrate_launch(jagged_softmax_d_x_f32_d64_reduce, blocks == 0 ? 1u : (unsigned)blocks, 1, THREADS, 66688, stream, params);
}
#endif
