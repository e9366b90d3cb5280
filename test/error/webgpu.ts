import { spawnSync } from 'node:child_process'
import { OpenDevice } from '../../runtime/webgpu/state.ts'
import { createPipelines } from '../../runtime/webgpu/compile.ts'
import { swiftShader } from '../../runtime/webgpu/swiftshader.ts'
import type { DeviceInfo } from '../../runtime/device.ts'
import { root } from '../cli/program.ts'
import { cli, onPlatform, replaced, thrown } from './seen.ts'
import type { Provocation, Seen } from './types.ts'

/** A webgpu package whose adapter gives no device. */
const noDevice = `export const globals = {}
export const create = () => ({ requestAdapter: async () => ({ info: { device: 'Toy GPU' }, features: new Set(), limits: {}, requestDevice: async () => { throw new Error('maxBufferSize is too much') } }) })`

/** What a fresh process says when the npm package that carries SwiftShader is not there. */
const withoutPackage = async (): Promise<Seen> => {
  const script = `import Module from 'node:module'
const find = Module._resolveFilename
Module._resolveFilename = (name, ...more) => { if (name.startsWith('@sparticuz')) throw new Error('not there'); return find(name, ...more) }
const { openWebGpu } = await import('./runtime/webgpu/index.ts')
await openWebGpu({ prefer: 'software' }).catch((e) => console.log(JSON.stringify(e.diagnostics[0])))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8', env: { ...process.env, VK_ICD_FILENAMES: '', VK_DRIVER_FILES: '', SERRATE_VK_ICD: '' } })
  return JSON.parse(stdout) as Seen
}

/** A device of Dawn's kind that something happens to before the next call. */
const after = (happens: (gpu: EventTarget, lose: (reason: string) => void) => void) => thrown(async () => {
  let lose: (reason: string) => void = () => undefined
  const lost = new Promise<{ message: string }>((resolve) => { lose = (message) => resolve({ message }) })
  const gpu = Object.assign(new EventTarget(), { lost, destroy: () => undefined })
  const device = new OpenDevice(gpu as unknown as GPUDevice, { name: 'Toy GPU' } as DeviceInfo, 60)
  happens(gpu, lose)
  await new Promise((done) => setTimeout(done))
  await createPipelines(device, { text: '', manifest: {} } as never)
})

export const webgpu: readonly Provocation[] = [
  { code: 'SR4002', what: 'no Dawn', provoke: cli('verify causal', { node: replaced('webgpu', 'throw new Error("no prebuilt binary")') }), exit: 1, sees: /no prebuilt binary/, fix: /npm i webgpu/ },
  { code: 'SR4003', what: 'no SwiftShader package', provoke: withoutPackage, sees: /@sparticuz\/chromium/, fix: /npm i -D @sparticuz\/chromium/ },
  { code: 'SR4005', what: 'a platform that SwiftShader was not built for', provoke: thrown(() => onPlatform({ platform: 'darwin', arch: 'arm64' }, swiftShader)), sees: /this is darwin-arm64/, fix: /SERRATE_VK_ICD/ },
  { code: 'SR4006', what: 'an adapter that gives no device', provoke: cli('verify causal', { node: replaced('webgpu', noDevice) }), exit: 1, sees: /refused the device: maxBufferSize is too much/, fix: /default limits/ },
  { code: 'SR4014', what: 'a lost device', provoke: after((_gpu, lose) => lose('the driver stopped')), sees: /Toy GPU was lost: the driver stopped/, fix: /Open it again/ },
  { code: 'SR4015', what: 'an error that no scope caught', provoke: after((gpu) => gpu.dispatchEvent(Object.assign(new Event('uncapturederror'), { error: { message: 'out of memory' } }))), sees: /Toy GPU reported an error in an earlier call: out of memory/, fix: /fewer rows/ },
]
