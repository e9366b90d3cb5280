#include "memory.hpp"
#include <sys/mman.h>
#include <cstdlib>
#include <cstring>
#include "findings.hpp"

namespace serrate {

Arena arena;
std::vector<Buffer> buffers;
ModuleRange module_range;

constexpr std::size_t kPage = 4096;
constexpr std::size_t kFenceBytes = 1 << 20;
constexpr unsigned char kPoison = 0xff;

static std::size_t round_up(std::size_t size) { return (size + kPage - 1) / kPage * kPage; }

static unsigned char* map_between_fences(std::size_t size, void** mapping, std::size_t* mapped) {
  *mapped = round_up(size) + 2 * kFenceBytes;
  *mapping = mmap(nullptr, *mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  unsigned char* inside = static_cast<unsigned char*>(*mapping) + kFenceBytes;
  if (*mapping == MAP_FAILED || mprotect(inside, round_up(size), PROT_READ | PROT_WRITE) != 0) std::abort();
  return inside;
}

void allocate_arena(Arena& arena) {
  void* mapping;
  std::size_t mapped;
  arena.base = map_between_fences(kMaxSharedBytes + 2 * kRedzoneBytes, &mapping, &mapped) + kRedzoneBytes;
}

void reset_arena(std::uint32_t bytes) {
  arena.bytes = bytes;
  std::memset(arena.base, kPoison, bytes);
}

Buffer& add_buffer(std::string name, std::size_t size) {
  void* mapping;
  std::size_t mapped;
  unsigned char* inside = map_between_fences(size + 2 * kSlackBytes, &mapping, &mapped);
  std::memset(inside, kPoison, kSlackBytes);
  std::memset(inside + kSlackBytes + size, kPoison, round_up(size + 2 * kSlackBytes) - kSlackBytes - size);
  return buffers.emplace_back(Buffer{std::move(name), inside + kSlackBytes, size, mapping, mapped});
}

void release_buffers() {
  for (const Buffer& buffer : buffers) munmap(buffer.mapping, buffer.mapped);
  buffers.clear();
}

static bool poisoned(const unsigned char* bytes, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    if (bytes[i] != kPoison) return false;
  return true;
}

void check_slack() {
  for (const Buffer& buffer : buffers) {
    if (!poisoned(buffer.begin - kSlackBytes, kSlackBytes)) report("out-of-bounds write", 0, 0, "memory before buffer " + buffer.name + " was overwritten");
    if (!poisoned(buffer.begin + buffer.size, kSlackBytes)) report("out-of-bounds write", 0, 1, "memory past the end of buffer " + buffer.name + " was overwritten");
  }
}

Site site_of(const void* return_address) {
  const std::uintptr_t pc = reinterpret_cast<std::uintptr_t>(return_address) - 1;
  return pc >= module_range.begin && pc < module_range.end ? static_cast<Site>(pc - module_range.begin) : 0;
}

static const char* noun(Access access) { return access == Access::read ? "read" : "write"; }

static std::string event(Access access, std::size_t size, Site site) {
  return std::string(noun(access)) + " of " + std::to_string(size) + " bytes at " + at(site) + " by " + who(machine.current->index);
}

bool check_global(std::uintptr_t address, std::size_t size, Access access, Site site) {
  static std::size_t recent = 0;
  for (std::size_t tried = 0; tried < buffers.size(); ++tried, recent = recent + 1 < buffers.size() ? recent + 1 : 0) {
    const Buffer& buffer = buffers[recent < buffers.size() ? recent : recent = 0];
    const std::uintptr_t offset = address - reinterpret_cast<std::uintptr_t>(buffer.begin);
    if (offset < buffer.size && offset + size <= buffer.size) return true;
  }
  if (address - module_range.begin < module_range.end - module_range.begin) return true;
  const std::string kind = std::string("out-of-bounds ") + noun(access);
  for (const Buffer& buffer : buffers) {
    const std::intptr_t offset = static_cast<std::intptr_t>(address - reinterpret_cast<std::uintptr_t>(buffer.begin));
    const std::intptr_t slack = kSlackBytes, end = static_cast<std::intptr_t>(buffer.size);
    if (offset < -slack || offset + static_cast<std::intptr_t>(size) > end + slack) continue;
    report(kind.c_str(), site, 0, event(access, size, site) + ": offset " + std::to_string(offset) + " of buffer " + buffer.name + ", which has " + std::to_string(buffer.size) + " bytes");
    return false;
  }
  char words[32];
  std::snprintf(words, sizeof words, "0x%llx", static_cast<unsigned long long>(address));
  report(kind.c_str(), site, 0, event(access, size, site) + ": address " + words + " is in no buffer");
  abort_grid();
}

bool check_shared(std::uintptr_t address, std::size_t size, Access access, Site site) {
  const std::intptr_t offset = static_cast<std::intptr_t>(address - reinterpret_cast<std::uintptr_t>(arena.base));
  if (offset >= 0 && offset + size <= arena.bytes) return true;
  const std::string kind = std::string("out-of-bounds shared ") + noun(access);
  report(kind.c_str(), site, 0, event(access, size, site) + ": offset " + std::to_string(offset) + " of the block's " + std::to_string(arena.bytes) + " bytes");
  if (!in_arena(address)) abort_grid();
  return false;
}

bool check_aligned(std::uintptr_t address, std::size_t size, Access access, Site site) {
  if (address % size == 0) return true;
  report("misaligned access", site, 0, event(access, size, site) + ": the address is a multiple of " + std::to_string(address & -address));
  return false;
}

}  // namespace serrate
