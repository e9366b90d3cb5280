import { describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { withoutUnused } from '../../codegen/emit/unused.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { takesI32 } from '../../codegen/lower/interaction/index.ts'

const { interactions } = await loadFile('kernels/interaction/index.ts')

test('overloads and what they call stay, the rest goes', () => {
  const of = (name: string, body: string): string => `/** ${name}. */\n__device__ __forceinline__ int ${name}(int x) { return ${body}; }\n`
  const text = `${of('one', 'two(x)')}${of('two', 'x')}template <int N>\n__device__ __forceinline__ int two(float x) {\n  return 1;\n}\n${of('three', 'two(x)')}\nkernel() { one(1); }\n`
  expect(withoutUnused(text)).toBe(text.replace(of('three', 'two(x)'), ''))
})

describe('CUDA sources call every device function that they hold', () => {
  test.each(interactions.map((d) => [d.exportName, d.interaction] as const))('%s', (_name, x) => {
    const sizes = Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name).map((a) => [a.name, 8]))
    for (const dtype of ['f32', 'bf16', ...(takesI32(x) ? ['i32' as const] : [])] as const) {
      const { text } = compileInteraction(x, { dtype, sizes }, { target: 'cuda' })
      const names = new Set([...text.matchAll(/^__device__ __forceinline__ [^\n(]*?\b(\w+)(?:<\w+>)?\(/gm)].map((m) => m[1]!))
      for (const name of names) expect(text.match(new RegExp(`\\b${name}\\b`, 'g'))!.length, name).toBeGreaterThan(1)
    }
  })
})
