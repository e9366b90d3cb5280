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
