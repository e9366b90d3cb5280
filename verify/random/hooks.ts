import type { Context } from './context.ts'
import { score } from './floats.ts'
import { bool, int } from './ints.ts'

const params = { scoreMod: ['score', 'b', 'h', 'q', 'kv'], maskMod: ['b', 'h', 'q', 'kv'] } as const
type HookName = keyof typeof params
type Body = (c: Context, hook: HookName) => string

const value = (c: Context, hook: HookName): string => (hook === 'scoreMod' ? score(c, c.rng.int(0, 3)) : bool(c, c.rng.int(0, 3)))

/** Adds a whole-number local, visible to what is made inside. */
const withLocal = (c: Context, name: string, inside: () => string): string => {
  const first = `const ${name} = ${int(c, 2)}`
  const outer = c.locals
  c.locals = [...outer, name]
  const text = inside()
  c.locals = outer
  return `${first}\n    ${text}`
}

const ifChain: Body = (c, hook) => `if (${bool(c, 1)}) return ${value(c, hook)}\n    return ${value(c, hook)}`

const bodies: readonly Body[] = [
  (c, hook) => value(c, hook),
  (c, hook) => `{\n    ${withLocal(c, 'distance', () => `return ${value(c, hook)}`)}\n  }`,
  (c, hook) => `{\n    ${ifChain(c, hook)}\n  }`,
  (c, hook) => `{\n    ${withLocal(c, 'near', () => withLocal(c, 'far', () => ifChain(c, hook)))}\n  }`,
]

/** The text of a hook: an expression, a block with locals or an if/return chain; `seq` read as a whole or destructured; types only where none can be inferred. */
export const hookText = (c: Context, hook: HookName, typed = false): string => {
  const destructured = c.rng.pick([false, true])
  c.prefix = destructured ? '' : 'seq.'
  c.fields = new Set()
  const body = c.rng.pick(bodies)(c, hook)
  const last = destructured ? (c.fields.size ? `{ ${[...c.fields].join(', ')} }` : undefined) : 'seq'
  const list = [...params[hook].map((p) => (typed ? `${p}: number` : p)), ...(last ? [typed ? `${last}: any` : last] : [])]
  return `(${list.join(', ')}) => ${body}`
}
