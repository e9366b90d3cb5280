// layer_norm_d_x_f32_d64: jagged interaction `layer_norm_d_x` (reduction), f32, from kernels/interaction/layer_norm.ts:4
// path       rows: 16 threads a group, vectors of 4 along d; a row stays in registers; the columns of 128 groups are added up beside them
// schedule   cuda_reduction threads=128 lanes=8 items=8 blocks=3 cluster=1 staged=0 batch=4 unroll=4 parts=264 split=1024 span=8
// definition 2f9cb15114689923   plan 237cc852c6c92acd   serrate 0.1.0
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
__device__ __forceinline__ uint32_t float_as_uint(float value) { return __float_as_uint(value); }
__device__ __forceinline__ uint4 load_16(const void* address) { return *(const uint4*)address; }
/** A store that leaves first from the cache: nothing here reads it again. */
__device__ __forceinline__ void store_16(void* address, uint4 value) {
  asm volatile("st.global.cs.v4.u32 [%0], {%1, %2, %3, %4};" ::"l"(address), "r"(value.x), "r"(value.y), "r"(value.z), "r"(value.w) : "memory");
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
  const element_t* t_weight;
  const element_t* t_d_out;
  element_t* t_out;
  const unsigned* offsets_l;
  float* partials;
  element_t* t_d_weight;
  element_t* t_d_bias;
  unsigned batch_b;
  unsigned rows_l;
  unsigned offset_words_l;
  float cap_eps;
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

// mean_1
__device__ __forceinline__ float mean_1(float in_x, float stat_0) {
  const float t_2 = (in_x - stat_0);
  return (t_2 * t_2);
}
// of_row_2
__device__ __forceinline__ float of_row_2(float stat_1, float cap_eps) {
  return (1.0f / sqrtf((stat_1 + cap_eps)));
}
// sum_2
__device__ __forceinline__ float sum_2(float in_d_out, float in_weight, float in_x, float stat_0) {
  return ((in_d_out * in_weight) * (in_x - stat_0));
}
// sum_3
__device__ __forceinline__ float sum_3(float in_d_out, float in_weight) {
  return (in_d_out * in_weight);
}
// of_row_0
__device__ __forceinline__ float of_row_0(float stat_2, float stat_1, float cap_eps, int size_d) {
  const float t_2 = (1.0f / sqrtf((stat_1 + cap_eps)));
  return ((-(((stat_2 * t_2) * t_2) * (0.5f * t_2))) / (float)size_d);
}
// of_row_1
__device__ __forceinline__ float of_row_1(float stat_3, float stat_1, float cap_eps, int size_d) {
  return ((-(stat_3 * (1.0f / sqrtf((stat_1 + cap_eps))))) / (float)size_d);
}
// epilogue
__device__ __forceinline__ float epilogue(float row_0, float in_x, float stat_0, float row_1, float in_d_out, float in_weight, float row_2) {
  const float t_2 = (row_0 * (in_x - stat_0));
  return (((t_2 + t_2) + row_1) + ((in_d_out * in_weight) * row_2));
}
// of_d_weight
__device__ __forceinline__ float of_d_weight(float in_d_out, float in_x, float stat_0, float row_2) {
  return (in_d_out * ((in_x - stat_0) * row_2));
}

constexpr int THREADS = 128;
constexpr int BLOCKS = 3;  // of a multiprocessor, at least: limits the registers
constexpr int TEAM = 16;  // threads of a group
constexpr int COLUMNS = 1;  // threads of a team side by side along columns
constexpr int STRIDE = TEAM / COLUMNS;  // threads of a team along the reduced axes
constexpr int VECTOR = 4;  // neighbouring elements that a thread reads at once
constexpr int WIDTH = 1;  // columns of a thread
constexpr int SLABS = 1;  // teams side by side along columns
constexpr int ROWS = 2;  // groups of a team, loaded before the first is reduced
constexpr int ITEMS = 1;  // vectors that a thread has in registers
constexpr int SPAN = 8;  // rounds of ROWS groups a team
constexpr int ROWS_OF_PART = 8 * ROWS * SPAN;  // groups whose columns a block adds up
constexpr int SUMS = 128;  // columns of all sums
constexpr int SPREAD = 1;  // vectors of columns that a thread adds up
constexpr int PERIOD = 16;  // threads whose columns make a row
constexpr int HELD = 128;  // threads that have columns
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
  Chunk<4 * (int)sizeof(*Params().t_d_out)> in_d_out[ITEMS];
  Chunk<4 * (int)sizeof(*Params().t_weight)> in_weight[ITEMS];
};

