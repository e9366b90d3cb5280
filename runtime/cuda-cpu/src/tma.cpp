// Tensor maps and the copies they describe: out of bounds reads zeros and is never written. Loads land when their barrier is waited for, stores leave
// shared memory when they are drained.
#include <cstring>
#include <vector>
#include "../include/serrate_cpu/abi.hpp"
#include "findings.hpp"
#include "hopper.hpp"
#include "memory.hpp"
#include "shadow.hpp"

namespace serrate {

struct Transfer {
  unsigned char* shared;
  serrate_tensor_map map;
  int at[5];
  const std::uint64_t* barrier;
  Site site;
  std::uint32_t thread;
  bool committed;
};

namespace {

static_assert(sizeof(serrate_tensor_map) <= 128, "a tensor map has 128 bytes");
std::vector<Transfer> loads, stores;

std::uint32_t arena_offset(const void* shared) { return static_cast<std::uint32_t>(static_cast<const unsigned char*>(shared) - arena.base); }

/** Calls visit(place in shared memory, address, bytes) for each row of the box, with 0 bytes for a row out of bounds. */
template <class Visit> void each_row(const Transfer& t, Visit visit) {
  const std::uint32_t width = 2 * t.map.box[0];
  bool inside = true;
  for (int d = 2; d < 5; ++d) inside = inside && t.at[d] >= 0 && static_cast<std::uint32_t>(t.at[d]) < t.map.size[d];
  const std::uint32_t column = static_cast<std::uint32_t>(t.at[0]);
  const std::uint32_t columns = column >= t.map.size[0] ? 0 : t.map.size[0] - column < t.map.box[0] ? t.map.size[0] - column : t.map.box[0];
  for (std::uint32_t row = 0; row < t.map.box[1]; ++row) {
    const std::int64_t place = static_cast<std::int64_t>(t.at[1]) + row;
    const bool valid = inside && place >= 0 && place < static_cast<std::int64_t>(t.map.size[1]);
    std::uint64_t address = t.map.base + 2ull * column + static_cast<std::uint64_t>(place) * t.map.stride[0];
    for (int d = 2; d < 5; ++d) address += static_cast<std::uint64_t>(t.at[d]) * t.map.stride[d - 1];
    visit(arena_offset(t.shared) + row * width, address, valid ? 2 * columns : 0);
  }
}

void land_load(const Transfer& t) {
  const std::uint32_t width = 2 * t.map.box[0];
  each_row(t, [&](std::uint32_t place, std::uint64_t address, std::uint32_t bytes) {
    unsigned char row[128] = {};
    if (bytes > 0 && check_global(address, bytes, Access::read, t.site)) std::memcpy(row, reinterpret_cast<const void*>(address), bytes);
    for (std::uint32_t unit = 0; unit < width; unit += 16) std::memcpy(arena.base + (swizzled(kSharedStart + place + unit, width) - kSharedStart), row + unit, 16);
    if (machine.checking) shadow_land(place, width, t.site);
  });
}

void leave_store(const Transfer& t) {
  const std::uint32_t width = 2 * t.map.box[0];
  each_row(t, [&](std::uint32_t place, std::uint64_t address, std::uint32_t bytes) {
    unsigned char row[128];
    if (machine.checking) shadow_read(place, width, t.site);
    for (std::uint32_t unit = 0; unit < width; unit += 16) std::memcpy(row + unit, arena.base + (swizzled(kSharedStart + place + unit, width) - kSharedStart), 16);
    if (bytes > 0 && check_global(address, bytes, Access::write, t.site)) std::memcpy(reinterpret_cast<void*>(address), row, bytes);
  });
}

bool read_map(const void* map, serrate_tensor_map& to, Site site) {
  check_aligned(reinterpret_cast<std::uintptr_t>(map), 64, Access::read, site);
  if (!check_global(reinterpret_cast<std::uintptr_t>(map), 128, Access::read, site)) return false;
  std::memcpy(&to, map, sizeof to);
  return true;
}

bool make_transfer(Transfer& t, const void* shared, const void* map, const int* at, const std::uint64_t* barrier, Access access, int line) {
  t.shared = static_cast<unsigned char*>(const_cast<void*>(shared));
  t.barrier = barrier;
  t.site = line_site(line);
  t.thread = machine.current->index;
  t.committed = false;
  std::memcpy(t.at, at, sizeof t.at);
  if (!read_map(map, t.map, t.site)) return false;
  const std::uint32_t width = 2 * t.map.box[0];
  check_aligned(reinterpret_cast<std::uintptr_t>(shared) - reinterpret_cast<std::uintptr_t>(arena.base), 8 * width, access, t.site);
  return check_shared(reinterpret_cast<std::uintptr_t>(shared), width * t.map.box[1], access, t.site);
}

}  // namespace

void forget_transfers() {
  loads.clear();
  stores.clear();
}

void land_transfers(const std::uint64_t* barrier) {
  for (const Transfer& t : loads)
    if (t.barrier == barrier) land_load(t);
  std::erase_if(loads, [&](const Transfer& t) { return t.barrier == barrier; });
}

}  // namespace serrate

using namespace serrate;

extern "C" void serrate_tensor_map_init(void* shared, const serrate_tensor_map* map, int line) {
  const auto address = reinterpret_cast<std::uintptr_t>(shared);
  check_aligned(address, 128, Access::write, line_site(line));
  if (!check_shared(address, 128, Access::write, line_site(line))) return;
  if (machine.checking) shadow_write(arena_offset(shared), sizeof *map, line_site(line));
  const auto refuse = [&](const char* what) { report("tensor map", line_site(line), 0, std::string(what) + " of the map made at " + at(line_site(line)) + " is not a multiple of 16 bytes"); };
  if (map->base % 16 != 0) refuse("the base");
  for (const std::uint64_t stride : map->stride)
    if (stride % 16 != 0 || stride >= 1ull << 40) refuse("a stride");
  std::memcpy(shared, map, sizeof *map);
}

extern "C" void serrate_tensor_map_publish(void* global, const void* shared, int line) {
  serrate_warp_barrier(line);
  if (machine.current->index % kLanes != 0) return;
  const auto address = reinterpret_cast<std::uintptr_t>(global);
  check_aligned(address, 128, Access::write, line_site(line));
  if (check_global(address, 128, Access::write, line_site(line))) std::memcpy(global, shared, 128);
}

extern "C" void serrate_tma_load(void* shared, const void* map, std::uint64_t* barrier, const int* at, int line) {
  Transfer t;
  if (!make_transfer(t, shared, map, at, barrier, Access::write, line)) return;
  const std::uint32_t bytes = 2 * t.map.box[0] * t.map.box[1];
  if (machine.checking) shadow_issue(arena_offset(shared), bytes, t.site);
  std::memset(shared, 0xff, bytes);
  loads.push_back(t);
  count_transfer(barrier, bytes, line);
}

extern "C" void serrate_tma_store(const void* map, const void* shared, const int* at, int line) {
  Transfer t;
  if (make_transfer(t, shared, map, at, nullptr, Access::read, line)) stores.push_back(t);
}

extern "C" void serrate_tma_store_commit() {
  for (Transfer& t : stores) t.committed = t.committed || t.thread == machine.current->index;
}

extern "C" void serrate_tma_store_drain() {
  const auto own = [self = machine.current->index](const Transfer& t) { return t.thread == self && t.committed; };
  for (const Transfer& t : stores)
    if (own(t)) leave_store(t);
  std::erase_if(stores, own);
}
