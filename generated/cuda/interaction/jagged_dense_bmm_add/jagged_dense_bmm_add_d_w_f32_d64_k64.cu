// jagged_dense_bmm_add_d_w_f32_d64_k64: jagged interaction `jagged_dense_bmm_add_d_w` (contraction), f32, from kernels/interaction/jagged_dense_bmm_add.ts:4
// path       exact f32; blocks walk the rows; sequences that several share are merged in order; both factors are copied
// schedule   cuda_contraction block_m=64 block_n=64 block_k=32 thread_n=8 stages=2 lane_rows=4 persist=1 early_merge=1 part_rows=1024 parts=264
// definition 3b48a1093b23abb6   plan abe6ae8db288f2ed   serrate 0.1.0
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
/** A store that leaves first from the cache: nothing here reads it again. */
__device__ __forceinline__ void store_16(void* address, uint4 value) {
  asm volatile("st.global.cs.v4.u32 [%0], {%1, %2, %3, %4};" ::"l"(address), "r"(value.x), "r"(value.y), "r"(value.z), "r"(value.w) : "memory");
}
__device__ __forceinline__ uint32_t shared_address(const void* pointer) { return (uint32_t)__cvta_generic_to_shared(pointer); }
/** Starts a copy of 16 bytes to shared memory; zeros where not `valid`. They leave the L2 first: the kernel copies them once. */
__device__ __forceinline__ void cp_async_16(void* shared_dst, const void* global_src, bool valid) {
  unsigned long long leaves_first;
  asm("createpolicy.fractional.L2::evict_first.b64 %0, 1.0;" : "=l"(leaves_first));
  asm volatile("cp.async.cg.shared.global.L2::cache_hint [%0], [%1], 16, %2, %3;" ::"r"(shared_address(shared_dst)), "l"(global_src), "r"(valid ? 16 : 0), "l"(leaves_first) : "memory");
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

__device__ __forceinline__ void store(float* to, long long index, float value) { to[index] = value; }
__device__ __forceinline__ void store(int* to, long long index, int value) { to[index] = value; }

typedef float element_t;
constexpr int WARP = 32;  // lanes

/** The kernels take it by value: device pointers, then 4-byte fields. */
struct Params {
  const element_t* t_x;
  const element_t* t_d_stat0;
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

#ifndef SERRATE_CPU
/** The kernel behind this one may begin. */
__device__ __forceinline__ void let_next_begin() {
#if __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#endif
}
/** Waits for the kernel ahead of this one, and for what it wrote. */
__device__ __forceinline__ void wait_for_previous() {
#if __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}
#ifndef __CUDACC_RTC__
constexpr int WAITS_FROM = 90;  // PTX of a text whose kernels wait
/** As serrate_launch; where its text waits, from sm_90 on, the kernel may begin before the one ahead of it has ended. */
template <typename P>
static int serrate_launch_early(void (*kernel)(P), unsigned grid, unsigned block, unsigned shared_bytes, cudaStream_t stream, const P& params) {
  cudaFuncAttributes attributes = {};
  const cudaError_t error = cudaFuncGetAttributes(&attributes, (const void*)kernel);
  if (error != cudaSuccess) return (int)error;
  if (attributes.ptxVersion < WAITS_FROM) return serrate_launch(kernel, grid, 1, block, shared_bytes, stream, params);
  cudaLaunchAttribute early = {};
  early.id = cudaLaunchAttributeProgrammaticStreamSerialization;
  early.val.programmaticStreamSerializationAllowed = 1;
  cudaLaunchConfig_t config = {};
  config.gridDim = dim3(grid, 1, 1);
  config.blockDim = dim3(block, 1, 1);
  config.dynamicSmemBytes = shared_bytes;
  config.stream = stream;
  config.attrs = &early;
  config.numAttrs = 1;
  void* arguments[] = { (void*)&params };
  return (int)cudaLaunchKernelExC(&config, (const void*)kernel, arguments);
}
#endif
#endif

constexpr int BLOCK_M = 64, BLOCK_N = 64;  // rows and columns of the output tile of a block
constexpr int BLOCK_K = 32;  // elements of k in shared memory at once
constexpr int STAGES = 2;  // tiles of each operand in shared memory
constexpr int AHEAD = 1;  // tiles asked for before the first is multiplied

constexpr int THREADS = 64;
constexpr int MIN_BLOCKS = 6;  // of a multiprocessor: what limits registers
constexpr int VECTOR = 4;  // staged elements of 16 bytes
constexpr int LEFT_ROWS = 32, LEFT_COLUMNS = 64, LEFT_STRIDE = 72;  // the left tile: a row for each k

constexpr int RIGHT_ROWS = 32, RIGHT_COLUMNS = 64, RIGHT_STRIDE = 72;  // the right tile: a row for each k

constexpr int LEFT_TILE = LEFT_ROWS * LEFT_STRIDE, RIGHT_TILE = RIGHT_ROWS * RIGHT_STRIDE;
constexpr int PARTS = 264;  // parts that the rows of all sequences are split into
constexpr unsigned SHARED_BYTES = 36864;

typedef float staged_t;

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

/** Starts the copy of the left tile from at_d = i0 and at_l = k0 on; zeros from i_end and k_end on. */
__device__ __forceinline__ void stage_left(const Params& params, const Seq& seq, int at_b, staged_t* tile, int i0, int i_end, int k0, int k_end) {
  constexpr int PIECES = LEFT_COLUMNS / VECTOR, ROWS = THREADS / PIECES;  // of a row; rows that the threads copy at once
  const int first = (int)threadIdx.x / PIECES, column = (int)threadIdx.x % PIECES * VECTOR;
  const int at_d = i0 + column;
  const element_t* from;
  {
    const int at_l = k0 + first;
    from = params.t_x + ((seq.first_l + at_l) * 64 + at_d);
  }
  #pragma unroll
  for (int row = 0; row < LEFT_ROWS; row += ROWS) {
    if (LEFT_ROWS % ROWS != 0 && row + first >= LEFT_ROWS) break;
    const int at_l = k0 + first + row;
    cp_async_16(tile + (row + first) * LEFT_STRIDE + column, from + row * 64, at_d < i_end && at_l < k_end);
  }
}

/** Starts the copy of the right tile from at_k = i0 and at_l = k0 on; zeros from i_end and k_end on. */
__device__ __forceinline__ void stage_right(const Params& params, const Seq& seq, int at_b, staged_t* tile, int i0, int i_end, int k0, int k_end) {
  constexpr int PIECES = RIGHT_COLUMNS / VECTOR, ROWS = THREADS / PIECES;  // of a row; rows that the threads copy at once
  const int first = (int)threadIdx.x / PIECES, column = (int)threadIdx.x % PIECES * VECTOR;
  const int at_k = i0 + column;
  const element_t* from;
  {
    const int at_l = k0 + first;
    from = params.t_d_stat0 + ((seq.first_l + at_l) * 64 + at_k);
  }
  #pragma unroll
  for (int row = 0; row < RIGHT_ROWS; row += ROWS) {
    if (RIGHT_ROWS % ROWS != 0 && row + first >= RIGHT_ROWS) break;
    const int at_l = k0 + first + row;
    cp_async_16(tile + (row + first) * RIGHT_STRIDE + column, from + row * 64, at_k < i_end && at_l < k_end);
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

/** Writes an element of the output. */
__device__ __forceinline__ void put(const Params& params, const Seq& seq, int at_b, int at_d, int at_k, float sum) {
  store(params.t_out, (((long long)at_b * 64 + at_d) * 64 + at_k), sum);
}

__device__ __forceinline__ void clear(Sums& sums) {
  #pragma unroll
  for (int r = 0; r < SUM_ROWS; ++r)
    #pragma unroll
    for (int c = 0; c < SUM_COLUMNS; ++c) at(sums, r, c) = 0.0f;
}
/** Writes a tile of the output. */
__device__ __forceinline__ void put_tile(const Params& params, const Seq& seq, int at_b, Sums& sums, int m0, int m_end, int n0, int n_end) {
  #pragma unroll
  for (int r = 0; r < SUM_ROWS; ++r) {
    const int at_d = m0 + row_of(r);
    if (at_d >= m_end) continue;
    #pragma unroll
    for (int c = 0; c < SUM_COLUMNS; c += 4) {
      if (n0 + column_of(c) >= n_end) continue;
      const float group[4] = { at(sums, r, c), at(sums, r, c + 1), at(sums, r, c + 2), at(sums, r, c + 3) };
      const int at_k = n0 + column_of(c);
      store_16(params.t_out + (((long long)at_b * 64 + at_d) * 64 + at_k), make_uint4(float_as_uint(group[0]), float_as_uint(group[1]), float_as_uint(group[2]), float_as_uint(group[3])));
    }
  }
}
/** Writes the sums of a part. */
__device__ __forceinline__ void put_part(float* partials, Sums& sums, int m0, int m_end, int n0, int n_end) {
  #pragma unroll
  for (int r = 0; r < SUM_ROWS; ++r) {
    const int m = m0 + row_of(r);
    if (m >= m_end) continue;
    #pragma unroll
    for (int c = 0; c < SUM_COLUMNS; ++c) {
      const int n = n0 + column_of(c);
      if (n < n_end) partials[(long long)m * n_end + n] = at(sums, r, c);
    }
  }
}

/** Where an even share of the rows begins. */
__device__ __forceinline__ long long share_of(const Params& params, int part) { return (long long)params.rows_l * part / PARTS; }
/** So many rows a part may begin before or after its share, at the border of a sequence. */
__device__ __forceinline__ long long reach(const Params& params) { return params.rows_l / (4 * PARTS); }

/** Where a part begins, and the first sequence that has rows from there on, or has none and lies there. */
struct Cut { long long row; int b; };
__device__ __forceinline__ Cut cut_at(const Params& params, int part) {
  const long long row = share_of(params, part);
  if (part == 0) return Cut{ 0, 0 };
  if (part == PARTS) return Cut{ row, (int)params.batch_b };
  const int b = sequence_at(params, row, 1, 0);
  const long long first = first_row(params, b), after = first_row(params, b + 1);
  // Sequences without rows that lie there too come before b.
  if (row - first <= reach(params) && row - first <= after - row) return Cut{ first, b == 0 || first == 0 ? 0 : first_row(params, b - 1) < first ? b : sequence_at(params, first - 1, 1, 0) + 1 };
  return row < after && after - row > reach(params) ? Cut{ row, b } : Cut{ row < after ? after : row, b + 1 };
}

/** A block's way through the rows of its part, sequence after sequence. */
struct Walk {
  Seq seq;
  int b;
  int k, k_end;  // rows of the sequence that are the part's
  bool head, tail;  // parts before and behind this one have rows of it too
};
/** Looks up the rows of sequence walk.b; false where no more sequences are the part's. */
__device__ __forceinline__ bool enter(Walk& walk, const Params& params, long long begin, long long end, bool last) {
  if (walk.b >= (int)params.batch_b) return false;
  const long long first = first_row(params, walk.b);
  if (first >= end && !last) return false;
  const Seq seq = load_sequence(params, walk.b);
  const int length = seq.len_l;
  walk.seq = seq;
  walk.head = first < begin;
  walk.tail = first + length > end;
  walk.k = !walk.head ? 0 : begin - first < length ? (int)(begin - first) : length;
  walk.k_end = walk.tail ? (int)(end - first) : length;
  return true;
}

/** Starts the copies of the next rows, and goes on. */
__device__ __forceinline__ void ask(Walk& next, bool& has_next, const Params& params, staged_t* left, staged_t* right, int m0, int m_end, int n0, int n_end, long long begin, long long end, bool last) {
  stage_left(params, next.seq, next.b, left, m0, m_end, next.k, next.k_end);
  stage_right(params, next.seq, next.b, right, n0, n_end, next.k, next.k_end);
  next.k += BLOCK_K;
  while (has_next && next.k >= next.k_end) { ++next.b; has_next = enter(next, params, begin, end, last); }
}

/** Each block sums the rows of a part for a tile of the output, and writes it for each sequence. */
extern "C" __global__ void __launch_bounds__(THREADS, MIN_BLOCKS) jagged_dense_bmm_add_d_w_f32_d64_k64_main(const Params params) {
  let_next_begin();
  staged_t* const shared = (staged_t*)dynamic_shared();
  staged_t* const right = shared + STAGES * LEFT_TILE;
  const int tiles_n = (64 + BLOCK_N - 1) / BLOCK_N, tiles_m = (64 + BLOCK_M - 1) / BLOCK_M;
  const int n0 = (int)(blockIdx.x % (unsigned)tiles_n) * BLOCK_N, n_end = 64;
  const int m0 = (int)(blockIdx.x / (unsigned)tiles_n % (unsigned)tiles_m) * BLOCK_M, m_end = 64;
  const int part = (int)(blockIdx.x / (unsigned)tiles_n / (unsigned)tiles_m);
  if (params.batch_b == 0) return;
  // Two warps look up where the part begins and ends.
  Cut* const cuts = (Cut*)shared;
  for (int i = (int)threadIdx.x / WARP; i < 2; i += THREADS / WARP) {
    const Cut cut = cut_at(params, part + i);
    if (threadIdx.x % WARP == 0) cuts[i] = cut;
  }
  block_barrier();
  const long long begin = cuts[0].row, end = cuts[1].row;
  const int first_sequence = cuts[0].b;
  block_barrier();
  const bool last = part == PARTS - 1;
  Walk now = {};
  now.b = first_sequence;
  bool has_now = enter(now, params, begin, end, last);
  // The rows that are asked for, AHEAD steps before those at hand.
  Walk next = now;
  bool has_next = has_now;
  while (has_next && next.k >= next.k_end) { ++next.b; has_next = enter(next, params, begin, end, last); }
  int slot = 0;
  #pragma unroll 1
  for (int step = 0; step < AHEAD; ++step) {
    if (has_next) ask(next, has_next, params, shared + step * LEFT_TILE, right + step * RIGHT_TILE, m0, m_end, n0, n_end, begin, end, last);
    cp_async_commit();
  }
  for (; has_now; ++now.b, has_now = enter(now, params, begin, end, last)) {
    Sums sums;
    clear(sums);
    #pragma unroll 1
    for (; now.k < now.k_end; now.k += BLOCK_K) {
      cp_async_wait<AHEAD - 1>();
      block_barrier();
      const int next_slot = slot == 0 ? STAGES - 1 : slot - 1;
      if (has_next) ask(next, has_next, params, shared + next_slot * LEFT_TILE, right + next_slot * RIGHT_TILE, m0, m_end, n0, n_end, begin, end, last);
      cp_async_commit();
      multiply(sums, shared + slot * LEFT_TILE, right + slot * RIGHT_TILE);
      slot = slot == STAGES - 1 ? 0 : slot + 1;
    }
    if (now.head || now.tail) put_part(params.partials + (2 * part + (now.head ? 0 : 1)) * ((long long)m_end * n_end), sums, m0, m_end, n0, n_end);
    else put_tile(params, now.seq, now.b, sums, m0, m_end, n0, n_end);
  }
  cp_async_wait<0>();
}

constexpr int MERGE_THREADS = 256;
constexpr int MERGE_ELEMENTS = 2048;  // elements of a sequence that a block takes

/** Sums the parts of a sequence that several blocks share, in order: the block of the first cut inside of it does. */
extern "C" __global__ void __launch_bounds__(MERGE_THREADS) jagged_dense_bmm_add_d_w_f32_d64_k64_merge(const Params params) {
  const int n_end = 64;
  const long long elements = (long long)64 * n_end;
  const long long blocks = (elements + MERGE_ELEMENTS - 1) / MERGE_ELEMENTS;
  if (params.batch_b == 0) return wait_for_previous();
  const int cut = (int)(blockIdx.x / blocks) + 1;
  const long long row = share_of(params, cut);
  const int at_b = sequence_at(params, row, 1, 0);
  const long long first = first_row(params, at_b), after = first_row(params, at_b + 1);
  const Seq seq = load_sequence(params, at_b);
  wait_for_previous();
  if (row - first <= reach(params) || after - row <= reach(params)) return;
  if (cut > 1 && share_of(params, cut - 1) - first > reach(params)) return;
  int cut_end = cut + 1;
  while (cut_end < PARTS && after - share_of(params, cut_end) > reach(params)) ++cut_end;
  const long long begin = blockIdx.x % blocks * MERGE_ELEMENTS, end = begin + MERGE_ELEMENTS < elements ? begin + MERGE_ELEMENTS : elements;
  for (long long i = begin + threadIdx.x; i < end; i += MERGE_THREADS) {
    // The last rows of the part before the cut, then the first ones of those behind it.
    float sum = params.partials[(2 * cut - 1) * elements + i];
    for (int part = cut; part < cut_end; ++part) sum += params.partials[2 * part * elements + i];
    put(params, seq, at_b, (int)(i / n_end), (int)(i % n_end), sum);
  }
}

#ifndef __CUDACC_RTC__
/** Queues the kernels on `stream`. Tensors begin at multiples of 16 bytes. Returns a cudaError_t; 9 (invalid configuration) when the tiles exceed a grid. `params->partials` is workspace for the sums of each part. */
extern "C" int serrate_jagged_dense_bmm_add_d_w_f32_d64_k64(const Params* params, unsigned multiprocessors, cudaStream_t stream) {
  (void)multiprocessors;
  const long long n_end = 64, tiles_n = (n_end + BLOCK_N - 1) / BLOCK_N;
  const long long m_end = 64, tiles_m = (m_end + BLOCK_M - 1) / BLOCK_M;
  const long long outer = PARTS;
  const long long blocks = outer * tiles_m * tiles_n;
  if (blocks > 0x7fffffff) return 9;
  if (blocks == 0) return 0;
  const int error = serrate_launch(jagged_dense_bmm_add_d_w_f32_d64_k64_main, (unsigned)blocks, 1, THREADS, SHARED_BYTES, stream, *params);
  if (error != 0) return error;
  const long long merge_blocks = (PARTS - 1) * ((m_end * n_end + MERGE_ELEMENTS - 1) / MERGE_ELEMENTS);
  if (merge_blocks > 0x7fffffff) return 9;
  if (merge_blocks == 0) return 0;
  return serrate_launch_early(jagged_dense_bmm_add_d_w_f32_d64_k64_merge, (unsigned)merge_blocks, MERGE_THREADS, 0, stream, *params);
}
#endif
