// What went wrong, as sentences. A site is written «site:N» and put into words by the host side, which has the module's line table.
#pragma once
#include <string>
#include <vector>
#include "machine.hpp"

namespace serrate {

constexpr std::size_t kMaxFindings = 20;
extern std::vector<std::string> findings;

std::string at(Site site);
/** "thread 37 of block (3, 0)". */
std::string who(std::uint32_t thread);
/** Once for each kind and pair of sites; false when it was known or there are enough. */
bool report(const char* kind, Site site, Site other, const std::string& text);
void clear_findings();

void report_deadlock();
/** A finding when lanes of the warp have returned that `op` needs. */
bool all_present(Op op, std::uint32_t warp_index, const Warp& warp);
void report_mismatch(std::uint32_t warp, int lane, int other_lane);
void report_split_barrier(const Fiber& first, const Fiber& other);
void report_partial_barrier(const Fiber& first);

}  // namespace serrate
