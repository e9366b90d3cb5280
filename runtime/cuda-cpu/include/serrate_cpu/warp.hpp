// Barriers and warp operations: every live lane of the warp arrives before any goes on.
#pragma once
#include "half.hpp"
#include "abi.hpp"

inline void block_barrier(int line = __builtin_LINE()) { serrate_block_barrier(line); }
inline void warp_barrier(int line = __builtin_LINE()) { serrate_warp_barrier(line); }

inline void cluster_arrive(int line = __builtin_LINE()) { serrate_cluster_arrive(line); }
/** Returns when every thread of the cluster's blocks has arrived. */
inline void cluster_wait(int line = __builtin_LINE()) { serrate_cluster_wait(line); }
/** What lies at the same place of the shared memory of another block of the cluster. */
template <class V> inline V cluster_read(const V* own, int rank, int line = __builtin_LINE()) {
  V value;
  serrate_cluster_read(&value, own, sizeof value, rank, line);
  return value;
}

template <class V> inline V serrate_shuffle_as(V value, int mode, int argument, int line) {
  static_assert(sizeof(V) == 4, "shuffles move 4 bytes");
  return __builtin_bit_cast(V, serrate_shuffle(__builtin_bit_cast(uint32_t, value), mode, argument, line));
}
template <class V> inline V shuffle_xor(V value, int lane_mask, int line = __builtin_LINE()) { return serrate_shuffle_as(value, serrate_xor, lane_mask, line); }
template <class V> inline V shuffle_up(V value, int delta, int line = __builtin_LINE()) { return serrate_shuffle_as(value, serrate_up, delta, line); }
template <class V> inline V shuffle_down(V value, int delta, int line = __builtin_LINE()) { return serrate_shuffle_as(value, serrate_down, delta, line); }
template <class V> inline V shuffle_index(V value, int lane, int line = __builtin_LINE()) { return serrate_shuffle_as(value, serrate_index, lane, line); }

inline unsigned warp_ballot(bool predicate, int line = __builtin_LINE()) { return serrate_ballot(predicate, line); }
inline bool warp_any(bool predicate, int line = __builtin_LINE()) { return serrate_ballot(predicate, line) != 0; }
inline bool warp_all(bool predicate, int line = __builtin_LINE()) { return serrate_ballot(!predicate, line) == 0; }

/** Lane i of group g = i / 8 gives the address of row i % 8 of 8x8 matrix g. */
inline void ldmatrix_x4(uint32_t (&r)[4], const void* row, int line = __builtin_LINE()) { serrate_ldmatrix(r, row, 4, false, line); }
inline void ldmatrix_x2(uint32_t (&r)[2], const void* row, int line = __builtin_LINE()) { serrate_ldmatrix(r, row, 2, false, line); }
inline void ldmatrix_x4_trans(uint32_t (&r)[4], const void* row, int line = __builtin_LINE()) { serrate_ldmatrix(r, row, 4, true, line); }
inline void ldmatrix_x2_trans(uint32_t (&r)[2], const void* row, int line = __builtin_LINE()) { serrate_ldmatrix(r, row, 2, true, line); }

/** d (16x8, f32) += a (16x16) * b (16x8), in PTX's fragment layouts. */
inline void mma_m16n8k16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], half_t, int line = __builtin_LINE()) {
  serrate_mma_m16n8k16(d, a, b, serrate_half, line);
}
inline void mma_m16n8k16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], bf16_t, int line = __builtin_LINE()) {
  serrate_mma_m16n8k16(d, a, b, serrate_bf16, line);
}

/** Rounded to the 10-bit mantissa of TF32, ties away from zero. */
inline uint32_t to_tf32(float x) { return (float_as_uint(x) + 0x1000u) & 0xffffe000u; }
/** d (16x8, f32) += a (16x8) * b (8x8), both TF32, in PTX's fragment layouts. */
inline void mma_m16n8k8_tf32(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], int line = __builtin_LINE()) { serrate_mma_m16n8k8_tf32(d, a, b, line); }
