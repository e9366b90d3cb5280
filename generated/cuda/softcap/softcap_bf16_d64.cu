// softcap_bf16_d64: jagged attention `softcap`, bf16, head dim 64, softmax, with lse
// schedule   cuda_mma blockM=64 blockN=32 numWarps=4 numStages=2 queryRegisters=1 split=1 order=0 pack=0 gqa=0
// definition 412febb5faa18b37   plan 19667ed074be8a16   serrate 0.1.0
// Emitted text: edit the definition, not this file. Compile with nvcc or NVRTC for sm_80, sm_90a, sm_100, or with g++ -DSERRATE_CPU.
#ifdef SERRATE_CPU
#include "serrate_cpu.hpp"
#else

typedef unsigned short uint16_t;
typedef unsigned int uint32_t;

__device__ __forceinline__ void block_barrier() { __syncthreads(); }
__device__ __forceinline__ void warp_barrier() { __syncwarp(); }
/** The value of the lane whose number differs in the bits of `lane_mask`. */
template <typename T>
__device__ __forceinline__ T shuffle_xor(T value, int lane_mask) { return __shfl_xor_sync(0xffffffffu, value, lane_mask); }
/** The value of one lane. */
template <typename T>
__device__ __forceinline__ T shuffle_index(T value, int lane) { return __shfl_sync(0xffffffffu, value, lane); }
/** Whether it holds for some lane of the warp. */
__device__ __forceinline__ bool warp_any(bool predicate) { return __any_sync(0xffffffffu, predicate); }
/** The block's dynamic shared memory, 16-byte aligned. */
__device__ __forceinline__ unsigned char* dynamic_shared() {
  extern __shared__ __align__(16) unsigned char serrate_shared[];
  return serrate_shared;
}
__device__ __forceinline__ uint32_t shared_address(const void* pointer) { return (uint32_t)__cvta_generic_to_shared(pointer); }
__device__ __forceinline__ float uint_as_float(uint32_t bits) { return __uint_as_float(bits); }
/** 2^x to 2 ulp. */
__device__ __forceinline__ float exp2_approx(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}
__device__ __forceinline__ uint4 load_16(const void* address) { return *(const uint4*)address; }
__device__ __forceinline__ void store_16(void* address, uint4 value) { *(uint4*)address = value; }
/** Starts a copy of 16 bytes to shared memory; zeros where not `valid`. */
__device__ __forceinline__ void cp_async_16(void* shared_dst, const void* global_src, bool valid) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(shared_dst)), "l"(global_src), "r"(valid ? 16 : 0) : "memory");
}
/** Ends a group of copies. */
__device__ __forceinline__ void cp_async_commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }
/** Waits until at most N of this thread's latest groups are still on their way. */
template <int N>
__device__ __forceinline__ void cp_async_wait() { asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory"); }

struct bf16_t { uint16_t bits; };
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
/** As ldmatrix_x4, each matrix transposed. */
__device__ __forceinline__ void ldmatrix_x4_trans(uint32_t (&r)[4], const void* shared_row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(shared_address(shared_row)) : "memory");
}

/** Queues a kernel on a stream; 0 is success. */
#ifndef __CUDACC_RTC__
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

constexpr int HEAD_DIM = 64, VALUE_DIM = 64;
constexpr int BLOCK_M = 64;  // queries of a tile
constexpr int BLOCK_N = 32;  // keys of a tile
constexpr int THREADS = 128;
constexpr unsigned BUILDER_THREADS = 256;
constexpr int THREAD_ROWS = 2;  // queries whose scores a thread holds
constexpr int THREAD_COLUMNS = 8;  // keys of a tile whose scores a thread holds
constexpr int ROW_LANES = 4;  // neighbouring lanes that share a query
constexpr int STAGES = 2;  // key tiles in shared memory
constexpr unsigned SHARED_BYTES = 18432;
constexpr unsigned TILES_COUNT = 3, TILES_ENTRIES = 8, TILES_ENTRY_WORDS = 8;  // words of the tiles workspace
constexpr unsigned PAD = 0xffffffffu;  // the sequence of rows that have no keys
constexpr unsigned BROADCAST = 1, ALIGN_END = 2, KV_INDEX = 4;  // bits of layout_flags
constexpr float LOG2E = 1.4426950408889634f;
constexpr float LN2 = 0.6931471805599453f;
constexpr uint32_t NEGATIVE_INFINITY = 0xff800000u;
constexpr float FLOAT_MAX = 3.402823466e38f;  // minus this is the maximum of a row that has kept nothing: finite, so that no difference is NaN
constexpr float SLACK = 0.0f;  // log2 of how far a weight may pass 1 before its row is rescaled: more is faster and less accurate

