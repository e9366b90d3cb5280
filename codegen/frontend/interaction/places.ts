import type { ts } from 'ts-morph'
import type { Interpreter } from '../interpreter.ts'
import { Refusal } from '../refusal.ts'
import { type DefinitionValue, describe, Lazy, type Value } from '../values.ts'

/** Where the parts of a definition are written, and what is written there. */
export class Places {
  readonly I: Interpreter
  readonly found: DefinitionValue
  readonly name: string
  constructor(I: Interpreter, found: DefinitionValue, name: string) {
    if (found.spec.kind !== 'object') I.refuse('SR1005', found.node, { name, part: 'argument', reason: `it is ${describe(found.spec)}` })
    this.I = I
    this.found = found
    this.name = name
  }

  #step(within: Value | undefined, key: string): Value | Lazy | undefined {
    return within?.kind === 'object' ? within.fields.get(key) : undefined
  }

  /** The written value at a path of fields, evaluated; undefined where it cannot be followed. */
  value(...path: readonly string[]): Value | undefined {
    let value: Value | undefined = this.found.spec
    for (const key of path) {
      const next = this.#step(value, key)
      if (!next) return undefined
      value = this.I.force(next)
    }
    return value.kind === 'undefined' ? undefined : value
  }

  /** The node at a path of fields, or of its nearest written ancestor. */
  at(...path: readonly string[]): ts.Node {
    if (!path.length) return this.found.node
    const parent = path.slice(0, -1)
    let within: Value | undefined
    try {
      within = this.value(...parent)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
    const written = this.#step(within, path.at(-1)!)
    if (written instanceof Lazy) return written.node
    return written?.kind === 'closure' ? written.fn : this.at(...parent)
  }

  /** One of the author's functions, as written. */
  fn(...path: readonly string[]): Value {
    const fn = this.value(...path)
    const part = path.join('.')
    if (!fn) return this.I.refuse('SR1005', this.at(...path), { name: this.name, part, reason: 'no function is written for it' })
    if (fn.kind !== 'closure' && fn.kind !== 'intrinsic' && fn.kind !== 'poison') this.I.refuse('SR1005', this.at(...path), { name: this.name, part, reason: `it is ${describe(fn)}` })
    return fn
  }
}