/** Starts the loads of ITEMS steps of a thread, from step `begin` on. */
__device__ __forceinline__ void load_cache(const Params& params, const Group& g, step_t begin, step_t steps, Cache& cache) {
  const Seq& seq = g.seq;
  const long long group = g.group;
  const int at_l = (int)(group - seq.first_l);
  #pragma unroll
  for (int k = 0; k < ITEMS; ++k) {
    const step_t step = begin + k * STRIDE;
    if (step < steps) {
      const int start_d = (int)step * 4;
      cache.in_x[k] = read_chunk<4 * (int)sizeof(*params.t_x)>(params.t_x + ((seq.first_l + at_l) * 64 + start_d));
      cache.in_d_out[k] = read_chunk<4 * (int)sizeof(*params.t_d_out)>(params.t_d_out + ((seq.first_l + at_l) * 64 + start_d));
      cache.in_weight[k] = read_chunk<4 * (int)sizeof(*params.t_weight)>(params.t_weight + (long long)start_d);
    }
  }
}

/** What a thread has added up of its columns: vectors of them, PERIOD threads side by side make a row. */
struct Columns {
  float d_weight[SPREAD][VECTOR];
  float d_bias[SPREAD][VECTOR];
};
/** Parts that the rows are added up in: a block one. */
__host__ __device__ __forceinline__ long long parts_of(const Params& params) {
  const long long items = (long long)params.rows_l * (1), parts = (items + ROWS_OF_PART - 1) / ROWS_OF_PART;
  return (parts > 0 ? parts : 1);
}
/** One row of a part: each column added up over the block's threads that have it, in their order. */
__device__ __forceinline__ void write_part(const float (&own)[SPREAD][VECTOR], float* row, unsigned char* shared) {
  constexpr int LINE = THREADS + WARP / VECTOR;  // no two lanes of a warp in one bank
  float* const held = (float*)shared;
  #pragma unroll
  for (int k = 0; k < SPREAD; ++k) {
    block_barrier();
    #pragma unroll
    for (int i = 0; i < VECTOR; ++i) held[i * LINE + (int)threadIdx.x] = own[k][i];
    block_barrier();
    for (int c = (int)threadIdx.x; c < PERIOD * VECTOR; c += THREADS) {
      const int column = k * PERIOD * VECTOR + c;
      float sum = 0;
      #pragma unroll
      for (int thread = 0; thread < HELD; thread += PERIOD) sum += held[c % VECTOR * LINE + c / VECTOR + thread];
      if (column < 64) row[column] = sum;
    }
  }
}

