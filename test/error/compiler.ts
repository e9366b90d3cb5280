import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import { writeFolder } from '../../codegen/emit/write.ts'
import type { NamedCapture } from '../../codegen/ir/algorithm.ts'
import { factsOf } from '../../codegen/lower/bind.ts'
import { templates } from '../../codegen/schedule/templates/index.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import { shipped } from '../wgsl/shipped.ts'
import { cli, thrown } from './seen.ts'
import type { Provocation } from './types.ts'

const algorithmOf = async (name: string) => (await shipped(name)).algorithm
const variant = (fields: string): string => `import { defineAttention, scalar } from 'serrate'\nexport const mine = defineAttention({ name: 'mine', ${fields} })\n`

export const compiler: readonly Provocation[] = [
  {
    code: 'SR2001', what: 'a mask of which nothing can be proven', provoke: cli('check FILE', { text: variant('maskMod: (b, h, q, kv) => ((q * 7919) ^ (kv * 104729)) % 3 !== 0') }), exit: 0, sees: /mask of mine/, fix: /docs\/masks\.md/,
  },
  { code: 'SR2002', what: 'a mask that keeps nothing', provoke: cli('check FILE', { text: variant('maskMod: (b, h, q, kv) => kv < 0') }), exit: 0, sees: /mask of mine keeps no pair/, fix: /true for a pair to keep/ },
  {
    code: 'SR3002', what: 'a dtype that a loop nest has not', sees: /No loop nest for cuda computes f32/, fix: /Use one of: f16, bf16/,
    provoke: thrown(async () => {
      const a = await algorithmOf('full')
      const problem = defaultProblem(a, 'bf16', 64)
      compileKernel(a, { ...problem, dtype: 'f32' }, { target: 'cuda', schedule: templates.cuda_mma.defaults(problem, factsOf(a, problem), targetLimits.cuda) })
    }),
  },
  {
    code: 'SR3004', what: 'too many buffers', sees: /full_f32_d64 binds 6 storage buffers \(q, k, v, out, lse, tiles\); this device allows 4/, fix: /leave out lse/,
    provoke: thrown(async () => { const a = await algorithmOf('full'); compileKernel(a, defaultProblem(a, 'f32', 64), { target: 'wgsl', limits: { ...targetLimits.wgsl, storageBuffers: 4 } }) }),
  },
  {
    code: 'SR3005', what: 'two captures of one name', sees: /captures aB and a_b both bring the name a_b/, fix: /Rename/,
    provoke: thrown(async () => {
      const a = { ...(await algorithmOf('full')), captures: ['aB', 'a_b'].map((name): NamedCapture => ({ name, kind: 'scalar', dtype: 'f32', perHead: false })) }
      compileKernel(a, defaultProblem(a, 'f32', 64), { target: 'cuda' })
    }),
  },
  {
    code: 'SR3007', what: 'lse of a pointwise kernel', sees: /hstu was asked for one/, fix: /softmax/,
    provoke: thrown(async () => compileKernel(await algorithmOf('hstu'), { dtype: 'f32', headDim: 64, lse: true }, { target: 'wgsl' })),
  },
  { code: 'SR8021', what: 'a file outside the folder', provoke: thrown(() => writeFolder('dist/nowhere', [{ path: '../escape.ts', content: '' }])), sees: /\.\.\/escape\.ts would lie outside the output folder dist\/nowhere/, fix: /letters, digits/ },
]
