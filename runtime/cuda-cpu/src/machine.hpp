// The emulated multiprocessor: one block at a time (of a cluster: until it waits for the others), a fiber a thread, one OS thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include "../include/serrate_cpu/types.hpp"

namespace serrate {

constexpr int kLanes = 32;
constexpr int kMaxThreads = 1024;
constexpr int kMaxWarps = kMaxThreads / kLanes;
constexpr std::size_t kStackBytes = 128 << 10;
constexpr std::uint32_t kMaxSharedBytes = 227 << 10;

/** Where in the kernel: a line of the .cu (top bit set), or an offset into the kernel's module. */
using Site = std::uint32_t;
constexpr Site kLineSite = 0x80000000u;
inline Site line_site(int line) { return kLineSite | static_cast<std::uint32_t>(line); }

enum class Wait : std::uint8_t { ready, block, cluster, warp, event, done };
enum class Op : std::uint8_t { none, block_barrier, warp_barrier, shuffle, ballot, ldmatrix, mma, stmatrix, wgmma, mbarrier, named_barrier, cluster_barrier };
const char* name_of(Op op);

struct Fiber {
  void* stack_pointer;
  char* stack;
  std::uint32_t index;
  Wait wait;
  Op op;
  int line;
  /** At a cluster barrier, which it has not waited for yet. */
  bool arrived;
  /** What a fiber in Wait::event waits for. */
  const void* event;
};

/** What a lane brings to a warp operation; all lanes must bring the same op, argument and line. */
struct Arrival {
  Op op;
  int argument;
  int line;
  void* values;
};

struct Warp {
  std::uint32_t alive, ready, arrived;
  Arrival arrivals[kLanes];
  /** Counts warp barriers; never goes back. */
  std::uint32_t phase;
};
using Execute = void (*)(std::uint32_t warp, Warp& lanes);

enum class Policy : std::uint32_t { in_order, random, warp_skewed };

/** What a block of a cluster leaves behind while another runs. */
struct BlockState {
  Fiber fibers[kMaxThreads];
  Warp warps[kMaxWarps];
  std::uint32_t threads, warp_count, alive, at_barrier, at_cluster, ready_warps;
  /** The block orders its threads by transaction barriers too, which the shadow does not know: it reports no races. */
  bool asynchronous;
  /** Counts block barriers, and blocks; never goes back. */
  std::uint32_t phase, first_phase_of_block, first_phase_of_cluster;
};

struct Machine : BlockState {
  Fiber* current;
  char* current_stack;
  void* host_stack_pointer;
  /** Blocks of each grid that the launcher started. */
  std::uint32_t grids[8], grid_count;
  void (*call)(void*);
  void* argument;
  bool aborted;
  /** Races and uninitialised reads are looked for; false in timed launches and for modules built without checks. */
  bool checking;
  Policy policy;
  std::uint64_t seed;
};
extern Machine machine;

// fiber.cpp
void allocate_stacks(BlockState& block);
void prepare_fiber(Fiber& fiber);
void switch_to(Fiber& next);
/** Runs the block from this fiber until all are done or the grid is aborted. */
void start_first(Fiber& first);
void leave_to_host();
/** As leave_to_host, to be gone on with by start_first. */
void pause_block();
/** Leaves the block at once; the grid's launch returns an error. */
[[noreturn]] void abort_grid();

// schedule.cpp
void seed_schedule();
void reorder_warps();
void make_ready(std::uint32_t warp, std::uint32_t lanes);
/** Runs another ready fiber, the host when all are done or wait for the cluster; nothing ready is a deadlock, reported. */
void leave_current();
Fiber& pick_ready();
std::uint32_t random_below(std::uint32_t limit);

// rendezvous.cpp
void warp_operation(Op op, int argument, int line, void* values, Execute execute);
void retire_current();
/** Leaves until another fiber wakes those that wait for the event. */
void wait_for(const void* event, Op op, int line);
void wake(const void* event);

}  // namespace serrate

extern uint3 serrate_thread_index, serrate_block_index, serrate_block_dim, serrate_grid_dim;
