// What the runtime (../../src) supplies to a compiled kernel. `line` is the caller's line in the .cu.
#pragma once
#include "types.hpp"

// Constant to a thread, so that the compiler may keep them across barriers; the scheduler writes them at every switch.
extern const uint3 threadIdx asm("serrate_thread_index");
extern const uint3 blockIdx asm("serrate_block_index");
extern const uint3 blockDim asm("serrate_block_dim");
extern const uint3 gridDim asm("serrate_grid_dim");
constexpr int warpSize = 32;

extern "C" {
void serrate_block_barrier(int line);
void serrate_warp_barrier(int line);
enum { serrate_xor, serrate_up, serrate_down, serrate_index };
uint32_t serrate_shuffle(uint32_t value, int mode, int argument, int line);
uint32_t serrate_ballot(bool predicate, int line);
void serrate_ldmatrix(uint32_t* fragment, const void* row, int matrices, bool transposed, int line);
enum { serrate_half, serrate_bf16 };
void serrate_mma_m16n8k16(float* d, const uint32_t* a, const uint32_t* b, int type, int line);
void serrate_cp_async(void* shared, const void* global, int bytes, bool valid, int line);
void serrate_cp_async_commit(void);
void serrate_cp_async_wait(int newest_left, int line);
unsigned char* serrate_dynamic_shared(void);
uint32_t serrate_shared_offset(const void* shared, int line);
unsigned serrate_atomic_add(unsigned* address, unsigned value, int line);
int serrate_run_grid(void (*call)(void*), void* argument, unsigned grid_x, unsigned grid_y, unsigned block, unsigned shared_bytes);
}
