import type { CommandName, OptionsOf } from './table.ts'
import type { Context, Outcome } from './types.ts'

export type Handler<K extends CommandName> = (args: readonly string[], options: OptionsOf<K>, context: Context) => Promise<Outcome>

/** A command's code is loaded when it is called: `list` must not wait for TypeScript, Dawn or koffi. */
export const handlers: { readonly [K in CommandName]: () => Promise<{ readonly run: Handler<K> }> } = Object.freeze({
  list: () => import('./commands/list.ts'),
  check: () => import('./commands/check.ts'),
  emit: () => import('./commands/emit.ts'),
  build: () => import('./commands/build.ts'),
  verify: () => import('./commands/verify.ts'),
  run: () => import('./commands/run.ts'),
  tune: () => import('./commands/tune.ts'),
  bench: () => import('./commands/bench.ts'),
  explain: () => import('./commands/explain.ts'),
  new: () => import('./commands/new.ts'),
  generate: () => import('./commands/generate.ts'),
  start: () => import('./commands/start.ts'),
})
