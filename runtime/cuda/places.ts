import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const split = (value: string | undefined): readonly string[] => (value ?? '').split(':').filter(Boolean)
const children = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [])

/** Installed toolkits, the newest first. */
const toolkits = (env: NodeJS.ProcessEnv): readonly string[] => [
  ...[env.CUDA_HOME, env.CUDA_PATH].filter((p) => p !== undefined),
  '/usr/local/cuda',
  ...children('/usr/local').filter((p) => /\/cuda-\d/.test(p)).sort((a, b) => b.localeCompare(a, 'en', { numeric: true })),
]

/** site-packages of the Python environments that are active or usual. */
const sitePackages = (env: NodeJS.ProcessEnv): readonly string[] => {
  const prefixes = [env.VIRTUAL_ENV, env.CONDA_PREFIX, ...split(env.PATH).map((bin) => join(bin, '..')), '/opt/torch/.venv', join(env.HOME ?? '/', '.local')].filter((p) => p !== undefined)
  const roots = [...new Set(prefixes)].flatMap((prefix) => children(join(prefix, 'lib')).filter((p) => /python3/.test(p)))
  return [...split(env.PYTHONPATH), ...roots.flatMap((root) => [join(root, 'site-packages'), join(root, 'dist-packages')])]
}

const NAMES = ['libnvrtc.so.13', 'libnvrtc.so.12', 'libnvrtc.so']

/** Where NVRTC may be: SERRATE_NVRTC, the loader's own path, LD_LIBRARY_PATH, toolkits, Python's nvidia packages. */
export const nvrtcCandidates = (env: NodeJS.ProcessEnv = process.env): readonly string[] => {
  if (env.SERRATE_NVRTC) return [env.SERRATE_NVRTC]
  const folders = [
    ...split(env.LD_LIBRARY_PATH),
    ...toolkits(env).flatMap((p) => [join(p, 'lib64'), join(p, 'targets/x86_64-linux/lib')]),
    ...sitePackages(env).flatMap((p) => [join(p, 'nvidia/cu13/lib'), join(p, 'nvidia/cuda_nvrtc/lib')]),
  ]
  return [...NAMES, ...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).filter((path) => existsSync(path))]
}

/** Where nvcc is: SERRATE_NVCC and nowhere else where that is set, else on PATH or in a toolkit. */
export const findNvcc = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  (env.SERRATE_NVCC ? [env.SERRATE_NVCC] : [...split(env.PATH), ...toolkits(env).map((p) => join(p, 'bin'))].map((folder) => join(folder, 'nvcc'))).find((path) => existsSync(path))
