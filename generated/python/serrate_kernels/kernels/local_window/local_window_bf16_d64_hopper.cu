// local_window_bf16_d64: jagged attention `local_window`, bf16, head dim 64, softmax, with lse
// schedule   cuda_wgmma groups=3 blockN=96 numStages=3 querySlots=2 pingPong=1 ownTiles=0 tanh=0 order=0 pack=0 gqa=0
// definition 3f42c111bd833dbb   plan 8b92ed8825a27ce4   serrate 0.1.0
// Emitted text: edit the definition, not this file. Compile with nvcc or NVRTC for sm_90a, or with g++ -DSERRATE_CPU.
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
/** 1 / x to 1 ulp; 0 where that is subnormal. */
__device__ __forceinline__ float rcp_approx(float x) {
  float y;
  asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}
/** log2 of x >= 1 to 2^-22. */
__device__ __forceinline__ float log2_approx(float x) {
  float y;
  asm("lg2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

struct bf16_t { uint16_t bits; };

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
/** As serrate_launch; the kernel may begin before the one ahead of it has ended. */
template <typename P>
static int serrate_launch_early(void (*kernel)(P), unsigned grid, unsigned block, unsigned shared_bytes, cudaStream_t stream, const P& params) {
  const cudaError_t error = cudaFuncSetAttribute((const void*)kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, (int)shared_bytes);
  if (error != cudaSuccess) return (int)error;
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
#ifndef SERRATE_CPU
typedef unsigned long long uint64_t;

/** The kernel queued next may begin, as far as it does not wait for this one. */
__device__ __forceinline__ void let_next_begin() { asm volatile("griddepcontrol.launch_dependents;" ::: "memory"); }
/** Waits until the kernel before has ended and what it wrote is visible. */
__device__ __forceinline__ void wait_for_previous() { asm volatile("griddepcontrol.wait;" ::: "memory"); }
__device__ __forceinline__ unsigned atomic_next(unsigned* address) { return atomicAdd(address, 1u); }
/** The value of lane 0. */
__device__ __forceinline__ unsigned warp_first(unsigned value) { return __shfl_sync(0xffffffffu, value, 0); }
/** Two values in one register, `lo` in the low half, rounded to nearest even. */
template <typename T>
__device__ __forceinline__ uint32_t pack2(float lo, float hi) {
  uint32_t d;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(hi), "f"(lo));
  return d;
}

__device__ __forceinline__ void mbarrier_init(uint64_t* barrier, unsigned arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(shared_address(barrier)), "r"(arrivals) : "memory");
}
__device__ __forceinline__ void mbarrier_init_fence() { asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory"); }
__device__ __forceinline__ void mbarrier_arrive(uint64_t* barrier) { asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(shared_address(barrier)) : "memory"); }
/** Arrives, and makes the phase wait for `bytes` that TMA brings. */
__device__ __forceinline__ void mbarrier_arrive_expect(uint64_t* barrier, unsigned bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(shared_address(barrier)), "r"(bytes) : "memory");
}
/** Waits until the phase of this parity has ended. */
__device__ __forceinline__ void mbarrier_wait(uint64_t* barrier, unsigned parity) {
  asm volatile("{\n.reg .pred done;\nWAIT_%=:\nmbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n@done bra DONE_%=;\nbra WAIT_%=;\nDONE_%=:\n}"
               ::"r"(shared_address(barrier)), "r"(parity) : "memory");
}
/** What this thread wrote to shared memory becomes visible to TMA and wgmma. */
__device__ __forceinline__ void async_fence() { asm volatile("fence.proxy.async.shared::cta;" ::: "memory"); }
__device__ __forceinline__ void named_barrier_sync(int id, int threads) { asm volatile("bar.sync %0, %1;" ::"r"(id), "r"(threads) : "memory"); }
__device__ __forceinline__ void named_barrier_arrive(int id, int threads) { asm volatile("bar.arrive %0, %1;" ::"r"(id), "r"(threads) : "memory"); }
template <int N>
__device__ __forceinline__ void take_registers() { asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(N)); }
template <int N>
__device__ __forceinline__ void give_registers() { asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(N)); }

#define SERRATE_MAP(field, type, order, value, constraint) \
  asm volatile("tensormap.replace.tile." field ".shared::cta.b1024." type " [%0], " order "%1;" ::"r"(map), constraint(value) : "memory")
#define SERRATE_MAP_5(field, v0, v1, v2, v3, v4) \
  SERRATE_MAP(field, "b32", "0, ", v0, "r"); SERRATE_MAP(field, "b32", "1, ", v1, "r"); SERRATE_MAP(field, "b32", "2, ", v2, "r"); SERRATE_MAP(field, "b32", "3, ", v3, "r"); SERRATE_MAP(field, "b32", "4, ", v4, "r")
/**
 * Writes a 5-D tensor map to 128 zeroed bytes of shared memory: [columns, 2^30 rows, heads, ...], strides in bytes. The two outer dimensions only move
 * the start: row r of a sequence of `len` rows from `row0` on is coordinate (2^30 - len + r) of dimension 1, row0 + len of 3 and 2^30 of 4, whose
 * strides cancel modulo 2^64. So a row past the sequence is out of bounds: read as zeros, never written.
 */
