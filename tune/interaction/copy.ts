import { readFileSync } from 'node:fs'
import type { InteractionManifest, InteractionSource, TensorSpec } from '../../codegen/ir/interaction/index.ts'
import type { TargetName } from '../../codegen/ir/schedule.ts'
import type { Device, Timing } from '../../runtime/device.ts'
import { median } from '../measure.ts'

/** Of both texts. */
const THREADS = 256
const files: Readonly<Record<TargetName, string>> = { wgsl: 'copy.wgsl', cuda: 'copy.cu' }

const spec = (name: string): TensorSpec => ({ name, tensor: name, storage: 'dense', batch: null, axes: [{ kind: 'axis', name: 'd' }], dtype: 'element', fill: 0 })

const sourceOf = (target: TargetName): InteractionSource => {
  const manifest: InteractionManifest = {
    format: 1, family: 'interaction', kernel: 'copy', definition: 'copy', class: 'movement', target, dtype: 'f32', sizes: {}, axes: [{ name: 'd', kind: 'dense', like: 'd', indexed: true }],
    inputs: [spec('x')], output: spec('out'), captures: [], segments: [], params: [{ name: 'elements', type: 'u32', source: 'elements' }],
    buffers: [{ name: 't_x', binding: 1, access: 'read', entries: ['main'] }, { name: 't_out', binding: 2, access: 'read_write', entries: ['main'] }],
    entries: [{ name: 'main', entryPoint: target === 'cuda' ? 'copy_main' : 'main', threads: THREADS, sharedBytes: 0, grid: [{ kind: 'count', of: 'elements', per: 4 * THREADS }] }],
    ...(target === 'cuda' && { launcher: 'serrate_copy' }),
    schedule: { template: `${target}_movement`, values: {} }, requires: { features: [], limits: {}, subgroupLanes: 0, architectures: target === 'cuda' ? ['sm_80'] : [] }, hashes: { definition: '', plan: '', source: '' },
  }
  return { text: readFileSync(new URL(files[target], import.meta.url), 'utf8'), manifest }
}

export interface CopyTime {
  /** Bytes that were read, and as many that were written. */
  readonly bytes: number
  readonly ms: number
  readonly gbps: number
}

/** What a plain copy of so many bytes (a multiple of 16 at least) takes on this device: the ceiling of a kernel that reads and writes as many. */
export const copyTime = async (device: Device, bytes: number, timing: Timing): Promise<CopyTime> => {
  const whole = Math.max(16, Math.ceil(bytes / 16) * 16)
  const elements = whole / 4
  const compiled = await device.compileInteraction(sourceOf(device.info.target))
  try {
    const { times, buffers, findings } = await compiled.run({ buffers: { t_x: new Uint8Array(whole).fill(7), t_out: new Uint8Array(whole) }, params: { elements }, grids: [Math.ceil(elements / 4 / THREADS)], outputs: ['t_out'], timing })
    if (findings.length || buffers.t_out!.some((b) => b !== 7)) throw new Error(`the copy kernel is wrong on ${device.info.name}: ${findings[0] ?? 'a byte was not copied'}`)
    const ms = median(times)
    return { bytes: whole, ms, gbps: (2 * whole) / ms / 1e6 }
  } finally {
    compiled.dispose()
  }
}
