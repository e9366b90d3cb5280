import type { Rng } from './rng.ts'

/** Captures that random hooks may read: declaration text, and the element type of a read; `mask` and `norm` are those of catalogue masks and of normalizers. */
export const capturePool = Object.freeze({
  window: { declare: "scalar('i32', { range: [0, 24] })", imports: 'scalar', read: 'i32' },
  limit: { declare: "scalar('i32', { default: 3, range: [0, 40] })", imports: 'scalar', read: 'i32' },
  count: { declare: "perSequence('i32', { range: [0, 12] })", imports: 'perSequence', read: 'i32' },
  group: { declare: "perHead('i32', { range: [0, 3] })", imports: 'perHead', read: 'i32' },
  kind: { declare: "perToken('i32', { range: [0, 2] })", imports: 'perToken', read: 'i32Token' },
  code: { declare: "table('i32', { length: 16, range: [0, 5] })", imports: 'table', read: 'i32Table' },
  gain: { declare: "scalar('f32', { range: [-1, 1] })", imports: 'scalar', read: 'f32' },
  slope: { declare: "perHead('f32', { range: [-0.25, 0.25] })", imports: 'perHead', read: 'f32' },
  shift: { declare: "perSequence('f32', { range: [-1, 1] })", imports: 'perSequence', read: 'f32' },
  weight: { declare: "perToken('f32', { range: [-1, 1] })", imports: 'perToken', read: 'f32Token' },
  curve: { declare: "table('f32', { length: 16 })", imports: 'table', read: 'f32Table' },
  bias: { declare: "table('f32', { perHead: true, length: 16 })", imports: 'table', read: 'f32Table' },
  marks: { declare: "perToken('i32', { columns: 2, range: [0, 24] })", imports: 'perToken', read: 'i32Columns' },
  features: { declare: "perToken('f32', { columns: 3, range: [-1, 1] })", imports: 'perToken', read: 'f32Columns' },
  affinity: { declare: "pair('f32', { layout: 'dense' })", imports: 'pair', read: 'f32Pair' },
  relation: { declare: "pair('f32', { layout: 'jagged', perHead: true })", imports: 'pair', read: 'f32Pair' },
  link: { declare: "pair('i32', { layout: 'jagged', range: [0, 3] })", imports: 'pair', read: 'i32Pair' },
  numTargets: { declare: "perSequence('i32', { range: [0, 12] })", imports: 'perSequence', read: 'mask' },
  contextual: { declare: "scalar('i32', { range: [0, 6] })", imports: 'scalar', read: 'mask' },
  maxAttnLen: { declare: "scalar('i32', { range: [0, 24] })", imports: 'scalar', read: 'mask' },
  minFullAttnSeqLen: { declare: "scalar('i32', { default: 0, range: [0, 12] })", imports: 'scalar', read: 'mask' },
  groupSize: { declare: "scalar('i32', { range: [1, 5] })", imports: 'scalar', read: 'mask' },
  left: { declare: "scalar('i32', { range: [0, 16] })", imports: 'scalar', read: 'mask' },
  right: { declare: "scalar('i32', { range: [0, 16] })", imports: 'scalar', read: 'mask' },
  local: { declare: "scalar('i32', { range: [1, 24] })", imports: 'scalar', read: 'mask' },
  global: { declare: "scalar('i32', { range: [0, 12] })", imports: 'scalar', read: 'mask' },
  intervals: { declare: "perToken('i32', { columns: 3, range: [0, 40] })", imports: 'perToken', read: 'mask' },
  logit: { declare: "perHead('f32', { range: [-2, 2] })", imports: 'perHead', read: 'norm' },
  rowScale: { declare: "perToken('f32', { range: [0.1, 2] })", imports: 'perToken', read: 'norm' },
  softmaxHeads: { declare: "scalar('i32', { range: [0, 4] })", imports: 'scalar', read: 'norm' },
} as const)

export type CaptureName = keyof typeof capturePool
type Read = (typeof capturePool)[CaptureName]['read']

/** Entries of every table in the pool. */
export const TABLE_LENGTH = 16

/** What one definition's text uses so far, and how its hooks reach `seq`. */
export interface Context {
  readonly rng: Rng
  readonly captures: Set<CaptureName>
  readonly imports: Set<string>
  /** Declarations above the definition. */
  readonly above: Map<string, string>
  /** Names of whole-number locals in scope. */
  locals: readonly string[]
  /** Prefix of captures and lengths: `seq.` or nothing where the hook destructures. */
  prefix: string
  /** Fields that a destructuring hook must take. */
  fields: Set<string>
}

export const newContext = (rng: Rng): Context => ({ rng, captures: new Set(), imports: new Set(), above: new Map(), locals: [], prefix: 'seq.', fields: new Set() })

/** The text of a field of `seq`. */
export const field = (c: Context, name: string): string => {
  c.fields.add(name)
  return `${c.prefix}${name}`
}

/** A random capture of a kind of read. */
export const capture = (c: Context, read: Read): string => {
  const name = c.rng.pick((Object.keys(capturePool) as CaptureName[]).filter((n) => capturePool[n].read === read))
  c.captures.add(name)
  return field(c, name)
}

/** Marks a DSL function as imported and gives its name. */
export const use = (c: Context, name: string): string => {
  c.imports.add(name)
  return name
}
