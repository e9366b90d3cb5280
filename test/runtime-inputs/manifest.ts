import type { NamedCapture } from '../../codegen/ir/algorithm.ts'
import type { KernelManifest } from '../../codegen/ir/manifest.ts'
import type { BufferName, ParamField } from '../../codegen/ir/plan.ts'

const paramsOf = (captures: readonly NamedCapture[], smScale: string | undefined): ParamField[] => [
  { name: 'num_sequences', type: 'u32', source: 'sequences' },
  { name: 'num_heads', type: 'u32', source: 'heads' },
  { name: 'num_rows', type: 'u32', source: 'rows' },
  { name: 'max_tiles', type: 'u32', source: 'maxTiles' },
  { name: 'offset_words', type: 'u32', source: 'offsetWords' },
  { name: 'sm_scale', type: 'f32', source: 'smScale' },
  ...captures.filter((c) => c.kind === 'scalar' && c.name !== smScale).map((c): ParamField => ({ name: c.name, type: c.dtype, source: `scalar:${c.name}` })),
  ...captures.filter((c) => c.kind !== 'scalar').flatMap((c): ParamField[] => [
    { name: `base_${c.name}`, type: 'u32', source: `base:${c.name}` },
    ...(c.kind === 'table' ? [{ name: `length_${c.name}`, type: 'u32', source: `length:${c.name}` } as const] : []),
  ]),
]

/** A manifest written by hand, so that launch tests need no compiler. */
export const manifestOf = (over: Partial<KernelManifest> = {}): KernelManifest => {
  const captures = over.captures ?? []
  const lse = over.lse ?? true
  const packed = (dtype: string) => captures.some((c) => c.dtype === dtype && c.kind !== 'scalar')
  const names: BufferName[] = ['q', 'k', 'v', 'out', ...(lse ? (['lse'] as const) : []), 'tiles', 'seq_offsets']
  if (packed('i32')) names.push('captures_i32')
  if (packed('f32')) names.push('captures_f32')
  const smScale = over.smScale ?? { kind: 'default' }
  return {
    format: 1, kernel: 'hand', definition: 'hand', target: 'wgsl', dtype: 'f32', headDim: 4, lse, instrument: false, normalizer: 'softmax', tileMode: 'masked', smScale,
    schedule: { template: 'wgsl_fma', values: {} }, captures, params: paramsOf(captures, smScale.kind === 'capture' ? smScale.name : undefined),
    buffers: names.map((name, i) => ({ name, binding: i + 1, access: 'read', entries: ['attention'] })),
    entryPoints: { tiles: 'build_tiles', attention: 'attention' }, blockM: 4, blockN: 4, threads: { tiles: 256, attention: 64 }, sharedBytes: 0,
    requires: { features: [], limits: {}, subgroupLanes: 0, architectures: [] }, hashes: { definition: '', plan: '', source: '' },
    ...over,
  }
}
