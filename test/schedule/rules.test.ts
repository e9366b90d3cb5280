import { describe, expect, test } from 'vitest'
import { defaultProblem, defaultSchedule } from '../../codegen/compile.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import type { TargetName } from '../../codegen/ir/schedule.ts'
import { factsOf } from '../../codegen/lower/bind.ts'
import { applyRules, type ShapeFacts } from '../../codegen/schedule/rules.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import { cudaWgmma } from '../../codegen/schedule/templates/cuda_wgmma.ts'
import { templates } from '../../codegen/schedule/templates/index.ts'

const { definitions } = await loadFile(new URL('../../kernels/index.ts', import.meta.url).pathname)

const decide = (name: string, target: TargetName, shape: Partial<ShapeFacts>, fixed: readonly string[] = []) => {
  const { algorithm } = definitions.find((d) => d.exportName === name)!
  const problem = defaultProblem(algorithm, 'f32', 64)
  const limits = targetLimits[target]
  const schedule = defaultSchedule(target, algorithm, problem, limits)
  const whole = { queries: 'self', sequences: 64, heads: 4, rows: 64 * 1024, kvRows: 64 * 1024, ...shape } as const
  return applyRules(templates[schedule.template], schedule, whole, { algorithm, problem, facts: factsOf(algorithm, problem, schedule), limits, fixed })
}

