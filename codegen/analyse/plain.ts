import { type Expr, operands, topological } from '../ir/hook.ts'
import { dependents } from './depends.ts'
import { Fold } from './fold.ts'

/** A mask where conditions of the sequence alone are what makes it shortest: `body` is the mask wherever `when` holds. */
export interface PlainMask { readonly when: Expr; readonly body: Expr }

/** Operations on a pair that must go, for two texts of one mask to be worth it. */
const LEAST_SAVED = 3

/** What differs between the pairs of a sequence. */
const perPair = (root: Expr): ReadonlySet<Expr> =>
  dependents(root, (e) => (e.kind === 'param' ? e.name === 'q' || e.name === 'kv' : e.kind === 'capture' ? e.side !== undefined : e.kind === 'table'))

const pairOperations = (root: Expr): number => {
  const pair = perPair(root)
  return topological(root).filter((e) => e.kind === 'op' && pair.has(e)).length
}

/** The expression in the builder of `fold`, with `known` replaced. */
export const rebuilt = (fold: Fold, root: Expr, known?: Expr, value?: Expr): Expr => {
  const made = new Map<Expr, Expr>()
  const make = (e: Expr): Expr => {
    if (e === known) return value!
    const meta = e.label ? { label: e.label } : {}
    const args = operands(e).map((o) => made.get(o)!)
    if (e.kind === 'const') return fold.builder.const(e.type, e.value)
    if (e.kind === 'param') return fold.builder.param(e.type, e.name)
    if (e.kind === 'capture') return fold.builder.capture(e.type, e.name, e.side)
    if (e.kind === 'table') return fold.builder.table(e.type, e.name, args.at(-1)!, { ...meta, row: e.row && args[0], side: e.side })
    if (e.op === 'and') return fold.and(...args)
    if (e.op === 'or') return fold.or(...args)
    if (e.op === 'not') return fold.not(args[0]!)
    if (e.op === 'add' && e.type === 'i32') return fold.add(args[0]!, args[1]!)
    if (e.op === 'sub' && e.type === 'i32') return fold.sub(args[0]!, args[1]!)
    if (e.op === 'select') return fold.select(args[0]!, args[1]!, args[2]!)
    return args.every((a) => a.kind === 'const') ? fold.op(e.type, e.op, ...args) : fold.builder.op(e.type, e.op, args, meta)
  }
  for (const e of topological(root)) made.set(e, make(e))
  return made.get(root)!
}

interface Known { readonly condition: Expr; readonly value: boolean; readonly rest: Expr }

/** An operand of `or` or `and` that is the same for every pair, with the value that decides it: the one that leaves least of the mask, but something. */
const nextKnown = (fold: Fold, body: Expr): Known | undefined => {
  const order = topological(body)
  const pair = perPair(body)
  const decided = order.flatMap((e) => (e.kind === 'op' && (e.op === 'or' || e.op === 'and') && pair.has(e) ? e.args.filter((a) => a.kind !== 'const' && !pair.has(a)).map((condition) => ({ condition, value: e.op === 'or' })) : []))
  const left = decided.map((d): Known => ({ ...d, rest: rebuilt(fold, body, d.condition, d.value ? fold.yes : fold.no) })).filter(({ rest }) => rest.kind !== 'const')
  return left.sort((x, y) => pairOperations(x.rest) - pairOperations(y.rest))[0]
}

/** The shorter text of a mask, such as HSTU's without a window and contextual tokens; undefined where it has none. */
export const plainMask = (mask: Expr): PlainMask | undefined => {
  const fold = new Fold()
  const start = rebuilt(fold, mask)
  let body = start
  let when: Expr = fold.yes
  for (let found = nextKnown(fold, body); found; found = nextKnown(fold, body)) {
    when = fold.and(when, found.value ? found.condition : fold.not(found.condition))
    body = found.rest
  }
  return pairOperations(start) - pairOperations(body) >= LEAST_SAVED ? { when, body } : undefined
}
