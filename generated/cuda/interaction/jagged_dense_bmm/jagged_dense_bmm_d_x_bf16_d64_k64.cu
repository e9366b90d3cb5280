// jagged_dense_bmm_d_x_bf16_d64_k64: jagged interaction `jagged_dense_bmm_d_x` (contraction), bf16, from kernels/interaction/jagged_dense_bmm.ts:4
// path       mma.m16n8k16 with 16-bit operands; a tile of the output a block; both factors are copied
// schedule   cuda_contraction block_m=128 block_n=64 block_k=64 thread_n=8 stages=1 lane_rows=0 persist=0 early_merge=0 part_rows=2048 parts=512
// definition efbabe22d0528bc0   plan ba76d24ae6a62ea1   serrate 0.1.0
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
/** Starts a copy of 16 bytes to shared memory; zeros where not `valid`. The L2 fetches the 256 bytes that they lie in. */
__device__ __forceinline__ void cp_async_16(void* shared_dst, const void* global_src, bool valid) {
  asm volatile("cp.async.cg.shared.global.L2::256B [%0], [%1], 16, %2;" ::"r"(shared_address(shared_dst)), "l"(global_src), "r"(valid ? 16 : 0) : "memory");
}
/** Ends a group of copies. */
__device__ __forceinline__ void cp_async_commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }
/** Waits until at most N of this thread's latest groups are still on their way. */
template <int N>
__device__ __forceinline__ void cp_async_wait() { asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory"); }

struct bf16_t { uint16_t bits; };
/** Rounded to nearest even. */
template <typename T>
__device__ __forceinline__ T from_float(float x);
template <>
__device__ __forceinline__ float from_float<float>(float x) { return x; }
template <>
__device__ __forceinline__ bf16_t from_float<bf16_t>(float x) {
  bf16_t y;
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(y.bits) : "f"(x));
  return y;
}
/** Two values in one register, `lo` in the low half, rounded to nearest even. */
template <typename T>
__device__ __forceinline__ uint32_t pack2(float lo, float hi);

template <>
__device__ __forceinline__ uint32_t pack2<bf16_t>(float lo, float hi) {
  uint32_t d;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(hi), "f"(lo));
  return d;
}
/** d += a · b: a 16x16 row-major, b 16x8 column-major, d 16x8 in f32, spread over the warp. */
__device__ __forceinline__ void mma_m16n8k16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], bf16_t) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
/** Four 8x8 matrices of 2-byte elements; lane i gives the address of row i % 8 of matrix i / 8. */
__device__ __forceinline__ void ldmatrix_x4(uint32_t (&r)[4], const void* shared_row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(shared_address(shared_row)) : "memory");
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

__device__ __forceinline__ void store(float* to, long long index, float value) { to[index] = value; }
__device__ __forceinline__ void store(bf16_t* to, long long index, float value) { to[index] = from_float<bf16_t>(value); }
__device__ __forceinline__ void store(int* to, long long index, int value) { to[index] = value; }

typedef bf16_t element_t;
constexpr int WARP = 32;  // lanes

