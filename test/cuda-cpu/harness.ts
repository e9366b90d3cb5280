import { readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import type { KernelManifest, KernelSource } from '../../codegen/ir/manifest.ts'
import type { BufferName, ParamField } from '../../codegen/ir/plan.ts'
import type { Job } from '../../runtime/device.ts'

export const noCompiler = (() => {
  try {
    execFileSync(process.env.SERRATE_CXX ?? 'g++', ['--version'], { stdio: 'ignore' })
    return process.platform === 'linux' && process.arch === 'x64' ? undefined : `this is ${process.platform}-${process.arch}`
  } catch {
    return 'g++ is not installed'
  }
})()
if (noCompiler) console.log(`skipped: CUDA on the CPU, ${noCompiler}`)

export const kernelText = (name: string): string => readFileSync(new URL(`./kernels/${name}.cu`, import.meta.url), 'utf8')

/** The text with `from` replaced by `to`; throws when it does not occur, so that no mutation silently does nothing. */
export const mutate = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`no ${JSON.stringify(from)} in the kernel`)
  return text.replace(from, () => to)
}

/** A hand-written kernel as an emitted one: just enough manifest for a device to run it. */
export const sourceOf = (name: string, text: string, buffers: readonly BufferName[], params: readonly string[] = []): KernelSource => ({
  text,
  manifest: {
    kernel: name,
    target: 'cuda',
    buffers: buffers.map((b, binding) => ({ name: b, binding, access: 'read_write', entries: ['attention'] })),
    params: params.map((p): ParamField => ({ name: p, type: 'u32', source: 'rows' })),
    entryPoints: { tiles: `${name}_build_tiles`, attention: `${name}_attention`, launcher: `serrate_${name}` },
    threads: { tiles: 256, attention: 256 },
    sharedBytes: 0,
  } as unknown as KernelManifest,
})

export const bytesOf = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice()

export const jobOf = (buffers: Job['buffers'], outputs: readonly BufferName[], maxTiles: number, params: Job['params'] = {}): Job => ({ buffers, outputs, maxTiles, params, gridHeads: 1 })

const ROWS = 300

export const reduction = {
  source: (text = kernelText('reduction')) => sourceOf('reduction', text, ['q', 'out'], ['num_rows']),
  job: (): Job => jobOf({ q: bytesOf(Float32Array.from({ length: ROWS }, (_, i) => i % 7)), out: new Uint8Array(12) }, ['out'], 3, { num_rows: ROWS }),
  expected: [0, 1, 2].map((block) => Array.from({ length: 128 }, (_, i) => 128 * block + i).filter((i) => i < ROWS).reduce((sum, i) => sum + (i % 7), 0)),
} as const

/** Whole numbers from -8 to 8: products and sums are exact in every dtype and order. */
export const wholeNumbers = (count: number, seed: number): Float64Array => {
  let state = seed
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 16) % 17 - 8
  })
}