/** All passes over a group, then its elements of the output. */
__device__ __forceinline__ void finish(const Params& params, const Group& g, int first, Cache& cache, Columns& columns) {
  const Seq& seq = g.seq;
  const long long group = g.group;
  const int at_l = (int)(group - seq.first_l);
  const bool active = g.live;
  const long long count = (long long)16 * 4;
  // Pass 1: mean.
  float stats_0[WIDTH];
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_0[i] = 0.0f;
  #pragma unroll
  for (int k = 0; k < ITEMS; ++k) {
    {
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
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_0[i] = count == 0 ? 0 : stats_0[i] / (float)count;
  const float stat_0 = stats_0[0];
  // Pass 2: mean.
  float stats_1[WIDTH];
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_1[i] = 0.0f;
  #pragma unroll
  for (int k = 0; k < ITEMS; ++k) {
    {
      float vector_in_x[VECTOR];
      unpack_vector(vector_in_x, cache.in_x[k], params.t_x);
      #pragma unroll
      for (int i = 0; i < VECTOR; ++i) {
        const float in_x = vector_in_x[i];
        stats_1[0] = Sum::of(stats_1[0], mean_1(in_x, stat_0));
      }
    }
  }
  combine<Sum>(stats_1);
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_1[i] = count == 0 ? 0 : stats_1[i] / (float)count;
  const float stat_1 = stats_1[0];
  const float row_2 = of_row_2(stat_1, params.cap_eps);
  // Pass 3: sum.
  float stats_2[WIDTH];
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_2[i] = 0.0f;
  float stats_3[WIDTH];
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_3[i] = 0.0f;
  #pragma unroll
  for (int k = 0; k < ITEMS; ++k) {
    {
      float vector_in_d_out[VECTOR];
      unpack_vector(vector_in_d_out, cache.in_d_out[k], params.t_d_out);
      float vector_in_weight[VECTOR];
      unpack_vector(vector_in_weight, cache.in_weight[k], params.t_weight);
      float vector_in_x[VECTOR];
      unpack_vector(vector_in_x, cache.in_x[k], params.t_x);
      #pragma unroll
      for (int i = 0; i < VECTOR; ++i) {
        const float in_d_out = vector_in_d_out[i];
        const float in_weight = vector_in_weight[i];
        const float in_x = vector_in_x[i];
        stats_2[0] = Sum::of(stats_2[0], sum_2(in_d_out, in_weight, in_x, stat_0));
        stats_3[0] = Sum::of(stats_3[0], sum_3(in_d_out, in_weight));
      }
    }
  }
  combine<Sum>(stats_2);
  combine<Sum>(stats_3);
  const float stat_2 = stats_2[0];
  const float stat_3 = stats_3[0];
  const float row_0 = of_row_0(stat_2, stat_1, params.cap_eps, 64);
  const float row_1 = of_row_1(stat_3, stat_1, params.cap_eps, 64);

  // Every element of the output along the reduced axes.
  {
  #pragma unroll
  for (int k = 0; k < ITEMS; ++k) {
    {
      const step_t step = first + (step_t)k * STRIDE;
      const int start_d = (int)step * 4;
      float vector_in_x[VECTOR];
      unpack_vector(vector_in_x, cache.in_x[k], params.t_x);
      float vector_in_d_out[VECTOR];
      unpack_vector(vector_in_d_out, cache.in_d_out[k], params.t_d_out);
      float vector_in_weight[VECTOR];
      unpack_vector(vector_in_weight, cache.in_weight[k], params.t_weight);
      value_t values[VECTOR];
      #pragma unroll
      for (int i = 0; i < VECTOR; ++i) {
        const float in_x = vector_in_x[i];
        const float in_d_out = vector_in_d_out[i];
        const float in_weight = vector_in_weight[i];
        values[i] = epilogue(row_0, in_x, stat_0, row_1, in_d_out, in_weight, row_2);
        columns.d_weight[0][i] += active ? of_d_weight(in_d_out, in_x, stat_0, row_2) : 0.0f;
        columns.d_bias[0][i] += active ? in_d_out : 0.0f;
      }
      if (active) store_vector(params.t_out, ((seq.first_l + at_l) * 64 + start_d), values);
    }
    }
  }
}

/** A team a group. */
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) layer_norm_d_x_f32_d64_reduce(const __grid_constant__ Params params) {
  const unsigned tail = 1;
  const long long groups = (long long)params.rows_l, items = groups * tail;
  constexpr int TEAMS = 8;  // of a block
  const long long begin = (long long)(blockIdx.x / SLABS) * ROWS_OF_PART;
  const int first = (int)threadIdx.x % TEAM / COLUMNS;
  unsigned char* const shared = dynamic_shared();
  // The sequences of the block's first and last row.
  int* const found = (int*)(shared + 2176);
  if (threadIdx.x < 2 * WARP) {
    const long long last = begin + ROWS_OF_PART - 1;
    const int b = find_sequence(params, quotient(threadIdx.x < WARP ? begin : last, tail));
    if (threadIdx.x % WARP == 0) found[threadIdx.x / WARP] = b;
  }
  block_barrier();
  const int low = found[0], high = found[1];
  Columns columns = {};
  for (int round = 0; round < SPAN; ++round) {
    const long long from = begin + round * (TEAMS * ROWS);
    if (from >= items) break;
    Group g[ROWS];
    #pragma unroll
    for (int r = 0; r < ROWS; ++r) {
      const long long item = from + r * TEAMS + threadIdx.x / TEAM;
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
        g[r].live = group >= seq.first_l && group < seq.first_l + seq.len_l;
      }
    }
    Cache cache[ROWS] = {};
    #pragma unroll
    for (int r = 0; r < ROWS; ++r) load_cache(params, g[r], first, g[r].live ? 16 : 0, cache[r]);
    #pragma unroll
    for (int r = 0; r < ROWS; ++r) finish(params, g[r], first, cache[r], columns);
  }
  // The columns of all rows, as one row of the part.
  write_part(columns.d_weight, params.partials + ((long long)blockIdx.x * SUMS + 0 * 64), shared);
  write_part(columns.d_bias, params.partials + ((long long)blockIdx.x * SUMS + 1 * 64), shared);
  // Packed rows past the last offset.
  const long long elements = (long long)params.rows_l * (64), live = offset_at(params.offsets_l, params.offset_words_l, params.rows_l, params.batch_b) * (64);
  for (long long e = live + (long long)blockIdx.x * THREADS + threadIdx.x; e < elements; e += (long long)gridDim.x * THREADS) store(params.t_out, e, 0);
}

