import type { DiagnosticTable } from './types.ts'

/** SR46: the CUDA driver, its compilers and its devices. */
export const cuda = {
  SR4601: { severity: 'error', message: 'The CUDA driver library libcuda.so.1 cannot be loaded: {reason}.', fix: 'Install an NVIDIA driver, or run the same kernel with --target cuda-cpu.' },
  SR4602: { severity: 'error', message: 'The CUDA driver {driver} sees no device.', fix: 'Check nvidia-smi and CUDA_VISIBLE_DEVICES, or use --target cuda-cpu.' },
  SR4603: { severity: 'error', message: 'There is no CUDA device {device}; this machine has {count}: {names}.', fix: 'Use a device from 0 to {last}.' },
  SR4604: { severity: 'error', message: '{device} has compute capability {capability}; the kernels need 8.0 or later.', fix: 'Use an Ampere or later GPU, or --target cuda-cpu.' },
  SR4605: { severity: 'error', message: '{call} failed on {device}: {name} ({code}), {reason}.', fix: 'Report the definition, the schedule and the lengths. After an illegal access the device must be opened again.' },
  SR4606: { severity: 'error', message: '{device} has no room for the buffer {name} of {kernel}: {need} bytes.', fix: 'Use fewer rows per launch, or close what else holds the memory.' },
  SR4607: { severity: 'error', message: 'No CUDA compiler was found. NVRTC: {nvrtc}. nvcc: {nvcc}.', fix: 'Put libnvrtc on LD_LIBRARY_PATH (pip install nvidia-cuda-nvrtc), or nvcc on PATH, or set CUDA_HOME.' },
  SR4608: { severity: 'error', message: '{compiler} does not compile {kernel} for {architecture}:\n{log}', fix: 'This is a defect of the emitter: report the definition and the schedule. An unknown architecture: use a newer compiler.' },
  SR4609: { severity: 'error', message: 'A launch of {kernel} needs {need} blocks; a grid holds at most {have}.', fix: 'Use a larger blockM, or fewer rows or heads per launch.' },
} as const satisfies DiagnosticTable
