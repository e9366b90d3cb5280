#include <bit>
#include <utility>
#include "findings.hpp"
#include "machine.hpp"

namespace serrate {

static std::uint64_t random_state = 1;
static std::uint32_t warp_order[kMaxWarps];
static std::uint32_t lane_turn;

void seed_schedule() {
  random_state = machine.seed * 0x9e3779b97f4a7c15u + 0x2545f4914f6cdd1du;
  if (random_state == 0) random_state = 1;
}

std::uint32_t random_below(std::uint32_t limit) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return static_cast<std::uint32_t>((random_state >> 32) * limit >> 32);
}

void reorder_warps() {
  if (machine.policy != Policy::warp_skewed) return;
  lane_turn = random_below(kLanes);
  for (std::uint32_t i = 0; i < machine.warp_count; ++i) warp_order[i] = i;
  for (std::uint32_t i = machine.warp_count; i > 1; --i) std::swap(warp_order[i - 1], warp_order[random_below(i)]);
}

void make_ready(std::uint32_t warp, std::uint32_t lanes) {
  machine.warps[warp].ready |= lanes;
  machine.ready_warps |= 1u << warp;
  for (std::uint32_t rest = lanes; rest; rest &= rest - 1) machine.fibers[warp * kLanes + std::countr_zero(rest)].wait = Wait::ready;
}

static std::uint32_t random_bit(std::uint32_t bits) {
  for (std::uint32_t skip = random_below(std::popcount(bits)); skip; --skip) bits &= bits - 1;
  return std::countr_zero(bits);
}

static std::uint32_t first_in_order() {
  for (std::uint32_t i = 0;; ++i)
    if (machine.ready_warps >> warp_order[i] & 1) return warp_order[i];
}

Fiber& pick_ready() {
  std::uint32_t warp, lane;
  if (machine.policy == Policy::random) {
    warp = random_bit(machine.ready_warps);
    lane = random_bit(machine.warps[warp].ready);
  } else if (machine.policy == Policy::warp_skewed) {
    warp = first_in_order();
    lane = (std::countr_zero(std::rotr(machine.warps[warp].ready, lane_turn)) + lane_turn) % kLanes;
  } else {
    warp = std::countr_zero(machine.ready_warps);
    lane = std::countr_zero(machine.warps[warp].ready);
  }
  return machine.fibers[warp * kLanes + lane];
}

void leave_current() {
  const std::uint32_t index = machine.current->index, warp = index / kLanes;
  machine.warps[warp].ready &= ~(1u << index % kLanes);
  if (machine.warps[warp].ready == 0) machine.ready_warps &= ~(1u << warp);
  if (machine.ready_warps) return switch_to(pick_ready());
  if (machine.alive == 0) leave_to_host();
  if (machine.at_cluster == machine.alive) return pause_block();
  report_deadlock();
  abort_grid();
}

}  // namespace serrate
