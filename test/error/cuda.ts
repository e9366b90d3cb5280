import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { launchOn } from './fake-driver.ts'
import { cli, onPlatform, thrown } from './seen.ts'
import type { Provocation } from './types.ts'

/** Runs `work` with environment variables changed. */
const withEnv = async <T>(change: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> => {
  const before = Object.fromEntries(Object.keys(change).map((k) => [k, process.env[k]]))
  Object.assign(process.env, change)
  try {
    return await work()
  } finally {
    for (const [key, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[key]
      else process.env[key] = value
    }
  }
}

const nowhere = { SERRATE_NVRTC: '/nowhere/libnvrtc.so', SERRATE_NVCC: '/nowhere/nvcc' }

/** An nvcc that refuses everything. */
const refusingNvcc = (): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'serrate-nvcc-')), 'nvcc')
  writeFileSync(file, '#!/bin/sh\necho "nvcc fatal: Unsupported gpu architecture" >&2\nexit 1\n')
  chmodSync(file, 0o755)
  return file
}

const failing = (call: string, code: number) => thrown(() => launchOn({ fails: { [call]: code } }))

export const cuda: readonly Provocation[] = [
  { code: 'SR4503', what: 'another platform', provoke: thrown(() => onPlatform({ arch: 'arm64' }, () => openCudaCpu())), sees: /-arm64\.$/, fix: /linux-x64/ },
  { code: 'SR4601', what: 'no driver library', provoke: cli('verify causal --target cuda', { env: { SERRATE_LIBCUDA: '/nowhere/libcuda.so.1' } }), exit: 1, sees: /\/nowhere\/libcuda\.so\.1/, fix: /cuda-cpu/ },
  { code: 'SR4601', what: 'a driver that does not start', provoke: failing('init', 999), sees: /cuInit answered unknown \(999\)/, fix: /cuda-cpu/ },
  { code: 'SR4602', what: 'no device', provoke: thrown(() => launchOn({ devices: 0 })), sees: /driver 12\.4 sees no device/, fix: /CUDA_VISIBLE_DEVICES/ },
  { code: 'SR4602', what: 'a driver that counts none', provoke: failing('deviceCount', 100), sees: /12\.4/, fix: /cuda-cpu/ },
  { code: 'SR4603', what: 'a device that is not there', provoke: thrown(() => launchOn({ devices: 2 }, { device: 5 })), sees: /device 5; this machine has 2: Toy GPU, Toy GPU/, fix: /0 to 1/ },
  { code: 'SR4604', what: 'an old device', provoke: thrown(() => launchOn({ major: 7 })), sees: /Toy GPU has compute capability 7\.0/, fix: /Ampere/ },
  { code: 'SR4605', what: 'machine code for another device', provoke: failing('moduleLoad', 209), sees: /moduleLoad failed on Toy GPU: CUDA_ERROR_NO_BINARY_FOR_GPU \(209\)/, fix: /Report/ },
  { code: 'SR4605', what: 'a launch that is refused', provoke: failing('launch', 701), sees: /launch failed on Toy GPU: CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES \(701\)/, fix: /schedule/ },
  { code: 'SR4605', what: 'an illegal address', provoke: failing('contextSynchronize', 700), sees: /CUDA_ERROR_ILLEGAL_ADDRESS \(700\), an illegal memory access/, fix: /opened again/ },
  { code: 'SR4606', what: 'no memory left', provoke: failing('memAlloc', 2), sees: /no room for the buffer q of full_f32_d8: 2560 bytes/, fix: /fewer rows/ },
  { code: 'SR4607', what: 'no compiler', provoke: thrown(() => withEnv(nowhere, () => launchOn({}, { own: true }))), sees: /NVRTC: not found .*\/nowhere\/libnvrtc\.so.*nvcc: SERRATE_NVCC names \/nowhere\/nvcc/, fix: /nvidia-cuda-nvrtc/ },
  { code: 'SR4608', what: 'a compiler that refuses', provoke: thrown(() => withEnv({ ...nowhere, SERRATE_NVCC: refusingNvcc() }, () => launchOn({}, { own: true }))), sees: /does not compile full_f32_d8 for sm_90a?:\nnvcc fatal: Unsupported gpu/, fix: /newer compiler/ },
  { code: 'SR4609', what: 'a grid that is too large', provoke: thrown(() => launchOn({ gridX: 1 })), sees: /full_f32_d8 needs \d+ blocks; a grid holds at most 1\./, fix: /blockM/ },
]
