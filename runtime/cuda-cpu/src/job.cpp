#include "job.hpp"
#include <ctime>
#include "findings.hpp"
#include "memory.hpp"
#include "signals.hpp"

namespace serrate {

namespace {

struct Settings {
  Policy policy;
  std::uint64_t seed;
  std::uint32_t checks, max_tiles, warmup, iterations, time_limit;
};

Settings read_settings(Reader& request) {
  Settings s;
  s.policy = static_cast<Policy>(request.get<std::uint32_t>());
  s.seed = request.get<std::uint64_t>();
  for (auto* field : {&s.checks, &s.max_tiles, &s.warmup, &s.iterations, &s.time_limit}) *field = request.get<std::uint32_t>();
  return s;
}

/** `struct Params` as the .cu lays it out: a pointer a buffer, then the 4-byte params. */
std::vector<unsigned char> read_arguments(Reader& request, std::vector<bool>& wanted) {
  const auto count = request.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string name = request.text();
    wanted.push_back(request.get<std::uint32_t>() != 0);
    add_buffer(std::move(name), request.get<std::uint64_t>());
  }
  Writer params;
  for (const Buffer& buffer : buffers) params.put(buffer.begin);
  const auto size = request.get<std::uint32_t>();
  params.append(request.take(size), size);
  if (size % 8) params.put(std::uint32_t{0});
  for (const Buffer& buffer : buffers) std::memcpy(buffer.begin, request.take(buffer.size), buffer.size);
  return params.bytes();
}

double milliseconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

int launch_checked(Launcher launcher, const void* params, const Settings& settings) {
  machine.checking = settings.checks != 0;
  machine.policy = settings.policy;
  machine.seed = settings.seed;
  seed_schedule();
  machine.grid_count = 0;
  const int status = launcher(params, settings.max_tiles, nullptr);
  if (findings.empty()) check_slack();
  if (status != 0 && findings.empty()) report("launch", 0, 0, "the launcher returned error " + std::to_string(status));
  return status;
}

std::vector<double> time_launches(Launcher launcher, const void* params, const Settings& settings) {
  machine.checking = false;
  machine.policy = Policy::in_order;
  std::vector<double> times;
  for (std::uint32_t i = 0; i < settings.warmup + settings.iterations; ++i) {
    const double start = milliseconds();
    if (launcher(params, settings.max_tiles, nullptr) != 0) break;
    if (i >= settings.warmup) times.push_back(milliseconds() - start);
  }
  return times;
}

}  // namespace

bool run_job(Reader& request, Writer& reply, FindLauncher find) {
  clear_findings();
  const Settings settings = read_settings(request);
  const std::string name = request.text();
  std::vector<bool> wanted;
  const std::vector<unsigned char> params = read_arguments(request, wanted);
  std::vector<double> times;
  std::vector<std::uint32_t> grids;
  int status = 0;
  limit_time(settings.time_limit);
  if (const Launcher launcher = find(name)) {
    status = launch_checked(launcher, params.data(), settings);
    grids.assign(machine.grids, machine.grids + machine.grid_count);
    if (status == 0) times = time_launches(launcher, params.data(), settings);
  } else {
    report("launch", 0, 0, "the module exports no launcher " + name);
  }
  limit_time(0);
  reply.put(static_cast<std::uint32_t>(times.size()));
  for (const double time : times) reply.put(time);
  reply.put(static_cast<std::uint32_t>(findings.size()));
  for (const std::string& finding : findings) reply.text(finding);
  reply.put(static_cast<std::uint32_t>(grids.size()));
  for (const std::uint32_t grid : grids) reply.put(grid);
  for (std::size_t i = 0; i < buffers.size(); ++i)
    if (wanted[i]) reply.append(buffers[i].begin, buffers[i].size);
  release_buffers();
  return faulted();
}

}  // namespace serrate
