// Clusters: their blocks take turns between cluster barriers, each with a state of its own.
#pragma once
#include "machine.hpp"

namespace serrate {

constexpr std::uint32_t kMaxCluster = 8;

/** Counts cluster barriers, and clusters; 0 outside of them. */
std::uint32_t cluster_phase();
/** Runs the blocks from this one on; a block that never reaches a barrier of the others is a finding. */
void run_cluster(std::uint64_t first, std::uint32_t blocks, std::uint32_t threads, std::uint32_t shared_bytes);

// launch.cpp
void start_block(std::uint32_t threads, std::uint32_t shared_bytes);

}  // namespace serrate
