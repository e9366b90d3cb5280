// array_jagged_bmm_jagged_out_transposed_f32_d64: jagged interaction `array_jagged_bmm_jagged_out_transposed` (contraction), f32, from kernels/interaction/array_jagged_bmm_jagged_out_transposed.ts:4
// path       exact f32; a tile of the output a block; the right factor is copied, the other computed
// schedule   cuda_contraction block_m=64 block_n=64 block_k=32 thread_n=8 stages=2 lane_rows=4 persist=0 early_merge=0 part_rows=1024 parts=512
// definition 5966c9e9f7d85d8a   plan 2c880d56f2d11614   serrate 0.1.0
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

/** Rounded to nearest even. */
template <typename T>
__device__ __forceinline__ T from_float(float x);
template <>
__device__ __forceinline__ float from_float<float>(float x) { return x; }

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
  const element_t* t_a;
  const element_t* t_y;
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
  int len_j;
  int len_i;
  long long first_outer_i_j;
  long long first_i;
  long long first_j;
};

/** Sequence b. Whatever the offsets are, its rows lie inside of the tensors. */
__device__ __forceinline__ Seq load_sequence(const Params& params, int b) {
  Seq seq = {};
  const long long rows_of_len_j = offset_at(params.offsets_j, params.offset_words_j, params.rows_j, (long long)b + 1) - offset_at(params.offsets_j, params.offset_words_j, params.rows_j, b);
  seq.len_j = rows_of_len_j > 0 ? (int)rows_of_len_j : 0;
  const long long rows_of_len_i = offset_at(params.offsets_i, params.offset_words_i, params.rows_i, (long long)b + 1) - offset_at(params.offsets_i, params.offset_words_i, params.rows_i, b);
  seq.len_i = rows_of_len_i > 0 ? (int)rows_of_len_i : 0;
  seq.first_outer_i_j = offset_at(params.offsets_outer_i_j, params.offset_words_outer_i_j, params.rows_outer_i_j, b);
  seq.first_i = offset_at(params.offsets_i, params.offset_words_i, params.rows_i, b);
  seq.first_j = offset_at(params.offsets_j, params.offset_words_j, params.rows_j, b);
  if (seq.first_outer_i_j + (long long)seq.len_i * seq.len_j > params.rows_outer_i_j) seq.len_i = seq.len_j = 0;
  return seq;
}

constexpr int BLOCK_M = 64, BLOCK_N = 64;  // rows and columns of the output tile of a block
constexpr int BLOCK_K = 32;  // elements of k in shared memory at once
constexpr int STAGES = 2;  // tiles of each operand in shared memory
constexpr int AHEAD = 1;  // tiles asked for before the first is multiplied

constexpr int THREADS = 64;
constexpr int MIN_BLOCKS = 6;  // of a multiprocessor: what limits registers
constexpr int VECTOR = 4;  // staged elements of 16 bytes
constexpr int OUT_VECTOR = 4;  // output elements of 16 bytes
constexpr int OUT_STRIDE = BLOCK_N + OUT_VECTOR;  // elements between rows of the output's tile in shared memory
constexpr int LEFT_ROWS = 32, LEFT_COLUMNS = 64, LEFT_STRIDE = 72;  // the left tile: a row for each k

constexpr int RIGHT_ROWS = 32, RIGHT_COLUMNS = 64, RIGHT_STRIDE = 72;  // the right tile: a row for each k

constexpr int LEFT_TILE = LEFT_ROWS * LEFT_STRIDE, RIGHT_TILE = RIGHT_ROWS * RIGHT_STRIDE;
constexpr unsigned SHARED_BYTES = 36864;

typedef float staged_t;

/** The last sequence b whose place, floor(first[b] / per) + b * step, is at most `place`. The lanes of a warp search together. */
__device__ __forceinline__ int sequence_at(const Params& params, long long place, int per, int step) {
  const int lane = (int)threadIdx.x % WARP;
  int low = 0, count = (int)params.batch_b;
  while (count > 1) {
    const int stride = (count + WARP - 1) / WARP, probe = low + lane * stride;
    const bool below = lane * stride < count && offset_at(params.offsets_j, params.offset_words_j, params.rows_j, probe) / per + (long long)probe * step <= place;
    const int lanes = __popc(warp_ballot(below));
    const int passed = lanes > 0 ? (lanes - 1) * stride : 0;
    low += passed;
    count = count - passed < stride ? count - passed : stride;
  }
  return low;
}
/** Where a sequence begins. */
__device__ __forceinline__ long long first_row(const Params& params, int b) { return offset_at(params.offsets_j, params.offset_words_j, params.rows_j, b); }