__device__ __forceinline__ void tensor_map_init(void* shared, const void* base, unsigned columns, unsigned heads, uint64_t row, uint64_t head, unsigned box_columns, unsigned box_rows) {
  const uint32_t map = shared_address(shared);
  SERRATE_MAP("global_address", "b64", "", (uint64_t)base, "l");
  SERRATE_MAP("rank", "b32", "", 4, "n");
  SERRATE_MAP_5("box_dim", box_columns, box_rows, 1, 1, 1);
  SERRATE_MAP_5("global_dim", columns, 1 << 30, heads, 0x7fff0000, 0x7fff0000);
  SERRATE_MAP_5("element_stride", 1, 1, 1, 1, 1);
  SERRATE_MAP("global_stride", "b64", "0, ", row, "l");
  SERRATE_MAP("global_stride", "b64", "1, ", head, "l");
  SERRATE_MAP("global_stride", "b64", "2, ", row, "l");
  SERRATE_MAP("global_stride", "b64", "3, ", (1ull << 35) - row, "l");
  SERRATE_MAP("elemtype", "b32", "", 10, "n");
  SERRATE_MAP("interleave_layout", "b32", "", 0, "n");
  SERRATE_MAP("swizzle_mode", "b32", "", 3, "n");
  SERRATE_MAP("fill_mode", "b32", "", 0, "n");
}
#undef SERRATE_MAP_5
#undef SERRATE_MAP
/** The whole warp copies a map to global memory, 128-byte aligned. */
__device__ __forceinline__ void tensor_map_publish(void* global, const void* shared) {
  asm volatile("tensormap.cp_fenceproxy.global.shared::cta.tensormap::generic.release.gpu.sync.aligned [%0], [%1], 128;" ::"l"(global), "r"(shared_address(shared)) : "memory");
}
/** Before this thread's first use of a map that an earlier kernel published. */
__device__ __forceinline__ void tensor_map_acquire(const void* map) { asm volatile("fence.proxy.tensormap::generic.acquire.gpu [%0], 128;" ::"l"(map) : "memory"); }
__device__ __forceinline__ void tma_load_5d(void* shared, const void* map, uint64_t* barrier, int c0, int c1, int c2, int c3, int c4) {
  asm volatile("cp.async.bulk.tensor.5d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5, %6, %7}], [%2];"
               ::"r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "r"(c0), "r"(c1), "r"(c2), "r"(c3), "r"(c4) : "memory");
}
__device__ __forceinline__ void tma_store_5d(const void* map, const void* shared, int c0, int c1, int c2, int c3, int c4) {
  asm volatile("cp.async.bulk.tensor.5d.global.shared::cta.tile.bulk_group [%0, {%2, %3, %4, %5, %6}], [%1];"
               ::"l"(map), "r"(shared_address(shared)), "r"(c0), "r"(c1), "r"(c2), "r"(c3), "r"(c4) : "memory");
}
/** Ends a group of this thread's stores. */
__device__ __forceinline__ void tma_store_commit() { asm volatile("cp.async.bulk.commit_group;" ::: "memory"); }
/** Waits until the shared memory of this thread's ended groups has been read. */
__device__ __forceinline__ void tma_store_drain() { asm volatile("cp.async.bulk.wait_group.read 0;" ::: "memory"); }

__device__ __forceinline__ void wgmma_fence() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
__device__ __forceinline__ void wgmma_commit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
/** Waits until at most N of the warpgroup's latest groups are unfinished; `d` is what the finished ones wrote. */
template <int N, int REGISTERS>
__device__ __forceinline__ void wgmma_wait(float (&d)[REGISTERS]) {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(N) : "memory");
  #pragma unroll
  for (int i = 0; i < REGISTERS; ++i) asm volatile("" : "+f"(d[i])::"memory");
}
/** Uses of `d` before this stay before it. */
template <int REGISTERS>
__device__ __forceinline__ void settle(float (&d)[REGISTERS]) {
  #pragma unroll
  for (int i = 0; i < REGISTERS; ++i) asm volatile("" : "+f"(d[i])::"memory");
}
/** The value, whose origin the compiler does not see: sums with it are not hoisted out of a loop. */
__device__ __forceinline__ int opaque(int value) {
  asm volatile("" : "+r"(value));
  return value;
}
#define SERRATE_SUMS(i) "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3]), "+f"(d[i + 4]), "+f"(d[i + 5]), "+f"(d[i + 6]), "+f"(d[i + 7])
/** d = a · b, added to d unless `first`: a 64x16 and b 16x96, both in shared memory with 16 columns side by side. */
__device__ __forceinline__ void wgmma_scores(float (&d)[48], uint64_t a, uint64_t b, bool first, bf16_t) {
  asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %50, 0;\nwgmma.mma_async.sync.aligned.m64n96k16.f32.bf16.bf16 "
               "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47}, %48, %49, p, 1, 1, 0, 0;\n}"
               : SERRATE_SUMS(0), SERRATE_SUMS(8), SERRATE_SUMS(16), SERRATE_SUMS(24), SERRATE_SUMS(32), SERRATE_SUMS(40)
               : "l"(a), "l"(b), "r"((int)!first));
}
/** d += a · b: a 64x16 in registers, b 16x64 in shared memory, its columns side by side. */
__device__ __forceinline__ void wgmma_values(float (&d)[32], const uint32_t (&a)[4], uint64_t b, bf16_t) {
  asm volatile("wgmma.mma_async.sync.aligned.m64n64k16.f32.bf16.bf16 "
               "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31}, {%32, %33, %34, %35 }, %36, 1, 1, 1, 1;"
               : SERRATE_SUMS(0), SERRATE_SUMS(8), SERRATE_SUMS(16), SERRATE_SUMS(24)
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b));
}
#undef SERRATE_SUMS
/** Four 8x8 matrices of 2-byte elements to shared memory; lane i gives the address of row i % 8 of matrix i / 8. */
__device__ __forceinline__ void stmatrix_x4(void* shared_row, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  asm volatile("stmatrix.sync.aligned.m8n8.x4.shared.b16 [%0], {%1, %2, %3, %4};" ::"r"(shared_address(shared_row)), "r"(a), "r"(b), "r"(c), "r"(d) : "memory");
}
#endif

