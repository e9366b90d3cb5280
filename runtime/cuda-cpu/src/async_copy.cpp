// cp.async at its worst: the destination is NaN from issue on, and the bytes arrive as late as the wait allows.
#include <cstring>
#include <deque>
#include "../include/serrate_cpu/abi.hpp"
#include "async_copy.hpp"
#include "findings.hpp"
#include "memory.hpp"
#include "shadow.hpp"

namespace serrate {

namespace {

struct Copy { unsigned char* to; const void* from; int bytes; Site site; std::uint32_t group; };
struct Queue {
  std::deque<Copy> copies;
  std::uint32_t group = 0;
};
Queue* queues = new Queue[kMaxThreads];

void land(const Copy& copy) {
  if (copy.from) std::memcpy(copy.to, copy.from, copy.bytes);
  else std::memset(copy.to, 0, copy.bytes);
  if (machine.checking) shadow_land(static_cast<std::uint32_t>(copy.to - arena.base), copy.bytes, copy.site);
}

}  // namespace

void swap_copies(void*& other) {
  if (!other) other = new Queue[kMaxThreads];
  void* const own = queues;
  queues = static_cast<Queue*>(other);
  other = own;
}

void forget_copies(std::uint32_t thread) {
  queues[thread].copies.clear();
  queues[thread].group = 0;
}

}  // namespace serrate

using namespace serrate;

extern "C" void serrate_cp_async(void* shared, const void* global, int bytes, bool valid, int line) {
  const Site site = line_site(line);
  const auto to = reinterpret_cast<std::uintptr_t>(shared), from = reinterpret_cast<std::uintptr_t>(global);
  check_aligned(to, bytes, Access::write, site);
  if (!check_shared(to, bytes, Access::write, site)) return;
  if (valid) {
    check_aligned(from, bytes, Access::read, site);
    valid = check_global(from, bytes, Access::read, site);
  }
  auto* destination = static_cast<unsigned char*>(shared);
  if (machine.checking) shadow_issue(static_cast<std::uint32_t>(destination - arena.base), bytes, site);
  std::memset(shared, 0xff, bytes);
  Queue& queue = queues[machine.current->index];
  queue.copies.push_back({destination, valid ? global : nullptr, bytes, site, queue.group});
}

extern "C" void serrate_cp_async_commit() { queues[machine.current->index].group += 1; }

extern "C" void serrate_cp_async_wait(int newest_left, int) {
  Queue& queue = queues[machine.current->index];
  while (!queue.copies.empty() && queue.copies.front().group + newest_left < queue.group) {
    land(queue.copies.front());
    queue.copies.pop_front();
  }
}
