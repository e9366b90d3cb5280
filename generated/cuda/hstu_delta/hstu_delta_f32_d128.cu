// hstu_delta_f32_d128: jagged attention `hstu_delta`, f32, head dim 128, pointwise
// schedule   cuda_fma blockM=64 blockN=32 threadRows=8 numStages=1 split=1 order=0 pack=0 gqa=0
// definition 751d18e850011a2d   plan 839ff279b21d834d   serrate 0.1.0
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
/** 1 / x to 1 ulp; 0 where that is subnormal. */
__device__ __forceinline__ float rcp_approx(float x) {
  float y;
  asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}
/** Starts a copy of 16 bytes to shared memory; zeros where not `valid`. */
__device__ __forceinline__ void cp_async_16(void* shared_dst, const void* global_src, bool valid) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(shared_dst)), "l"(global_src), "r"(valid ? 16 : 0) : "memory");
}
/** Ends a group of copies. */
__device__ __forceinline__ void cp_async_commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }
/** Waits until at most N of this thread's latest groups are still on their way. */
template <int N>
__device__ __forceinline__ void cp_async_wait() { asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory"); }

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

constexpr int HEAD_DIM = 128, VALUE_DIM = 128;
constexpr int BLOCK_M = 64;  // queries of a tile
constexpr int BLOCK_N = 32;  // keys of a tile
constexpr int THREADS = 128;
constexpr unsigned BUILDER_THREADS = 256;
constexpr int THREAD_ROWS = 8;  // queries whose scores a thread holds
constexpr int THREAD_COLUMNS = 2;  // keys of a tile whose scores a thread holds
constexpr int ROW_LANES = 16;  // neighbouring lanes that share a query
constexpr unsigned SHARED_BYTES = 77312;
constexpr unsigned TILES_COUNT = 3, TILES_ENTRIES = 8, TILES_ENTRY_WORDS = 8;  // words of the tiles workspace
constexpr unsigned PAD = 0xffffffffu;  // the sequence of rows that have no keys
constexpr unsigned BROADCAST = 1, ALIGN_END = 2, KV_INDEX = 4;  // bits of layout_flags

typedef float element_t;

/** The kernels take it by value: device pointers, then 4-byte fields. Strides count elements; the 128 of a row and head lie side by side. */
struct Params {
  const element_t* q;
  const element_t* k;
  const element_t* v;
  element_t* out;
  unsigned* tiles;
  const unsigned* seq_offsets;
  const unsigned* kv_offsets;
  const int* kv_index;
  const int* captures_i32;
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
  int contextual;
  int max_attn_len;
  int min_full_attn_seq_len;
  int max_seq_len;
  unsigned base_num_targets;
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
  int num_targets;
  int contextual;
  int max_attn_len;
  int min_full_attn_seq_len;
  int max_seq_len;
};

__device__ __forceinline__ int min_i32(int x, int y) { return x < y ? x : y; }
__device__ __forceinline__ int max_i32(int x, int y) { return x > y ? x : y; }
__device__ __forceinline__ float silu(float x) { return x * rcp_approx(1.0f + exp2_approx(-1.4426950408889634f * x)); }

// mask_mod, from dsl/masks/hstu.ts:16
__device__ __forceinline__ bool mask_mod(const Params& params, int b, int h, int q, int kv, const Seq& seq) {
  const int shift = max_i32((int)((unsigned)seq.contextual - (unsigned)1), 0);
  const int max_id = (int)((unsigned)(int)((unsigned)seq.kv_len - (unsigned)shift) - (unsigned)max_i32(0, min_i32(seq.num_targets, seq.kv_len)));
  const int id_q = min_i32(max_i32((int)((unsigned)q - (unsigned)shift), 0), max_id);
  const int id_kv = min_i32(max_i32((int)((unsigned)kv - (unsigned)shift), 0), max_id);
  const bool near_2 = (((seq.max_attn_len <= 0) || ((int)((unsigned)id_q - (unsigned)id_kv) <= seq.max_attn_len)) || ((seq.min_full_attn_seq_len > 0) && (id_q >= (int)((unsigned)max_id - (unsigned)seq.min_full_attn_seq_len))));
  return ((((q == kv) || (id_q > id_kv)) && near_2) || (((seq.contextual > 0) && (id_q == 0)) && (id_kv < max_id)));
}

// activation, from dsl/math.ts:6
__device__ __forceinline__ float activation(const Params& params, float score) {
  return silu(score);
}

// scale, from kernels/hstu_delta.ts:13
__device__ __forceinline__ float scale(const Params& params, int b, int h, int q, const Seq& seq) {
  return (1.0f / (float)seq.max_seq_len);
}

// tile_always, from dsl/masks/hstu.ts:16
__device__ __forceinline__ bool tile_always(const Params& params, int b, int h, int q0, int q1, int kv0, int kv1, const Seq& seq) {
  const int shift = max_i32((int)((unsigned)seq.contextual - (unsigned)1), 0);
  const int max_id = (int)((unsigned)(int)((unsigned)seq.kv_len - (unsigned)shift) - (unsigned)max_i32(0, min_i32(seq.num_targets, seq.kv_len)));
  const int id_kv_max = min_i32(max_i32((int)((unsigned)kv1 - (unsigned)shift), 0), max_id);
  const int id_q_min = min_i32(max_i32((int)((unsigned)q0 - (unsigned)shift), 0), max_id);
  const int id_q_max = min_i32(max_i32((int)((unsigned)q1 - (unsigned)shift), 0), max_id);
  const int id_kv_min = min_i32(max_i32((int)((unsigned)kv0 - (unsigned)shift), 0), max_id);
  const int t_2 = (int)((unsigned)id_q_max - (unsigned)id_kv_min);
  return (((((q0 == kv1) && (q1 == kv0)) || (id_kv_max < id_q_min)) && (((seq.max_attn_len <= 0) || (((((id_q_min ^ id_kv_max) & (id_q_min ^ (int)((unsigned)id_q_min - (unsigned)id_kv_max))) >= 0) && (((id_q_max ^ id_kv_min) & (id_q_max ^ t_2)) >= 0)) && (t_2 <= seq.max_attn_len))) || ((seq.min_full_attn_seq_len > 0) && ((int)((unsigned)max_id - (unsigned)seq.min_full_attn_seq_len) <= id_q_min)))) || (((seq.contextual > 0) && ((id_q_min == 0) && (id_q_max == 0))) && (id_kv_max < max_id)));
}

// tile_never, from dsl/masks/hstu.ts:16
__device__ __forceinline__ bool tile_never(const Params& params, int b, int h, int q0, int q1, int kv0, int kv1, const Seq& seq) {
  const int shift = max_i32((int)((unsigned)seq.contextual - (unsigned)1), 0);
  const int max_id = (int)((unsigned)(int)((unsigned)seq.kv_len - (unsigned)shift) - (unsigned)max_i32(0, min_i32(seq.num_targets, seq.kv_len)));
  const int id_q_max = min_i32(max_i32((int)((unsigned)q1 - (unsigned)shift), 0), max_id);
  const int id_kv_min = min_i32(max_i32((int)((unsigned)kv0 - (unsigned)shift), 0), max_id);
  const int id_q_min = min_i32(max_i32((int)((unsigned)q0 - (unsigned)shift), 0), max_id);
  const int id_kv_max = min_i32(max_i32((int)((unsigned)kv1 - (unsigned)shift), 0), max_id);
  const int t_2 = (int)((unsigned)id_q_min - (unsigned)id_kv_max);
  return (((((q1 < kv0) || (kv1 < q0)) && (id_q_max <= id_kv_min)) || (((!(seq.max_attn_len <= 0)) && (((((id_q_min ^ id_kv_max) & (id_q_min ^ t_2)) >= 0) && (((id_q_max ^ id_kv_min) & (id_q_max ^ (int)((unsigned)id_q_max - (unsigned)id_kv_min))) >= 0)) && (seq.max_attn_len < t_2))) && ((!(seq.min_full_attn_seq_len > 0)) || (id_q_max < (int)((unsigned)max_id - (unsigned)seq.min_full_attn_seq_len))))) && (((!(seq.contextual > 0)) || ((id_q_max < 0) || (0 < id_q_min))) || (max_id <= id_kv_min)));
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
extern "C" __global__ void __launch_bounds__(256) hstu_delta_f32_d128_build_tiles(const __grid_constant__ Params params) {
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

constexpr int EMPTY = 0, PARTIAL = 1, FULL = 2;
constexpr int CLASSIFY_BUDGET = 64;  // boxes looked at before a tile counts as partial
constexpr int CLASSIFY_DEPTH = 14;  // boxes that can wait

/** Corners, inclusive and inside the sequence. */
struct Box { int q0, q1, kv0, kv1; };

__device__ __forceinline__ bool box_always(const Params& params, int b, int h, const Box& box, const Seq& seq) {
  return tile_always(params, b, h, box.q0, box.q1, box.kv0, box.kv1, seq);
}
__device__ __forceinline__ bool box_never(const Params& params, int b, int h, const Box& box, const Seq& seq) {
  return tile_never(params, b, h, box.q0, box.q1, box.kv0, box.kv1, seq);
}
__device__ __forceinline__ bool box_proven(const Params& params, int b, int h, const Box& box, const Seq& seq) {
  return box_always(params, b, h, box, seq) || box_never(params, b, h, box, seq);
}

/** Rows if both outer rows are proven (a cut along kv cannot help), else columns likewise, else the longer side. */
__device__ __forceinline__ bool splits_rows(const Params& params, int b, int h, const Box& box, const Seq& seq) {
  if (box.q0 == box.q1) return false;
  if (box.kv0 == box.kv1) return true;
  if (box_proven(params, b, h, { box.q0, box.q0, box.kv0, box.kv1 }, seq) && box_proven(params, b, h, { box.q1, box.q1, box.kv0, box.kv1 }, seq)) return true;
  if (box_proven(params, b, h, { box.q0, box.q1, box.kv0, box.kv0 }, seq) && box_proven(params, b, h, { box.q0, box.q1, box.kv1, box.kv1 }, seq)) return false;
  return box.q1 - box.q0 >= box.kv1 - box.kv0;
}

/** Which pairs of a box are seen: all where it is proven, else its corners', opposite ones first. Returns whether it is proven. */
__device__ __forceinline__ bool look_over(const Params& params, int b, int h, const Box& box, const Seq& seq, bool& kept, bool& dropped) {
  const bool full = box_always(params, b, h, box, seq), empty = box_never(params, b, h, box, seq);
  kept |= full;
  dropped |= empty;
  if (full || empty) return true;
  #pragma unroll 1
  for (int corner = 0; corner < 4 && !(kept && dropped); ++corner) {
    const bool one = mask_mod(params, b, h, corner & 1 ? box.q1 : box.q0, (corner & 1) != (corner < 2) ? box.kv1 : box.kv0, seq);
    kept |= one;
    dropped |= !one;
  }
  return false;
}

/** What the corners leave open: an unproven box is halved, and its halves are looked at. */
__device__ __forceinline__ int cut_tile(const Params& params, int b, int h, const Box& tile, const Seq& seq) {
  Box boxes[CLASSIFY_DEPTH + 1];
  boxes[0] = tile;
  bool kept = false, dropped = false;
  #pragma unroll 1
  for (int waiting = 1, budget = CLASSIFY_BUDGET; waiting > 0; --budget) {
    if (budget == 0) return PARTIAL;
    const Box box = boxes[--waiting];
    const bool proven = look_over(params, b, h, box, seq, kept, dropped);
    if (kept && dropped) return PARTIAL;
    if (proven || (box.q0 == box.q1 && box.kv0 == box.kv1)) continue;
    if (waiting + 2 > CLASSIFY_DEPTH + 1) return PARTIAL;
    const bool by_row = splits_rows(params, b, h, box, seq);
    const int q_half = box.q0 + (box.q1 - box.q0) / 2, kv_half = box.kv0 + (box.kv1 - box.kv0) / 2;
    boxes[waiting++] = { by_row ? q_half + 1 : box.q0, box.q1, by_row ? box.kv0 : kv_half + 1, box.kv1 };
    boxes[waiting++] = { box.q0, by_row ? q_half : box.q1, box.kv0, by_row ? box.kv1 : kv_half };
  }
  return kept ? FULL : EMPTY;
}

/** What a mask keeps of a tile. */
__device__ __forceinline__ int classify_tile(const Params& params, int b, int h, const Box& tile, const Seq& seq) {
  return cut_tile(params, b, h, tile, seq);
}

/**
 * Each thread classifies one of the THREADS key tiles from `window` on and below `end`; those that keep some pair are left in `list`, in order,
 * as 2 * tile + (1 where the mask must be evaluated). Returns how many.
 */
__device__ __forceinline__ int list_key_tiles(const Params& params, int b, int h, int q0, int q1, const Seq& seq, int window, int end, int* list, int* classes) {
  const int tile = window + (int)threadIdx.x;
  int kind = EMPTY;
  if (tile < end) {
    const int kv0 = tile * BLOCK_N, kv1 = kv0 + BLOCK_N <= seq.kv_len ? kv0 + BLOCK_N - 1 : seq.kv_len - 1;
    kind = classify_tile(params, b, h, { q0, q1, kv0, kv1 }, seq);
  }
  block_barrier();
  classes[threadIdx.x] = kind;
  block_barrier();
  const int left = end - window;
  int before = 0, count = 0;
  for (int i = 0; i < THREADS && i < left; ++i) {
    const int listed = classes[i] != EMPTY;
    before += i < (int)threadIdx.x ? listed : 0;
    count += listed;
  }
  if (kind != EMPTY) list[before] = 2 * tile + (kind == PARTIAL);
  block_barrier();
  return count;
}

/**
 * Starts loading rows [first, first + ROWS) of one head into shared rows of STRIDE elements; `source` is row 0. Rows at or past `limit` and
 * columns past DIM become 0.
 */
template <int ROWS, int COLUMNS, int DIM, int STRIDE>
__device__ __forceinline__ void load_rows(element_t* shared, const element_t* source, unsigned row_stride, int first, int limit) {
  constexpr int CHUNK = 4;  // elements of 16 bytes
  constexpr int CHUNKS = COLUMNS / CHUNK;
  #pragma unroll
  for (int i = 0; i < (ROWS * CHUNKS + THREADS - 1) / THREADS; ++i) {
    const int chunk = (int)threadIdx.x + i * THREADS;
    const int row = chunk / CHUNKS, column = chunk % CHUNKS * CHUNK;
    if (ROWS * CHUNKS % THREADS == 0 || chunk < ROWS * CHUNKS)
      cp_async_16(shared + row * STRIDE + column, source + (unsigned long long)(unsigned)(first + row) * row_stride + column, first + row < limit && column < DIM);
  }
}

constexpr int LANE_COLUMNS = 4;  // neighbouring output columns of a lane
constexpr int COLUMN_GROUPS = 2;  // groups of ROW_LANES * LANE_COLUMNS output columns
constexpr int KEY_COLUMNS = 128;  // head dim of shared Q and K, zero past HEAD_DIM
constexpr int VALUE_COLUMNS = 128;  // value dim of shared V, zero past VALUE_DIM
constexpr int QUERY_STRIDE = 132;  // elements between shared rows: an odd number of 16 bytes, so that 8 rows touch all banks once
constexpr int KEY_STRIDE = QUERY_STRIDE, VALUE_STRIDE = VALUE_COLUMNS;
constexpr int WEIGHT_STRIDE = 36;
constexpr int ROW_GROUPS = THREADS / ROW_LANES;

struct Scores { float value[THREAD_ROWS][THREAD_COLUMNS]; };
/** O before normalisation: columns (g * ROW_LANES + lane) * LANE_COLUMNS + c. */
struct Output { float value[THREAD_ROWS][COLUMN_GROUPS][LANE_COLUMNS]; };
struct __align__(16) Quad { float x[4]; };
struct __align__(16) Lane { float x[LANE_COLUMNS]; };

__device__ __forceinline__ int row_lane() { return (int)threadIdx.x % ROW_LANES; }
/** Place in the tile of this thread's row r and column c. */
__device__ __forceinline__ int row_of(int r) { return r * ROW_GROUPS + (int)threadIdx.x / ROW_LANES; }
__device__ __forceinline__ int column_of(int c) { return c * ROW_LANES + row_lane(); }
__device__ __forceinline__ float& at(Scores& s, int r, int c) { return s.value[r][c]; }

__device__ __forceinline__ void clear(Output& output) {
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r)
    #pragma unroll
    for (int g = 0; g < COLUMN_GROUPS; ++g)
      #pragma unroll
      for (int c = 0; c < LANE_COLUMNS; ++c) output.value[r][g][c] = 0.0f;
}

__device__ __forceinline__ void scale_row(Output& output, int r, float factor) {
  #pragma unroll
  for (int g = 0; g < COLUMN_GROUPS; ++g)
    #pragma unroll
    for (int c = 0; c < LANE_COLUMNS; ++c) output.value[r][g][c] *= factor;
}

/** S = Q · K^T of one key tile. */
__device__ __forceinline__ void multiply_keys(Scores& s, const float* queries, const float* keys) {
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r)
    #pragma unroll
    for (int c = 0; c < THREAD_COLUMNS; ++c) s.value[r][c] = 0.0f;
  #pragma unroll 2
  for (int d = 0; d < KEY_COLUMNS; d += 4) {
    Quad query[THREAD_ROWS];
    #pragma unroll
    for (int r = 0; r < THREAD_ROWS; ++r) query[r] = *(const Quad*)(queries + row_of(r) * QUERY_STRIDE + d);
    #pragma unroll
    for (int c = 0; c < THREAD_COLUMNS; ++c) {
      const Quad key = *(const Quad*)(keys + column_of(c) * KEY_STRIDE + d);
      #pragma unroll
      for (int r = 0; r < THREAD_ROWS; ++r)
        #pragma unroll
        for (int i = 0; i < 4; ++i) s.value[r][c] += query[r].x[i] * key.x[i];
    }
  }
}

/** O += P · V of one key tile; P goes through shared rows that only the lanes of a query touch. */
__device__ __forceinline__ void multiply_values(Output& output, Scores& p, const float* values, float* weights) {
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r)
    #pragma unroll
    for (int c = 0; c < THREAD_COLUMNS; ++c) weights[row_of(r) * WEIGHT_STRIDE + column_of(c)] = p.value[r][c];
  warp_barrier();
  #pragma unroll 2
  for (int key = 0; key < BLOCK_N; key += 4) {
    Quad weight[THREAD_ROWS];
    #pragma unroll
    for (int r = 0; r < THREAD_ROWS; ++r) weight[r] = *(const Quad*)(weights + row_of(r) * WEIGHT_STRIDE + key);
    #pragma unroll
    for (int i = 0; i < 4; ++i)
      #pragma unroll
      for (int g = 0; g < COLUMN_GROUPS; ++g) {
        const Lane value = *(const Lane*)(values + (key + i) * VALUE_STRIDE + (g * ROW_LANES + row_lane()) * LANE_COLUMNS);
        #pragma unroll
        for (int r = 0; r < THREAD_ROWS; ++r)
          #pragma unroll
          for (int c = 0; c < LANE_COLUMNS; ++c) output.value[r][g][c] += weight[r].x[i] * value.x[c];
      }
  }
}

