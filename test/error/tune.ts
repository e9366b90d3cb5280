import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineAttention } from '../../dsl/index.ts'
import type { Device } from '../../runtime/device.ts'
import { tune as search } from '../../tune/tune.ts'
import { fakeWorkbench, toyTemplate } from '../tune/fakes.ts'
import { shipped } from '../wgsl/shipped.ts'
import type { Provocation, Seen } from './types.ts'

/** A device that is right once, then throws. */
const failingDevice = async (): Promise<Seen> => {
  const store = mkdtempSync(join(tmpdir(), 'serrate-tune-'))
  let checks = 0
  const { diagnostics } = await search({
    definition: defineAttention({ name: 'full' }), algorithm: (await shipped('full')).algorithm, problem: { dtype: 'f32', headDim: 16, lse: true },
    device: { info: { target: 'wgsl', backend: 'fake', name: 'Toy GPU', software: true, features: [], limits: {}, subgroupSize: 0 } } as unknown as Device,
    lengths: [5, 9], heads: 2, seed: 1, budgetMs: 60_000, template: toyTemplate, store: { winners: join(store, 'winners.json'), journal: join(store, 'journal') },
    workbench: fakeWorkbench({ onStage: (stage) => { if (stage === 'check' && ++checks > 1) throw new Error('the driver reset') } }),
  })
  return diagnostics[0]!
}

export const tune: readonly Provocation[] = [{ code: 'SR7005', what: 'a device that stops working', provoke: failingDevice, sees: /Toy GPU stopped working after wgsl_fma block_m=\d+ block_n=\d+: .*the driver reset/, fix: /continues after that schedule/ }]
