#pragma once
#include <stddef.h>
#include <stdint.h>

#define __global__ __attribute__((noinline))
#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __grid_constant__
#define __launch_bounds__(...)
#define __cluster_dims__(...)
#define __align__(BYTES) __attribute__((aligned(BYTES)))

#ifndef __restrict__
#define __restrict__ __restrict
#endif

#define SERRATE_VECTOR(NAME, ELEMENT, BYTES, ...)                    \
  struct alignas(BYTES) NAME { ELEMENT __VA_ARGS__; };
SERRATE_VECTOR(float2, float, 8, x, y)
SERRATE_VECTOR(float4, float, 16, x, y, z, w)
SERRATE_VECTOR(int2, int, 8, x, y)
SERRATE_VECTOR(int4, int, 16, x, y, z, w)
SERRATE_VECTOR(uint2, unsigned, 8, x, y)
SERRATE_VECTOR(uint4, unsigned, 16, x, y, z, w)
#undef SERRATE_VECTOR

struct uint3 { unsigned x, y, z; };

inline float2 make_float2(float x, float y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline int2 make_int2(int x, int y) { return {x, y}; }
inline int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }

using cudaStream_t = struct serrate_stream*;
using cudaError_t = int;
constexpr cudaError_t cudaSuccess = 0;
constexpr cudaError_t cudaErrorInvalidValue = 1;
constexpr cudaError_t cudaErrorInvalidConfiguration = 9;
constexpr cudaError_t cudaErrorLaunchFailure = 719;
