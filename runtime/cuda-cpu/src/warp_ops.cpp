// Shuffles, ballots and ldmatrix: one lane acts for the whole warp, through pointers that the lanes leave.
#include <bit>
#include <cstring>
#include "../include/serrate_cpu/abi.hpp"
#include "findings.hpp"
#include "memory.hpp"
#include "shadow.hpp"

namespace serrate {

namespace {

struct Shuffle { std::uint32_t value, result; int mode, argument; };
struct Ballot { std::uint32_t predicate, result; };
struct MatrixRow { std::uint32_t* fragment; const unsigned char* row; int matrices; bool transposed; };

struct StoredRow { const std::uint32_t* fragment; unsigned char* row; };

template <class Visit> void each_lane(const Warp& warp, Visit visit) {
  for (std::uint32_t rest = warp.arrived; rest; rest &= rest - 1) visit(std::countr_zero(rest));
}

int source_lane(int mode, int lane, int argument) {
  if (mode == serrate_xor) return (lane ^ argument) & 31;
  if (mode == serrate_index) return argument & 31;
  const int source = mode == serrate_up ? lane - argument : lane + argument;
  return source < 0 || source > 31 ? lane : source;
}

void report_absent(Op op, std::uint32_t index, int line, const std::string& lanes) {
  report("missing lanes", line_site(line), 0,
         std::string(name_of(op)) + " at " + at(line_site(line)) + " in warp " + std::to_string(index) + " of block (" + std::to_string(serrate_block_index.x) + ", " +
             std::to_string(serrate_block_index.y) + ") needs " + lanes + ", which returned");
}

void execute_shuffle(std::uint32_t index, Warp& warp) {
  each_lane(warp, [&](int lane) {
    Shuffle& to = *static_cast<Shuffle*>(warp.arrivals[lane].values);
    const int source = source_lane(to.mode, lane, to.argument);
    if (warp.arrived >> source & 1) to.result = static_cast<Shuffle*>(warp.arrivals[source].values)->value;
    else report_absent(Op::shuffle, index, warp.arrivals[lane].line, "lane " + std::to_string(source));
  });
}

void execute_ballot(std::uint32_t, Warp& warp) {
  std::uint32_t bits = 0;
  each_lane(warp, [&](int lane) { bits |= static_cast<Ballot*>(warp.arrivals[lane].values)->predicate << lane; });
  each_lane(warp, [&](int lane) { static_cast<Ballot*>(warp.arrivals[lane].values)->result = bits; });
}

}  // namespace

bool all_present(Op op, std::uint32_t index, const Warp& warp) {
  if (warp.arrived == ~0u) return true;
  report_absent(op, index, warp.arrivals[std::countr_zero(warp.arrived)].line, "all 32 lanes, also those");
  return false;
}

namespace {

void execute_ldmatrix(std::uint32_t index, Warp& warp) {
  if (!all_present(Op::ldmatrix, index, warp)) abort_grid();
  const auto args = [&](int lane) -> MatrixRow& { return *static_cast<MatrixRow*>(warp.arrivals[lane].values); };
  for (int matrix = 0; matrix < args(0).matrices; ++matrix) {
    std::uint16_t rows[8][8];
    for (int row = 0; row < 8; ++row) std::memcpy(rows[row], args(8 * matrix + row).row, 16);
    for (int lane = 0; lane < kLanes; ++lane) {
      const int group = lane / 4, pair = lane % 4 * 2;
      const std::uint16_t lo = args(0).transposed ? rows[pair][group] : rows[group][pair];
      const std::uint16_t hi = args(0).transposed ? rows[pair + 1][group] : rows[group][pair + 1];
      args(lane).fragment[matrix] = lo | static_cast<std::uint32_t>(hi) << 16;
    }
  }
}

void execute_stmatrix(std::uint32_t index, Warp& warp) {
  if (!all_present(Op::stmatrix, index, warp)) abort_grid();
  const auto args = [&](int lane) -> StoredRow& { return *static_cast<StoredRow*>(warp.arrivals[lane].values); };
  for (int matrix = 0; matrix < 4; ++matrix)
    for (int lane = 0; lane < kLanes; ++lane) std::memcpy(args(8 * matrix + lane / 4).row + lane % 4 * 4, &args(lane).fragment[matrix], 4);
}

}  // namespace

}  // namespace serrate

using namespace serrate;

extern "C" std::uint32_t serrate_shuffle(std::uint32_t value, int mode, int argument, int line) {
  Shuffle shuffle{value, value, mode, argument};
  // a lane may read any other, but all must move values in one way
  warp_operation(Op::shuffle, mode == serrate_index ? mode : 4 * argument + mode, line, &shuffle, execute_shuffle);
  return shuffle.result;
}

extern "C" std::uint32_t serrate_ballot(bool predicate, int line) {
  Ballot ballot{predicate, 0};
  warp_operation(Op::ballot, 0, line, &ballot, execute_ballot);
  return ballot.result;
}

extern "C" void serrate_ldmatrix(std::uint32_t* fragment, const void* row, int matrices, bool transposed, int line) {
  MatrixRow args{fragment, static_cast<const unsigned char*>(row), matrices, transposed};
  const int lane = static_cast<int>(machine.current->index % kLanes);
  if (lane < 8 * matrices) {
    const auto address = reinterpret_cast<std::uintptr_t>(row);
    check_aligned(address, 16, Access::read, line_site(line));
    if (check_shared(address, 16, Access::read, line_site(line)) && machine.checking)
      shadow_read(static_cast<std::uint32_t>(args.row - arena.base), 16, line_site(line));
  }
  warp_operation(Op::ldmatrix, 2 * matrices + transposed, line, &args, execute_ldmatrix);
}

extern "C" void serrate_stmatrix(const std::uint32_t* fragment, void* row, int line) {
  StoredRow args{fragment, static_cast<unsigned char*>(row)};
  const auto address = reinterpret_cast<std::uintptr_t>(row);
  check_aligned(address, 16, Access::write, line_site(line));
  if (check_shared(address, 16, Access::write, line_site(line)) && machine.checking) shadow_write(static_cast<std::uint32_t>(args.row - arena.base), 16, line_site(line));
  warp_operation(Op::stmatrix, 0, line, &args, execute_stmatrix);
}
