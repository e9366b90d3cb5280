// Barriers and warp operations: the last lane to arrive acts for all, then every lane is ready again.
#include <bit>
#include "findings.hpp"
#include "machine.hpp"

namespace serrate {

static Execute pending[kMaxWarps];

static void complete_warp(std::uint32_t index, std::uint32_t self_bit) {
  Warp& warp = machine.warps[index];
  const std::uint32_t lanes = warp.arrived;
  const Arrival& first = warp.arrivals[std::countr_zero(lanes)];
  for (std::uint32_t rest = lanes & (lanes - 1); rest; rest &= rest - 1) {
    const Arrival& other = warp.arrivals[std::countr_zero(rest)];
    if (other.op == first.op && other.argument == first.argument && other.line == first.line) continue;
    report_mismatch(index, std::countr_zero(lanes), std::countr_zero(rest));
    if (other.op != first.op) abort_grid();
    break;
  }
  pending[index](index, warp);
  warp.arrived = 0;
  make_ready(index, lanes & ~self_bit);
}

void warp_operation(Op op, int argument, int line, void* values, Execute execute) {
  Fiber& self = *machine.current;
  const std::uint32_t index = self.index / kLanes, bit = 1u << self.index % kLanes;
  Warp& warp = machine.warps[index];
  warp.arrivals[self.index % kLanes] = {op, argument, line, values};
  warp.arrived |= bit;
  pending[index] = execute;
  self.op = op;
  self.line = line;
  if (warp.arrived == warp.alive) return complete_warp(index, bit);
  self.wait = Wait::warp;
  leave_current();
}

static void complete_block(const Fiber* self) {
  const Fiber* first = nullptr;
  for (std::uint32_t i = 0; i < machine.threads; ++i) {
    const Fiber& fiber = machine.fibers[i];
    if (fiber.wait != Wait::block && &fiber != self) continue;
    if (!first) first = &fiber;
    if (fiber.line != first->line) {
      report_split_barrier(*first, fiber);
      break;
    }
  }
  if (machine.alive < machine.threads && first) report_partial_barrier(*first);
  machine.phase += 1;
  machine.at_barrier = 0;
  reorder_warps();
  for (std::uint32_t i = 0; i < machine.threads; ++i)
    if (machine.fibers[i].wait == Wait::block && &machine.fibers[i] != self) make_ready(i / kLanes, 1u << i % kLanes);
}

void retire_current() {
  Fiber& self = *machine.current;
  const std::uint32_t index = self.index / kLanes;
  Warp& warp = machine.warps[index];
  self.wait = Wait::done;
  warp.alive &= ~(1u << self.index % kLanes);
  machine.alive -= 1;
  if (warp.arrived && warp.arrived == warp.alive) complete_warp(index, 0);
  if (machine.at_barrier && machine.at_barrier == machine.alive) complete_block(nullptr);
  leave_current();
}

void wait_for(const void* event, Op op, int line) {
  Fiber& self = *machine.current;
  self.event = event;
  self.op = op;
  self.line = line;
  self.wait = Wait::event;
  leave_current();
}

void wake(const void* event) {
  for (std::uint32_t i = 0; i < machine.threads; ++i)
    if (machine.fibers[i].wait == Wait::event && machine.fibers[i].event == event) make_ready(i / kLanes, 1u << i % kLanes);
}

static void execute_warp_barrier(std::uint32_t, Warp& warp) { warp.phase += 1; }

}  // namespace serrate

using namespace serrate;

extern "C" void serrate_warp_barrier(int line) { warp_operation(Op::warp_barrier, 0, line, nullptr, execute_warp_barrier); }

extern "C" void serrate_block_barrier(int line) {
  Fiber& self = *machine.current;
  self.op = Op::block_barrier;
  self.line = line;
  machine.at_barrier += 1;
  if (machine.at_barrier == machine.alive) return complete_block(&self);
  self.wait = Wait::block;
  leave_current();
}
