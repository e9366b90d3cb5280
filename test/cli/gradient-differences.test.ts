import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { inProcess } from './in-process.ts'
import { folder } from './program.ts'

const forward = "value: ({ x }) => x * x * x, reduce: sum('d')"
const text = (gradient: string): string => `import { defineInteraction, jagged, sum } from 'serrate'
const own = defineInteraction({ name: 'own', inputs: { x: jagged('l', 'd'), d_out: jagged('l') }, output: jagged('l', 'd'), value: ({ x, d_out }) => ${gradient} })
export const cubes = defineInteraction({ name: 'cubes', inputs: { x: jagged('l', 'd') }, output: jagged('l'), gradient: { x: own }, ${forward} })
`

it.each([['that is right', '3 * x * x * d_out', false], ['that is another than the slope', 'd_out * x', true]])('a gradient of the author\'s own %s', async (_what, gradient, differs) => {
  const file = join(folder(), 'cubes.ts')
  writeFileSync(file, text(gradient))
  const { code, json, text: printed } = await inProcess('verify', `${file}#cubes`, '--gradient', 'x', '--lengths', '3,0,9', '--sizes', 'd=5')
  expect({ code, problems: json.problems }).toEqual({ code: 0, problems: [] })
  expect((json.notes ?? []).length > 0).toBe(differs)
  if (differs) expect(printed).toMatch(/note: the gradient is the author's own; the gradient of x at element \d+ is .*; differences of the definition give /)
})