describe.each(['wgsl', 'cuda'] as const)('what a shape decides on %s', (target) => {
  test('sequences of ordinary length keep the default', () => {
    expect(decide('causal', target, {}).decisions).toEqual([])
  })
  test('a promised bound below half a tile packs', () => {
    const { schedule, decisions } = decide('causal', target, { maxSeqLen: 8 })
    expect(schedule.values.pack).toBe(1)
    expect(decisions[0]!.reason).toMatch(/at most 8 rows/)
  })
  test('many rows for few sequences pack by their mean, with no bound promised', () => {
    expect(decide('causal', target, { sequences: 65536, rows: 65536 * 4, kvRows: 65536 * 4 }).schedule.values.pack).toBe(1)
  })
  test('only self-attention packs', () => {
    expect(decide('causal', target, { queries: 'dense', maxSeqLen: 8, rows: 65536 }).schedule.values.pack).toBe(0)
  })
  test('few queries over many keys split them, no further than keeps four key tiles a part', () => {
    const { schedule } = decide('target_attention', target, { queries: 'dense', sequences: 4, rows: 4, kvRows: 4 * 16384, heads: 2 })
    expect(schedule.values.split).toBe(16)
    expect(decide('target_attention', target, { queries: 'dense', sequences: 4, rows: 4, kvRows: 4 * 64, heads: 2 }).schedule.values.split).toBe(1)
  })
  test('few queries of heads that share a key head go into one tile; then keys are split for those workgroups', () => {
    const { schedule, decisions } = decide('target_attention', target, { queries: 'dense', sequences: 8, rows: 8 * 4, kvRows: 8 * 16384, heads: 16, kvHeads: 2 })
    expect(schedule.values).toMatchObject({ gqa: 1, split: 16 })
    expect(decisions[0]!.reason).toMatch(/^8 heads share each key head, and query rows of a sequence \(4\) times those heads fit a tile of \d+: keys are loaded once for all$/)
    expect(decide('target_attention', target, { queries: 'dense', sequences: 1024, rows: 1024 * 4, kvRows: 1024 * 200, heads: 16, kvHeads: 2 }, ['gqa']).schedule.values.gqa).toBe(0)
  })
  test('no group, too many queries, or no bound of them: heads have tiles of their own', () => {
    const gqa = (shape: Partial<ShapeFacts>) => decide('causal', target, { queries: 'dense', sequences: 1024, heads: 16, rows: 1024 * 4, kvRows: 1024 * 200, ...shape }).schedule.values.gqa
    expect(gqa({ kvHeads: 2 })).toBe(1)
    expect(gqa({ kvHeads: 16 })).toBe(0)
    expect(gqa({})).toBe(0)
    expect(gqa({ kvHeads: 2, rows: 1024 * 100 })).toBe(0)
    expect(gqa({ kvHeads: 2, queries: 'jagged' })).toBe(0)
    expect(gqa({ kvHeads: 2, queries: 'jagged', maxSeqLen: 4 })).toBe(1)
  })
  test('the Hopper loop nest says why it keeps a head a tile', () => {
    const { algorithm } = definitions.find((d) => d.exportName === 'causal')!
    const problem = defaultProblem(algorithm, 'bf16', 64)
    const facts = factsOf(algorithm, problem), limits = targetLimits.cuda
    const shape = { queries: 'dense', sequences: 1024, heads: 16, kvHeads: 2, rows: 1024 * 4, kvRows: 1024 * 200 } as const
    const { schedule, decisions } = applyRules(cudaWgmma, cudaWgmma.defaults(problem, facts, limits), shape, { algorithm, problem, facts, limits })
    expect(schedule.values.gqa).toBe(0)
    expect(decisions).toContainEqual(expect.objectContaining({ field: 'gqa', taken: false, reason: expect.stringMatching(/tensor map/) }))
  })
  test('the Hopper loop nest takes small key tiles for short sequences, and tiles of 64 queries further for pointwise rows', () => {
    const chosen = (name: string, dim: number, mean: number) => {
      const { algorithm } = definitions.find((d) => d.exportName === name)!
      const problem = defaultProblem(algorithm, 'bf16', dim)
      const facts = factsOf(algorithm, problem), limits = targetLimits.cuda
      return applyRules(cudaWgmma, cudaWgmma.defaults(problem, facts, limits), { queries: 'self', sequences: 512, heads: 4, rows: 512 * mean, kvRows: 512 * mean }, { algorithm, problem, facts, limits }).schedule.values
    }
    expect(chosen('full', 64, 32)).toMatchObject({ ownTiles: 1, groups: 3, querySlots: 3, blockN: 64, order: 0 })
    expect(chosen('full', 64, 256)).toMatchObject({ ownTiles: 1, groups: 3, querySlots: 2, blockN: 96, order: 1 })
    expect(chosen('full', 128, 256).ownTiles).toBe(0)
    expect(chosen('hstu', 64, 256)).toMatchObject({ ownTiles: 1, groups: 3, blockN: 64, numStages: 3, order: 1, tanh: 1 })
    expect(chosen('hstu', 128, 900)).toMatchObject({ ownTiles: 0, blockN: 96, numStages: 3, order: 1, tanh: 1 })
    expect(chosen('hstu', 128, 4000).ownTiles).toBe(0)
  })
  test('the Hopper loop nest refuses key tiles that wgmma cannot multiply', () => {
    const { algorithm } = definitions.find((d) => d.exportName === 'causal')!
    const problem = defaultProblem(algorithm, 'bf16', 64)
    const facts = factsOf(algorithm, problem), limits = targetLimits.cuda
    const usual = cudaWgmma.defaults(problem, facts, limits)
    expect(cudaWgmma.infeasible({ ...usual, values: { ...usual.values, blockN: 40 } }, problem, facts, limits)).toMatchObject({ message: expect.stringMatching(/16 keys at a time/), fix: 'Use blockN=48' })
  })
  test('a bound far above the mean lists the longest first', () => {
    expect(decide('causal', target, { maxSeqLen: 16384 }).schedule.values.order).toBe(1)
  })
  test('a path that the definition cannot take is left, and says why', () => {
    const { schedule, decisions } = decide('hstu_mixed', target, { maxSeqLen: 8 })
    expect(schedule.values.pack).toBe(0)
    expect(decisions).toMatchObject([{ field: 'pack', taken: false, reason: expect.stringMatching(/not taken/) }])
  })
  test('a field that the caller gave stays', () => {
    expect(decide('causal', target, { maxSeqLen: 8 }, ['pack']).decisions).toEqual([])
  })
})