constexpr int HEAD_DIM = 64, VALUE_DIM = 64;
constexpr int BLOCK_M = 192;  // queries of a tile
constexpr int BLOCK_N = 96;  // keys of a tile
constexpr int THREADS = 512;
constexpr unsigned BUILDER_THREADS = 512;
constexpr int THREAD_ROWS = 2;  // queries whose scores a thread holds
constexpr int THREAD_COLUMNS = 24;  // keys of a tile whose scores a thread holds
constexpr int ROW_LANES = 4;  // neighbouring lanes that share a query
constexpr int STAGES = 3;  // key tiles in shared memory
constexpr unsigned SHARED_BYTES = 124928;
constexpr unsigned TILES_COUNT = 3, TILES_ENTRIES = 160, TILES_ENTRY_WORDS = 8;  // words of the tiles workspace
constexpr unsigned PAD = 0xffffffffu;  // the sequence of rows that have no keys
constexpr unsigned BROADCAST = 1, ALIGN_END = 2, KV_INDEX = 4;  // bits of layout_flags
constexpr float LOG2E = 1.4426950408889634f;
constexpr float LN2 = 0.6931471805599453f;
constexpr uint32_t NEGATIVE_INFINITY = 0xff800000u;
constexpr float FLOAT_MAX = 3.402823466e38f;  // minus this is the maximum of a row that has kept nothing: finite, so that no difference is NaN
constexpr float SLACK = 0.0f;  // log2 of how far a weight may pass 1 before its row is rescaled: more is faster and less accurate
constexpr int PIECE_COLUMNS = 64, PIECES = 1, VALUE_PIECES = 1;  // head dim and value dim in pieces whose rows lie side by side, swizzled; zero past them

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
  int left;
  int right;
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
  int left;
  int right;
};

__device__ __forceinline__ int min_i32(int x, int y) { return x < y ? x : y; }
__device__ __forceinline__ int max_i32(int x, int y) { return x > y ? x : y; }

/** What the keys of a row are compared with, in place of asking its mask. */
struct Limits { int from, below; };
// key_limits, from dsl/masks/local.ts:2
__device__ __forceinline__ Limits key_limits(const Params& params, int b, int h, int q, const Seq& seq) {
  const int t_2 = (int)((unsigned)seq.kv_len - (unsigned)1);
  const int t_3 = (int)((unsigned)q - (unsigned)t_2);
  const int t_4 = (int)((unsigned)0 - (unsigned)q);
  const int t_5 = (int)((unsigned)t_2 - (unsigned)q);
  return { max_i32(min_i32((int)((unsigned)(int)((unsigned)q - (unsigned)max_i32(min_i32((int)((unsigned)min_i32(seq.left, 2147483646) + (unsigned)1), (int)((unsigned)max_i32(q, t_3) + (unsigned)1)), min_i32(q, t_3))) + (unsigned)1), seq.kv_len), 0), max_i32(min_i32((int)((unsigned)max_i32(min_i32((int)((unsigned)min_i32(seq.right, 2147483646) + (unsigned)1), (int)((unsigned)max_i32(t_4, t_5) + (unsigned)1)), min_i32(t_4, t_5)) + (unsigned)q), seq.kv_len), 0) };
}

// counted_from, from dsl/masks/local.ts:2
__device__ __forceinline__ Limits counted_from(const Limits& limits, int first) {
  return { limits.from - first, limits.below - first };
}

// keeps_key, from dsl/masks/local.ts:2
__device__ __forceinline__ bool keeps_key(const Limits& limits, int kv) {
  return (kv >= limits.from) & (kv < limits.below);
}

// rising_always, from dsl/masks/local.ts:2
__device__ __forceinline__ bool rising_always(const Params& params, int b, int h, int q0, int q1, int kv0, int kv1, const Seq& seq) {
  return ((int)((unsigned)q1 - (unsigned)kv0) <= seq.left);
}

// rising_never, from dsl/masks/local.ts:2
__device__ __forceinline__ bool rising_never(const Params& params, int b, int h, int q0, int q1, int kv0, int kv1, const Seq& seq) {
  return (seq.left < (int)((unsigned)q0 - (unsigned)kv1));
}

// falling_always, from dsl/masks/local.ts:2
__device__ __forceinline__ bool falling_always(const Params& params, int b, int h, int q0, int q1, int kv0, int kv1, const Seq& seq) {
  return ((int)((unsigned)kv1 - (unsigned)q0) <= seq.right);
}

// falling_never, from dsl/masks/local.ts:2
__device__ __forceinline__ bool falling_never(const Params& params, int b, int h, int q0, int q1, int kv0, int kv1, const Seq& seq) {
  return (seq.right < (int)((unsigned)kv0 - (unsigned)q1));
}

constexpr unsigned TILES_NEXT = 6, TILES_MAPS = 32;  // words of the workspace: the next (tile, head) to compute; tensor maps of q, k, v, out
constexpr int MAP_BYTES = 128;

