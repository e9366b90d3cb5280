import { join } from 'node:path'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { chainProgram, type ChainPart } from '../../codegen/fuse/index.ts'
import type { Interaction } from '../../codegen/ir/interaction/index.ts'
import { cli, thrown } from './seen.ts'
import type { Provocation } from './types.ts'

const { interactions } = await loadFile(join(import.meta.dirname, '../../kernels/interaction/index.ts'))
const of = (name: string): Interaction => interactions.find((i) => i.exportName === name)!.interaction
const chain = (text: string): string => `import { defineChain, defineInteraction, jagged, step } from 'serrate'\nconst same = defineInteraction({ name: 'same', inputs: { x: jagged('l', 'd') }, output: jagged('l', 'd'), value: ({ x }) => x * 2 })\nexport const mine = defineChain(${text} as any)\n`
const joined = (...parts: readonly ChainPart[]) => thrown(async () => chainProgram('mine', parts))

export const interaction: readonly Provocation[] = [
  { code: 'SR1530', what: 'a chain of no steps', provoke: cli('check FILE', { text: chain("{ name: 'mine', steps: {} }") }), exit: 1, sees: /no step/, fix: /at least one/ },
  { code: 'SR1530', what: 'a chain that wires an unknown input', provoke: cli('check FILE', { text: chain("{ name: 'mine', steps: { y: step(same, { z: 'x' }) } }") }), exit: 1, sees: /wires z, and same has the inputs x/, fix: /inputs of the definition/ },
  {
    code: 'SR2007', what: 'an axis of a chain that would be two', sees: /the axis l of the step p is l by one of its inputs and i by t/, fix: /same lengths and sizes/,
    provoke: joined({ name: 's', interaction: of('jagged_softmax'), wires: { x: 's0' } }, { name: 't', interaction: of('array_jagged_bmm_jagged_out'), wires: { y: 't0' } }, { name: 'p', interaction: of('jagged_jagged_mul'), wires: { x: 's', y: 't' } }),
  },
  {
    code: 'SR2008', what: 'a step that reads a tensor of another layout', sees: /input x of the step p is jagged\(outer\(i, j\)\), and s is jagged\(l, \w+\)/, fix: /that layout/,
    provoke: joined({ name: 's', interaction: of('jagged_softmax'), wires: { x: 's0' } }, { name: 'p', interaction: of('jagged2_softmax'), wires: { x: 's' } }),
  },
  { code: 'SR3010', what: 'a dense axis without a size', sees: /dense axis k of jagged_dense_bmm has the size missing/, fix: /whole number from 0/, provoke: thrown(async () => compileInteraction(of('jagged_dense_bmm'), { dtype: 'f32', sizes: { d: 8 } }, { target: 'cuda' })) },
  { code: 'SR3010', what: 'a size that is not whole', sees: /dense axis d of jagged_dense_bmm has the size 1.5/, fix: /whole number from 0/, provoke: thrown(async () => compileInteraction(of('jagged_dense_bmm'), { dtype: 'f32', sizes: { d: 1.5, k: 2 } }, { target: 'cuda' })) },
  { code: 'SR3011', what: 'an i32 kernel of a definition that computes', sees: /layer_norm computes with its elements/, fix: /f32, f16 or bf16/, provoke: thrown(async () => compileInteraction(of('layer_norm'), { dtype: 'i32', sizes: { d: 4 } }, { target: 'cuda' })) },
]
