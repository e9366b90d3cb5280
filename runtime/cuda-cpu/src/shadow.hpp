// Happens-before over shared memory, one cell per 2 bytes. Threads are ordered by block barriers (all) and warp barriers (lanes of a
// warp), not by shuffles, ldmatrix or mma. As only these two order, a cell needs no vector clock: accesses of an earlier block phase
// are ordered before everything now, those of an earlier warp phase before everything that the same warp does now.
#pragma once
#include "machine.hpp"

namespace serrate {

/** Exchanges the block's cells with those at `other`, made where there are none. */
void swap_shadow(void*& other);
/** A read of another block of the cluster, whose cells and state these are: what it wrote before the cluster's last barrier. */
void shadow_read_remote(void* others, const BlockState& owner, std::uint32_t offset, std::uint32_t size, Site site);
void shadow_read(std::uint32_t offset, std::uint32_t size, Site site);
void shadow_write(std::uint32_t offset, std::uint32_t size, Site site);
/** An atomic read and write: must be initialised, races with plain accesses only. */
void shadow_update(std::uint32_t offset, std::uint32_t size, Site site);
/** The destination of an asynchronous copy: checked like a write, then nobody may touch it until it lands. */
void shadow_issue(std::uint32_t offset, std::uint32_t size, Site site);
void shadow_land(std::uint32_t offset, std::uint32_t size, Site site);

}  // namespace serrate
