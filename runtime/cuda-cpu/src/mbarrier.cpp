// Transaction barriers and named barriers. A phase that waits for copies ends when a thread waits for it: copies arrive as late as they may.
#include <unordered_map>
#include "../include/serrate_cpu/abi.hpp"
#include "findings.hpp"
#include "hopper.hpp"
#include "memory.hpp"

namespace serrate {

namespace {

struct Transactions {
  unsigned arrivals, pending;
  std::int64_t expected, started;
  std::uint32_t phase;
  unsigned waiting;
};
std::unordered_map<const void*, Transactions> transactions;

struct Named { int arrived; int threads; std::uint32_t round; bool votes, result; };
Named named[16];

Transactions& barrier_of(const std::uint64_t* barrier, int line) {
  const auto found = transactions.find(barrier);
  if (found != transactions.end()) return found->second;
  report("barrier", line_site(line), 0, "mbarrier at " + at(line_site(line)) + " by " + who(machine.current->index) + " that this block has not initialised");
  abort_grid();
}

void end_phase_if_due(const std::uint64_t* barrier, Transactions& state) {
  if (state.pending > 0 || state.started < state.expected || (state.expected > 0 && state.waiting == 0)) return;
  land_transfers(barrier);
  state.phase += 1;
  state.pending = state.arrivals;
  state.expected = state.started = 0;
  wake(barrier);
}

}  // namespace

void forget_barriers() {
  transactions.clear();
  for (Named& barrier : named) barrier = {};
  forget_transfers();
}

void count_transfer(const std::uint64_t* barrier, std::uint32_t bytes, int line) {
  Transactions& state = barrier_of(barrier, line);
  state.started += bytes;
  if (state.started > state.expected) report("barrier", line_site(line), 0, "copy at " + at(line_site(line)) + " brings more bytes than its barrier expects");
  end_phase_if_due(barrier, state);
}

}  // namespace serrate

using namespace serrate;

extern "C" void serrate_mbarrier_init(std::uint64_t* barrier, unsigned arrivals, int line) {
  check_aligned(reinterpret_cast<std::uintptr_t>(barrier), 8, Access::write, line_site(line));
  check_shared(reinterpret_cast<std::uintptr_t>(barrier), 8, Access::write, line_site(line));
  machine.asynchronous = true;
  transactions[barrier] = {arrivals, arrivals, 0, 0, 0, 0};
}

extern "C" void serrate_mbarrier_arrive(std::uint64_t* barrier, unsigned bytes, int line) {
  Transactions& state = barrier_of(barrier, line);
  if (state.pending == 0) {
    report("barrier", line_site(line), 0, "arrival at " + at(line_site(line)) + " by " + who(machine.current->index) + " is one more than the phase waits for");
    return;
  }
  state.expected += bytes;
  state.pending -= 1;
  end_phase_if_due(barrier, state);
}

extern "C" void serrate_mbarrier_wait(std::uint64_t* barrier, unsigned parity, int line) {
  Transactions& state = barrier_of(barrier, line);
  state.waiting += 1;
  if ((state.phase & 1) == parity) end_phase_if_due(barrier, state);
  while ((state.phase & 1) == parity) wait_for(barrier, Op::mbarrier, line);
  state.waiting -= 1;
}

extern "C" void serrate_named_barrier(int id, int threads, bool wait, int line) {
  Named& barrier = named[id & 15];
  if (barrier.arrived > 0 && barrier.threads != threads)
    report("barrier", line_site(line), 0, "named barrier " + std::to_string(id) + " at " + at(line_site(line)) + " has " + std::to_string(threads) + " threads; who came first says " + std::to_string(barrier.threads));
  barrier.threads = threads;
  const std::uint32_t round = barrier.round;
  if (++barrier.arrived == threads) {
    barrier.arrived = 0;
    barrier.round += 1;
    wake(&barrier);
    return;
  }
  while (wait && barrier.round == round) wait_for(&barrier, Op::named_barrier, line);
}

extern "C" bool serrate_named_vote(int id, int threads, bool predicate, int line) {
  Named& barrier = named[id & 15];
  barrier.votes |= predicate;
  if (barrier.arrived + 1 == threads) {
    barrier.result = barrier.votes;
    barrier.votes = false;
  }
  serrate_named_barrier(id, threads, true, line);
  return barrier.result;
}
