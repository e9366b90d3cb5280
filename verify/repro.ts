import type { KernelManifest } from '../codegen/ir/manifest.ts'
import type { DeviceInfo } from '../runtime/device.ts'
import type { AttentionCase } from './case.ts'

const quoted = (text: string): string => (/^[\w.,:=/#-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

const layoutNames = { self: 'self', jagged: 'cross', dense: 'dense', broadcast: 'broadcast' } as const

/** The options of a case that is not packed self-attention. */
const whereOf = ({ layout = {}, kvLengths, queryRows, kvHeads, heads, valueDim, headDim, placement, extent: { layout: { queries } } }: AttentionCase): Readonly<Record<string, string | number>> => ({
  ...(layout.queries && { layout: layoutNames[layout.queries] }),
  ...(layout.align && { align: layout.align }),
  ...(kvLengths && queries !== 'self' && { 'kv-lengths': kvLengths.join(',') || 'none' }),
  ...(queryRows !== undefined && (queries === 'dense' || queries === 'broadcast') && { 'query-rows': queryRows }),
  ...(kvHeads !== heads && { 'kv-heads': kvHeads }),
  ...(valueDim !== headDim && { 'value-dim': valueDim }),
  ...(placement && placement !== 'packed' && { placement }),
})

/** The command that runs a case again on the same kernel; `ref` is a shipped kernel's name or FILE#export. */
export const reproLine = (ref: string, c: AttentionCase, { target, backend, environment = {} }: Pick<DeviceInfo, 'backend' | 'target' | 'environment'>, { schedule, lse, normalizer }: KernelManifest): string => {
  const options: Readonly<Record<string, string | number>> = {
    target: target === 'wgsl' ? target : backend,
    lengths: c.lengths.join(',') || 'none',
    ...whereOf(c),
    heads: c.heads,
    dim: c.headDim,
    dtype: c.dtype,
    seed: c.seed,
    ...(Object.keys(schedule.values).length && { schedule: Object.entries(schedule.values).map(([k, v]) => `${k}=${v}`).join(',') }),
  }
  return [
    ...Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`),
    'npx serrate verify', quoted(ref),
    ...Object.entries(options).map(([name, value]) => `--${name} ${quoted(String(value))}`),
    ...(c.layout?.sharedKeys ? ['--shared-keys'] : []),
    ...(normalizer !== 'pointwise' && !lse ? ['--without-lse'] : []),
  ].join(' ')
}
