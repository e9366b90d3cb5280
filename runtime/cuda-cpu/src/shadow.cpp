#include "shadow.hpp"
#include <cstdlib>
#include <utility>
#include "cluster.hpp"
#include "findings.hpp"

namespace serrate {

namespace {

struct Cell {
  std::uint32_t write_phase, write_warp_phase;
  Site write_site;
  std::uint16_t writer;
  bool in_flight, atomic;
  /** Warps that read in `read_phase`, and which lanes of the last of them did in its `read_warp_phase`. */
  std::uint32_t read_phase, reader_warps, read_warp_phase, reader_lanes;
  std::uint16_t last_reader_warp;
  /** Of the cluster in which another block read it last. */
  std::uint32_t remote_phase;
  Site read_site;
};
constexpr std::size_t kCells = kMaxSharedBytes / 2;
Cell* cells = static_cast<Cell*>(std::calloc(kCells, sizeof(Cell)));

enum class Store : std::uint8_t { plain, atomic };

struct Self {
  std::uint32_t thread = machine.current->index, warp = thread / kLanes, lane = thread % kLanes, phase = machine.phase, warp_phase = machine.warps[warp].phase;
};

std::string where(std::uint32_t cell) { return "; shared offset " + std::to_string(2 * cell); }

bool written(const Cell& cell) { return cell.write_phase >= machine.first_phase_of_block && cell.write_phase != 0; }

bool unordered_write(const Cell& cell, const Self& self) {
  if (machine.asynchronous || cell.write_phase != self.phase || cell.writer == self.thread) return false;
  return cell.writer / kLanes != self.warp || cell.write_warp_phase == self.warp_phase;
}

bool unordered_read(const Cell& cell, const Self& self) {
  if (machine.asynchronous || cell.read_phase != self.phase) return false;
  if (cell.reader_warps & ~(1u << self.warp)) return true;
  return cell.last_reader_warp == self.warp && cell.read_warp_phase == self.warp_phase && (cell.reader_lanes & ~(1u << self.lane));
}

void report_flight(const char* verb, const Cell& cell, const Self& self, Site site, std::uint32_t index) {
  report("asynchronous copy not waited for", site, cell.write_site,
         std::string(verb) + " at " + at(site) + " by " + who(self.thread) + " of what thread " + std::to_string(cell.writer) + " copies at " + at(cell.write_site) + where(index));
}

void report_uninitialised(const Self& self, Site site, std::uint32_t index) {
  report("uninitialised shared read", site, 0, "read at " + at(site) + " by " + who(self.thread) + " of shared memory that this block has not written" + where(index));
}

void report_race(const char* verb, const char* other_verb, Site site, Site other, const std::string& other_who, const Self& self, std::uint32_t index) {
  report("race", site, other,
         std::string(verb) + " of shared memory at " + at(site) + " by " + who(self.thread) + " is not ordered after the " + other_verb + " at " + at(other) + " by " + other_who + where(index));
}

void check_write(const Cell& cell, const Self& self, Site site, std::uint32_t index, Store store) {
  if (written(cell) && cell.in_flight) return report_flight("write", cell, self, site, index);
  if (unordered_write(cell, self) && !(store == Store::atomic && cell.atomic))
    report_race("write", "write", site, cell.write_site, "thread " + std::to_string(cell.writer), self, index);
  if (unordered_read(cell, self)) report_race("write", "read", site, cell.read_site, "warp " + std::to_string(cell.last_reader_warp), self, index);
  if (cell.remote_phase == cluster_phase() && cell.remote_phase != 0) report_race("write", "read", site, cell.read_site, "another block of the cluster", self, index);
}

void set_writer(Cell& cell, const Self& self, Site site, bool in_flight, bool atomic) {
  cell.write_phase = self.phase;
  cell.write_warp_phase = self.warp_phase;
  cell.write_site = site;
  cell.writer = static_cast<std::uint16_t>(self.thread);
  cell.in_flight = in_flight;
  cell.atomic = atomic;
}

void check_read(const Cell& cell, const Self& self, Site site, std::uint32_t index) {
  if (!written(cell)) report_uninitialised(self, site, index);
  else if (cell.in_flight) report_flight("read", cell, self, site, index);
  else if (unordered_write(cell, self)) report_race("read", "write", site, cell.write_site, "thread " + std::to_string(cell.writer), self, index);
}

void set_reader(Cell& cell, const Self& self, Site site) {
  if (cell.read_phase != self.phase) cell.reader_warps = 0;
  if (cell.read_phase != self.phase || cell.last_reader_warp != self.warp || cell.read_warp_phase != self.warp_phase) {
    cell.reader_lanes = 0;
    cell.read_phase = self.phase;
    cell.read_warp_phase = self.warp_phase;
    cell.last_reader_warp = static_cast<std::uint16_t>(self.warp);
  }
  cell.reader_warps |= 1u << self.warp;
  cell.reader_lanes |= 1u << self.lane;
  cell.read_site = site;
}

template <class Visit> void each_cell(std::uint32_t offset, std::uint32_t size, Visit visit) {
  for (std::uint32_t index = offset / 2, end = (offset + size + 1) / 2; index < end; ++index) visit(cells[index], index);
}

}  // namespace

void swap_shadow(void*& other) {
  if (!other) other = std::calloc(kCells, sizeof(Cell));
  void* const own = cells;
  cells = static_cast<Cell*>(other);
  other = own;
}

void shadow_read_remote(void* others, const BlockState& owner, std::uint32_t offset, std::uint32_t size, Site site) {
  const Self self;
  Cell* const own = std::exchange(cells, static_cast<Cell*>(others));
  each_cell(offset, size, [&](Cell& cell, std::uint32_t index) {
    if (cell.write_phase < owner.first_phase_of_block || cell.write_phase == 0) report_uninitialised(self, site, index);
    else if (cell.write_phase >= owner.first_phase_of_cluster) report_race("read", "write", site, cell.write_site, "a thread of the block that owns it, which no cluster barrier follows", self, index);
    cell.remote_phase = cluster_phase();
    cell.read_site = site;
  });
  cells = own;
}

void shadow_read(std::uint32_t offset, std::uint32_t size, Site site) {
  const Self self;
  each_cell(offset, size, [&](Cell& cell, std::uint32_t index) {
    check_read(cell, self, site, index);
    set_reader(cell, self, site);
  });
}

void shadow_write(std::uint32_t offset, std::uint32_t size, Site site) {
  const Self self;
  each_cell(offset, size, [&](Cell& cell, std::uint32_t index) {
    check_write(cell, self, site, index, Store::plain);
    set_writer(cell, self, site, false, false);
  });
}

void shadow_update(std::uint32_t offset, std::uint32_t size, Site site) {
  const Self self;
  each_cell(offset, size, [&](Cell& cell, std::uint32_t index) {
    if (!written(cell)) report_uninitialised(self, site, index);
    check_write(cell, self, site, index, Store::atomic);
    set_writer(cell, self, site, false, true);
  });
}

void shadow_issue(std::uint32_t offset, std::uint32_t size, Site site) {
  const Self self;
  each_cell(offset, size, [&](Cell& cell, std::uint32_t index) {
    check_write(cell, self, site, index, Store::plain);
    set_writer(cell, self, site, true, false);
  });
}

void shadow_land(std::uint32_t offset, std::uint32_t size, Site site) {
  const Self self;
  each_cell(offset, size, [&](Cell& cell, std::uint32_t) { set_writer(cell, self, site, false, false); });
}

}  // namespace serrate
