import type { Module } from './modules.ts'
import type { Lazy, Value } from './values.ts'

/** Names of one block; the outermost scope of a file is its module's. */
export class Scope {
  readonly module: Module
  readonly parent: Scope | undefined
  readonly #names = new Map<string, Value | Lazy>()
  constructor(module: Module, parent?: Scope) {
    this.module = module
    this.parent = parent
  }
  set(name: string, value: Value | Lazy): void {
    this.#names.set(name, value)
  }
  find(name: string): Value | Lazy | undefined {
    return this.#names.get(name) ?? this.parent?.find(name)
  }
}
