import type { NamedCapture } from '../../codegen/ir/algorithm.ts'
import type { KernelManifest } from '../../codegen/ir/manifest.ts'
import { selfLayout } from '../../codegen/ir/layout.ts'
import { bufferFields } from '../../codegen/lower/buffers.ts'
import { paramFields } from '../../codegen/lower/captures.ts'

/** A manifest written by hand, so that launch tests need no compiler. */
export const manifestOf = (over: Partial<KernelManifest> = {}): KernelManifest => {
  const captures = over.captures ?? []
  const lse = over.lse ?? true
  const smScale = over.smScale ?? { kind: 'default' }
  return {
    format: 1, kernel: 'hand', definition: 'hand', target: 'wgsl', dtype: 'f32', headDim: 4, valueDim: over.headDim ?? 4, lse, instrument: false, normalizer: 'softmax', layout: selfLayout, tileMode: 'masked', smScale,
    schedule: { template: 'wgsl_fma', values: {} }, captures, params: paramFields(captures, smScale.kind === 'capture' ? smScale.name : undefined),
    buffers: bufferFields({ captures, lse, instrument: over.instrument ?? false, pack: over.pack ?? false, split: (over.split ?? 1) > 1 }),
    split: 1, pack: false, gqa: false,
    entryPoints: { tiles: 'build_tiles', attention: 'attention' }, blockM: 4, blockN: 4, threads: { tiles: 256, attention: 64 }, sharedBytes: 0,
    requires: { features: [], limits: {}, subgroupLanes: 0, architectures: [] }, hashes: { definition: '', plan: '', source: '' },
    ...over,
  }
}
