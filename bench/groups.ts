/**
 * Times few queries whose heads share key heads, with a tile a head and with the heads of a group in one tile:
 * `node bench/groups.ts --target cuda [--dtype bf16] [--kernel causal] [--sequences 64] [--queries 1] [--keys 8192] [--heads 32] [--kv-heads 4] [--dim 128]`.
 * Both split keys as the planner says. Every key lies at its own place: a sequence's keys are read from memory once at least.
 */
import { parseArgs } from 'node:util'
import { sourceOn } from '../cli/device-compile.ts'
import { devices } from '../cli/devices.ts'
import { resolveDefinition } from '../cli/resolve.ts'
import type { Dtype } from '../codegen/ir/algorithm.ts'
import { prepareAttention } from '../runtime/attention.ts'
import { bytesOf, encode } from '../runtime/dtypes.ts'
import { offsetsOf } from '../runtime/offsets.ts'
import { warmMsOf } from '../tune/clock.ts'
import { median } from '../tune/measure.ts'
import { rngOf } from '../verify/random/rng.ts'

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'cuda' }, dtype: { type: 'string', default: 'bf16' }, kernel: { type: 'string', default: 'causal' }, sequences: { type: 'string', default: '64' }, queries: { type: 'string', default: '1' },
    keys: { type: 'string', default: '8192' }, heads: { type: 'string', default: '32' }, 'kv-heads': { type: 'string', default: '4' }, dim: { type: 'string', default: '128' }, iterations: { type: 'string', default: '20' },
  },
})
const dtype = values.dtype as Dtype
const [sequences, queryRows, keys, heads, kvHeads, dim, iterations] = [values.sequences, values.queries, values.keys, values.heads, values['kv-heads'], values.dim, values.iterations].map(Number) as [number, number, number, number, number, number, number]
const { source, open } = devices[values.target as keyof typeof devices]
const device = await open()
const { algorithm } = await resolveDefinition(values.kernel)

const rows = sequences * queryRows, kvRows = sequences * keys
const rng = rngOf(1, 'groups')
const some = encode(dtype, Float64Array.from({ length: 4096 }, () => 2 * rng.next() - 1))
const tensor = (count: number) => {
  const bits = new (some.constructor as typeof Uint16Array)(count)
  for (let at = 0; at < count; at += some.length) bits.set(some.subarray(0, Math.min(some.length, count - at)) as Uint16Array, at)
  return bits
}
const inputs = {
  q: tensor(rows * heads * dim), k: tensor(kvRows * kvHeads * dim), v: tensor(kvRows * kvHeads * dim), heads, kvHeads, queryRows, sequences, kvRows,
  layout: { queries: 'dense', align: 'end', sharedKeys: false } as const, kvOffsets: offsetsOf(Array<number>(sequences).fill(keys)),
}
const shape = { queries: 'dense', sequences, heads, kvHeads, rows, kvRows } as const
for (const gqa of [0, 1]) {
  const kernel = sourceOn(device.info, algorithm, { target: source, dtype, dim, shape, schedule: { gqa } })
  const compiled = await device.compile(kernel)
  const { job } = prepareAttention(kernel.manifest, inputs as never, { timing: { warmup: 3, warmMs: warmMsOf(device.info), iterations } })
  const { times } = await compiled.run(job!)
  const ms = median(times)
  const read = 2 * kvRows * kvHeads * dim * bytesOf(dtype)
  console.log(`${kernel.manifest.kernel} on ${device.info.name}: ${ms.toFixed(4)} ms, ${(read / ms / 1e6).toPrecision(3)} GB/s of keys and values (${job!.gridHeads} heads in the grid, split ${kernel.manifest.split})`)
  compiled.dispose()
}
await device.close()
