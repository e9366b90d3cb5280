import { sourceFor } from '../compile.ts'
import { resolveAll } from '../resolve.ts'
import { shippedNames } from '../shipped.ts'
import type { Compiled } from './types.ts'

const DIM = 64

/** All of kernels/ to WGSL and CUDA, front end included. */
export const compileShipped = async (): Promise<Compiled> => {
  const started = performance.now()
  const loaded = await resolveAll(shippedNames)
  const sources = loaded.map(({ algorithm }) => ({
    algorithm,
    kernels: [sourceFor(algorithm, { target: 'wgsl', dtype: 'f32', dim: DIM }), sourceFor(algorithm, { target: 'cuda', dtype: 'bf16', dim: DIM })],
  }))
  return { loaded, sources, ms: performance.now() - started }
}
