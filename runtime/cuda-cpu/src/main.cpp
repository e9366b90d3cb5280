// serrate-cuda-cpu MODULE: loads a kernel compiled for the emulation and runs jobs from standard input until it ends.
#include <dlfcn.h>
#include <link.h>
#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include "job.hpp"
#include "machine.hpp"
#include "memory.hpp"
#include "signals.hpp"

using namespace serrate;

static void* module_handle;

static Launcher find_launcher(const std::string& name) { return reinterpret_cast<Launcher>(dlsym(module_handle, name.c_str())); }

static int find_range(dl_phdr_info* info, std::size_t, void* wanted) {
  if (info->dlpi_addr != static_cast<link_map*>(wanted)->l_addr) return 0;
  module_range.begin = info->dlpi_addr;
  for (int i = 0; i < info->dlpi_phnum; ++i)
    if (info->dlpi_phdr[i].p_type == PT_LOAD)
      module_range.end = std::max<std::uintptr_t>(module_range.end, info->dlpi_addr + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz);
  return 1;
}

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: serrate-cuda-cpu MODULE\n", stderr);
    return 2;
  }
  module_handle = dlopen(arguments[1], RTLD_NOW);
  if (!module_handle) {
    std::fprintf(stderr, "%s\n", dlerror());
    return 2;
  }
  dl_iterate_phdr(find_range, module_handle);
  const int replies = dup(STDOUT_FILENO);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  allocate_stacks(machine);
  allocate_arena(arena);
  catch_faults();
  for (std::vector<unsigned char> message; read_message(STDIN_FILENO, message);) {
    Reader request(message);
    Writer reply;
    const bool last = run_job(request, reply, find_launcher);
    write_message(replies, reply.bytes());
    if (last) return 0;
  }
  return 0;
}
