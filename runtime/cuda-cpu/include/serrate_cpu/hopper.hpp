// What sm_90a adds: transaction barriers, tensor maps and the copies they describe, warpgroup products, named barriers.
#pragma once
#include "half.hpp"
#include "abi.hpp"
#include "memory.hpp"
#include "warp.hpp"

inline uint32_t shared_address(const void* shared, int line = __builtin_LINE()) { return serrate_shared_address(shared, line); }
inline unsigned atomic_next(unsigned* address, int line = __builtin_LINE()) { return serrate_atomic_add(address, 1u, line); }
inline unsigned lowest_bit(unsigned bits) { return static_cast<unsigned>(__builtin_ctz(bits)); }
inline unsigned warp_first(unsigned value, int line = __builtin_LINE()) { return shuffle_index(value, 0, line); }
inline void let_next_begin() {}
inline void wait_for_previous() {}
inline int opaque(int value) { return value; }
template <int N> inline void take_registers() {}
template <int N> inline void give_registers() {}

inline void mbarrier_init(uint64_t* barrier, unsigned arrivals, int line = __builtin_LINE()) { serrate_mbarrier_init(barrier, arrivals, line); }
inline void mbarrier_init_fence() {}
inline void mbarrier_arrive(uint64_t* barrier, int line = __builtin_LINE()) { serrate_mbarrier_arrive(barrier, 0, line); }
inline void mbarrier_arrive_expect(uint64_t* barrier, unsigned bytes, int line = __builtin_LINE()) { serrate_mbarrier_arrive(barrier, bytes, line); }
inline void mbarrier_wait(uint64_t* barrier, unsigned parity, int line = __builtin_LINE()) { serrate_mbarrier_wait(barrier, parity, line); }
inline void async_fence() {}
inline void named_barrier_sync(int id, int threads, int line = __builtin_LINE()) { serrate_named_barrier(id, threads, true, line); }
inline bool named_barrier_any(int id, int threads, bool predicate, int line = __builtin_LINE()) { return serrate_named_vote(id, threads, predicate, line); }
inline void named_barrier_arrive(int id, int threads, int line = __builtin_LINE()) { serrate_named_barrier(id, threads, false, line); }

/** The arguments of the emitted kernels' own function: a map of [columns, 2^30 rows, heads] and two dimensions that only move the start. */
inline void tensor_map_init(void* map, const void* base, unsigned columns, unsigned heads, uint64_t row, uint64_t head, unsigned box_columns, unsigned box_rows, int line = __builtin_LINE()) {
  serrate_tensor_map tensor = {reinterpret_cast<uint64_t>(base), {columns, 1u << 30, heads, 0x7fff0000u, 0x7fff0000u}, {row, head, row, (1ull << 35) - row}, {box_columns, box_rows}};
  serrate_tensor_map_init(map, &tensor, line);
}
inline void tensor_map_publish(void* global, const void* shared, int line = __builtin_LINE()) { serrate_tensor_map_publish(global, shared, line); }
inline void tensor_map_acquire(const void*) {}
inline void tma_load_5d(void* shared, const void* map, uint64_t* barrier, int c0, int c1, int c2, int c3, int c4, int line = __builtin_LINE()) {
  const int at[5] = {c0, c1, c2, c3, c4};
  serrate_tma_load(shared, map, barrier, at, line);
}
inline void tma_store_5d(const void* map, const void* shared, int c0, int c1, int c2, int c3, int c4, int line = __builtin_LINE()) {
  const int at[5] = {c0, c1, c2, c3, c4};
  serrate_tma_store(map, shared, at, line);
}
inline void tma_store_commit() { serrate_tma_store_commit(); }
inline void tma_store_drain() { serrate_tma_store_drain(); }

inline int serrate_type(half_t) { return serrate_half; }
inline int serrate_type(bf16_t) { return serrate_bf16; }
inline void wgmma_fence() {}
inline void wgmma_commit() { serrate_wgmma_commit(); }
template <int N, int REGISTERS> inline void wgmma_wait(float (&)[REGISTERS], int line = __builtin_LINE()) { serrate_wgmma_wait(N, line); }
template <int REGISTERS> inline void settle(float (&)[REGISTERS]) {}
/** d = a · b, or d += a · b: 64x16 by 16xN, both operands in shared memory with 16 columns side by side. */
template <class T, int REGISTERS> inline void wgmma_scores(float (&d)[REGISTERS], uint64_t a, uint64_t b, bool first, T type, int line = __builtin_LINE()) {
  serrate_wgmma(d, REGISTERS, nullptr, a, b, first, serrate_type(type), line);
}
/** d += a · b: a in registers, b with its columns side by side. */
template <class T, int REGISTERS> inline void wgmma_values(float (&d)[REGISTERS], const uint32_t (&a)[4], uint64_t b, T type, int line = __builtin_LINE()) {
  serrate_wgmma(d, REGISTERS, a, 0, b, false, serrate_type(type), line);
}
inline void stmatrix_x4(void* row, uint32_t a, uint32_t b, uint32_t c, uint32_t d, int line = __builtin_LINE()) {
  const uint32_t fragment[4] = {a, b, c, d};
  serrate_stmatrix(fragment, row, line);
}

constexpr int cudaDevAttrMultiProcessorCount = 16;
inline cudaError_t cudaGetDevice(int* device) { return *device = 0, cudaSuccess; }
/** Blocks run one after another: a second one finds that the first has taken all the work. */
inline cudaError_t cudaDeviceGetAttribute(int* value, int, int) { return *value = 2, cudaSuccess; }
