// One thread runs at a time, so an atomic is a plain update; the shadow knows that atomics do not race with each other.
#include "../include/serrate_cpu/abi.hpp"
#include "memory.hpp"
#include "shadow.hpp"

using namespace serrate;

extern "C" unsigned serrate_atomic_add(unsigned* address, unsigned value, int line) {
  const auto target = reinterpret_cast<std::uintptr_t>(address);
  const Site site = line_site(line);
  check_aligned(target, 4, Access::write, site);
  if (in_arena(target)) {
    if (!check_shared(target, 4, Access::write, site)) return 0;
    if (machine.checking) shadow_update(static_cast<std::uint32_t>(target - reinterpret_cast<std::uintptr_t>(arena.base)), 4, site);
  } else if (!check_global(target, 4, Access::write, site)) {
    return 0;
  }
  const unsigned before = *address;
  *address = before + value;
  return before;
}
