// CUDA on the CPU: what an emitted .cu needs to compile with g++ (-DSERRATE_CPU) and run, block by block, on the fibers of ../src.
#pragma once
#include "serrate_cpu/types.hpp"
#include "serrate_cpu/half.hpp"
#include "serrate_cpu/abi.hpp"
#include "serrate_cpu/math.hpp"
#include "serrate_cpu/memory.hpp"
#include "serrate_cpu/warp.hpp"
#include "serrate_cpu/hopper.hpp"
#include "serrate_cpu/launch.hpp"