/** The left factor. */
__device__ __forceinline__ float left_element(const Params& params, const Seq& seq, int at_b, int at_j, int at_i) {
  const float in_a = load(params.t_a, (seq.first_outer_i_j + (long long)at_i * seq.len_j + at_j));
  return in_a;
}
/** Computes the left tile from at_j = i0 and at_i = k0 on; zeros from i_end and k_end on. */
__device__ __forceinline__ void stage_left(const Params& params, const Seq& seq, int at_b, staged_t* tile, int i0, int i_end, int k0, int k_end) {
  constexpr int COUNT = LEFT_ROWS * LEFT_COLUMNS;
  #pragma unroll 4
  for (int i = (int)threadIdx.x; i < COUNT; i += THREADS) {
    const int row = i / LEFT_COLUMNS, column = i % LEFT_COLUMNS;
    const int at_j = i0 + column, at_i = k0 + row;
    const bool inside = at_j < i_end && at_i < k_end;
    tile[row * LEFT_STRIDE + column] = from_float<staged_t>(inside ? left_element(params, seq, at_b, at_j, at_i) : 0.0f);
  }
}

/** Starts the copy of the right tile from at_d = i0 and at_i = k0 on; zeros from i_end and k_end on. */
__device__ __forceinline__ void stage_right(const Params& params, const Seq& seq, int at_b, staged_t* tile, int i0, int i_end, int k0, int k_end) {
  constexpr int PIECES = RIGHT_COLUMNS / VECTOR, ROWS = THREADS / PIECES;  // of a row; rows that the threads copy at once
  const int first = (int)threadIdx.x / PIECES, column = (int)threadIdx.x % PIECES * VECTOR;
  const int at_d = i0 + column;
  const element_t* from;
  {
    const int at_i = k0 + first;
    from = params.t_y + ((seq.first_i + at_i) * 64 + at_d);
  }
  #pragma unroll
  for (int row = 0; row < RIGHT_ROWS; row += ROWS) {
    if (RIGHT_ROWS % ROWS != 0 && row + first >= RIGHT_ROWS) break;
    const int at_i = k0 + first + row;
    cp_async_16(tile + (row + first) * RIGHT_STRIDE + column, from + row * 64, at_d < i_end && at_i < k_end);
  }
}

constexpr int SUM_ROWS = 8, SUM_COLUMNS = 8;  // sums of a thread
constexpr int ROW_THREADS = BLOCK_M / SUM_ROWS, COLUMN_THREADS = BLOCK_N / SUM_COLUMNS;

struct Sums { float value[SUM_ROWS][SUM_COLUMNS]; };
struct __align__(16) Quad { float x[4]; };

constexpr int LANE_ROWS = 4, LANE_COLUMNS = 8;  // threads of a warp
constexpr int WARP_COLUMNS = COLUMN_THREADS / LANE_COLUMNS;  // warps side by side

// Bit 0 of a lane is of its row, bit 1 of its column: of either factor, two neighbours in four lanes read the same words.
__device__ __forceinline__ int thread_row() {
  const int warp = (int)threadIdx.x / WARP, lane = (int)threadIdx.x % WARP;
  return warp / WARP_COLUMNS * LANE_ROWS + lane % 2 + lane / 4 % (LANE_ROWS / 2) * 2;
}
__device__ __forceinline__ int thread_column() {
  const int warp = (int)threadIdx.x / WARP, lane = (int)threadIdx.x % WARP;
  return warp % WARP_COLUMNS * LANE_COLUMNS + lane / 2 % 2 + lane / (2 * LANE_ROWS) * 2;
}
/** Place in the tile of this thread's row r and column c: what it reads as quads lies together, what it reads alone is spread over the banks. */
__device__ __forceinline__ int row_of(int r) { return r / 4 * 4 * ROW_THREADS + thread_row() * 4 + r % 4; }
__device__ __forceinline__ int column_of(int c) { return c / 4 * 4 * COLUMN_THREADS + thread_column() * 4 + c % 4; }
__device__ __forceinline__ float& at(Sums& sums, int r, int c) { return sums.value[r][c]; }