typedef bf16_t element_t;

/** The kernels take it by value: device pointers, then 4-byte fields. Strides count elements; the 64 of a row and head lie side by side. */
struct Params {
  const element_t* q;
  const element_t* k;
  const element_t* v;
  element_t* out;
  float* lse;
  unsigned* tiles;
  const unsigned* seq_offsets;
  const unsigned* kv_offsets;
  const int* kv_index;
  unsigned num_sequences;
  unsigned num_heads;
  unsigned head_group;
  unsigned num_rows;
  unsigned kv_rows;
  unsigned max_tiles;
  unsigned offset_words;
  unsigned kv_offset_words;
  unsigned query_rows;
  unsigned layout_flags;
  unsigned q_row_stride;
  unsigned q_head_stride;
  unsigned k_row_stride;
  unsigned k_head_stride;
  unsigned v_row_stride;
  unsigned v_head_stride;
  unsigned out_row_stride;
  unsigned out_head_stride;
  unsigned lse_row_stride;
  unsigned lse_head_stride;
  float sm_scale;
};

/** A query tile: queries first_query .. of a sequence. Rows count in q, in k and v, and in out; position0 is the position of query 0. */
struct __align__(16) Tile {
  unsigned q_row0, q_len, first_query, sequence, kv_row0, kv_len, out_row0;
  int position0;
};

/** What a hook knows of its sequence, and where its rows lie. */
struct Seq {
  int q_len;
  int kv_len;
  int position0;
  long long q_row0;
  long long kv_row0;
};

// score_mod, from kernels/softcap.ts:4
__device__ __forceinline__ float score_mod(const Params& params, float score, int b, int h, int q, int kv, const Seq& seq) {
  return (30.0f * tanhf((score / 30.0f)));
}

// mask_mod, from dsl/masks/causal.ts:2
__device__ __forceinline__ bool mask_mod(const Params& params, int b, int h, int q, int kv, const Seq& seq) {
  return (kv <= q);
}

// falling_always, from dsl/masks/causal.ts:2
__device__ __forceinline__ bool falling_always(const Params& params, int b, int h, int q0, int q1, int kv0, int kv1, const Seq& seq) {
  return (kv1 <= q0);
}

// falling_never, from dsl/masks/causal.ts:2
__device__ __forceinline__ bool falling_never(const Params& params, int b, int h, int q0, int q1, int kv0, int kv1, const Seq& seq) {
  return (q1 < kv0);
}

/** The offset at an index of an i32 array, or of an i64 one (2 words each), clamped to the rows there are. */
__device__ __forceinline__ unsigned read_offset(const unsigned* offsets, unsigned long long index, unsigned words, unsigned rows) {
  const unsigned low = offsets[index * words], last = offsets[index * words + words - 1];
  const unsigned high = words == 2 ? last : (low >> 31) * 0xffffffffu;
  if (high >> 31) return 0;
  return high != 0 || low > rows ? rows : low;
}
__device__ __forceinline__ unsigned query_offset(const Params& params, unsigned long long index) { return read_offset(params.seq_offsets, index, params.offset_words, params.num_rows); }
__device__ __forceinline__ unsigned key_offset(const Params& params, unsigned long long index) { return read_offset(params.kv_offsets, index, params.kv_offset_words, params.kv_rows); }

/** Where the queries and the keys of a sequence lie. */
__device__ __forceinline__ Tile sequence_view(const Params& params, unsigned sequence) {
  Tile x = {};
  x.sequence = sequence;
  if (params.query_rows > 0) {
    // query_rows for each sequence, or the same for all
    x.q_len = params.query_rows;
    x.out_row0 = sequence * params.query_rows;
    x.q_row0 = params.layout_flags & BROADCAST ? 0 : x.out_row0;
  } else {
    const unsigned end = query_offset(params, (unsigned long long)sequence + 1);
    x.q_row0 = x.out_row0 = query_offset(params, sequence);
    x.q_len = end < x.q_row0 ? 0 : end - x.q_row0;
  }
  unsigned keys = sequence;
  if (params.layout_flags & KV_INDEX) keys = params.kv_index[sequence] < 0 ? 0 : (unsigned)params.kv_index[sequence];
  const unsigned end = key_offset(params, (unsigned long long)keys + 1);
  x.kv_row0 = key_offset(params, keys);
  x.kv_len = end < x.kv_row0 ? 0 : end - x.kv_row0;
  if (params.layout_flags & ALIGN_END) x.position0 = (int)x.kv_len - (int)x.q_len;
  return x;
}

