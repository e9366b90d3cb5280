/** Environment variables that commands read, as docs/cli.md and `--help --json` list them. */
export const environment: Readonly<Record<string, string>> = Object.freeze({
  SERRATE_CACHE: 'the folder for compiled kernels and the software adapter; default $XDG_CACHE_HOME/serrate, else ~/.cache/serrate',
  SERRATE_LAUNCH_SECONDS: 'how long a WebGPU launch may take before it counts as one that never ends; default 120',
  SERRATE_VK_ICD: 'a Vulkan driver file (ICD) for WebGPU, in place of those that the system lists',
  SERRATE_CXX: 'the C++ compiler of cuda-cpu; default g++',
  SERRATE_CUDA_CPU_ORDER: 'the order in which cuda-cpu runs threads, POLICY or POLICY:SEED; default in-order',
  SERRATE_LIBCUDA: 'the CUDA driver library; default where drivers put libcuda.so.1',
  SERRATE_NVRTC: 'the NVRTC library that compiles CUDA; default from the loader, LD_LIBRARY_PATH, toolkits or Python packages',
  SERRATE_NVCC: 'the nvcc that compiles CUDA where there is no NVRTC; default from PATH or a toolkit',
})