/** Writes the rows of O below `limit`. */
__device__ __forceinline__ void store_output(float* out, const Output& output, unsigned row_stride, int limit) {
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r) {
    if (row_of(r) >= limit) continue;
    float* const row = out + (unsigned long long)(unsigned)row_of(r) * row_stride;
    #pragma unroll
    for (int g = 0; g < COLUMN_GROUPS; ++g) {
      const int column = (g * ROW_LANES + row_lane()) * LANE_COLUMNS;
      if (column < VALUE_DIM) {
        Lane lane;
        #pragma unroll
        for (int c = 0; c < LANE_COLUMNS; ++c) lane.x[c] = output.value[r][g][c];
        *(Lane*)(row + column) = lane;
      }
    }
  }
}

/** Scores become weights: the author's activation. */
__device__ __forceinline__ void activate_scores(const Params& params, Scores& s) {
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r)
    #pragma unroll
    for (int c = 0; c < THREAD_COLUMNS; ++c) at(s, r, c) = activation(params, params.sm_scale * at(s, r, c));
}

/** Pairs that the mask drops, and keys past the sequence, get weight 0. */
__device__ __forceinline__ void mask_scores(const Params& params, Scores& s, int b, int h, int q0, int kv0, const Seq& seq) {
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r)
    #pragma unroll
    for (int c = 0; c < THREAD_COLUMNS; ++c)
      at(s, r, c) = (kv0 + column_of(c) >= seq.kv_len) | !mask_mod(params, b, h, q0 + row_of(r), kv0 + column_of(c), seq) ? 0.0f : at(s, r, c);  // no short circuit: a branch a pair would cost more
}

