// masked_rows_f32_d64: jagged interaction `masked_rows` (scatter), f32, from kernels/interaction/masked_rows.ts:4
// path       vectors of 4 along d
// schedule   cuda_scatter threads=256 unroll=4
// definition 037ac8680ab4d544   plan cfdfd8ee940ff503   serrate 0.1.0
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

/** One element as its bits: nothing is computed with it. */
typedef uint32_t u32;
__device__ __forceinline__ u32 load(const float* from, long long index) { return float_as_uint(from[index]); }
__device__ __forceinline__ int load(const int* from, long long index) { return from[index]; }

/** Element i of a chunk. */
template <int BYTES>
__device__ __forceinline__ u32 element_of(const Chunk<BYTES>& chunk, int i, float) { return chunk.words[i]; }
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
template <int N, typename T>
__device__ __forceinline__ Chunk<N * (int)sizeof(T)> pack_vector(const u32 (&values)[N], T*) {
  Chunk<N * (int)sizeof(T)> chunk = {};
  #pragma unroll
  for (int i = 0; i < N; ++i) {
    if constexpr (sizeof(T) == 4) chunk.words[i] = values[i];
    else chunk.words[i / 2] |= values[i] << (i % 2 * 16);
  }
  return chunk;
}

typedef float element_t;
constexpr int WARP = 32;  // lanes

/** The kernels take it by value: device pointers, then 4-byte fields. */
struct Params {
  const element_t* t_x;
  const int* t_mask;
  const int* t_place;
  element_t* t_out;
  const unsigned* offsets_l;
  const unsigned* offsets_m;
  unsigned batch_b;
  unsigned rows_l;
  unsigned rows_m;
  unsigned offset_words_l;
  unsigned offset_words_m;
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
  long long first_m;
  int len_m;
  long long first_l;
  int len_l;
};

/** Sequence b. Whatever the offsets are, its rows lie inside of the tensors. */
__device__ __forceinline__ Seq load_sequence(const Params& params, int b) {
  Seq seq = {};
  seq.first_m = offset_at(params.offsets_m, params.offset_words_m, params.rows_m, b);
  const long long rows_of_len_m = offset_at(params.offsets_m, params.offset_words_m, params.rows_m, (long long)b + 1) - offset_at(params.offsets_m, params.offset_words_m, params.rows_m, b);
  seq.len_m = rows_of_len_m > 0 ? (int)rows_of_len_m : 0;
  seq.first_l = offset_at(params.offsets_l, params.offset_words_l, params.rows_l, b);
  const long long rows_of_len_l = offset_at(params.offsets_l, params.offset_words_l, params.rows_l, (long long)b + 1) - offset_at(params.offsets_l, params.offset_words_l, params.rows_l, b);
  seq.len_l = rows_of_len_l > 0 ? (int)rows_of_len_l : 0;
  return seq;
}

// index_l
__device__ __forceinline__ int index_l(int in_mask, int in_place) {
  return ((in_mask != 0) ? in_place : (-1));
}

constexpr int THREADS = 256;
constexpr int VECTOR = 4;  // neighbouring elements that a thread moves at once
constexpr int UNROLL = 4;  // vectors of a thread
typedef u32 value_t;
/** A quotient in 32 bits where that is enough. */
__device__ __forceinline__ long long quotient(long long x, unsigned y) { return x >> 32 == 0 ? (long long)((unsigned)x / y) : (long long)((unsigned long long)x / y); }

