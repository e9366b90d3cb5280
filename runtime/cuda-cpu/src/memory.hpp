// The addresses a kernel may touch: a block's arena, the job's buffers, its own stack, its module's constants.
#pragma once
#include <string>
#include <vector>
#include "machine.hpp"

namespace serrate {

/** Mapped bytes on both sides of a buffer: an access that just misses is a finding, not a crash. */
constexpr std::size_t kSlackBytes = 16 << 10;
constexpr std::size_t kRedzoneBytes = 64 << 10;

struct Buffer {
  std::string name;
  unsigned char* begin;
  std::size_t size;
  void* mapping;
  std::size_t mapped;
};

struct Arena {
  /** Start of a block's shared memory; redzones lie before it and after `bytes`. */
  unsigned char* base;
  std::uint32_t bytes;
};
extern Arena arena;
extern std::vector<Buffer> buffers;

struct ModuleRange { std::uintptr_t begin, end; };
extern ModuleRange module_range;

void allocate_arena(Arena& arena);
void reset_arena(std::uint32_t bytes);
Buffer& add_buffer(std::string name, std::size_t size);
void release_buffers();
/** Writes outside the buffers that no hook saw, by the poison that should still be around each. */
void check_slack();
Site site_of(const void* return_address);

enum class Access : std::uint8_t { read, write };
/** A finding when [address, address + size) is not inside one buffer; ends the grid when nothing is mapped there. */
bool check_global(std::uintptr_t address, std::size_t size, Access access, Site site);
/** A finding when the range leaves the block's shared memory. */
bool check_shared(std::uintptr_t address, std::size_t size, Access access, Site site);
inline bool in_arena(std::uintptr_t address) {
  return address - (reinterpret_cast<std::uintptr_t>(arena.base) - kRedzoneBytes) < kMaxSharedBytes + 2 * kRedzoneBytes;
}
bool check_aligned(std::uintptr_t address, std::size_t size, Access access, Site site);

}  // namespace serrate