/** The kernels take it by value: device pointers, then 4-byte fields. */
struct Params {
  const element_t* t_w;
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

constexpr int BLOCK_M = 128, BLOCK_N = 64;  // rows and columns of the output tile of a block
constexpr int BLOCK_K = 64;  // elements of k in shared memory at once
constexpr int STAGES = 1;  // tiles of each operand in shared memory
constexpr int AHEAD = 1;  // tiles asked for before the first is multiplied: all of them

constexpr int THREADS = 256;
constexpr int MIN_BLOCKS = 4;  // of a multiprocessor: what limits registers
constexpr int VECTOR = 8;  // staged elements of 16 bytes
constexpr int OUT_VECTOR = 8;  // output elements of 16 bytes
constexpr int OUT_STRIDE = BLOCK_N + OUT_VECTOR;  // elements between rows of the output's tile in shared memory
constexpr int LEFT_ROWS = 128, LEFT_COLUMNS = 64, LEFT_STRIDE = 72;  // the left tile: rows of k

constexpr int RIGHT_ROWS = 64, RIGHT_COLUMNS = 64, RIGHT_STRIDE = 72;  // the right tile: rows of k

constexpr int LEFT_TILE = LEFT_ROWS * LEFT_STRIDE, RIGHT_TILE = RIGHT_ROWS * RIGHT_STRIDE;
constexpr unsigned SHARED_BYTES = 27648;

typedef element_t staged_t;

/** The last sequence b whose place, floor(first[b] / per) + b * step, is at most `place`. The lanes of a warp search together. */
__device__ __forceinline__ int sequence_at(const Params& params, long long place, int per, int step) {
  const int lane = (int)threadIdx.x % WARP;
  int low = 0, count = (int)params.batch_b;
  while (count > 1) {
    const int stride = (count + WARP - 1) / WARP, probe = low + lane * stride;
    const bool below = lane * stride < count && offset_at(params.offsets_l, params.offset_words_l, params.rows_l, probe) / per + (long long)probe * step <= place;
    const int lanes = __popc(warp_ballot(below));
    const int passed = lanes > 0 ? (lanes - 1) * stride : 0;
    low += passed;
    count = count - passed < stride ? count - passed : stride;
  }
  return low;
}
/** Where a sequence begins. */
__device__ __forceinline__ long long first_row(const Params& params, int b) { return offset_at(params.offsets_l, params.offset_words_l, params.rows_l, b); }

/** Starts the copy of the left tile from at_l = i0 and at_k = k0 on; zeros from i_end and k_end on. */
__device__ __forceinline__ void stage_left(const Params& params, const Seq& seq, int at_b, staged_t* tile, int i0, int i_end, int k0, int k_end) {
  constexpr int PIECES = LEFT_COLUMNS / VECTOR, ROWS = THREADS / PIECES;  // of a row; rows that the threads copy at once
  const int first = (int)threadIdx.x / PIECES, column = (int)threadIdx.x % PIECES * VECTOR;
  const int at_k = k0 + column;
  const element_t* from;
  {
    const int at_l = i0 + first;
    from = params.t_d_out + ((seq.first_l + at_l) * 64 + at_k);
  }
  #pragma unroll
  for (int row = 0; row < LEFT_ROWS; row += ROWS) {
    if (LEFT_ROWS % ROWS != 0 && row + first >= LEFT_ROWS) break;
    const int at_l = i0 + first + row;
    cp_async_16(tile + (row + first) * LEFT_STRIDE + column, from + row * 64, at_l < i_end && at_k < k_end);
  }
}

/** Starts the copy of the right tile from at_d = i0 and at_k = k0 on; zeros from i_end and k_end on. */
__device__ __forceinline__ void stage_right(const Params& params, const Seq& seq, int at_b, staged_t* tile, int i0, int i_end, int k0, int k_end) {
  constexpr int PIECES = RIGHT_COLUMNS / VECTOR, ROWS = THREADS / PIECES;  // of a row; rows that the threads copy at once
  const int first = (int)threadIdx.x / PIECES, column = (int)threadIdx.x % PIECES * VECTOR;
  const int at_k = k0 + column;
  const element_t* from;
  {
    const int at_d = i0 + first;
    from = params.t_w + (((long long)at_b * 64 + at_d) * 64 + at_k);
  }
  #pragma unroll
  for (int row = 0; row < RIGHT_ROWS; row += ROWS) {
    if (RIGHT_ROWS % ROWS != 0 && row + first >= RIGHT_ROWS) break;
    const int at_d = i0 + first + row;
    cp_async_16(tile + (row + first) * RIGHT_STRIDE + column, from + row * 64, at_d < i_end && at_k < k_end);
  }
}

constexpr int WARPS_M = 4, WARPS_N = 2;
constexpr int WARP_M = BLOCK_M / WARPS_M, WARP_N = BLOCK_N / WARPS_N;  // the part of a warp
constexpr int SUM_ROWS = WARP_M / 8, SUM_COLUMNS = WARP_N / 4;

/** Sums of a warp as mma leaves them: rows lane / 4 and lane / 4 + 8 of each 16x8 piece, columns 2 * (lane % 4) and the next. */
struct Sums { float piece[WARP_M / 16][WARP_N / 8][4]; };

__device__ __forceinline__ int lane_id() { return (int)threadIdx.x % WARP; }
__device__ __forceinline__ int warp_row() { return (int)threadIdx.x / WARP / WARPS_N * WARP_M; }
__device__ __forceinline__ int warp_column() { return (int)threadIdx.x / WARP % WARPS_N * WARP_N; }
/** Place in the tile of this thread's row r and column c. */
__device__ __forceinline__ int row_of(int r) { return warp_row() + r * 8 + lane_id() / 4; }
__device__ __forceinline__ int column_of(int c) { return warp_column() + c / 2 * 8 + lane_id() % 4 * 2 + c % 2; }
__device__ __forceinline__ float& at(Sums& sums, int r, int c) { return sums.piece[r / 2][c / 2][r % 2 * 2 + c % 2]; }

/** Adds the product of two tiles. */
__device__ __forceinline__ void multiply(Sums& sums, const staged_t* left, const staged_t* right) {
  const staged_t* const left_rows = left + (warp_row() + lane_id() % 16) * LEFT_STRIDE + lane_id() / 16 * 8;
  const staged_t* const right_rows = right + (warp_column() + lane_id() % 8 + lane_id() / 16 * 8) * RIGHT_STRIDE + lane_id() / 8 % 2 * 8;
  #pragma unroll
  for (int k = 0; k < BLOCK_K; k += 16) {
    uint32_t a[WARP_M / 16][4];
    #pragma unroll
    for (int m = 0; m < WARP_M / 16; ++m) ldmatrix_x4(a[m], left_rows + m * 16 * LEFT_STRIDE + k);

    #pragma unroll
    for (int n = 0; n < WARP_N / 16; ++n) {
      uint32_t b[4];
      ldmatrix_x4(b, right_rows + n * 16 * RIGHT_STRIDE + k);

      const uint32_t low[2] = { b[0], b[1] }, high[2] = { b[2], b[3] };
      #pragma unroll
      for (int m = 0; m < WARP_M / 16; ++m) {
        mma_m16n8k16(sums.piece[m][2 * n], a[m], low, staged_t());
        mma_m16n8k16(sums.piece[m][2 * n + 1], a[m], high, staged_t());
      }
    }
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
    const int at_l = m0 + row_of(r);
    if (at_l >= m_end) continue;
    #pragma unroll
    for (int c = 0; c < SUM_COLUMNS; c += 2) {
      if (n0 + column_of(c) >= n_end) continue;
      const float group[2] = { at(sums, r, c), at(sums, r, c + 1) };
      *(uint32_t*)(tile + row_of(r) * OUT_STRIDE + column_of(c)) = pack2<element_t>(group[0], group[1]);
    }
  }
  block_barrier();
  constexpr int PIECES = BLOCK_N / OUT_VECTOR, ROWS = THREADS / PIECES;  // of a row; rows that the threads write at once
  const int first = (int)threadIdx.x / PIECES, column = (int)threadIdx.x % PIECES * OUT_VECTOR;
  const int at_d = n0 + column;
  element_t* to;
  {
    const int at_l = m0 + first;
    to = params.t_out + ((seq.first_l + at_l) * 64 + at_d);
  }
  #pragma unroll
  for (int row = 0; row < BLOCK_M; row += ROWS) {
    if (BLOCK_M % ROWS != 0 && row + first >= BLOCK_M) break;
    const int at_l = m0 + first + row;
    if (at_l < m_end && at_d < n_end) store_16(to + row * 64, load_16(tile + (first + row) * OUT_STRIDE + column));
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
  // One step of BLOCK_K.
  int slot = 0;
  for (int step = 0; step < steps; ++step) {
    cp_async_wait<AHEAD - 1>();
    block_barrier();
    cp_async_commit();
    multiply(sums, shared + slot * LEFT_TILE, shared + STAGES * LEFT_TILE + slot * RIGHT_TILE);
    slot = slot == STAGES - 1 ? 0 : slot + 1;
  }
  block_barrier();
}

/** Rows past the last sequence are 0: block `nth` of `blocks` writes its share. */
__device__ __forceinline__ void clear_rest(const Params& params, long long nth, long long blocks) {
  const long long row_size = (long long)64, end = (long long)params.rows_l * row_size;
  const long long begin = offset_at(params.offsets_l, params.offset_words_l, params.rows_l, params.batch_b) * row_size;
  for (long long i = begin + nth * THREADS + threadIdx.x; i < end; i += blocks * THREADS) store(params.t_out, i, 0);
}

extern "C" __global__ void __launch_bounds__(THREADS, MIN_BLOCKS) jagged_dense_bmm_d_x_bf16_d64_k64_main(const Params params) {
  staged_t* const shared = (staged_t*)dynamic_shared();
  const int tiles_n = (64 + BLOCK_N - 1) / BLOCK_N;
  const int n0 = (int)(blockIdx.x % (unsigned)tiles_n) * BLOCK_N, n_end = 64;
  long long item = blockIdx.x / (unsigned)tiles_n;
  if (params.batch_b == 0) return clear_rest(params, blockIdx.x, gridDim.x);
  const int at_b = sequence_at(params, item, BLOCK_M, 1);
  const Seq seq = load_sequence(params, at_b);
  const long long nth = item - first_row(params, at_b) / BLOCK_M - at_b;
  const int m_end = seq.len_l;
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
  const int k_begin = 0, k_end = 64;
  Sums sums;
  clear(sums);
  accumulate(sums, params, seq, at_b, shared, m0, m_end, n0, n_end, k_begin, k_end);
  put_tile(params, seq, at_b, sums, (unsigned char*)shared, m0, m_end, n0, n_end);
}

#ifndef __CUDACC_RTC__
/** Queues the kernel on `stream`. Tensors begin at multiples of 16 bytes. Returns a cudaError_t; 9 (invalid configuration) when the tiles exceed a grid. */
extern "C" int serrate_jagged_dense_bmm_d_x_bf16_d64_k64(const Params* params, unsigned multiprocessors, cudaStream_t stream) {
  (void)multiprocessors;
  const long long n_end = 64, tiles_n = (n_end + BLOCK_N - 1) / BLOCK_N;
  const long long tiles_m = 1;
  const long long outer = (long long)params->rows_l / BLOCK_M + params->batch_b + 1;
  const long long blocks = outer * tiles_m * tiles_n;
  if (blocks > 0x7fffffff) return 9;
  if (blocks == 0) return 0;
  return serrate_launch(jagged_dense_bmm_d_x_bf16_d64_k64_main, (unsigned)blocks, 1, THREADS, SHARED_BYTES, stream, *params);
}
#endif