/** The last four warps of the builder, which have the fewest tiles to write: where q, k, v and out lie. Strides count elements; one that no second row or head uses may be any. */
__device__ __forceinline__ void write_maps(const Params& params) {
  const unsigned tensor = BUILDER_THREADS / 32 - 1 - threadIdx.x / 32, lane = threadIdx.x % 32;
  if (tensor > 3) return;
  unsigned char* const after = dynamic_shared() + 68;  // what the builder itself uses
  unsigned char* const scratch = after + (128 - shared_address(after) % 128) % 128 + tensor * MAP_BYTES;
  const bool of_keys = tensor == 1 || tensor == 2, of_values = tensor > 1;
  const void* const base = tensor == 0 ? (const void*)params.q : tensor == 1 ? (const void*)params.k : tensor == 2 ? (const void*)params.v : (const void*)params.out;
  const unsigned row_stride = tensor == 0 ? params.q_row_stride : tensor == 1 ? params.k_row_stride : tensor == 2 ? params.v_row_stride : params.out_row_stride;
  const unsigned head_stride = tensor == 0 ? params.q_head_stride : tensor == 1 ? params.k_head_stride : tensor == 2 ? params.v_head_stride : params.out_head_stride;
  const unsigned heads = of_keys ? params.num_heads / params.head_group : params.num_heads;
  ((unsigned*)scratch)[lane] = 0;
  warp_barrier();
  if (lane == 0) tensor_map_init(scratch, base, of_values ? VALUE_DIM : HEAD_DIM, heads, row_stride % 8 == 0 ? 2ull * row_stride : 16, heads > 1 ? 2ull * head_stride : 16, PIECE_COLUMNS, tensor == 0 ? BLOCK_M : of_keys ? BLOCK_N : 64);
  warp_barrier();
  tensor_map_publish(params.tiles + TILES_MAPS + tensor * (MAP_BYTES / 4), scratch);
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

/** Where the sequences of a block begin. */
__device__ __forceinline__ unsigned share_begin(const Params& params, unsigned block) { return (unsigned)((unsigned long long)params.num_sequences * block / gridDim.x); }
__device__ __forceinline__ bool last_block() { return blockIdx.x + 1 == gridDim.x; }

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

/** Blocks that share the sequences, each after counting the tiles of those before its own: the query tiles of every sequence, in order, into the tiles workspace. */
extern "C" __global__ void __launch_bounds__(512) local_window_bf16_d64_build_tiles(const __grid_constant__ Params params) {
  unsigned* const warp_sums = (unsigned*)dynamic_shared();
  unsigned& rest_row = warp_sums[BUILDER_THREADS / 32];
  const unsigned thread = threadIdx.x;
  unsigned done = 0;
  const unsigned begin = share_begin(params, blockIdx.x), end = share_begin(params, blockIdx.x + 1);
  let_next_begin();
  if (begin > 0) {
    unsigned before = 0;
    for (unsigned b = thread; b < begin; b += BUILDER_THREADS) before += tiles_of(sequence_view(params, b));
    done = block_prefix(before, warp_sums).total;
    block_barrier();
  }
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
  if (last_block()) done += write_rest(params, rest_from(params, params.num_sequences > 0 ? rest_row : 0), done);
  if (blockIdx.x == 0) write_maps(params);
  if (thread == 0 && last_block()) {
    const unsigned count = done < params.max_tiles ? done : params.max_tiles;
    const unsigned long long blocks = (unsigned long long)count * params.num_heads;
    params.tiles[0] = (unsigned)(blocks < 65535 ? blocks : 65535);
    params.tiles[1] = (unsigned)((blocks + 65534) / 65535);
    params.tiles[2] = 1;
    params.tiles[TILES_COUNT] = count;
    params.tiles[TILES_NEXT] = 0;
    params.tiles[4] = 0;
    params.tiles[5] = 0;
  }
}

/** The tile of a place in the grid: the list from its end, where under a causal mask a sequence's tiles have the most keys. */
__device__ __forceinline__ Tile listed_tile(const Params& params, unsigned count, unsigned place) { return *tile_entry(params, count - 1 - place); }

constexpr int GROUPS = 3;  // warpgroups that share a query tile, 64 queries each
constexpr int QUERY_SLOTS = 2;  // query tiles in shared memory; O leaves through its own Q's
constexpr int PIECE_ROW = 2 * PIECE_COLUMNS;  // bytes
constexpr int QUERY_BYTES = BLOCK_M * PIECE_ROW * PIECES, KEY_BYTES = BLOCK_N * PIECE_ROW * PIECES, VALUE_BYTES = BLOCK_N * PIECE_ROW * VALUE_PIECES;
constexpr int SLOT_BYTES = BLOCK_M * PIECE_ROW * 1;  // Q, then O
constexpr int DIM_STEPS = PIECES * PIECE_COLUMNS / 16, VALUE_STEPS = VALUE_PIECES * PIECE_COLUMNS / 16, PIECE_STEPS = PIECE_COLUMNS / 16, KEY_STEPS = BLOCK_N / 16;
constexpr int FAR_ROW = 1 << 30;

/** A (query tile, head): posted by the producer for the warpgroups that compute. */
struct Work {
  Tile tile;
  int h;
  int state;  // NO_TILES, SOME_TILES or NO_MORE
};
constexpr int NO_TILES = 0, SOME_TILES = 1, NO_MORE = 2;
constexpr int LAST_TILE = 1, PARTIAL_TILE = 2;  // bits of a key tile's word, below 4 * its number

/** Barriers end a phase when their tile is there (full) or no longer needed (empty). */
struct Exchange {
  uint64_t query_full[QUERY_SLOTS], query_empty[QUERY_SLOTS], key_full[STAGES], key_empty[STAGES], value_full[STAGES], value_empty[STAGES];
  Work work[QUERY_SLOTS];
  int tile[STAGES];
};

/** Where tiles lie in shared memory; every piece starts at a multiple of the swizzle's period. */
struct Places { unsigned char *queries, *keys, *values; Exchange* exchange; };

__device__ __forceinline__ Places shared_places() {
  unsigned char* const shared = dynamic_shared();
  unsigned char* const queries = shared + (1024 - shared_address(shared) % 1024) % 1024;
  unsigned char* const keys = queries + QUERY_SLOTS * SLOT_BYTES;
  unsigned char* const values = keys + STAGES * KEY_BYTES;
  return { queries, keys, values, (Exchange*)(values + STAGES * VALUE_BYTES) };
}

/** A place in a ring of SLOTS and the parity of its round. */
template <int SLOTS>
struct Ring {
  int slot = 0;
  unsigned parity = 0;
  __device__ __forceinline__ void next() {
    if (++slot == SLOTS) {
      slot = 0;
      parity ^= 1;
    }
  }
};

/** S of a warpgroup as wgmma leaves it: rows lane / 4 and lane / 4 + 8 of each warp's 16, columns 2 * (lane % 4) and the next of each 8. */
struct Scores { float d[BLOCK_N / 2]; };
/** O before normalisation, laid out as Scores. */
struct Accumulator { float d[VALUE_STEPS * 8]; };
/** P as wgmma's left operand. */
struct Weights { uint32_t a[KEY_STEPS][4]; };
/** What the softmax asks of O: done once P · V of the tile before is there. */
struct Output {
  float factor[THREAD_ROWS];
  bool rises;
};
__device__ __forceinline__ void scale_row(Output& output, int r, float factor) {
  output.factor[r] = factor;
  output.rises = true;
}

/** Which of the warpgroups that compute. */
__device__ __forceinline__ int consumer_group() { return (int)threadIdx.x / 128 - 1; }
__device__ __forceinline__ int lane_id() { return (int)threadIdx.x % 32; }
/** This warp is done with the tile at `place`; goes to the next. */
template <int SLOTS>
__device__ __forceinline__ void free_tile(uint64_t (&empty)[SLOTS], Ring<SLOTS>& place) {
  warp_barrier();
  if (lane_id() == 0) mbarrier_arrive(&empty[place.slot]);
  place.next();
}
__device__ __forceinline__ int warp_row() { return (int)threadIdx.x / 32 * 16 - 64; }
/** Place in the tile of this thread's row r and column c. */
__device__ __forceinline__ int row_of(int r) { return warp_row() + r * 8 + lane_id() / 4; }
__device__ __forceinline__ int column_of(int c) { return c / 2 * 8 + lane_id() % 4 * 2 + c % 2; }
__device__ __forceinline__ float& at(Scores& s, int r, int c) { return s.d[c / 2 * 4 + r * 2 + c % 2]; }

/** wgmma's descriptor of a swizzled operand: start, and bytes between pieces and between groups of 8 rows. */
__device__ __forceinline__ uint64_t operand(const void* shared, int pieces, int groups) {
  return (uint64_t)((shared_address(shared) & 0x3ffff) >> 4) | (uint64_t)(pieces >> 4) << 16 | (uint64_t)(groups >> 4) << 32 | (uint64_t)1 << 62;
}
__device__ __forceinline__ uint64_t advance(uint64_t operand, int bytes) { return operand + (uint64_t)(bytes >> 4); }

/** Starts S = Q · K^T of one key tile. */
__device__ __forceinline__ void multiply_keys(Scores& s, uint64_t queries, uint64_t keys) {
  wgmma_fence();
  #pragma unroll
  for (int step = 0; step < DIM_STEPS; ++step) {
    const int piece = step / PIECE_STEPS, column = step % PIECE_STEPS * 32;
    wgmma_scores(s.d, advance(queries, piece * BLOCK_M * PIECE_ROW + column), advance(keys, piece * BLOCK_N * PIECE_ROW + column), step == 0, element_t());
  }
  wgmma_commit();
}

/** Starts O += P · V of one key tile. */
__device__ __forceinline__ void multiply_values(Accumulator& o, const Weights& p, uint64_t values) {
  wgmma_fence();
  #pragma unroll
  for (int step = 0; step < KEY_STEPS; ++step) wgmma_values(o.d, p.a[step], advance(values, step * 16 * PIECE_ROW), element_t());
  wgmma_commit();
}

__device__ __forceinline__ void round_weights(Weights& p, const Scores& s) {
  #pragma unroll
  for (int step = 0; step < KEY_STEPS; ++step)
    #pragma unroll
    for (int i = 0; i < 4; ++i) p.a[step][i] = pack2<element_t>(s.d[8 * step + 2 * i], s.d[8 * step + 2 * i + 1]);
}

/** Rounds O, each row times its factor, and starts writing the rows that the sequence has, through Q's slot. */
__device__ __forceinline__ void store_output(const unsigned char* map, unsigned char* queries, const Accumulator& o, const float (&factor)[2], const Work& work) {
  const int group = (int)threadIdx.x / 128 - 1, first = group * 64;
  unsigned char* const rows = queries + first * PIECE_ROW;
  named_barrier_sync(GROUPS + 1 + group, 128);
  const int row = (int)threadIdx.x / 32 % 4 * 16 + lane_id() % 16;
  #pragma unroll
  for (int step = 0; step < VALUE_STEPS; ++step) {
    const int column = step % PIECE_STEPS * 16 + lane_id() / 16 * 8;
    const int place = row * PIECE_ROW + column * 2;
    const float* const d = o.d + 8 * step;
    stmatrix_x4(rows + step / PIECE_STEPS * BLOCK_M * PIECE_ROW + (place ^ (place / 128 % 8 * 16)), pack2<element_t>(d[0] * factor[0], d[1] * factor[0]), pack2<element_t>(d[2] * factor[1], d[3] * factor[1]),
                pack2<element_t>(d[4] * factor[0], d[5] * factor[0]), pack2<element_t>(d[6] * factor[1], d[7] * factor[1]));
  }
  async_fence();
  named_barrier_sync(GROUPS + 1 + group, 128);
  if (threadIdx.x % 128 == 0) {
    const int first_row = FAR_ROW - (int)(work.tile.q_len - work.tile.first_query) + first, start = (int)(work.tile.out_row0 + work.tile.q_len), h = work.h;
    #pragma unroll
    for (int piece = 0; piece < VALUE_PIECES; ++piece)
      tma_store_5d(map, rows + piece * BLOCK_M * PIECE_ROW, piece * PIECE_COLUMNS, first_row, h, start, FAR_ROW);
    tma_store_commit();
  }
}

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
      if (!rising_never(params, b, h, q0, q1, kv0, kv1, seq)) high = middle;
      else low = middle + 1;
    }
    found.begin = low;
  }
  {
    int low = 0, high = count;
    while (low < high) {
      const int middle = (low + high) / 2, kv0 = middle * BLOCK_N, kv1 = kv0 + BLOCK_N <= seq.kv_len ? kv0 + BLOCK_N - 1 : seq.kv_len - 1;
      if (rising_always(params, b, h, q0, q1, kv0, kv1, seq)) high = middle;
      else low = middle + 1;
    }
    found.full_begin = low;
  }
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