/** The rows past the last sequence, from `row` on: they have no keys. */
__device__ __forceinline__ Tile rest_from(const Params& params, unsigned row) {
  Tile x = {};
  x.sequence = PAD;
  x.q_row0 = x.out_row0 = row;
  x.q_len = params.num_rows - row;
  return x;
}

__device__ __forceinline__ unsigned blocks(unsigned rows) { return rows / BLOCK_M + (rows % BLOCK_M != 0); }
/** Leading queries that have no position. */
__device__ __forceinline__ unsigned dropped_rows(const Tile& x) { return x.position0 >= 0 ? 0 : (unsigned)-x.position0 < x.q_len ? (unsigned)-x.position0 : x.q_len; }
/** Query tiles of a sequence: those of rows without a position, then the others. */
__device__ __forceinline__ unsigned tiles_of(const Tile& x) { return blocks(dropped_rows(x)) + blocks(x.q_len - dropped_rows(x)); }
__device__ __forceinline__ Tile nth_tile(Tile x, unsigned n) {
  const unsigned dropped = dropped_rows(x), without = blocks(dropped);
  x.first_query = n < without ? n * BLOCK_M : dropped + (n - without) * BLOCK_M;
  if (n < without) {
    x.sequence = PAD;
    x.q_len = dropped;
    x.kv_len = 0;
    x.position0 = 0;
  }
  return x;
}

__device__ __forceinline__ Tile* tile_entry(const Params& params, unsigned place) { return (Tile*)(params.tiles + TILES_ENTRIES + TILES_ENTRY_WORDS * (unsigned long long)place); }

/** What the threads before this one hold, and what all do. */
struct Prefix { unsigned before, total; };

/** Of a warp's values. */
__device__ __forceinline__ Prefix warp_prefix(unsigned own) {
  Prefix p = { 0, own };
  #pragma unroll
  for (unsigned step = 1; step < 32; step *= 2) {
    const unsigned other = shuffle_xor(p.total, (int)step);
    p.before += threadIdx.x & step ? other : 0;
    p.total += other;
  }
  return p;
}

/** Of a block's: every warp adds up the sums of all. Before another call `warp_sums` must be free. */
__device__ __forceinline__ Prefix block_prefix(unsigned own, unsigned* warp_sums) {
  const unsigned lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const Prefix mine = warp_prefix(own);
  if (lane == 0) warp_sums[warp] = mine.total;
  block_barrier();
  const Prefix warps = warp_prefix(lane < BUILDER_THREADS / 32 ? warp_sums[lane] : 0);
  return { shuffle_index(warps.before, (int)warp) + mine.before, warps.total };
}

/** Writes the `count` query tiles of each lane's sequence, from `place` of the list on. Lanes take one tile after another of all, so that neighbours write neighbours. */
__device__ __forceinline__ void write_tiles(const Params& params, const Tile& x, unsigned count, unsigned place) {
  const unsigned room = place < params.max_tiles ? params.max_tiles - place : 0;
  const Prefix tiles = warp_prefix(count < room ? count : room);
  for (unsigned first = 0; first < tiles.total; first += 32) {
    const unsigned tile = first + threadIdx.x % 32;
    unsigned owner = 0;  // the last lane whose tiles begin at or before it
    #pragma unroll
    for (unsigned step = 16; step > 0; step /= 2) owner += shuffle_index(tiles.before, (int)(owner + step)) <= tile ? step : 0;
    Tile own = {};
    #pragma unroll
    for (unsigned word = 0; word < TILES_ENTRY_WORDS; ++word) ((unsigned*)&own)[word] = shuffle_index(((const unsigned*)&x)[word], (int)owner);
    const unsigned n = tile - shuffle_index(tiles.before, (int)owner), at = shuffle_index(place, (int)owner) + n;
    if (tile < tiles.total) *tile_entry(params, at) = nth_tile(own, n);
  }
}

/** Writes the tiles of the rows past the last sequence, by all threads. Returns how many they are. */
__device__ __forceinline__ unsigned write_rest(const Params& params, const Tile& rest, unsigned place) {
  const unsigned count = tiles_of(rest);
  for (unsigned i = threadIdx.x; i < count && place + i < params.max_tiles; i += BUILDER_THREADS) *tile_entry(params, place + i) = nth_tile(rest, i);
  return count;
}