/** Adds the product of two tiles. */
__device__ __forceinline__ void multiply(Sums& sums, const staged_t* left, const staged_t* right) {
  #pragma unroll 2
  for (int k = 0; k < BLOCK_K; k += 4) {
    float a[SUM_ROWS][4], b[SUM_COLUMNS][4];
    #pragma unroll
    for (int r = 0; r < SUM_ROWS; r += 4)
      #pragma unroll
      for (int i = 0; i < 4; ++i) {
        const Quad quad = *(const Quad*)(left + (k + i) * LEFT_STRIDE + row_of(r));
        #pragma unroll
        for (int j = 0; j < 4; ++j) a[r + j][i] = quad.x[j];
      }
    #pragma unroll
    for (int c = 0; c < SUM_COLUMNS; c += 4)
      #pragma unroll
      for (int i = 0; i < 4; ++i) {
        const Quad quad = *(const Quad*)(right + (k + i) * RIGHT_STRIDE + column_of(c));
        #pragma unroll
        for (int j = 0; j < 4; ++j) b[c + j][i] = quad.x[j];
      }
    #pragma unroll
    for (int i = 0; i < 4; ++i)
      #pragma unroll
      for (int r = 0; r < SUM_ROWS; ++r)
        #pragma unroll
        for (int c = 0; c < SUM_COLUMNS; ++c) sums.value[r][c] += a[r][i] * b[c][i];
  }
}

__device__ __forceinline__ void clear(Sums& sums) {
  #pragma unroll
  for (int r = 0; r < SUM_ROWS; ++r)
    #pragma unroll
    for (int c = 0; c < SUM_COLUMNS; ++c) at(sums, r, c) = 0.0f;
}
/** Writes a tile of the output, through shared memory so that a row is written 16 bytes at once. */
__device__ __forceinline__ void put_tile(const Params& params, const Seq& seq, int at_b, Sums& sums, unsigned char* shared, int m0, int m_end, int n0, int n_end) {
  element_t* const tile = (element_t*)shared;
  #pragma unroll
  for (int r = 0; r < SUM_ROWS; ++r) {
    const int at_j = m0 + row_of(r);
    if (at_j >= m_end) continue;
    #pragma unroll
    for (int c = 0; c < SUM_COLUMNS; c += 2) {
      if (n0 + column_of(c) >= n_end) continue;
      const float group[2] = { at(sums, r, c), at(sums, r, c + 1) };
      *(float2*)(tile + row_of(r) * OUT_STRIDE + column_of(c)) = make_float2(group[0], group[1]);
    }
  }
  block_barrier();
  constexpr int PIECES = BLOCK_N / OUT_VECTOR, ROWS = THREADS / PIECES;  // of a row; rows that the threads write at once
  const int first = (int)threadIdx.x / PIECES, column = (int)threadIdx.x % PIECES * OUT_VECTOR;
  const int at_d = n0 + column;
  element_t* to;
  {
    const int at_j = m0 + first;
    to = params.t_out + ((seq.first_j + at_j) * 64 + at_d);
  }
  #pragma unroll
  for (int row = 0; row < BLOCK_M; row += ROWS) {
    if (BLOCK_M % ROWS != 0 && row + first >= BLOCK_M) break;
    const int at_j = m0 + first + row;
    if (at_j < m_end && at_d < n_end) store_16(to + row * 64, load_16(tile + (first + row) * OUT_STRIDE + column));
  }
}