/** Pairs that the mask drops, and keys past the sequence, get minus infinity. */
__device__ __forceinline__ void mask_scores(const Params& params, Scores& s, int b, int h, int q0, int kv0, const Seq& seq) {
  #pragma unroll
  for (int r = 0; r < THREAD_ROWS; ++r) {
    const int first = column_of(0);
    const Limits limits = counted_from(key_limits(params, b, h, q0 + row_of(r), seq), kv0 + first);
    #pragma unroll
    for (int c = 0; c < THREAD_COLUMNS; ++c)
      if (!keeps_key(limits, column_of(c) - first)) at(s, r, c) = uint_as_float(NEGATIVE_INFINITY);
  }
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
__device__ __forceinline__ void softmax_step(Scores& s, Output& output, float (&m_i)[THREAD_ROWS], float (&l_i)[THREAD_ROWS], float scale_log2, bool first) {
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
  if (first) {
    #pragma unroll
    for (int r = 0; r < THREAD_ROWS; ++r) m_i[r] = fmaxf(row_max[r] * scale_log2, -FLOAT_MAX);
  } else if (warp_any(rises)) {
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

/** Rows of a sequence as tensor maps count them: from its end backwards, so that a box past the end reads zeros. */
struct Rows { int first, end, head; };
__device__ __forceinline__ Rows rows_of(unsigned row0, unsigned len, unsigned head) { return { FAR_ROW - (int)len, (int)(row0 + len), (int)head }; }

/** Starts rows from `row` on. */
template <int COUNT>
__device__ __forceinline__ void load_tile(unsigned char* shared, const unsigned char* map, uint64_t* barrier, int rows, const Rows& from, int row) {
  #pragma unroll
  for (int piece = 0; piece < COUNT; ++piece)
    tma_load_5d(shared + piece * rows * PIECE_ROW, map, barrier, piece * PIECE_COLUMNS, from.first + row, from.head, from.end, FAR_ROW);
}

/** The producer's place in the rings, and where its key tiles lie. */
struct Supply {
  Ring<QUERY_SLOTS> query;
  Ring<STAGES> stage;
  Rows keys;
};

/** Posts a (query tile, head) once a slot is free, and starts its Q. */
__device__ __forceinline__ void post_work(const Params& params, const Places& places, const unsigned char* maps, Supply& supply, const Tile& tile, int h, int state) {
  if (lane_id() != 0) return;
  supply.keys = rows_of(tile.kv_row0, tile.kv_len, (unsigned)h / params.head_group);
  mbarrier_wait(&places.exchange->query_empty[supply.query.slot], supply.query.parity ^ 1);
  uint64_t* const full = &places.exchange->query_full[supply.query.slot];
  Work& work = places.exchange->work[supply.query.slot];
  work.tile = tile;
  work.h = h;
  work.state = state;
  mbarrier_arrive_expect(full, QUERY_BYTES);
  load_tile<PIECES>(places.queries + supply.query.slot * SLOT_BYTES, maps, full, BLOCK_M, rows_of(tile.q_row0, tile.q_len, (unsigned)h), (int)tile.first_query);
}

/** Starts K and V of a key tile, once a stage is free. One lane waits: another might look when the phase it waits for is past, and wait for ever. */
__device__ __forceinline__ void post_tile(const Places& places, const unsigned char* maps, Supply& supply, int word) {
  const int slot = supply.stage.slot, row = word / 4 * BLOCK_N;
  Exchange& exchange = *places.exchange;
  if (lane_id() == 0) {
    mbarrier_wait(&exchange.key_empty[slot], supply.stage.parity ^ 1);
    exchange.tile[slot] = word;
    mbarrier_arrive_expect(&exchange.key_full[slot], KEY_BYTES);
    load_tile<PIECES>(places.keys + slot * KEY_BYTES, maps + MAP_BYTES, &exchange.key_full[slot], BLOCK_N, supply.keys, row);
    mbarrier_wait(&exchange.value_empty[slot], supply.stage.parity ^ 1);
    mbarrier_arrive_expect(&exchange.value_full[slot], VALUE_BYTES);
    load_tile<VALUE_PIECES>(places.values + slot * VALUE_BYTES, maps + 2 * MAP_BYTES, &exchange.value_full[slot], BLOCK_N, supply.keys, row);
  }
  supply.stage.next();
}

/** One warp: takes the next (query tile, head) until none is left, and brings its Q and the key tiles that its mask keeps. */
__device__ __forceinline__ void produce(const Params& params, const Places& places) {
  const unsigned char* const maps = (const unsigned char*)(params.tiles + TILES_MAPS);
  const unsigned count = params.tiles[TILES_COUNT];
  const unsigned long long total = (unsigned long long)count * params.num_heads;
  if (lane_id() == 0)
    for (int i = 0; i < 3; ++i) tensor_map_acquire(maps + i * MAP_BYTES);
  warp_barrier();
  Supply supply;
  for (;;) {
    unsigned place = 0;
    if (lane_id() == 0) place = atomic_next(params.tiles + TILES_NEXT);
    place = warp_first(place);
    if (place >= total) break;
    const Tile tile = listed_tile(params, count, place / params.num_heads);
    const int h = (int)(place % params.num_heads);
    const bool pad = tile.sequence == PAD;
    const int b = pad ? 0 : (int)tile.sequence;
    Seq seq = {};
    seq.q_len = (int)tile.q_len;
    seq.kv_len = (int)tile.kv_len;
    seq.position0 = tile.position0;
    seq.q_row0 = tile.q_row0;
    seq.kv_row0 = tile.kv_row0;
    if (!pad) {
      seq.left = params.left;
      seq.right = params.right;
    }
    const int q0 = (int)tile.first_query + tile.position0;  // position of row 0
    const int limit = (int)(tile.q_len - tile.first_query), q1 = q0 + (limit < BLOCK_M ? limit : BLOCK_M) - 1;
    const KeyTiles tiles = find_key_tiles(params, b, h, q0, q1, seq);
    const int first = tiles.begin, last = tiles.end;
    post_work(params, places, maps, supply, tile, h, first < last ? SOME_TILES : NO_TILES);
    for (int i = first; i < last; ++i) {
      const bool partial = i < tiles.full_begin || i >= tiles.full_end;
      post_tile(places, maps, supply, 4 * i + (partial ? PARTIAL_TILE : 0) + (i + 1 == last ? LAST_TILE : 0));
    }
    supply.query.next();
  }
  if (lane_id() == 0) {
    mbarrier_wait(&places.exchange->query_empty[supply.query.slot], supply.query.parity ^ 1);
    places.exchange->work[supply.query.slot].state = NO_MORE;
    mbarrier_arrive(&places.exchange->query_full[supply.query.slot]);
  }
}

/** Q's slot may be filled again once O has left through it. */
__device__ __forceinline__ void release_query(Exchange& exchange, int slot) {
  if (slot < 0 || threadIdx.x % 128 != 0) return;
  tma_store_drain();
  mbarrier_arrive(&exchange.query_empty[slot]);
}

/** One warpgroup: 64 queries of each posted tile. Q · K^T of a key tile runs while the softmax of the one before ends, P · V under the softmax. */
__device__ __forceinline__ void consume(const Params& params, const Places& places) {
  const int group = consumer_group();
  const unsigned char* const out_map = (const unsigned char*)(params.tiles + TILES_MAPS) + 3 * MAP_BYTES;
  if (threadIdx.x % 128 == 0) tensor_map_acquire(out_map);
  if (group == GROUPS - 1) named_barrier_arrive(1, 256);  // the first group may start
  const uint64_t query_operand = operand(places.queries + group * 64 * PIECE_ROW, 0, 8 * PIECE_ROW);
  const uint64_t key_operand = operand(places.keys, 0, 8 * PIECE_ROW);
  const uint64_t value_operand = operand(places.values, BLOCK_N * PIECE_ROW, 8 * PIECE_ROW);
  Exchange& exchange = *places.exchange;
  // The scale is folded into the exponent, which needs it positive: the scores take the sign, or become 0
  const float sign = params.sm_scale > 0.0f ? 1.0f : params.sm_scale == 0.0f ? 0.0f : -1.0f;
  const float scale_log2 = sign == 0.0f ? LOG2E : sign * params.sm_scale * LOG2E;
  Ring<QUERY_SLOTS> query;
  Ring<STAGES> key, value;
  int leaving = -1;  // the slot whose O is being written: freed under the next tile's first product
  for (;; query.next()) {
    mbarrier_wait(&exchange.query_full[query.slot], query.parity);
    const Work& work = exchange.work[query.slot];
    const int state = work.state;
    if (state == NO_MORE) break;
    const Tile tile = work.tile;
    const int h = work.h;
    const bool pad = tile.sequence == PAD;
    const int b = pad ? 0 : (int)tile.sequence;
    Seq seq = {};
    seq.q_len = (int)tile.q_len;
    seq.kv_len = (int)tile.kv_len;
    seq.position0 = tile.position0;
    seq.q_row0 = tile.q_row0;
    seq.kv_row0 = tile.kv_row0;
    if (!pad) {
      seq.left = params.left;
      seq.right = params.right;
    }
    const int q0 = (int)tile.first_query + tile.position0;  // position of row 0
    Accumulator o;
    #pragma unroll
    for (int i = 0; i < VALUE_STEPS * 8; ++i) o.d[i] = 0.0f;
    float m_i[THREAD_ROWS], l_i[THREAD_ROWS];  // running maximum (log2) and this thread's part of the sum
    #pragma unroll
    for (int r = 0; r < THREAD_ROWS; ++r) {
      m_i[r] = -FLOAT_MAX;
      l_i[r] = 0.0f;
    }
    if (state == SOME_TILES) {
      const uint64_t queries = advance(query_operand, query.slot * SLOT_BYTES);
      Scores s;
      Weights p;
      Output output = {};
      mbarrier_wait(&exchange.key_full[key.slot], key.parity);
      int word = exchange.tile[key.slot];
      multiply_keys(s, queries, advance(key_operand, key.slot * KEY_BYTES));
      release_query(exchange, leaving);
      leaving = -1;
      wgmma_wait<0>(s.d);
      free_tile(exchange.key_empty, key);
      {
        constexpr bool first = true;
        if (sign != 1.0f) {
          #pragma unroll
          for (int i = 0; i < BLOCK_N / 2; ++i) s.d[i] *= sign;
        }
        {
          const int kv0 = opaque(word / 4 * BLOCK_N);
          const bool partial = word & PARTIAL_TILE;
          output.rises = false;
          if (partial) mask_scores(params, s, b, h, q0, kv0, seq);
          else if (kv0 + BLOCK_N > seq.kv_len) mask_tail(s, kv0, seq.kv_len);
          softmax_step(s, output, m_i, l_i, scale_log2, first);
        }
      }
      round_weights(p, s);
      mbarrier_wait(&exchange.value_full[value.slot], value.parity);
      while (!(word & LAST_TILE)) {
        constexpr bool first = false;
        mbarrier_wait(&exchange.key_full[key.slot], key.parity);
        word = exchange.tile[key.slot];
        named_barrier_sync(1 + group, 256);
        multiply_keys(s, queries, advance(key_operand, key.slot * KEY_BYTES));
        multiply_values(o, p, advance(value_operand, value.slot * VALUE_BYTES));
        named_barrier_arrive(1 + (group + 1) % GROUPS, 256);
        wgmma_wait<1>(s.d);
        free_tile(exchange.key_empty, key);
        if (sign != 1.0f) {
          #pragma unroll
          for (int i = 0; i < BLOCK_N / 2; ++i) s.d[i] *= sign;
        }
        {
          const int kv0 = opaque(word / 4 * BLOCK_N);
          const bool partial = word & PARTIAL_TILE;
          output.rises = false;
          if (partial) mask_scores(params, s, b, h, q0, kv0, seq);
          else if (kv0 + BLOCK_N > seq.kv_len) mask_tail(s, kv0, seq.kv_len);
          softmax_step(s, output, m_i, l_i, scale_log2, first);
        }
        settle(s.d);
        // waiting here for V of the next product also keeps the compiler from moving the softmax below the end of this one
        const int used = value.slot;
        value.next();
        mbarrier_wait(&exchange.value_full[value.slot], value.parity);
        wgmma_wait<0>(o.d);
        warp_barrier();
        if (lane_id() == 0) mbarrier_arrive(&exchange.value_empty[used]);
        round_weights(p, s);
        if (output.rises) {
          #pragma unroll
          for (int i = 0; i < VALUE_STEPS * 8; ++i) o.d[i] *= output.factor[i / 2 % 2];
        }
      }
      multiply_values(o, p, advance(value_operand, value.slot * VALUE_BYTES));
      wgmma_wait<0>(o.d);
      free_tile(exchange.value_empty, value);
    }

    release_query(exchange, leaving);
    float factors[THREAD_ROWS];
    float tops[THREAD_ROWS], sums[THREAD_ROWS];
    #pragma unroll
    for (int lanes = 1; lanes < ROW_LANES; lanes *= 2)
      #pragma unroll
      for (int r = 0; r < THREAD_ROWS; ++r) l_i[r] += shuffle_xor(l_i[r], lanes);
    #pragma unroll
    for (int r = 0; r < THREAD_ROWS; ++r) {
      const float m = m_i[r], l = l_i[r];
      const float factor = l == 0.0f ? 0.0f : rcp_approx(l);
      factors[r] = factor;
      tops[r] = m;
      sums[r] = l;
    }
    {
      // of the lanes that share rows, each writes one row's
      const int own = lane_id() % ROW_LANES;
      const float top = own == 0 ? tops[0] : tops[1], sum = own == 0 ? sums[0] : sums[1];
      const unsigned row = work.tile.first_query + (unsigned)row_of(own);
      if (own < THREAD_ROWS && row < work.tile.q_len)
        params.lse[(unsigned long long)(work.tile.out_row0 + row) * params.lse_row_stride + (unsigned long long)work.h * params.lse_head_stride] = sum == 0.0f ? uint_as_float(NEGATIVE_INFINITY) : (top + log2_approx(sum)) * LN2;
    }
    store_output(out_map, places.queries + query.slot * SLOT_BYTES, o, factors, work);
    leaving = query.slot;
  }
  release_query(exchange, leaving);  // shared memory lives until it has been read
  if (group == 0) named_barrier_sync(1, 256);  // takes the arrival that is left
}

/** As many blocks as the device runs at once; each takes (query tile, head) after (query tile, head). */
extern "C" __global__ void __launch_bounds__(512, 1) local_window_bf16_d64_attention(const __grid_constant__ Params params) {
  const Places places = shared_places();
  if (threadIdx.x == 0) {
    Exchange& exchange = *places.exchange;
    for (int i = 0; i < QUERY_SLOTS; ++i) {
      mbarrier_init(&exchange.query_full[i], 1);
      mbarrier_init(&exchange.query_empty[i], GROUPS);
    }
    for (int i = 0; i < STAGES; ++i) {
      mbarrier_init(&exchange.key_full[i], 1);
      mbarrier_init(&exchange.value_full[i], 1);
      mbarrier_init(&exchange.key_empty[i], 4 * GROUPS);
      mbarrier_init(&exchange.value_empty[i], 4 * GROUPS);
    }
    mbarrier_init_fence();
  }
  block_barrier();
  wait_for_previous();
  if (threadIdx.x < 128) {
    give_registers<56>();
    if (threadIdx.x < 32) produce(params, places);
  } else {
    take_registers<152>();
    consume(params, places);
  }
}

#ifndef __CUDACC_RTC__
/**
 * Queues both kernels on `stream`. `params->tiles` is workspace of 4 * (160 + 8 * max_tiles) bytes, 128-byte aligned, where max_tiles is at least
 * num_rows / 192 + min(num_sequences, num_rows) + 1; with queries aligned to the end of the keys, of 2 * num_sequences. Strides of q, k, v and out are multiples of 8
 * elements, their pointers of 16 bytes: what tensor maps can hold. Returns a cudaError_t; 1 (invalid value) where they are not, 9 (invalid configuration) when the rows or max_tiles * num_heads exceed what 32 bits number.
 */
extern "C" int serrate_local_window_bf16_d64(const Params* params, unsigned max_tiles, cudaStream_t stream) {
  const unsigned long long blocks = (unsigned long long)max_tiles * params->num_heads;
  if (blocks > 0x7fffffffull || params->num_rows > 0x7fff0000u || params->kv_rows > 0x7fff0000u) return 9;
  if (((unsigned long long)params->q | (unsigned long long)params->k | (unsigned long long)params->v | (unsigned long long)params->out) % 16 != 0) return 1;
  if ((params->q_row_stride | params->q_head_stride | params->k_row_stride | params->k_head_stride | params->v_row_stride | params->v_head_stride | params->out_row_stride | params->out_head_stride) % 8 != 0) return 1;
  if (params->num_heads == 0) return 0;
  constexpr unsigned builder_blocks = 16;  // at most, one for so many sequences
  const unsigned wanted = params->num_sequences / 64, builders = wanted < 1 ? 1 : wanted < builder_blocks ? wanted : builder_blocks;
  int error = serrate_launch(local_window_bf16_d64_build_tiles, builders, 1, BUILDER_THREADS, SHARED_BYTES, stream, *params);
  if (error != 0 || blocks == 0) return error;
  int device = 0, multiprocessors = 0;
  error = (int)cudaGetDevice(&device);
  if (error == 0) error = (int)cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device);
  if (error != 0) return error;
  return serrate_launch_early(local_window_bf16_d64_attention, blocks < (unsigned)multiprocessors ? (unsigned)blocks : (unsigned)multiprocessors, THREADS, SHARED_BYTES, stream, *params);
}
#endif