/** Adds up the parts of MERGED columns, every MERGE_STRIDEth by one thread, then those threads' sums in a tree. */
extern "C" __global__ void __launch_bounds__(512) layer_norm_d_x_f32_d64_sums(const __grid_constant__ Params params) {
  constexpr int MERGED = 8, MERGE_STRIDE = 512 / MERGED;
  float* const held = (float*)dynamic_shared();
  const long long parts = parts_of(params);
  const int column = (int)blockIdx.x * MERGED + (int)threadIdx.x % MERGED;
  float sum = 0;
  if (column < SUMS) {
    #pragma unroll 8
    for (long long part = (int)threadIdx.x / MERGED; part < parts; part += MERGE_STRIDE) sum += params.partials[part * SUMS + column];
  }
  held[threadIdx.x] = sum;
  #pragma unroll
  for (int half = MERGE_STRIDE / 2; half > 0; half /= 2) {
    block_barrier();
    if ((int)threadIdx.x < half * MERGED) held[threadIdx.x] += held[(int)threadIdx.x + half * MERGED];
  }
  if ((int)threadIdx.x >= MERGED || column >= SUMS) return;
  if (column / 64 == 0) store(params.t_d_weight, column - 0 * 64, held[threadIdx.x]);
  if (column / 64 == 1) store(params.t_d_bias, column - 1 * 64, held[threadIdx.x]);
}

#ifndef __CUDACC_RTC__
/** Queues the kernels on `stream`. Tensors begin at multiples of 16 bytes. Returns a cudaError_t; 9 (invalid configuration) where the groups exceed a grid. */
extern "C" int serrate_layer_norm_d_x_f32_d64(const Params* launch, unsigned, cudaStream_t stream) {
  const Params& params = *launch;
  const long long blocks = parts_of(params);
  if (blocks > 0x7fffffffll) return 9;
  const int error = serrate_launch(layer_norm_d_x_f32_d64_reduce, (unsigned)blocks, 1, THREADS, 2192, stream, params);
  return error != 0 ? error : serrate_launch(layer_norm_d_x_f32_d64_sums, 16, 1,  512, 2048, stream, params);
}
#endif
