#pragma once
#include "wire.hpp"

namespace serrate {

/** A launcher as every emitted .cu exports it. */
using Launcher = int (*)(const void* params, unsigned max_tiles, void* stream);
/** The launcher of that name in the loaded module; null when there is none. */
using FindLauncher = Launcher (*)(const std::string& name);

/** Runs one request and writes its reply; true when the process should not be used again (a kernel faulted). */
bool run_job(Reader& request, Writer& reply, FindLauncher find);

}  // namespace serrate
