// 2-byte floats, round to nearest even. cuda_fp16.h does not compile with g++.
#pragma once
#include "types.hpp"

struct half_t { uint16_t bits; };
struct bf16_t { uint16_t bits; };

inline float uint_as_float(unsigned bits) { return __builtin_bit_cast(float, bits); }
inline unsigned float_as_uint(float value) { return __builtin_bit_cast(unsigned, value); }

inline float to_float(float x) { return x; }
inline float to_float(half_t x) { return static_cast<float>(__builtin_bit_cast(_Float16, x.bits)); }
inline float to_float(bf16_t x) { return uint_as_float(static_cast<unsigned>(x.bits) << 16); }

template <class T> T from_float(float x);
template <> inline float from_float<float>(float x) { return x; }
template <> inline half_t from_float<half_t>(float x) { return {__builtin_bit_cast(uint16_t, static_cast<_Float16>(x))}; }
template <> inline bf16_t from_float<bf16_t>(float x) {
  const unsigned bits = float_as_uint(x);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return {0x7fff};
  return {static_cast<uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16)};
}

/** One of two values side by side. */
template <class T> inline float half_of(uint32_t pair, int side) { return to_float(T{static_cast<uint16_t>(side ? pair >> 16 : pair)}); }

/** Two values side by side, `lo` in the low half, as an mma operand wants them. */
template <class T> inline uint32_t pack2(float lo, float hi) {
  return from_float<T>(lo).bits | static_cast<uint32_t>(from_float<T>(hi).bits) << 16;
}
