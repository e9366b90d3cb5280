#pragma once
#include "abi.hpp"

/** Runs the grid and returns when it is done; the stream is not used. */
template <class P> struct serrate_call {
  void (*kernel)(P);
  P params;
  __attribute__((no_sanitize("thread"))) static void run(void* self) {
    const serrate_call* call = static_cast<serrate_call*>(self);
    call->kernel(call->params);
  }
};
template <class P>
inline cudaError_t serrate_launch_clusters(unsigned cluster, void (*kernel)(P), unsigned grid_x, unsigned grid_y, unsigned block, unsigned shared_bytes, cudaStream_t, const P& params) {
  serrate_call<P> call{kernel, params};
  return serrate_run_grid(serrate_call<P>::run, &call, grid_x, grid_y, block, shared_bytes, cluster);
}
template <class P>
inline cudaError_t serrate_launch(void (*kernel)(P), unsigned grid_x, unsigned grid_y, unsigned block, unsigned shared_bytes, cudaStream_t stream, const P& params) { return serrate_launch_clusters(1, kernel, grid_x, grid_y, block, shared_bytes, stream, params); }
template <class P>
inline cudaError_t serrate_launch_early(void (*kernel)(P), unsigned grid, unsigned block, unsigned shared_bytes, cudaStream_t stream, const P& params) { return serrate_launch(kernel, grid, 1, block, shared_bytes, stream, params); }