/** One block: the query tiles of every sequence, in order, into the tiles workspace. */
extern "C" __global__ void __launch_bounds__(256) softcap_bf16_d64_build_tiles(const __grid_constant__ Params params) {
  unsigned* const warp_sums = (unsigned*)dynamic_shared();
  unsigned& rest_row = warp_sums[BUILDER_THREADS / 32];
  const unsigned thread = threadIdx.x;
  unsigned done = 0;
  const unsigned begin = 0, end = params.num_sequences;
  for (unsigned long long chunk = begin; chunk < end; chunk += BUILDER_THREADS) {
    Tile x = {};
    if (chunk + thread < end) x = sequence_view(params, (unsigned)chunk + thread);
    const unsigned count = tiles_of(x);
    const Prefix tiles = block_prefix(count, warp_sums);
    write_tiles(params, x, count, done + tiles.before);
    done += tiles.total;
    if (chunk + thread + 1 == params.num_sequences) rest_row = x.out_row0 + x.q_len;
    block_barrier();
  }
  done += write_rest(params, rest_from(params, params.num_sequences > 0 ? rest_row : 0), done);
  if (thread == 0) {
    const unsigned count = done < params.max_tiles ? done : params.max_tiles;
    const unsigned long long blocks = (unsigned long long)count * params.num_heads;
    params.tiles[0] = (unsigned)(blocks < 65535 ? blocks : 65535);
    params.tiles[1] = (unsigned)((blocks + 65534) / 65535);
    params.tiles[2] = 1;
    params.tiles[TILES_COUNT] = count;
    params.tiles[4] = 0;
    params.tiles[5] = 0;
  }
}

/** The tile of a place in the grid: the list from its end, where under a causal mask a sequence's tiles have the most keys. */
__device__ __forceinline__ Tile listed_tile(const Params& params, unsigned count, unsigned place) { return *tile_entry(params, count - 1 - place); }

/** Key tiles [begin, end) keep some pair of the query tile; those in [full_begin, full_end) keep every pair. */
struct KeyTiles { int begin, full_begin, full_end, end; };

/** Binary searches over the monotone parts of the mask, for queries q0..q1 (inclusive). */
__device__ __forceinline__ KeyTiles find_key_tiles(const Params& params, int b, int h, int q0, int q1, const Seq& seq) {
  const int count = (seq.kv_len + BLOCK_N - 1) / BLOCK_N;
  KeyTiles found = { 0, 0, count, count };
  {
    int low = 0, high = count;
    while (low < high) {
      const int middle = (low + high) / 2, kv0 = middle * BLOCK_N, kv1 = kv0 + BLOCK_N <= seq.kv_len ? kv0 + BLOCK_N - 1 : seq.kv_len - 1;
      if (!falling_always(params, b, h, q0, q1, kv0, kv1, seq)) high = middle;
      else low = middle + 1;
    }
    found.full_end = low;
  }
  {
    int low = 0, high = count;
    while (low < high) {
      const int middle = (low + high) / 2, kv0 = middle * BLOCK_N, kv1 = kv0 + BLOCK_N <= seq.kv_len ? kv0 + BLOCK_N - 1 : seq.kv_len - 1;
      if (falling_never(params, b, h, q0, q1, kv0, kv1, seq)) high = middle;
      else low = middle + 1;
    }
    found.end = low;
  }
  return found;
}

/**
 * Starts loading rows [first, first + ROWS) of one head into shared rows of STRIDE elements; `source` is row 0. Rows at or past `limit` and
 * columns past DIM become 0.
 */
template <int ROWS, int COLUMNS, int DIM, int STRIDE>
__device__ __forceinline__ void load_rows(element_t* shared, const element_t* source, unsigned row_stride, int first, int limit) {
  constexpr int CHUNK = 8;  // elements of 16 bytes
  constexpr int CHUNKS = COLUMNS / CHUNK;
  #pragma unroll
  for (int i = 0; i < (ROWS * CHUNKS + THREADS - 1) / THREADS; ++i) {
    const int chunk = (int)threadIdx.x + i * THREADS;
    const int row = chunk / CHUNKS, column = chunk % CHUNKS * CHUNK;
    if (ROWS * CHUNKS % THREADS == 0 || chunk < ROWS * CHUNKS)
      cp_async_16(shared + row * STRIDE + column, source + (unsigned long long)(unsigned)(first + row) * row_stride + column, first + row < limit && column < DIM);
  }
}

