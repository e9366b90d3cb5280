// What -fsanitize=thread calls before each load and store of a kernel; libtsan itself is not linked.
#include "findings.hpp"
#include "memory.hpp"
#include "shadow.hpp"

namespace serrate {

template <Access access> static void touch(std::uintptr_t address, std::size_t size, const void* return_address) {
  if (address - reinterpret_cast<std::uintptr_t>(machine.current_stack) < kStackBytes || !machine.checking || !machine.current) return;
  const Site site = site_of(return_address);
  if (!in_arena(address)) {
    check_global(address, size, access, site);
    return;
  }
  if (!check_shared(address, size, access, site)) return;
  const auto offset = static_cast<std::uint32_t>(address - reinterpret_cast<std::uintptr_t>(arena.base));
  if constexpr (access == Access::read) shadow_read(offset, static_cast<std::uint32_t>(size), site);
  else shadow_write(offset, static_cast<std::uint32_t>(size), site);
}

template <Access access> static void touch_aligned(std::uintptr_t address, std::size_t size, const void* return_address) {
  if (address % size != 0 && machine.checking && machine.current) check_aligned(address, size, access, site_of(return_address));
  touch<access>(address, size, return_address);
}

}  // namespace serrate

using namespace serrate;

#define SERRATE_HOOK(SIZE)                                                                                                                       \
  extern "C" void __tsan_read##SIZE(void* p) { touch_aligned<Access::read>(reinterpret_cast<std::uintptr_t>(p), SIZE, __builtin_return_address(0)); }    \
  extern "C" void __tsan_write##SIZE(void* p) { touch_aligned<Access::write>(reinterpret_cast<std::uintptr_t>(p), SIZE, __builtin_return_address(0)); }  \
  extern "C" void __tsan_unaligned_read##SIZE(void* p) { touch<Access::read>(reinterpret_cast<std::uintptr_t>(p), SIZE, __builtin_return_address(0)); }  \
  extern "C" void __tsan_unaligned_write##SIZE(void* p) { touch<Access::write>(reinterpret_cast<std::uintptr_t>(p), SIZE, __builtin_return_address(0)); }
SERRATE_HOOK(1)
SERRATE_HOOK(2)
SERRATE_HOOK(4)
SERRATE_HOOK(8)
SERRATE_HOOK(16)

extern "C" void __tsan_read_range(void* p, std::size_t size) { touch<Access::read>(reinterpret_cast<std::uintptr_t>(p), size, __builtin_return_address(0)); }
extern "C" void __tsan_write_range(void* p, std::size_t size) { touch<Access::write>(reinterpret_cast<std::uintptr_t>(p), size, __builtin_return_address(0)); }
extern "C" void __tsan_init() {}
extern "C" void __tsan_func_entry(void*) {}
extern "C" void __tsan_func_exit() {}
