/** Runs under lavapipe's own loader; prints one line of JSON. */
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { Schedule } from '../../codegen/ir/schedule.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { check } from './check.ts'
import { shipped } from './shipped.ts'

/** Small register tiles: lavapipe's compiler takes tens of seconds for large ones. */
const small = (stage_q: number, subgroups: number): Schedule => ({ template: 'wgsl_fma', values: { block_m: 16, block_n: 16, rows: 2, lanes: 8, chunk_d: 32, stage_q, subgroups, split: 1, order: 0, pack: 0, gqa: 0, prefetch: 0 } })

const cases: readonly (readonly [string, Dtype, number, Schedule])[] = [
  ['full', 'f16', 32, small(1, 8)],
  ['causal', 'f16', 50, small(0, 8)],
  ['alibi', 'f32', 40, small(0, 8)],
  ['hstu', 'f16', 32, small(1, 0)],
]
const lengths = [[3, 0, 17, 40, 1], [33]]

const problems: string[] = []
const device = await openWebGpu()
for (const [name, dtype, headDim, schedule] of cases) problems.push(...(await check(device, await shipped(name), { dtype, headDim, schedule, lengths })).map((p) => `${name} ${dtype}: ${p}`))
await device.close()

const plain = await openWebGpu({ features: { f16: false, subgroups: false } })
for (const [name, , headDim, schedule] of cases) problems.push(...(await check(plain, await shipped(name), { headDim, schedule: { ...schedule, values: { ...schedule.values, subgroups: 0 } }, lengths })).map((p) => `${name} plain: ${p}`))
if (plain.info.subgroupSize !== 0 || plain.info.features.includes('shader-f16')) problems.push(`switched off, but offered: ${plain.info.features}`)
await plain.close()
console.log(JSON.stringify({ name: device.info.name, cases: 2 * cases.length, problems }))
