#pragma once
#include <math.h>
#include "half.hpp"

/** ex2.approx.ftz.f32: subnormal inputs and results are flushed. */
inline float exp2_approx(float x) {
  const float y = ::exp2f(x);
  return y < 1.17549435e-38f ? 0.0f : y;
}

/** rcp.approx.ftz.f32: subnormal inputs and results are flushed; one ulp too far from 0, the most that the instruction errs. */
inline float rcp_approx(float x) {
  if (__builtin_fabsf(x) < 1.17549435e-38f) return __builtin_copysignf(__builtin_inff(), x);
  const float y = 1.0f / x;
  if (__builtin_fabsf(y) < 1.17549435e-38f) return __builtin_copysignf(0.0f, y);
  return y != y || __builtin_isinf(y) ? y : __builtin_bit_cast(float, __builtin_bit_cast(unsigned, y) + 1u);
}

/** lg2.approx.ftz.f32 of x >= 1. */
inline float log2_approx(float x) { return ::log2f(x); }

/** tanh.approx.f32: eleven bits of significand, the most that the instruction errs. */
inline float tanh_approx(float x) {
  const float y = ::tanhf(x);
  return y != y ? y : __builtin_bit_cast(float, (__builtin_bit_cast(unsigned, y) + 0x1000u) & ~0x1fffu);
}

/** max.NaN.f32. */
inline float max_nan(float x, float y) { return x != x ? x : y != y ? y : x > y ? x : y; }

inline float __uint_as_float(unsigned bits) { return uint_as_float(bits); }
inline unsigned __float_as_uint(float x) { return float_as_uint(x); }
inline float __int_as_float(int bits) { return __builtin_bit_cast(float, bits); }
inline int __float_as_int(float x) { return __builtin_bit_cast(int, x); }
inline float __expf(float x) { return ::expf(x); }
inline float __fdividef(float x, float y) { return x / y; }
inline float rsqrtf(float x) { return 1.0f / ::sqrtf(x); }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __clz(int x) { return x ? __builtin_clz(static_cast<unsigned>(x)) : 32; }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline unsigned __umulhi(unsigned x, unsigned y) { return static_cast<unsigned>(static_cast<uint64_t>(x) * y >> 32); }

/** Rounds toward zero, saturates, NaN to 0, as cvt.rzi.s32.f32 does. */
inline int __float2int_rz(float x) {
  if (!(x == x)) return 0;
  if (x >= 2147483648.0f) return 0x7fffffff;
  if (x < -2147483648.0f) return -0x7fffffff - 1;
  return static_cast<int>(x);
}

template <class T> constexpr T min(T x, T y) { return y < x ? y : x; }
template <class T> constexpr T max(T x, T y) { return x < y ? y : x; }
