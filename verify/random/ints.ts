import { capture, type Context, field, TABLE_LENGTH, use } from './context.ts'

type Make = (c: Context, depth: number) => string

const leaves: readonly Make[] = [
  () => 'kv',
  () => 'q',
  (c) => String(c.rng.int(0, 9)),
  (c) => (c.locals.length ? c.rng.pick(c.locals) : 'kv'),
  (c) => field(c, c.rng.pick(['kvLen', 'qLen'])),
  (c) => c.rng.pick(['h', 'b']),
  (c) => capture(c, 'i32'),
  (c) => `${capture(c, 'i32Token')}.${c.rng.pick(['kv', 'q'])}`,
  (c) => `${capture(c, 'i32Columns')}.${c.rng.pick(['kv', 'q'])}(${c.rng.int(0, 1)})`,
]

const divisor = (c: Context): number => c.rng.int(1, 7)

/** Every node keeps magnitudes far below 2^31: at most one factor of 5 a level. */
const nodes: readonly Make[] = [
  (c, d) => `(${int(c, d)} - ${int(c, d)})`,
  (c, d) => `(${int(c, d)} + ${int(c, d)})`,
  (c, d) => `Math.abs(${int(c, d)})`,
  (c, d) => `${use(c, 'mod')}(${int(c, d)}, ${divisor(c)})`,
  (c, d) => `${use(c, 'floorDiv')}(${int(c, d)}, ${divisor(c)})`,
  (c, d) => `Math.min(${int(c, d)}, ${int(c, d)})`,
  (c, d) => `Math.max(${int(c, d)}, ${int(c, d)})`,
  (c, d) => `${use(c, 'clamp')}(${int(c, d)}, 0, ${c.rng.int(1, 20)})`,
  (c, d) => `(${int(c, d)} * ${c.rng.int(2, 5)})`,
  (c, d) => `(${int(c, d)} % ${divisor(c)})`,
  (c, d) => `(${int(c, d)} & ${c.rng.pick([1, 3, 7])})`,
  (c, d) => `(${int(c, d)} >> ${c.rng.int(1, 3)})`,
  (c, d) => `(${bool(c, d)} ? ${int(c, d)} : ${int(c, d)})`,
  (c, d) => `${capture(c, 'i32Table')}(${index(c, d)})`,
  (c) => `${capture(c, 'i32Pair')}(q, kv)`,
]

/** A whole number over positions, lengths and integer captures. */
export const int: Make = (c, depth) => (depth <= 0 ? c.rng.pick(leaves)(c, 0) : c.rng.pick([...leaves, ...nodes])(c, depth - 1))

/** A whole number that is inside every table of the pool. */
export const index: Make = (c, depth) =>
  c.rng.pick([
    () => `${use(c, 'mod')}(${int(c, depth)}, ${TABLE_LENGTH})`,
    () => `${use(c, 'clamp')}(${int(c, depth)}, 0, ${TABLE_LENGTH - 1})`,
    () => `(${int(c, depth)} & ${TABLE_LENGTH - 1})`,
  ])()

const comparisons = ['<=', '<', '>=', '>', '===', '!=='] as const

/** Shapes that masks have in practice, and anything else. */
const bools: readonly Make[] = [
  () => 'kv <= q',
  (c) => `q - kv <= ${c.rng.pick([() => capture(c, 'i32'), () => String(c.rng.int(0, 12))])()}`,
  (c) => `kv < ${capture(c, 'i32')}`,
  (c) => `kv <= q + ${c.rng.int(0, 5)}`,
  (c) => { const n = c.rng.int(2, 9); return `${use(c, 'floorDiv')}(q, ${n}) === ${use(c, 'floorDiv')}(kv, ${n})` },
  (c) => { const token = capture(c, 'i32Token'); return `${token}.q === ${token}.kv` },
  (c) => `${use(c, 'mod')}(q - kv, ${c.rng.int(2, 4)}) === 0`,
  (c) => { const marks = capture(c, 'i32Columns'); return `${marks}.q(0) <= kv && kv < ${marks}.q(1) + ${c.rng.int(0, 9)}` },
  (c, d) => `${int(c, d)} ${c.rng.pick(comparisons)} ${int(c, d)}`,
]
const combined: readonly Make[] = [
  (c, d) => `(${bool(c, d)} && ${bool(c, d)})`,
  (c, d) => `(${bool(c, d)} || ${bool(c, d)})`,
  (c, d) => `!(${bool(c, d)})`,
  (c, d) => `(${bool(c, d)} ? ${bool(c, d)} : ${bool(c, d)})`,
]

/** A condition that compares whole numbers only, so that no rounding can flip it. */
export const bool: Make = (c, depth) => (depth <= 0 ? `(${c.rng.pick(bools)(c, 0)})` : c.rng.pick([...bools.map((m): Make => (x, d) => `(${m(x, d)})`), ...combined])(c, depth - 1))
