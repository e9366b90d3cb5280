#include "findings.hpp"
#include <cstring>
#include <set>
#include <tuple>

namespace serrate {

std::vector<std::string> findings;
static std::set<std::tuple<std::string, Site, Site>> seen;

static std::string number(std::uint64_t value) { return std::to_string(value); }

std::string at(Site site) { return "«site:" + number(site) + "»"; }

std::string who(std::uint32_t thread) {
  return "thread " + number(thread) + " of block (" + number(serrate_block_index.x) + ", " + number(serrate_block_index.y) + ")";
}

bool report(const char* kind, Site site, Site other, const std::string& text) {
  if (findings.size() >= kMaxFindings || !seen.insert({kind, site, other}).second) return false;
  findings.push_back(std::string(kind) + ": " + text);
  return true;
}

void clear_findings() {
  findings.clear();
  seen.clear();
}

const char* name_of(Op op) {
  static const char* const names[] = {"start", "block_barrier", "warp_barrier", "shuffle", "ballot", "ldmatrix", "mma", "stmatrix", "wgmma", "mbarrier_wait", "named_barrier_sync", "cluster_barrier"};
  return names[static_cast<int>(op)];
}

static std::string place(const Fiber& fiber) {
  if (fiber.wait == Wait::done) return "returned";
  return std::string("wait in ") + name_of(fiber.op) + " at " + at(line_site(fiber.line));
}

void report_deadlock() {
  std::string text;
  for (std::uint32_t begin = 0, end; begin < machine.threads; begin = end) {
    const std::string where = place(machine.fibers[begin]);
    for (end = begin + 1; end < machine.threads && place(machine.fibers[end]) == where; ++end) {}
    if (text.size() > 400) { text += "; ..."; break; }
    text += (text.empty() ? "" : "; ") + ("threads " + number(begin) + "-" + number(end - 1)) + " " + where;
  }
  report("deadlock", 0, 0, "no thread of block (" + number(serrate_block_index.x) + ", " + number(serrate_block_index.y) + ") can go on: " + text);
}

void report_mismatch(std::uint32_t warp, int lane, int other_lane) {
  const Arrival &a = machine.warps[warp].arrivals[lane], &b = machine.warps[warp].arrivals[other_lane];
  const auto words = [](const Arrival& x) { return std::string(name_of(x.op)) + " (argument " + std::to_string(x.argument) + ") at " + at(line_site(x.line)); };
  report("mismatched warp operation", line_site(a.line), line_site(b.line),
         "warp " + number(warp) + " of block (" + number(serrate_block_index.x) + ", " + number(serrate_block_index.y) + "): lane " + number(lane) + " is in " + words(a) +
             ", lane " + number(other_lane) + " in " + words(b));
}

void report_split_barrier(const Fiber& first, const Fiber& other) {
  report("divergent barrier", line_site(first.line), line_site(other.line),
         "thread " + number(first.index) + " waits in block_barrier at " + at(line_site(first.line)) + ", " + who(other.index) + " at " + at(line_site(other.line)));
}

void report_partial_barrier(const Fiber& first) {
  report("divergent barrier", line_site(first.line), 0,
         "block_barrier at " + at(line_site(first.line)) + " is reached by " + number(machine.alive) + " of the " + number(machine.threads) + " threads of block (" +
             number(serrate_block_index.x) + ", " + number(serrate_block_index.y) + "); the others have returned");
}

}  // namespace serrate
