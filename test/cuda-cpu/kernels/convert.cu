// out[i] = two floats of q packed in T; lse[i] = the value of 16 bits of k.
#ifdef SERRATE_CPU
#include "serrate_cpu.hpp"
#endif

typedef half_t element_t;

struct Params {
  const float* q;
  const element_t* k;
  uint32_t* out;
  float* lse;
};

extern "C" __global__ void convert_attention(const __grid_constant__ Params params) {
  const unsigned i = blockIdx.x * 256 + threadIdx.x;
  params.out[i] = pack2<element_t>(params.q[2 * i], params.q[2 * i + 1]);
  params.lse[i] = to_float(params.k[i]);
}

extern "C" int serrate_convert(const Params* params, unsigned max_tiles, cudaStream_t stream) {
  return serrate_launch(convert_attention, max_tiles, 1, 256, 0, stream, *params);
}
