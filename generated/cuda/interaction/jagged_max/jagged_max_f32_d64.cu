// jagged_max_f32_d64: jagged interaction `jagged_max` (reduction), f32, from kernels/interaction/jagged_max.ts:4
// path       columns: 8 threads side by side along d, 32 along l; a sequence of up to 128 stays in registers; sequences of more than 1024 rows in parts, merged in order
// schedule   cuda_reduction threads=256 lanes=8 items=8 blocks=3 cluster=1 staged=0 batch=4 unroll=4 parts=264 split=1024 span=8
// definition 51795fb3b0a8862a   plan 6db10ca21ac258b0   serrate 0.1.0
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
/** A load of what the kernel reads once: it takes no place in the L1. */
__device__ __forceinline__ uint4 load_16(const void* address) {
  uint4 value;
  asm("ld.global.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];" : "=r"(value.x), "=r"(value.y), "=r"(value.z), "=r"(value.w) : "l"(address));
  return value;
}
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
  element_t* t_out;
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

constexpr int THREADS = 256;
constexpr int BLOCKS = 3;  // of a multiprocessor, at least: limits the registers
constexpr int TEAM = 256;  // threads of a group
constexpr int COLUMNS = 8;  // threads of a team side by side along columns
constexpr int STRIDE = TEAM / COLUMNS;  // threads of a team along the reduced axes
constexpr int VECTOR = 4;  // neighbouring elements that a thread reads at once
constexpr int WIDTH = 4;  // columns of a thread
constexpr int SLABS = 2;  // teams side by side along columns
constexpr int VALUES = 1;  // partial results of a column
constexpr int BLOCK_ROWS = 1024;  // rows of a part
constexpr int MERGED = 8;  // groups of a block that merges parts
constexpr int ITEMS = 4;  // vectors that a thread has in registers
typedef float value_t;
typedef int step_t;
/** A quotient in 32 bits where that is enough. */
__device__ __forceinline__ long long quotient(long long x, unsigned y) { return x >> 32 == 0 ? (long long)((unsigned)x / y) : (long long)((unsigned long long)x / y); }
struct Max {
  static __device__ __forceinline__ float of(float a, float b) { return fmaxf(a, b); }
  static __device__ __forceinline__ int of(int a, int b) { return a > b ? a : b; }
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

/** What a thread has of its group. */
struct Cache {
  Chunk<4 * (int)sizeof(*Params().t_x)> in_x[ITEMS];
};

/** Starts the loads of ITEMS steps of a thread, from step `begin` on. */
__device__ __forceinline__ void load_cache(const Params& params, const Group& g, step_t begin, step_t steps, int start_d, Cache& cache) {
  const Seq& seq = g.seq;
  #pragma unroll
  for (int k = 0; k < ITEMS; ++k) {
    const step_t step = begin + k * STRIDE;
    if (step < steps) {
      const int at_l = (int)step;
      cache.in_x[k] = read_chunk<4 * (int)sizeof(*params.t_x)>(params.t_x + ((seq.first_l + at_l) * 64 + start_d));
    }
  }
}

/** The pass over steps [from, to) of a group. */
__device__ __forceinline__ void accumulate(const Params& params, const Group& g, int first, int start_d, step_t from, step_t to, float (&stats_0)[WIDTH], unsigned char* shared) {
  const bool active = g.live && start_d < 64;
  const step_t steps = active ? to : 0;
  Cache cache;
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_0[i] = uint_as_float(0xff800000u);
  for (step_t begin = from + first; begin < steps; begin += ITEMS * STRIDE) {
    load_cache(params, g, begin, steps, start_d, cache);
    #pragma unroll
    for (int k = 0; k < ITEMS; ++k) {
      const step_t step = begin + k * STRIDE;
      if (step >= steps) break;
      float vector_in_x[VECTOR];
      unpack_vector(vector_in_x, cache.in_x[k], params.t_x);
      #pragma unroll
      for (int i = 0; i < VECTOR; ++i) {
        const float in_x = vector_in_x[i];
        stats_0[i] = Max::of(stats_0[i], in_x);
      }
    }
  }
  combine<Max>(stats_0, shared);
}

/** The group's elements of the output from its results. */
__device__ __forceinline__ void complete(const Params& params, const Group& g, int first, int start_d, float (&stats_0)[WIDTH]) {
  const Seq& seq = g.seq;
  const int at_b = g.b;
  const bool active = g.live && start_d < 64;
  const long long count = (long long)seq.len_l;
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) stats_0[i] = count == 0 ? 0 : stats_0[i];
  if (active && first == 0) {
    value_t values[VECTOR];
    #pragma unroll
    for (int i = 0; i < VECTOR; ++i) {
      const float stat_0 = stats_0[i];
      values[i] = stat_0;
    }
    store_vector(params.t_out, ((long long)at_b * 64 + start_d), values);
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
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) jagged_max_f32_d64_reduce(const __grid_constant__ Params params) {
  const unsigned tail = 1;
  const int slab = (int)(blockIdx.x % SLABS), first = (int)threadIdx.x % TEAM / COLUMNS;
  const int start_d = (slab * COLUMNS + (int)threadIdx.x % COLUMNS) * VECTOR;
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
  accumulate(params, g, first, start_d, (step_t)row * (1), (step_t)(row + rows) * (1), stats_0, shared);
  if (seq.len_l <= BLOCK_ROWS) {
    complete(params, g, first, start_d, stats_0);
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
__device__ __forceinline__ void merge(const Params& params, const Group& g, long long begin, long long end, long long items, long long item, int slab, int first, int start_d, unsigned char* shared) {
  float stats_0[WIDTH];
  #pragma unroll
  for (int i = 0; i < WIDTH; ++i) {
    stats_0[i] = uint_as_float(0xff800000u);
  }
  #pragma unroll 4
  for (long long part = begin + first; part < end; part += STRIDE) {
    const float* const from = partials_of(params, part, items, item, slab);
    #pragma unroll
    for (int i = 0; i < WIDTH; ++i) {
      stats_0[i] = Max::of(stats_0[i], from[0 * SLABS * COLUMNS * WIDTH + i]);
    }
  }
  combine<Max>(stats_0, shared);
  complete(params, g, first, start_d, stats_0);
}

/** A block MERGED groups, of which those of more than one part are merged. */
extern "C" __global__ void __launch_bounds__(THREADS) jagged_max_f32_d64_merge(const __grid_constant__ Params params) {
  const unsigned tail = 1;
  const int slab = (int)(blockIdx.x % SLABS), first = (int)threadIdx.x % TEAM / COLUMNS;
  const int start_d = (slab * COLUMNS + (int)threadIdx.x % COLUMNS) * VECTOR;
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
    merge(params, g, begin, begin + (seq.len_l + BLOCK_ROWS - 1) / BLOCK_ROWS, tail, g.rest, slab, first, start_d, shared);
  }
}

#ifndef __CUDACC_RTC__
/** Queues the kernels on `stream`. Tensors begin at multiples of 16 bytes. Returns a cudaError_t; 9 (invalid configuration) where the parts exceed a grid. */
extern "C" int serrate_jagged_max_f32_d64(const Params* launch, unsigned, cudaStream_t stream) {
  const Params& params = *launch;
  const long long items = (long long)params.batch_b * (1);
  if (items == 0) return 0;
  const long long parts = ((long long)params.rows_l / BLOCK_ROWS + (int)params.batch_b + 1) * (1) * SLABS;
  if (parts > 0x7fffffffll || items * SLABS > 0x7fffffffll) return 9;
  const int error = serrate_launch(jagged_max_f32_d64_reduce, (unsigned)parts, 1, THREADS, 1152, stream, params);
  return error != 0 ? error : serrate_launch(jagged_max_f32_d64_merge, (unsigned)((items + MERGED - 1) / MERGED * SLABS), 1, THREADS, 1152, stream, params);
}
#endif
