import { SerrateError, diagnostic } from '../../codegen/ir/diagnostics/index.ts'
import { hash } from '../../codegen/ir/hash.ts'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import { printSchedule, type Schedule } from '../../codegen/ir/schedule.ts'
import type { Template } from '../../codegen/schedule/types.ts'
import type { Workbench } from '../../tune/workbench.ts'

/** A loop nest of 12 points, 3 of them infeasible. */
export const toyTemplate: Template = {
  name: 'wgsl_fma', target: 'wgsl', dtypes: ['f32'],
  space: { block_m: { values: [16, 32, 64], about: 'query tile' }, block_n: { values: [8, 16, 32, 64], about: 'key tile' } },
  defaults: () => ({ template: 'wgsl_fma', values: { block_n: 16, block_m: 32 } }),
  infeasible: ({ values: { block_m, block_n } }) =>
    block_m! * block_n! > 2048 ? { reason: 'workgroup memory', message: 'm', fix: 'f' } : block_m === 16 && block_n! > 16 ? { reason: 'divisibility', message: 'm', fix: 'f' } : null,
  numbers: () => { throw new Error('not used') },
  cost: ({ values: { block_m, block_n } }) => 1000 - block_m! * block_n!,
}

export const point = (block_m: number, block_n: number): Schedule => ({ template: 'wgsl_fma', values: { block_m, block_n } })
export const area = ({ values: { block_m, block_n } }: Schedule): number => block_m! * block_n!

export type Fate = 'ok' | 'wrong' | 'compile' | 'load' | 'throws' | 'times-out'

export interface FakeWorkbench extends Workbench { readonly calls: string[] }

/** Plays a device: `ms` says how fast a schedule is, `fate` what becomes of it; `calls` lists every stage reached. */
export const fakeWorkbench = ({ ms = (s: Schedule) => 100 / area(s), fate = () => 'ok' as Fate, version = '1', onStage = () => {} }: {
  ms?: (s: Schedule) => number
  fate?: (s: Schedule) => Fate
  version?: string
  onStage?: (stage: string, s: Schedule) => void
} = {}): FakeWorkbench => {
  const calls: string[] = []
  const scheduleOf = (kernel: KernelSource): Schedule => kernel.manifest.schedule
  const enter = (stage: string, s: Schedule): void => {
    calls.push(`${stage} ${printSchedule(s)}`)
    onStage(stage, s)
  }
  return {
    calls,
    emit(schedule) {
      if (fate(schedule) === 'compile') throw new SerrateError([diagnostic('SR3001', { schedule: 's', kernel: 'k', message: 'too big', fix: '' })])
      return { text: '', manifest: { schedule, hashes: { source: hash([version, schedule]) } } } as unknown as KernelSource
    },
    async load(kernel) {
      const s = scheduleOf(kernel)
      enter('load', s)
      if (fate(s) === 'load') throw new Error('the driver refused it')
      return { run: () => Promise.reject(new Error('not used')), dispose: () => { calls.push(`dispose ${printSchedule(s)}`) } }
    },
    async check(kernel) {
      const s = scheduleOf(kernel)
      enter('check', s)
      if (fate(s) === 'throws') throw new Error('lost the device')
      return fate(s) === 'wrong' ? { ok: false, max: 0.5, allowed: 1e-6, reason: 'out is off by 0.5, allowed 0.000001' } : { ok: true, max: 1e-7, allowed: 1e-6 }
    },
    timer: (kernel) => async ({ iterations }) => {
      const s = scheduleOf(kernel)
      enter('time', s)
      if (fate(s) === 'times-out') throw new Error('timed out')
      return Array.from({ length: iterations }, () => ms(s))
    },
  }
}

/** A journal in memory. */
export const memoryJournal = () => ({ find: () => undefined, add: async () => {} })
