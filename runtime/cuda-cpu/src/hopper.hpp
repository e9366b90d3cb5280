#pragma once
#include <cstdint>
#include "machine.hpp"

namespace serrate {

/** Where a block's shared memory starts in the addresses of descriptors, as on the hardware: after what the system keeps. */
constexpr std::uint32_t kSharedStart = 1024;

/** Rows of `width` bytes: 16-byte units change places by the address bits from 7 on, the pattern repeats after 8 * width bytes. */
inline std::uint32_t swizzled(std::uint32_t address, std::uint32_t width) { return address ^ (address >> 7 & (width / 16 - 1)) << 4; }

struct Transfer;
/** Copies that a barrier waits for: they land when somebody waits for them, not before. */
void land_transfers(const std::uint64_t* barrier);

void forget_barriers();
void forget_transfers();
void forget_products(std::uint32_t thread);
/** Bytes of a copy were started on the barrier. */
void count_transfer(const std::uint64_t* barrier, std::uint32_t bytes, int line);

}  // namespace serrate
