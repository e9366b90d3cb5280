// out = Q (32x64) · K^T (K 16x64) and lse = Q · V (V 64x16), on two warps, through a ring of two cp.async stages of 16 columns.
#ifdef SERRATE_CPU
#include "serrate_cpu.hpp"
#endif

typedef half_t element_t;

struct Params {
  const element_t* q;
  const element_t* k;
  const element_t* v;
  float* out;
  float* lse;
};

constexpr int DEPTH = 64, STEP = 16, COLUMNS = 16, STRIDE = 24;
constexpr int STAGE = 64 * STRIDE;  // 32 rows of Q, 16 of K, 16 of V
constexpr int K_ROWS = 32 * STRIDE, V_ROWS = 48 * STRIDE;

__device__ __forceinline__ void load_stage(const Params& params, element_t* stage, int first) {
  const int thread = (int)threadIdx.x, row = thread / 2, column = thread % 2 * 8;
  cp_async_16(stage + row * STRIDE + column, params.q + row * DEPTH + first + column, true);
  const int other = row % 16;
  if (thread < 32) cp_async_16(stage + K_ROWS + other * STRIDE + column, params.k + other * DEPTH + first + column, true);
  else cp_async_16(stage + V_ROWS + other * STRIDE + column, params.v + (first + other) * COLUMNS + column, true);
}

extern "C" __global__ void __launch_bounds__(64) matmul_attention(const __grid_constant__ Params params) {
  element_t* const stages = (element_t*)dynamic_shared();
  const int thread = (int)threadIdx.x, warp = thread / 32, lane = thread % 32;
  float by_k[2][4] = {}, by_v[2][4] = {};
  load_stage(params, stages, 0);
  cp_async_commit();
  for (int first = 0; first < DEPTH; first += STEP) {
    const element_t* const stage = stages + first / STEP % 2 * STAGE;
    if (first + STEP < DEPTH) load_stage(params, stages + (first / STEP + 1) % 2 * STAGE, first + STEP);
    cp_async_commit();
    cp_async_wait<1>();
    block_barrier();  // arrived
    uint32_t a[4], keys[4];
    ldmatrix_x4(a, stage + (warp * 16 + lane % 16) * STRIDE + lane / 16 * 8);
    ldmatrix_x4(keys, stage + K_ROWS + (lane / 16 * 8 + lane % 8) * STRIDE + lane / 8 % 2 * 8);
    for (int n = 0; n < 2; ++n) {
      const uint32_t key[2] = { keys[2 * n], keys[2 * n + 1] };
      mma_m16n8k16(by_k[n], a, key, element_t());
      uint32_t value[2];
      ldmatrix_x2_trans(value, stage + V_ROWS + lane % 16 * STRIDE + n * 8);
      mma_m16n8k16(by_v[n], a, value, element_t());
    }
    block_barrier();  // used
  }
  for (int n = 0; n < 2; ++n)
    for (int i = 0; i < 4; ++i) {
      const int at = (warp * 16 + lane / 4 + i / 2 * 8) * COLUMNS + n * 8 + lane % 4 * 2 + i % 2;
      params.out[at] = by_k[n][i];
      params.lse[at] = by_v[n][i];
    }
}

extern "C" int serrate_matmul(const Params* params, unsigned max_tiles, cudaStream_t stream) {
  return serrate_launch(matmul_attention, max_tiles, 1, 64, 2 * STAGE * 2, stream, *params);
}