constexpr int WARP_TILES = 1;  // 16-query tiles of a warp
constexpr int KEY_COLUMNS = 64, VALUE_COLUMNS = 64;  // dims in shared memory, zero past HEAD_DIM and VALUE_DIM
constexpr int QUERY_STRIDE = 72;  // elements between shared rows: an odd number of 16 bytes, so that 8 rows touch all banks once
constexpr int KEY_STRIDE = QUERY_STRIDE, VALUE_STRIDE = 72;
constexpr int DIM_STEPS = KEY_COLUMNS / 16, VALUE_STEPS = VALUE_COLUMNS / 16;
constexpr int KEY_STEPS = BLOCK_N / 16;

/** S of a warp as mma leaves it: rows lane / 4 and lane / 4 + 8 of each 16x8 piece, columns 2 * (lane % 4) and the next. */
struct Scores { float piece[WARP_TILES][2 * KEY_STEPS][4]; };
/** O of a warp before normalisation, laid out as Scores. */
struct Output { float piece[WARP_TILES][2 * VALUE_STEPS][4]; };
/** Q of a warp as mma's left operand. */
struct Query { uint32_t fragment[WARP_TILES][DIM_STEPS][4]; };

__device__ __forceinline__ int lane_id() { return (int)threadIdx.x % 32; }
__device__ __forceinline__ int warp_row() { return (int)threadIdx.x / 32 * (16 * WARP_TILES); }
/** Place in the tile of this thread's row r and column c. */
__device__ __forceinline__ int row_of(int r) { return warp_row() + r * 8 + lane_id() / 4; }
__device__ __forceinline__ int column_of(int c) { return c / 2 * 8 + lane_id() % 4 * 2 + c % 2; }
__device__ __forceinline__ float& at(Scores& s, int r, int c) { return s.piece[r / 2][c / 2][r % 2 * 2 + c % 2]; }

__device__ __forceinline__ void clear(Output& output) {
  #pragma unroll
  for (int m = 0; m < WARP_TILES; ++m)
    #pragma unroll
    for (int d = 0; d < 2 * VALUE_STEPS; ++d)
      #pragma unroll
      for (int i = 0; i < 4; ++i) output.piece[m][d][i] = 0.0f;
}

__device__ __forceinline__ void scale_row(Output& output, int r, float factor) {
  #pragma unroll
  for (int d = 0; d < 2 * VALUE_STEPS; ++d) {
    output.piece[r / 2][d][r % 2 * 2] *= factor;
    output.piece[r / 2][d][r % 2 * 2 + 1] *= factor;
  }
}

/** Four mma operands from 16 shared rows (lane % 16) and two 8-column chunks (lane / 16): the left operand, or V's transposed. */
template <int STRIDE>
__device__ __forceinline__ const element_t* operand_row(const element_t* shared) { return shared + lane_id() % 16 * STRIDE + lane_id() / 16 * 8; }
/** Two 8-key right operands of K: rows by lane % 8 and lane / 16, chunks by lane / 8 % 2. */
__device__ __forceinline__ const element_t* key_row(const element_t* shared) {
  return shared + (lane_id() % 8 + lane_id() / 16 * 8) * KEY_STRIDE + lane_id() / 8 % 2 * 8;
}

__device__ __forceinline__ void load_query(Query& query, const element_t* shared) {
  const element_t* const rows = operand_row<QUERY_STRIDE>(shared + warp_row() * QUERY_STRIDE);
  #pragma unroll
  for (int m = 0; m < WARP_TILES; ++m)
    #pragma unroll
    for (int step = 0; step < DIM_STEPS; ++step) ldmatrix_x4(query.fragment[m][step], rows + m * 16 * QUERY_STRIDE + step * 16);
}

/** S = Q · K^T of one key tile. */
__device__ __forceinline__ void multiply_keys(Scores& s, const Query& query, const element_t* keys) {
  const element_t* const key_rows = key_row(keys);
  #pragma unroll
  for (int m = 0; m < WARP_TILES; ++m)
    #pragma unroll
    for (int n = 0; n < 2 * KEY_STEPS; ++n)
      #pragma unroll
      for (int i = 0; i < 4; ++i) s.piece[m][n][i] = 0.0f;
  #pragma unroll
  for (int step = 0; step < DIM_STEPS; ++step) {
    #pragma unroll
    for (int n = 0; n < KEY_STEPS; ++n) {
      uint32_t rows[4];
      ldmatrix_x4(rows, key_rows + n * 16 * KEY_STRIDE + step * 16);
      const uint32_t low[2] = { rows[0], rows[1] }, high[2] = { rows[2], rows[3] };
      #pragma unroll
      for (int m = 0; m < WARP_TILES; ++m) {
        mma_m16n8k16(s.piece[m][2 * n], query.fragment[m][step], low, element_t());
        mma_m16n8k16(s.piece[m][2 * n + 1], query.fragment[m][step], high, element_t());
      }
    }
  }
}