/** The last sequence that begins at or before a packed row; as many as there are: past the last offset. The lanes of a warp search together. */
__device__ __forceinline__ int find_sequence(const Params& params, long long row) {
  const int lane = (int)threadIdx.x % WARP;
  int low = 0, high = (int)params.batch_b;
  while (low < high) {
    const int step = (high - low + WARP - 1) / WARP, probe = low + (lane + 1) * step;
    const unsigned before = warp_ballot(probe <= high && offset_at(params.offsets_m, params.offset_words_m, params.rows_m, probe) <= row);
    low += (before == 0xffffffffu ? WARP : __ffs((int)~before) - 1) * step;
    high = low + step - 1 < high ? low + step - 1 : high;
  }
  return low;
}
/** As find_sequence, for one thread, between two sequences. */
__device__ __forceinline__ int sequence_between(const Params& params, long long row, int low, int high) {
  while (low < high) {
    const int middle = low + (high - low + 1) / 2;
    if (offset_at(params.offsets_m, params.offset_words_m, params.rows_m, middle) <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The vector `rest` of a walked row, to the row that it belongs to. */
__device__ __forceinline__ void scatter(const Params& params, const Seq& seq, int at_b, long long group, unsigned rest) {
  const int at_m = (int)(group - seq.first_m);
  const int start_d = (int)(rest) * 4;
  const int in_mask = load(params.t_mask, (seq.first_m + at_m));
  const int in_place = load(params.t_place, (seq.first_m + at_m));
  const int at_l = index_l(in_mask, in_place);
  if (!(at_l >= 0 && at_l < seq.len_l)) return;
  u32 vector_in_x[VECTOR];
  load_vector(vector_in_x, params.t_x, ((seq.first_m + at_m) * 64 + start_d));
  value_t values[VECTOR];
  #pragma unroll
  for (int i = 0; i < VECTOR; ++i) {
    const u32 in_x = vector_in_x[i];
    values[i] = in_x;
  }
  write_chunk(params.t_out + ((seq.first_l + at_l) * 64 + start_d), pack_vector(values, params.t_out));
}

/** Rows that no element belongs to are 0. */
extern "C" __global__ void __launch_bounds__(THREADS) masked_rows_f32_d64_clear(const __grid_constant__ Params params) {
  const long long elements = (long long)params.rows_l * (16) * 4;
  const Chunk<(int)sizeof(*params.t_out)> zero = {};
  #pragma unroll
  for (int u = 0; u < UNROLL; ++u) {
    const long long element = ((long long)blockIdx.x * UNROLL + u) * THREADS + threadIdx.x;
    if (element < elements) write_chunk(params.t_out + element, zero);
  }
}

/** Every element to its row. */
extern "C" __global__ void __launch_bounds__(THREADS) masked_rows_f32_d64_scatter(const __grid_constant__ Params params) {
  const unsigned tail = 16;  // vectors of a row
  const long long begin = (long long)blockIdx.x * (THREADS * UNROLL), vectors = (long long)params.rows_m * tail;
  int* const found = (int*)dynamic_shared();
  if (threadIdx.x < 2 * WARP) {
    const int b = find_sequence(params, quotient(threadIdx.x < WARP ? begin : begin + THREADS * UNROLL - 1, tail));
    if (threadIdx.x % WARP == 0) found[threadIdx.x / WARP] = b;
  }
  block_barrier();
  #pragma unroll
  for (int u = 0; u < UNROLL; ++u) {
    const long long vector = begin + u * THREADS + threadIdx.x;
    if (vector >= vectors) continue;
    const long long group = quotient(vector, tail);
    const int b = sequence_between(params, group, found[0], found[1]);
    if (b >= (int)params.batch_b) continue;
    const Seq seq = load_sequence(params, b);
    if (group >= seq.first_m && group < seq.first_m + seq.len_m) scatter(params, seq, b, group, (unsigned)(vector - group * tail));
  }
}

#ifndef __CUDACC_RTC__
/** Queues the kernels on `stream`. Tensors begin at multiples of 16 bytes. Returns a cudaError_t; 9 (invalid configuration) where the elements exceed a grid. */
extern "C" int serrate_masked_rows_f32_d64(const Params* launch, unsigned, cudaStream_t stream) {
  const Params& params = *launch;
  const long long step = THREADS * UNROLL, clear = ((long long)params.rows_l * (16) * 4 + step - 1) / step, blocks = ((long long)params.rows_m * (16) + step - 1) / step;
  if (clear > 0x7fffffffll || blocks > 0x7fffffffll) return 9;
  if (clear == 0) return 0;
  const int error = serrate_launch(masked_rows_f32_d64_clear, (unsigned)clear, 1, THREADS, 16, stream, params);
  return error != 0 || blocks == 0 ? error : serrate_launch(masked_rows_f32_d64_scatter, (unsigned)blocks, 1, THREADS, 16, stream, params);
}
#endif
