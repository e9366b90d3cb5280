// wgmma.mma_async: nothing is computed before the wait that asks for it, so operands that change too early give wrong sums. A warp computes its own 16 rows.
#include <cstring>
#include <deque>
#include "../include/serrate_cpu/abi.hpp"
#include "findings.hpp"
#include "hopper.hpp"
#include "memory.hpp"
#include "shadow.hpp"

namespace serrate {

void widen_halves(int type, const std::uint16_t* from, float* to, int count);

namespace {

struct Product {
  float* d;
  int registers;
  const std::uint32_t* a_registers;
  std::uint64_t a, b;
  bool first;
  int type;
  Site site;
  std::uint32_t group;
};
struct Products {
  std::deque<Product> waiting;
  std::uint32_t group = 0;
};
Products products[kMaxThreads];

/** What a descriptor says of an operand in shared memory. */
struct Operand {
  std::uint32_t start, pieces, groups, width;
  explicit Operand(std::uint64_t bits)
      : start(static_cast<std::uint32_t>(bits & 0x3fff) << 4), pieces(static_cast<std::uint32_t>(bits >> 16 & 0x3fff) << 4), groups(static_cast<std::uint32_t>(bits >> 32 & 0x3fff) << 4), width(bits >> 62 == 1 ? 128 : bits >> 62 == 2 ? 64 : 32) {}
  /** 8 elements of a row from a column on, a multiple of 8, that lie side by side. */
  void read(std::uint32_t row, std::uint32_t column, std::uint16_t* to, Site site) const {
    const std::uint32_t piece = 2 * column / width;
    const std::uint32_t address = start + piece * pieces + row / 8 * groups + row % 8 * width + (2 * column - piece * width);
    const std::uint32_t offset = swizzled(address, width) - kSharedStart;
    if (!check_shared(reinterpret_cast<std::uintptr_t>(arena.base) + offset, 16, Access::read, site)) return;
    if (machine.checking) shadow_read(offset, 16, site);
    std::memcpy(to, arena.base + offset, 16);
  }
};

void multiply(std::uint32_t warp) {
  const Product& own = products[warp * kLanes].waiting.front();
  const int columns = 2 * own.registers;
  std::uint16_t a_bits[16][16], b_bits[16][256] = {};
  static float a[16][16], b[16][256], d[16][256];
  if (own.a_registers) {
    for (int lane = 0; lane < kLanes; ++lane)
      for (int r = 0; r < 4; ++r) {
        const std::uint32_t pair = products[warp * kLanes + lane].waiting.front().a_registers[r];
        std::uint16_t* const at = &a_bits[lane / 4 + r % 2 * 8][lane % 4 * 2 + r / 2 * 8];
        at[0] = static_cast<std::uint16_t>(pair);
        at[1] = static_cast<std::uint16_t>(pair >> 16);
      }
    const Operand values(own.b);
    for (int k = 0; k < 16; ++k)
      for (int n = 0; n < columns; n += 8) values.read(k, n, &b_bits[k][n], own.site);
  } else {
    const Operand queries(own.a), keys(own.b);
    for (int row = 0; row < 16; ++row)
      for (int k = 0; k < 16; k += 8) queries.read(warp % 4 * 16 + row, k, &a_bits[row][k], own.site);
    for (int n = 0; n < columns; ++n) {
      std::uint16_t row[16];
      for (int k = 0; k < 16; k += 8) keys.read(n, k, row + k, own.site);
      for (int k = 0; k < 16; ++k) b_bits[k][n] = row[k];
    }
  }
  widen_halves(own.type, a_bits[0], a[0], 256);
  for (int k = 0; k < 16; ++k) widen_halves(own.type, b_bits[k], b[k], columns);
  std::memset(d, 0, sizeof d);
  for (int row = 0; row < 16; ++row)
    for (int k = 0; k < 16; ++k)
      for (int n = 0; n < columns; ++n) d[row][n] += a[row][k] * b[k][n];
  for (int lane = 0; lane < kLanes; ++lane) {
    const Product& other = products[warp * kLanes + lane].waiting.front();
    for (int i = 0; i < other.registers; ++i) {
      const float sum = d[lane / 4 + i / 2 % 2 * 8][i / 4 * 8 + lane % 4 * 2 + i % 2];
      other.d[i] = other.first ? sum : other.d[i] + sum;
    }
  }
}

void execute_products(std::uint32_t index, Warp& warp) {
  if (!all_present(Op::wgmma, index, warp)) abort_grid();
  const std::uint32_t left = static_cast<std::uint32_t>(warp.arrivals[0].argument);
  Products& first = products[index * kLanes];
  while (!first.waiting.empty() && first.waiting.front().group + left < first.group) {
    multiply(index);
    for (int lane = 0; lane < kLanes; ++lane) products[index * kLanes + lane].waiting.pop_front();
  }
}

}  // namespace

void forget_products(std::uint32_t thread) {
  products[thread].waiting.clear();
  products[thread].group = 0;
}

}  // namespace serrate

using namespace serrate;

extern "C" void serrate_wgmma(float* d, int registers, const std::uint32_t* a_registers, std::uint64_t a, std::uint64_t b, bool first, int type, int line) {
  Products& own = products[machine.current->index];
  own.waiting.push_back({d, registers, a_registers, a, b, first, type, line_site(line), own.group});
}

extern "C" void serrate_wgmma_commit() { products[machine.current->index].group += 1; }

extern "C" void serrate_wgmma_wait(int newest_left, int line) { warp_operation(Op::wgmma, newest_left, line, nullptr, execute_products); }