/** P of 16 queries and 16 keys as mma's left operand: what Scores holds now, rounded. */
__device__ __forceinline__ void round_weights(uint32_t (&weights)[4], const Scores& p, int m, int step) {
  #pragma unroll
  for (int i = 0; i < 4; ++i) {
    const float(&piece)[4] = p.piece[m][2 * step + i / 2];
    weights[i] = pack2<element_t>(piece[i % 2 * 2], piece[i % 2 * 2 + 1]);
  }
}

/** O += P · V of one key tile. */
__device__ __forceinline__ void multiply_values(Output& output, Scores& p, const element_t* values) {
  const element_t* const value_rows = operand_row<VALUE_STRIDE>(values);
  #pragma unroll
  for (int step = 0; step < KEY_STEPS; ++step) {
    uint32_t weights[WARP_TILES][4];
    #pragma unroll
    for (int m = 0; m < WARP_TILES; ++m) round_weights(weights[m], p, m, step);
    #pragma unroll
    for (int d = 0; d < VALUE_STEPS; ++d) {
      uint32_t rows[4];
      ldmatrix_x4_trans(rows, value_rows + step * 16 * VALUE_STRIDE + d * 16);
      const uint32_t low[2] = { rows[0], rows[1] }, high[2] = { rows[2], rows[3] };
      #pragma unroll
      for (int m = 0; m < WARP_TILES; ++m) {
        mma_m16n8k16(output.piece[m][2 * d], weights[m], low, element_t());
        mma_m16n8k16(output.piece[m][2 * d + 1], weights[m], high, element_t());
      }
    }
  }
}

/** Rounds O and writes its rows below `limit`, through the warp's own shared rows so that a row leaves in 16-byte pieces. */
__device__ __forceinline__ void store_output(element_t* out, const Output& output, element_t* shared, unsigned row_stride, int limit) {
  uint32_t* const words = (uint32_t*)(shared + warp_row() * VALUE_STRIDE);
  #pragma unroll
  for (int m = 0; m < WARP_TILES; ++m)
    #pragma unroll
    for (int d = 0; d < 2 * VALUE_STEPS; ++d)
      #pragma unroll
      for (int half = 0; half < 2; ++half) {
        const int row = m * 16 + half * 8 + lane_id() / 4;
        words[row * (VALUE_STRIDE / 2) + d * 4 + lane_id() % 4] = pack2<element_t>(output.piece[m][d][2 * half], output.piece[m][d][2 * half + 1]);
      }
  warp_barrier();
  const element_t* const rows = shared + warp_row() * VALUE_STRIDE;
  constexpr int CHUNKS = VALUE_DIM / 8;
  for (int i = lane_id(); i < 16 * WARP_TILES * CHUNKS; i += 32) {
    const int row = i / CHUNKS, column = i % CHUNKS * 8, place = warp_row() + row;
    if (place < limit) store_16(out + (unsigned long long)(unsigned)place * row_stride + column, load_16(rows + row * VALUE_STRIDE + column));
  }
}

/** Scaled scores through the author's score_mod. */
__device__ __forceinline__ void modify_scores(const Params& params, Scores& s, int b, int h, int q0, int kv0, const Seq& seq) {
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r)
    #pragma unroll
    for (int c = 0; c < THREAD_COLUMNS; ++c)
      at(s, r, c) = score_mod(params, params.sm_scale * at(s, r, c), b, h, q0 + row_of(r), kv0 + column_of(c), seq);
}

/** Pairs that the mask drops, and keys past the sequence, get minus infinity. */
__device__ __forceinline__ void mask_scores(const Params& params, Scores& s, int b, int h, int q0, int kv0, const Seq& seq) {
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r)
    #pragma unroll
    for (int c = 0; c < THREAD_COLUMNS; ++c)
      at(s, r, c) = (kv0 + column_of(c) >= seq.kv_len) | !mask_mod(params, b, h, q0 + row_of(r), kv0 + column_of(c), seq) ? uint_as_float(NEGATIVE_INFINITY) : at(s, r, c);  // no short circuit: a branch a pair would cost more
}

/** Keys past the sequence get minus infinity. */
__device__ __forceinline__ void mask_tail(Scores& s, int kv0, int kv_len) {
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r)
    #pragma unroll
    for (int c = 0; c < THREAD_COLUMNS; ++c)
      if (kv0 + column_of(c) >= kv_len) at(s, r, c) = uint_as_float(NEGATIVE_INFINITY);
}

