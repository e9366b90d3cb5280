// mma.sync.m16n8k16 and m16n8k8.tf32, row.col: fragments gathered into matrices, multiplied in f32, scattered back.
#if defined(__F16C__) && defined(__AVX2__)
#include <immintrin.h>
#endif
#include "../include/serrate_cpu/abi.hpp"
#include "../include/serrate_cpu/half.hpp"
#include "findings.hpp"

namespace serrate {

namespace {

struct Fragments { float* d; const std::uint32_t* a; const std::uint32_t* b; };

void widen(int type, const std::uint16_t* from, float* to, int count) {
  if (type == serrate_bf16) {
    for (int i = 0; i < count; ++i) to[i] = uint_as_float(static_cast<unsigned>(from[i]) << 16);
    return;
  }
#if defined(__F16C__) && defined(__AVX2__)
  for (int i = 0; i < count; i += 8) _mm256_storeu_ps(to + i, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i))));
#else
  for (int i = 0; i < count; ++i) to[i] = to_float(half_t{from[i]});
#endif
}

void put_pair(std::uint16_t* at, int stride, std::uint32_t pair) {
  at[0] = static_cast<std::uint16_t>(pair);
  at[stride] = static_cast<std::uint16_t>(pair >> 16);
}

void execute_mma(std::uint32_t index, Warp& warp) {
  if (!all_present(Op::mma, index, warp)) abort_grid();
  std::uint16_t a_bits[16][16], b_bits[16][8];
  float a[16][16], b[16][8];
  for (int lane = 0; lane < kLanes; ++lane) {
    const Fragments& args = *static_cast<Fragments*>(warp.arrivals[lane].values);
    const int group = lane / 4, pair = lane % 4 * 2;
    for (int r = 0; r < 4; ++r) put_pair(&a_bits[group + r % 2 * 8][pair + r / 2 * 8], 1, args.a[r]);
    for (int r = 0; r < 2; ++r) put_pair(&b_bits[pair + r * 8][group], 8, args.b[r]);
  }
  const int type = warp.arrivals[0].argument;
  widen(type, a_bits[0], a[0], 256);
  widen(type, b_bits[0], b[0], 128);
  float d[16][8] = {};
  for (int row = 0; row < 16; ++row)
    for (int k = 0; k < 16; ++k)
      for (int column = 0; column < 8; ++column) d[row][column] += a[row][k] * b[k][column];
  for (int lane = 0; lane < kLanes; ++lane) {
    float* own = static_cast<Fragments*>(warp.arrivals[lane].values)->d;
    const int group = lane / 4, pair = lane % 4 * 2;
    for (int r = 0; r < 4; ++r) own[r] += d[group + r / 2 * 8][pair + r % 2];
  }
}

void execute_mma_tf32(std::uint32_t index, Warp& warp) {
  if (!all_present(Op::mma, index, warp)) abort_grid();
  float a[16][8], b[8][8];
  for (int lane = 0; lane < kLanes; ++lane) {
    const Fragments& args = *static_cast<Fragments*>(warp.arrivals[lane].values);
    const int group = lane / 4, k = lane % 4;
    for (int r = 0; r < 4; ++r) a[group + r % 2 * 8][k + r / 2 * 4] = uint_as_float(args.a[r] & 0xffffe000u);
    for (int r = 0; r < 2; ++r) b[k + r * 4][group] = uint_as_float(args.b[r] & 0xffffe000u);
  }
  for (int lane = 0; lane < kLanes; ++lane) {
    float* own = static_cast<Fragments*>(warp.arrivals[lane].values)->d;
    const int group = lane / 4, pair = lane % 4 * 2;
    for (int r = 0; r < 4; ++r) {
      float sum = 0.0f;
      for (int k = 0; k < 8; ++k) sum += a[group + r / 2 * 8][k] * b[k][pair + r % 2];
      own[r] += sum;
    }
  }
}

}  // namespace

void widen_halves(int type, const std::uint16_t* from, float* to, int count) { widen(type, from, to, count); }

}  // namespace serrate

using namespace serrate;

extern "C" void serrate_mma_m16n8k16(float* d, const std::uint32_t* a, const std::uint32_t* b, int type, int line) {
  Fragments args{d, a, b};
  warp_operation(Op::mma, type, line, &args, execute_mma);
}

extern "C" void serrate_mma_m16n8k8_tf32(float* d, const std::uint32_t* a, const std::uint32_t* b, int line) {
  Fragments args{d, a, b};
  warp_operation(Op::mma, serrate_tf32, line, &args, execute_mma_tf32);
}
