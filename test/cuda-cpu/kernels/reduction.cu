// Sums of 128 values each: a tree in shared memory, then shuffles.
#ifdef SERRATE_CPU
#include "serrate_cpu.hpp"
#endif

struct Params {
  const float* q;
  float* out;
  unsigned num_rows;
};

extern "C" __global__ void __launch_bounds__(128) reduction_attention(const __grid_constant__ Params params) {
  float* const shared = (float*)dynamic_shared();
  const unsigned thread = threadIdx.x, row = blockIdx.x * 128 + thread;
  shared[thread] = row < params.num_rows ? params.q[row] : 0.0f;
  block_barrier();  // loaded
  for (unsigned step = 64; step >= 32; step /= 2) {
    if (thread < step) shared[thread] += shared[thread + step];
    block_barrier();  // halved
  }
  if (thread >= 32) return;
  float sum = shared[thread];
  for (int lane_mask = 16; lane_mask > 0; lane_mask /= 2) sum += shuffle_xor(sum, lane_mask);
  if (thread == 0) params.out[blockIdx.x] = sum;
}

extern "C" int serrate_reduction(const Params* params, unsigned max_tiles, cudaStream_t stream) {
  return serrate_launch(reduction_attention, max_tiles, 1, 128, 512, stream, *params);
}
