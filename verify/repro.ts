import type { KernelManifest } from '../codegen/ir/manifest.ts'
import { printSchedule } from '../codegen/ir/schedule.ts'
import type { DeviceInfo } from '../runtime/device.ts'
import type { AttentionCase } from './case.ts'

const quoted = (text: string): string => (/^[\w.,/#-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

/** The command that runs a case again; `ref` is a shipped kernel's name or FILE#export. */
export const reproLine = (ref: string, c: AttentionCase, info: Pick<DeviceInfo, 'backend' | 'target'>, manifest: KernelManifest): string => {
  const target = info.target === 'wgsl' ? 'wgsl' : info.backend
  return `serrate verify ${quoted(ref)} --target ${target} --lengths ${quoted(c.lengths.join(','))} --heads ${c.heads} --dim ${c.headDim} --dtype ${c.dtype} --seed ${c.seed}  # ${printSchedule(manifest.schedule)}`
}