/**
 * One step of the online softmax: scores become weights 2^(scale · s - m_i). A row whose maximum passes m_i by more than SLACK rescales what was
 * summed so far; below that its weights may pass 1, which the final division undoes.
 */
__device__ __forceinline__ void softmax_step(Scores& s, Output& output, float (&m_i)[THREAD_ROWS], float (&l_i)[THREAD_ROWS], float scale_log2) {
  float row_max[THREAD_ROWS];
  bool rises = false;
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r) {
    row_max[r] = at(s, r, 0);
    #pragma unroll
    for (int c = 1; c < THREAD_COLUMNS; ++c) row_max[r] = fmaxf(row_max[r], at(s, r, c));
    #pragma unroll
    for (int lanes = 1; lanes < ROW_LANES; lanes *= 2) row_max[r] = fmaxf(row_max[r], shuffle_xor(row_max[r], lanes));
    rises |= fmaf(row_max[r], scale_log2, -m_i[r]) > SLACK;
  }
  if (warp_any(rises)) {
    #pragma unroll
    for (int r = 0; r < THREAD_ROWS; ++r) {
      const float m_new = fmaf(row_max[r], scale_log2, -m_i[r]) > SLACK ? row_max[r] * scale_log2 : m_i[r];
      const float rescale = exp2_approx(m_i[r] - m_new);
      l_i[r] *= rescale;
      scale_row(output, r, rescale);
      m_i[r] = m_new;
    }
  }
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r)
    #pragma unroll
    for (int c = 0; c < THREAD_COLUMNS; ++c) {
      const float weight = exp2_approx(fmaf(at(s, r, c), scale_log2, -m_i[r]));
      at(s, r, c) = weight;
      l_i[r] += weight;
    }
}

constexpr int STAGE_ELEMENTS = 4608;  // one K and one V tile
constexpr int STAGE_VALUES = 2304;  // where V starts in a stage
constexpr int STAGES_OFFSET = 0, QUERY_OFFSET = 4608;  // elements; Q lies where the last stage comes later

