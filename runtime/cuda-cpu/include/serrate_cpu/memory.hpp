// Shared memory, asynchronous copies and 16-byte accesses.
#pragma once
#include "abi.hpp"

inline unsigned char* dynamic_shared() { return serrate_dynamic_shared(); }
inline uint32_t smem_address(const void* shared, int line = __builtin_LINE()) { return serrate_shared_offset(shared, line); }

/** Copies 16 bytes to shared memory, or 16 zero bytes when not `valid`; visible after commit, wait and a barrier. */
inline void cp_async_16(void* shared, const void* global, bool valid = true, int line = __builtin_LINE()) {
  serrate_cp_async(shared, global, 16, valid, line);
}
inline void cp_async_8(void* shared, const void* global, bool valid = true, int line = __builtin_LINE()) {
  serrate_cp_async(shared, global, 8, valid, line);
}
inline void cp_async_4(void* shared, const void* global, bool valid = true, int line = __builtin_LINE()) {
  serrate_cp_async(shared, global, 4, valid, line);
}
inline void cp_async_commit() { serrate_cp_async_commit(); }
template <int N> inline void cp_async_wait(int line = __builtin_LINE()) { serrate_cp_async_wait(N, line); }

typedef unsigned serrate_quad __attribute__((vector_size(16)));
/** One access of 16 bytes, whichever of them are used: the address must be a multiple of 16. */
__forceinline__ uint4 load_16(const void* address) {
  serrate_quad value = *static_cast<const serrate_quad*>(address);
  asm("" : "+x"(value));
  return __builtin_bit_cast(uint4, value);
}
__forceinline__ void store_16(void* address, uint4 value) { *static_cast<serrate_quad*>(address) = __builtin_bit_cast(serrate_quad, value); }

inline unsigned atomic_add(unsigned* address, unsigned value, int line = __builtin_LINE()) { return serrate_atomic_add(address, value, line); }