/** Adds the products of k_begin .. k_end to the sums. All threads are past their last use of shared memory when it returns. */
__device__ __forceinline__ void accumulate(Sums& sums, const Params& params, const Seq& seq, int at_b, staged_t* shared, int m0, int m_end, int n0, int n_end, int k_begin, int k_end) {
  const int steps = (k_end - k_begin + BLOCK_K - 1) / BLOCK_K;
  // The first tiles of the ring.
  #pragma unroll
  for (int step = 0; step < AHEAD; ++step) {
    if (step < steps) {
      stage_left(params, seq, at_b, shared + step * LEFT_TILE, m0, m_end, k_begin + step * BLOCK_K, k_end);
      stage_right(params, seq, at_b, shared + STAGES * LEFT_TILE + step * RIGHT_TILE, n0, n_end, k_begin + step * BLOCK_K, k_end);
    }
    cp_async_commit();
  }
  // One step of BLOCK_K: the tile AHEAD of it is asked for, then this one is multiplied.
  int slot = 0;
  for (int step = 0; step < steps; ++step) {
    cp_async_wait<AHEAD - 1>();
    block_barrier();
    const int next = step + AHEAD;
    const int next_slot = slot == 0 ? STAGES - 1 : slot - 1;
    if (next < steps) {
      stage_left(params, seq, at_b, shared + next_slot * LEFT_TILE, m0, m_end, k_begin + next * BLOCK_K, k_end);
      stage_right(params, seq, at_b, shared + STAGES * LEFT_TILE + next_slot * RIGHT_TILE, n0, n_end, k_begin + next * BLOCK_K, k_end);
    }
    cp_async_commit();
    multiply(sums, shared + slot * LEFT_TILE, shared + STAGES * LEFT_TILE + slot * RIGHT_TILE);
    slot = slot == STAGES - 1 ? 0 : slot + 1;
  }
  block_barrier();
}

/** Rows past the last sequence are 0: block `nth` of `blocks` writes its share. */
__device__ __forceinline__ void clear_rest(const Params& params, long long nth, long long blocks) {
  const long long row_size = (long long)64, end = (long long)params.rows_j * row_size;
  const long long begin = offset_at(params.offsets_j, params.offset_words_j, params.rows_j, params.batch_b) * row_size;
  for (long long i = begin + nth * THREADS + threadIdx.x; i < end; i += blocks * THREADS) store(params.t_out, i, 0);
}

extern "C" __global__ void __launch_bounds__(THREADS, MIN_BLOCKS) array_jagged_bmm_jagged_out_transposed_f32_d64_main(const Params params) {
  staged_t* const shared = (staged_t*)dynamic_shared();
  const int tiles_n = (64 + BLOCK_N - 1) / BLOCK_N;
  const int n0 = (int)(blockIdx.x % (unsigned)tiles_n) * BLOCK_N, n_end = 64;
  long long item = blockIdx.x / (unsigned)tiles_n;
  if (params.batch_b == 0) return clear_rest(params, blockIdx.x, gridDim.x);
  const int at_b = sequence_at(params, item, BLOCK_M, 1);
  const Seq seq = load_sequence(params, at_b);
  const long long nth = item - first_row(params, at_b) / BLOCK_M - at_b;
  const int m_end = seq.len_j;
  if (nth < 0) return;
  if (nth * BLOCK_M >= m_end) {
    // Slots past the last sequence's rows.
    if (at_b + 1 == (int)params.batch_b && n0 == 0) {
      const long long first_free = item - nth + (m_end + BLOCK_M - 1) / BLOCK_M;
      clear_rest(params, item - first_free, gridDim.x / (unsigned)tiles_n - first_free);
    }
    return;
  }
  const int m0 = (int)nth * BLOCK_M;
  const int k_begin = 0, k_end = seq.len_i;
  Sums sums;
  clear(sums);
  accumulate(sums, params, seq, at_b, shared, m0, m_end, n0, n_end, k_begin, k_end);
  put_tile(params, seq, at_b, sums, (unsigned char*)shared, m0, m_end, n0, n_end);
}

#ifndef __CUDACC_RTC__
/** Queues the kernel on `stream`. Tensors begin at multiples of 16 bytes. Returns a cudaError_t; 9 (invalid configuration) when the tiles exceed a grid. */
extern "C" int serrate_array_jagged_bmm_jagged_out_transposed_f32_d64(const Params* params, unsigned multiprocessors, cudaStream_t stream) {
  (void)multiprocessors;
  const long long n_end = 64, tiles_n = (n_end + BLOCK_N - 1) / BLOCK_N;
  const long long tiles_m = 1;
  const long long outer = (long long)params->rows_j / BLOCK_M + params->batch_b + 1;
  const long long blocks = outer * tiles_m * tiles_n;
  if (blocks > 0x7fffffff) return 9;
  if (blocks == 0) return 0;
  return serrate_launch(array_jagged_bmm_jagged_out_transposed_f32_d64_main, (unsigned)blocks, 1, THREADS, SHARED_BYTES, stream, *params);
}
#endif
