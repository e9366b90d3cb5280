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
enum { serrate_half, serrate_bf16, serrate_tf32 };
void serrate_mma_m16n8k16(float* d, const uint32_t* a, const uint32_t* b, int type, int line);
void serrate_mma_m16n8k8_tf32(float* d, const uint32_t* a, const uint32_t* b, int line);
void serrate_cp_async(void* shared, const void* global, int bytes, bool valid, int line);
void serrate_cp_async_commit(void);
void serrate_cp_async_wait(int newest_left, int line);
unsigned char* serrate_dynamic_shared(void);
uint32_t serrate_shared_offset(const void* shared, int line);
uint32_t serrate_shared_address(const void* shared, int line);
void serrate_stmatrix(const uint32_t* fragment, void* row, int line);
void serrate_mbarrier_init(uint64_t* barrier, unsigned arrivals, int line);
void serrate_mbarrier_arrive(uint64_t* barrier, unsigned bytes, int line);
void serrate_mbarrier_wait(uint64_t* barrier, unsigned parity, int line);
void serrate_named_barrier(int id, int threads, bool wait, int line);
bool serrate_named_vote(int id, int threads, bool predicate, int line);
/** Dimension 0 is contiguous, of 2-byte elements; strides in bytes; boxes of columns and rows, swizzled over their row's bytes (64 or 128). */
struct serrate_tensor_map { uint64_t base; uint32_t size[5]; uint64_t stride[4]; uint32_t box[2]; };
void serrate_tensor_map_init(void* shared, const serrate_tensor_map* map, int line);
void serrate_tensor_map_publish(void* global, const void* shared, int line);
void serrate_tma_load(void* shared, const void* map, uint64_t* barrier, const int* at, int line);
void serrate_tma_store(const void* map, const void* shared, const int* at, int line);
void serrate_tma_store_commit(void);
void serrate_tma_store_drain(void);
void serrate_wgmma(float* d, int registers, const uint32_t* a_registers, uint64_t a, uint64_t b, bool first, int type, int line);
void serrate_wgmma_commit(void);
void serrate_wgmma_wait(int newest_left, int line);
unsigned serrate_atomic_add(unsigned* address, unsigned value, int line);
void serrate_cluster_arrive(int line);
void serrate_cluster_wait(int line);
void serrate_cluster_read(void* to, const void* own, int size, int rank, int line);
int serrate_run_grid(void (*call)(void*), void* argument, unsigned grid_x, unsigned grid_y, unsigned block, unsigned shared_bytes, unsigned cluster);
}
