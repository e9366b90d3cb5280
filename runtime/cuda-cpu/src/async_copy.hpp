#pragma once
#include <cstdint>

namespace serrate {
/** A new block starts: copies of the last one that nobody waited for are dropped. */
void forget_copies(std::uint32_t thread);
/** Exchanges the threads' queues with those at `other`, made where there are none. */
void swap_copies(void*& other);
}  // namespace serrate
