import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { analyseMask, BISECT_BUDGET, drawTiles, mapTiles } from '../../codegen/analyse/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'

const page = readFileSync('docs/masks.md', 'utf8')

test.each([
  ['sliding_window', { window: 40 }],
  ['hstu', { numTargets: [20], contextual: 20, maxAttnLen: 48 }],
])('the picture of %s in docs/masks.md is what the compiler computes', async (name, captures) => {
  const { algorithm } = (await loadFile(`kernels/${name}.ts`)).definitions[0]!
  const [map] = mapTiles(analyseMask(algorithm), algorithm, { lengths: [128], heads: 1, captures, blockM: 16, blockN: 16 })
  expect(page).toContain(`\`\`\`text ${name}\n${drawTiles(map!)}\n\`\`\``)
})

test('docs/masks.md names the budget in force', () => {
  expect(page).toContain(`At most ${BISECT_BUDGET} boxes are looked at`)
})
