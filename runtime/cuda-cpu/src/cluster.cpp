#include "cluster.hpp"
#include <cstring>
#include <memory>
#include <utility>
#include "../include/serrate_cpu/abi.hpp"
#include "async_copy.hpp"
#include "findings.hpp"
#include "memory.hpp"
#include "shadow.hpp"

namespace serrate {

namespace {

/** A block that does not run: what it swaps with the machine when its turn comes. */
struct Resting {
  BlockState block{};
  Arena arena{};
  void* cells = nullptr;
  void* copies = nullptr;
  /** Phase of the cluster in which another block read its shared memory last. */
  std::uint32_t read_phase = 0;
};
std::unique_ptr<Resting> resting[kMaxCluster];
std::uint32_t blocks_of_cluster, running, current_phase, phases;

void swap_state(Resting& other) {
  std::swap(static_cast<BlockState&>(machine), other.block);
  std::swap(arena, other.arena);
  swap_shadow(other.cells);
  swap_copies(other.copies);
}

/** The machine's own state is rank 0's. */
void make_room(std::uint32_t rank) {
  if (resting[rank]) return;
  resting[rank] = std::make_unique<Resting>();
  if (rank == 0) return;
  allocate_stacks(resting[rank]->block);
  allocate_arena(resting[rank]->arena);
}

/** While a rank above 0 runs, rank 0's state lies in that rank's place. */
void take_turn(std::uint32_t rank, std::uint64_t first) {
  if (rank > 0) swap_state(*resting[rank]);
  running = rank;
  serrate_block_index = {static_cast<unsigned>((first + rank) % serrate_grid_dim.x), static_cast<unsigned>((first + rank) / serrate_grid_dim.x), 0};
  start_first(pick_ready());
  if (machine.alive == 0 && resting[rank]->read_phase == current_phase) report("cluster", 0, 0, "block " + std::to_string(first + rank) + " returned while another block of its cluster may still read its shared memory");
  if (rank > 0) swap_state(*resting[rank]);
}

BlockState& state_of(std::uint32_t rank) { return rank == 0 ? static_cast<BlockState&>(machine) : resting[rank]->block; }

void pass_barrier(BlockState& block) {
  block.phase += 1;
  block.first_phase_of_cluster = block.phase;
  block.at_cluster = 0;
}

}  // namespace

std::uint32_t cluster_phase() { return current_phase; }

void run_cluster(std::uint64_t first, std::uint32_t blocks, std::uint32_t threads, std::uint32_t shared_bytes) {
  blocks_of_cluster = blocks;
  current_phase = ++phases;
  for (std::uint32_t rank = 0; rank < blocks; ++rank) {
    make_room(rank);
    resting[rank]->read_phase = 0;
    if (rank > 0) swap_state(*resting[rank]);
    start_block(threads, shared_bytes);
    machine.first_phase_of_cluster = machine.phase;
    if (rank > 0) swap_state(*resting[rank]);
  }
  for (;;) {
    // Any order of turns is one that a device may take.
    const std::uint32_t turn = machine.policy == Policy::in_order ? 0 : random_below(blocks);
    for (std::uint32_t i = 0; i < blocks && !machine.aborted; ++i)
      if (state_of((i + turn) % blocks).alive > 0) take_turn((i + turn) % blocks, first);
    std::uint32_t waiting = 0;
    for (std::uint32_t rank = 0; rank < blocks; ++rank) waiting += state_of(rank).alive > 0;
    if (waiting == 0 || machine.aborted) break;
    if (waiting < blocks) {
      report("cluster", 0, 0, std::to_string(waiting) + " of the " + std::to_string(blocks) + " blocks from block " + std::to_string(first) + " on wait in a cluster barrier; the others have returned");
      machine.aborted = true;
      break;
    }
    current_phase = ++phases;
    for (std::uint32_t rank = 0; rank < blocks; ++rank) {
      if (rank > 0) swap_state(*resting[rank]);
      pass_barrier(machine);
      reorder_warps();
      for (std::uint32_t i = 0; i < machine.threads; ++i)
        if (machine.fibers[i].wait == Wait::cluster) make_ready(i / kLanes, 1u << i % kLanes);
      if (rank > 0) swap_state(*resting[rank]);
    }
  }
  current_phase = 0;
}

}  // namespace serrate

using namespace serrate;

static void report_barrier(int line, const char* text) { report("cluster", line_site(line), 0, std::string("barrier at ") + at(line_site(line)) + " by " + who(machine.current->index) + text); }

extern "C" void serrate_cluster_arrive(int line) {
  Fiber& self = *machine.current;
  if (self.arrived) report_barrier(line, ": it arrives again without a wait");
  self.arrived = true;
}

extern "C" void serrate_cluster_wait(int line) {
  Fiber& self = *machine.current;
  if (!self.arrived) report_barrier(line, ": it waits and has not arrived");
  self.arrived = false;
  self.op = Op::cluster_barrier;
  self.line = line;
  self.wait = Wait::cluster;
  machine.at_cluster += 1;
  if (current_phase == 0) {
    report_barrier(line, ", in a kernel that was not launched in clusters");
    abort_grid();
  }
  leave_current();
}

extern "C" void serrate_cluster_read(void* to, const void* own, int bytes, int rank, int line) {
  const Site site = line_site(line);
  const auto address = reinterpret_cast<std::uintptr_t>(own);
  check_aligned(address, bytes, Access::read, site);
  std::memset(to, 0xff, bytes);
  if (!check_shared(address, bytes, Access::read, site)) return;
  if (current_phase == 0 || rank < 0 || static_cast<std::uint32_t>(rank) >= blocks_of_cluster) {
    report("cluster", site, 0, "read at " + at(site) + " by " + who(machine.current->index) + " of block " + std::to_string(rank) + " of a cluster of " + std::to_string(blocks_of_cluster));
    return;
  }
  if (machine.current->arrived) report_barrier(line, " reads another block's memory, whose owner may have gone on since this thread arrived");
  const auto offset = static_cast<std::uint32_t>(static_cast<const unsigned char*>(own) - arena.base);
  if (static_cast<std::uint32_t>(rank) == running) {
    if (machine.checking) shadow_read(offset, bytes, site);
    std::memcpy(to, own, bytes);
    return;
  }
  // The state of rank 0 lies where the running block's would.
  Resting& place = *resting[rank == 0 ? running : rank];
  if (place.block.alive == 0) report("cluster", site, 0, "read at " + at(site) + " by " + who(machine.current->index) + " of the shared memory of block " + std::to_string(rank) + " of its cluster, which has returned");
  if (machine.checking) shadow_read_remote(place.cells, place.block, offset, bytes, site);
  resting[rank]->read_phase = current_phase;
  std::memcpy(to, place.arena.base + offset, bytes);
}