/** One block a query tile and head: O of BLOCK_M queries over the keys of their sequence. */
extern "C" __global__ void __launch_bounds__(128) softcap_bf16_d64_attention(const __grid_constant__ Params params) {
  const unsigned count = params.tiles[TILES_COUNT], place = blockIdx.x / params.num_heads;
  if (place >= count) return;
  const int h = (int)(blockIdx.x % params.num_heads);
  const Tile tile = listed_tile(params, count, place);
  const bool pad = tile.sequence == PAD;
  const int b = pad ? 0 : (int)tile.sequence;
  const int limit = (int)(tile.q_len - tile.first_query);  // rows from the tile's first on that there are
  const int q0 = (int)tile.first_query + tile.position0;  // position of row 0
  Seq seq = {};
  seq.q_len = (int)tile.q_len;
  seq.kv_len = (int)tile.kv_len;
  seq.position0 = tile.position0;
  seq.q_row0 = tile.q_row0;
  seq.kv_row0 = tile.kv_row0;
  const unsigned kv_head = (unsigned)h / params.head_group;
  const element_t* const k = params.k + (unsigned long long)tile.kv_row0 * params.k_row_stride + (unsigned long long)kv_head * params.k_head_stride;
  const element_t* const v = params.v + (unsigned long long)tile.kv_row0 * params.v_row_stride + (unsigned long long)kv_head * params.v_head_stride;
  element_t* const shared = (element_t*)dynamic_shared();
  element_t* const stages = shared + STAGES_OFFSET;
  element_t* const queries = shared + QUERY_OFFSET;

  load_rows<BLOCK_M, KEY_COLUMNS, HEAD_DIM, QUERY_STRIDE>(queries, params.q + (unsigned long long)(tile.q_row0 + tile.first_query) * params.q_row_stride + (unsigned long long)h * params.q_head_stride, params.q_row_stride, 0, limit);
  cp_async_commit();

  Output output;
  clear(output);
  float m_i[THREAD_ROWS], l_i[THREAD_ROWS];  // running maximum (log2) and this thread's part of the sum
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r) {
    m_i[r] = -FLOAT_MAX;
    l_i[r] = 0.0f;
  }

  const int q1 = q0 + (limit < BLOCK_M ? limit : BLOCK_M) - 1;
  const KeyTiles tiles = find_key_tiles(params, b, h, q0, q1, seq);
  const int first = tiles.begin, last = tiles.end;
  #pragma unroll
  for (int stage = 0; stage < STAGES - 1; ++stage) {
    if (first + stage < last) {
      load_rows<BLOCK_N, KEY_COLUMNS, HEAD_DIM, KEY_STRIDE>(stages + stage * STAGE_ELEMENTS, k, params.k_row_stride, (first + stage) * BLOCK_N, seq.kv_len);
      load_rows<BLOCK_N, VALUE_COLUMNS, VALUE_DIM, VALUE_STRIDE>(stages + stage * STAGE_ELEMENTS + STAGE_VALUES, v, params.v_row_stride, (first + stage) * BLOCK_N, seq.kv_len);
    }
    cp_async_commit();
  }
  cp_async_wait<1>();
  block_barrier();
  constexpr float scale_log2 = LOG2E;
  Query query;
  load_query(query, queries);
  // STAGES key tiles are in flight or in use; one barrier a tile says that a slot's data is there and the slot before it is free
  int slot = 0;
  for (int i = first; i < last; ++i) {
    cp_async_wait<STAGES - 2>();
    block_barrier();
    if (i + STAGES - 1 < last) {
      element_t* const target = stages + (slot == 0 ? STAGES - 1 : slot - 1) * STAGE_ELEMENTS;
      load_rows<BLOCK_N, KEY_COLUMNS, HEAD_DIM, KEY_STRIDE>(target, k, params.k_row_stride, (i + STAGES - 1) * BLOCK_N, seq.kv_len);
      load_rows<BLOCK_N, VALUE_COLUMNS, VALUE_DIM, VALUE_STRIDE>(target + STAGE_VALUES, v, params.v_row_stride, (i + STAGES - 1) * BLOCK_N, seq.kv_len);
    }
    cp_async_commit();
    const int kv0 = i * BLOCK_N;
    const bool partial = i < tiles.full_begin || i >= tiles.full_end;
    const element_t* const keys = stages + slot * STAGE_ELEMENTS;
    Scores s;
    multiply_keys(s, query, keys);
    modify_scores(params, s, b, h, q0, kv0, seq);
    if (partial) mask_scores(params, s, b, h, q0, kv0, seq);
    else if (kv0 + BLOCK_N > seq.kv_len) mask_tail(s, kv0, seq.kv_len);
    softmax_step(s, output, m_i, l_i, scale_log2);
    multiply_values(output, s, keys + STAGE_VALUES);
    slot = slot + 1 == STAGES ? 0 : slot + 1;
  }

  const Tile& ending = tile;
  const int rows = (int)(ending.q_len - ending.first_query);
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r) {
    float l = l_i[r];
    #pragma unroll
    for (int lanes = 1; lanes < ROW_LANES; lanes *= 2) l += shuffle_xor(l, lanes);
    const float m = m_i[r];
    const float factor = l == 0.0f ? 0.0f : 1.0f / l;
    scale_row(output, r, factor);
    if (threadIdx.x % ROW_LANES == 0 && row_of(r) < rows)
      params.lse[(unsigned long long)(ending.out_row0 + ending.first_query + row_of(r)) * params.lse_row_stride + (unsigned long long)h * params.lse_head_stride] = l == 0.0f ? uint_as_float(NEGATIVE_INFINITY) : (m + log2f(l)) * LN2;
  }
  element_t* const out = params.out + (unsigned long long)(ending.out_row0 + ending.first_query) * params.out_row_stride + (unsigned long long)h * params.out_head_stride;
  block_barrier();
  store_output(out, output, shared, params.out_row_stride, rows);
}

#ifndef __CUDACC_RTC__
/**
 * Queues the kernels on `stream`. `params->tiles` is workspace of 4 * (8 + 8 * max_tiles) bytes, 16-byte aligned, where max_tiles is at least
 * num_rows / 64 + min(num_sequences, num_rows) + 1; with queries aligned to the end of the keys, of 2 * num_sequences.

 * Entries of kv_index name sequences of kv_offsets. Returns a cudaError_t; 9 (invalid configuration) when max_tiles * num_heads exceeds a grid.
 */
extern "C" int serrate_softcap_bf16_d64(const Params* params, unsigned max_tiles, cudaStream_t stream) {
  const unsigned long long blocks = (unsigned long long)max_tiles * params->num_heads;
  if (blocks > 0x7fffffffull) return 9;
  const int error = serrate_launch(softcap_bf16_d64_build_tiles, 1, 1, BUILDER_THREADS, SHARED_BYTES, stream, *params);
  if (error != 0 || blocks == 0) return error;
  return serrate_launch(softcap_bf16_d64_attention, (unsigned)blocks, 1, THREADS, SHARED_BYTES, stream, *params);
}
#endif