/** Keys past the sequence get weight 0. */
__device__ __forceinline__ void mask_tail(Scores& s, int kv0, int kv_len) {
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r)
    #pragma unroll
    for (int c = 0; c < THREAD_COLUMNS; ++c)
      if (kv0 + column_of(c) >= kv_len) at(s, r, c) = 0.0f;
}

constexpr int STAGE_VALUES = 4224;  // where V starts in a stage
constexpr int STAGES_OFFSET = 8448, QUERY_OFFSET = 0;  // elements

/** One block a query tile and head: O of BLOCK_M queries over the keys of their sequence. */
extern "C" __global__ void __launch_bounds__(128, 2) hstu_delta_f32_d128_attention(const __grid_constant__ Params params) {
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
  if (!pad) {
    seq.num_targets = params.captures_i32[params.base_num_targets + b];
    seq.contextual = params.contextual;
    seq.max_attn_len = params.max_attn_len;
    seq.min_full_attn_seq_len = params.min_full_attn_seq_len;
    seq.max_seq_len = params.max_seq_len;
  }
  const unsigned kv_head = (unsigned)h / params.head_group;
  const element_t* const k = params.k + (unsigned long long)tile.kv_row0 * params.k_row_stride + (unsigned long long)kv_head * params.k_head_stride;
  const element_t* const v = params.v + (unsigned long long)tile.kv_row0 * params.v_row_stride + (unsigned long long)kv_head * params.v_head_stride;
  element_t* const shared = (element_t*)dynamic_shared();
  element_t* const stages = shared + STAGES_OFFSET;
  element_t* const queries = shared + QUERY_OFFSET;
  float* const weights = (float*)(shared + 16768);

  load_rows<BLOCK_M, KEY_COLUMNS, HEAD_DIM, QUERY_STRIDE>(queries, params.q + (unsigned long long)(tile.q_row0 + tile.first_query) * params.q_row_stride + (unsigned long long)h * params.q_head_stride, params.q_row_stride, 0, limit);
  cp_async_commit();

  Output output;
  clear(output);

  const int q1 = q0 + (limit < BLOCK_M ? limit : BLOCK_M) - 1;
  const int begin = 0, end = (seq.kv_len + BLOCK_N - 1) / BLOCK_N;
  int* const list = (int*)(shared + 19072);
  cp_async_wait<0>();
  block_barrier();
  for (int window = begin; window < end; window += THREADS) {
    const int first = 0, last = list_key_tiles(params, b, h, q0, q1, seq, window, end, list, list + THREADS);
    if (first < last) load_rows<BLOCK_N, KEY_COLUMNS, HEAD_DIM, KEY_STRIDE>(stages, k, params.k_row_stride, list[first] / 2 * BLOCK_N, seq.kv_len);
    cp_async_commit();
    // V of this tile loads under Q · K^T, K of the next under the softmax and P · V
    for (int i = first; i < last; ++i) {
      cp_async_wait<0>();
      block_barrier();
      const int kv0 = list[i] / 2 * BLOCK_N;
      const bool partial = list[i] % 2 == 1;
      load_rows<BLOCK_N, VALUE_COLUMNS, VALUE_DIM, VALUE_STRIDE>(stages + STAGE_VALUES, v, params.v_row_stride, kv0, seq.kv_len);
      cp_async_commit();
      Scores s;
      multiply_keys(s, queries, stages);
      cp_async_wait<0>();
      block_barrier();
      if (i + 1 < last) {
        load_rows<BLOCK_N, KEY_COLUMNS, HEAD_DIM, KEY_STRIDE>(stages, k, params.k_row_stride, list[i + 1] / 2 * BLOCK_N, seq.kv_len);
        cp_async_commit();
      }
      activate_scores(params, s);
      if (partial) mask_scores(params, s, b, h, q0, kv0, seq);
      else if (kv0 + BLOCK_N > seq.kv_len) mask_tail(s, kv0, seq.kv_len);
      multiply_values(output, s, stages + STAGE_VALUES, weights);
    }
  }

  // read again, so that the loop over the keys need not hold it
  const Tile ending = listed_tile(params, params.tiles[TILES_COUNT], blockIdx.x / params.num_heads);
  const int rows = (int)(ending.q_len - ending.first_query);
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r) {
    const int q = q0 + row_of(r);
    const float factor = seq.kv_len > 0 ? scale(params, b, h, q, seq) : 0.0f;
    scale_row(output, r, factor);
  }
  element_t* const out = params.out + (unsigned long long)(ending.out_row0 + ending.first_query) * params.out_row_stride + (unsigned long long)h * params.out_head_stride;
  store_output(out, output, params.out_row_stride, rows);
}

#ifndef __CUDACC_RTC__
/**
 * Queues the kernels on `stream`. `params->tiles` is workspace of 4 * (8 + 8 * max_tiles) bytes, 16-byte aligned, where max_tiles is at least
 * num_rows / 64 + min(num_sequences, num_rows) + 1; with queries aligned to the end of the keys, of 2 * num_sequences.

 * Entries of kv_index name sequences of kv_offsets. Returns a cudaError_t; 9 (invalid configuration) when max_tiles * num_heads exceeds a grid.
 */
extern "C" int serrate_hstu_delta_f32_d128(const Params* params, unsigned max_tiles, cudaStream_t stream) {
  const unsigned long long blocks = (unsigned long long)max_tiles * params->num_heads;
  if (blocks > 0x7fffffffull) return 9;
  const int error = serrate_launch(hstu_delta_f32_d128_build_tiles, 1, 1, BUILDER_THREADS, SHARED_BYTES, stream, *params);
  if (error != 0 || blocks == 0) return error;
  return serrate_launch(hstu_delta_f32_d128_attention, (unsigned)blocks, 1, THREADS, SHARED_BYTES, stream, *params);
}
#endif
