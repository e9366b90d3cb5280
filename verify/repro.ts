import type { KernelManifest } from '../codegen/ir/manifest.ts'
import { printSchedule } from '../codegen/ir/schedule.ts'
import type { DeviceInfo } from '../runtime/device.ts'
import type { AttentionCase } from './case.ts'

const quoted = (text: string): string => (/^[\w.,/#-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

const layoutNames = { self: 'self', jagged: 'cross', dense: 'dense', broadcast: 'broadcast' } as const

/** The options of a case that is not packed self-attention. */
const whereOf = ({ layout = {}, kvLengths, queryRows, kvHeads, heads, valueDim, headDim, placement }: AttentionCase): string =>
  [
    layout.queries && `--layout ${layoutNames[layout.queries]}`,
    layout.align && `--align ${layout.align}`,
    layout.sharedKeys && '--shared-keys',
    kvLengths && `--kv-lengths ${quoted(kvLengths.join(','))}`,
    queryRows !== undefined && `--query-rows ${queryRows}`,
    kvHeads !== heads && `--kv-heads ${kvHeads}`,
    valueDim !== headDim && `--value-dim ${valueDim}`,
    placement && placement !== 'packed' && `--placement ${placement}`,
  ].filter(Boolean).map((option) => `${option} `).join('')

/** The command that runs a case again; `ref` is a shipped kernel's name or FILE#export. */
export const reproLine = (ref: string, c: AttentionCase, info: Pick<DeviceInfo, 'backend' | 'target'>, manifest: KernelManifest): string => {
  const target = info.target === 'wgsl' ? 'wgsl' : info.backend
  return `serrate verify ${quoted(ref)} --target ${target} --lengths ${quoted(c.lengths.join(','))} ${whereOf(c)}--heads ${c.heads} --dim ${c.headDim} --dtype ${c.dtype} --seed ${c.seed}  # ${printSchedule(manifest.schedule)}`
}
