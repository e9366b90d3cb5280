/** The text of a new variant. */
export const variantText = (name: string): string => `import { causal, defineAttention, scalar } from 'serrate'

/** Causal attention that prefers recent keys: every position back costs \`decay\`. */
export const ${name} = defineAttention({
  name: '${name}',
  captures: { decay: scalar('f32', { range: [0, 0.2] }) },
  scoreMod: (score, _b, _h, q, kv, seq) => score - seq.decay * (q - kv),
  maskMod: causal,
})
`

/** The text of its test; \`program\` is the path of serrate.mjs from there. */
export const testText = (name: string, program: string): string => `import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const serrate = path('${program}')
const variant = \`\${path('./${name}.ts')}#${name}\`

for (const lengths of ['3,0,17', '1', '64,33,65']) {
  test(\`${name} computes what it says on lengths \${lengths}\`, () => {
    const { stdout } = spawnSync(process.execPath, [serrate, 'verify', variant, '--lengths', lengths, '--json'], { encoding: 'utf8' })
    const { ok, problems, error } = JSON.parse(stdout)
    assert.ok(ok, JSON.stringify(problems ?? error))
  })
}
`

/** The text of a new feature interaction. */
export const interactionText = (name: string): string => `import { defineInteraction, dense, jagged, sum } from 'serrate'

/** Every row of a sequence times the sequence's own vector: one number a row. */
export const ${name} = defineInteraction({
  name: '${name}',
  inputs: { x: jagged('l', 'd'), y: dense('b', 'd') },
  output: jagged('l'),
  value: ({ x, y }) => x * y,
  reduce: sum('d'),
})
`

/** The text of its test, with the gradient of each input. */
export const interactionTestText = (name: string, program: string): string => `import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const serrate = path('${program}')
const definition = \`\${path('./${name}.ts')}#${name}\`

for (const what of [[], ['--gradient', 'x'], ['--gradient', 'y']]) {
  for (const lengths of ['3,0,17', '1', '64,33,65']) {
    test(\`${name} \${what.join(' ')} computes what it says on lengths \${lengths}\`, () => {
      const { stdout } = spawnSync(process.execPath, [serrate, 'verify', definition, ...what, '--lengths', lengths, '--json'], { encoding: 'utf8' })
      const { ok, problems, error } = JSON.parse(stdout)
      assert.ok(ok, JSON.stringify(problems ?? error))
    })
  }
}
`
