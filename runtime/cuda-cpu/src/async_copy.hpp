#pragma once
#include <cstdint>

namespace serrate {
/** A new block starts: copies of the last one that nobody waited for are dropped. */
void forget_copies(std::uint32_t thread);
}  // namespace serrate
