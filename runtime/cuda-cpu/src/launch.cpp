// The grid: blocks one after another, in order or shuffled by the policy's seed.
#include <algorithm>
#include <numeric>
#include <vector>
#include "../include/serrate_cpu/abi.hpp"
#include "async_copy.hpp"
#include "cluster.hpp"
#include "findings.hpp"
#include "hopper.hpp"
#include "memory.hpp"

namespace serrate {

void start_block(std::uint32_t threads, std::uint32_t shared_bytes) {
  reset_arena(shared_bytes);
  machine.threads = machine.alive = threads;
  machine.warp_count = (threads + kLanes - 1) / kLanes;
  machine.at_barrier = machine.at_cluster = 0;
  machine.ready_warps = 0;
  machine.asynchronous = false;
  machine.first_phase_of_block = ++machine.phase;
  for (std::uint32_t w = 0; w < machine.warp_count; ++w) {
    const std::uint32_t lanes = std::min<std::uint32_t>(kLanes, threads - w * kLanes);
    Warp& warp = machine.warps[w];
    warp.alive = lanes == kLanes ? ~0u : (1u << lanes) - 1;
    warp.arrived = warp.ready = 0;
    make_ready(w, warp.alive);
  }
  for (std::uint32_t i = 0; i < threads; ++i) {
    prepare_fiber(machine.fibers[i]);
    forget_copies(i);
    forget_products(i);
  }
  forget_barriers();
  reorder_warps();
}

static std::vector<std::uint64_t> block_order(std::uint64_t blocks) {
  std::vector<std::uint64_t> order(blocks);
  std::iota(order.begin(), order.end(), 0);
  if (machine.policy == Policy::in_order) return order;
  for (std::uint64_t i = blocks; i > 1; --i) std::swap(order[i - 1], order[random_below(static_cast<std::uint32_t>(i))]);
  return order;
}

}  // namespace serrate

using namespace serrate;

extern "C" int serrate_run_grid(void (*call)(void*), void* argument, unsigned grid_x, unsigned grid_y, unsigned block, unsigned shared_bytes, unsigned cluster) {
  if (cluster == 0 || cluster > kMaxCluster || grid_x % cluster != 0) return cudaErrorInvalidConfiguration;
  if (grid_x == 0 || grid_y == 0 || grid_x > 0x7fffffffu || grid_y > 65535 || block == 0 || block > kMaxThreads) return cudaErrorInvalidConfiguration;
  if (shared_bytes > kMaxSharedBytes) return cudaErrorInvalidValue;
  if (machine.grid_count < sizeof(machine.grids) / sizeof(machine.grids[0])) machine.grids[machine.grid_count++] = grid_x * grid_y;
  machine.call = call;
  machine.argument = argument;
  machine.aborted = false;
  serrate_grid_dim = {grid_x, grid_y, 1};
  serrate_block_dim = {block, 1, 1};
  for (const std::uint64_t place : block_order(static_cast<std::uint64_t>(grid_x) * grid_y / cluster)) {
    const std::uint64_t index = place * cluster;
    if (cluster > 1) {
      run_cluster(index, cluster, block, shared_bytes);
      if (machine.aborted) return cudaErrorLaunchFailure;
      continue;
    }
    serrate_block_index = {static_cast<unsigned>(index % grid_x), static_cast<unsigned>(index / grid_x), 0};
    start_block(block, shared_bytes);
    start_first(pick_ready());
    if (machine.aborted) return cudaErrorLaunchFailure;
  }
  return cudaSuccess;
}

extern "C" unsigned char* serrate_dynamic_shared() { return arena.base; }

extern "C" std::uint32_t serrate_shared_address(const void* shared, int line) { return kSharedStart + serrate_shared_offset(shared, line); }

extern "C" std::uint32_t serrate_shared_offset(const void* shared, int line) {
  check_shared(reinterpret_cast<std::uintptr_t>(shared), 0, Access::read, line_site(line));
  return static_cast<std::uint32_t>(static_cast<const unsigned char*>(shared) - arena.base);
}
