/**
 * Drops winners that no kernel can use any more: of another text of their definition, or with a schedule that cannot be emitted.
 *
 *   node bench/prune.ts generated/winners.json
 */
import { resolveAll } from '../cli/resolve.ts'
import { shippedNames } from '../cli/shipped.ts'
import { hashAlgorithm } from '../codegen/ir/algorithm.ts'
import { whyUnusable } from '../tune/choose.ts'
import { limitsOf } from '../tune/limits.ts'
import type { Winner } from '../tune/records.ts'
import { dropWinners } from '../tune/winners.ts'

const [path] = process.argv.slice(2)
if (!path) throw new Error('usage: node bench/prune.ts FILE')
const algorithms = new Map((await resolveAll(shippedNames)).map(({ algorithm }) => [algorithm.name, algorithm]))

const why = (winner: Winner): string | undefined => {
  const { key } = winner
  const algorithm = algorithms.get(key.definition.name)
  if (!algorithm) return 'no kernel of that name is shipped'
  return hashAlgorithm(algorithm) === key.definition.hash ? whyUnusable(winner, algorithm, key, limitsOf(key.device)) : 'its definition has changed'
}

const dropped = await dropWinners(path, (winner) => why(winner) === undefined)
for (const w of dropped) console.log(`${w.key.definition.name} ${w.key.dtype} d${w.key.headDim} on ${w.key.device.name} (${w.key.target}): ${why(w)}`)
console.log(`${dropped.length} dropped`)
