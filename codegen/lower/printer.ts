import { type Expr, operands, topological } from '../ir/hook.ts'
import { intrinsics } from '../ir/intrinsics/index.ts'
import { snake } from './names.ts'

/** What differs between targets when an expression is printed. */
export interface Dialect {
  readonly target: 'wgsl' | 'cuda'
  literal(value: number | boolean, type: 'i32' | 'f32' | 'bool'): string
  param(name: string): string
  capture(name: string, side?: 'q' | 'kv'): string
  table(name: string, index: string): string
  /** Column `index` of a perToken capture with columns, at the row of `side`. */
  column(name: string, side: 'q' | 'kv', index: string): string
  /** A pair capture at a row and column of its sequence. */
  pair(name: string, row: string, column: string): string
  /** Operations that this text spells in a way of its own. */
  readonly operators?: Readonly<Record<string, (args: readonly string[]) => string>>
  /** A statement that names a value. */
  declare(name: string, type: 'i32' | 'f32' | 'bool', value: string): string
}

/** Operations inside one printed expression before a part of it is named: WGSL's parser stops at 128 nested parentheses, and people earlier. */
const MAX_DEPTH = 32

/** Statements that compute shared values once, and the text of each root. Values that the author named keep their names. */
export const printExpression = (roots: readonly Expr[], dialect: Dialect, reserved: readonly string[] = []): { lines: readonly string[]; results: readonly string[] } => {
  const order = topological(...roots)
  const uses = new Map<Expr, number>()
  for (const e of order) for (const o of operands(e)) uses.set(o, (uses.get(o) ?? 0) + 1)
  for (const r of roots) uses.set(r, (uses.get(r) ?? 0) + 1)

  const taken = new Set(reserved)
  const unique = (wanted: string): string => {
    let name = wanted
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`
    taken.add(name)
    return name
  }
  const texts = new Map<Expr, string>()
  const depths = new Map<Expr, number>()
  const lines: string[] = []
  const text = (e: Expr): string => {
    if (e.kind === 'const') return dialect.literal(e.value, e.type)
    if (e.kind === 'param') return dialect.param(e.name)
    if (e.kind === 'capture') return dialect.capture(e.name, e.side)
    if (e.kind === 'table') {
      const index = texts.get(e.index)!
      return e.row ? dialect.pair(e.name, texts.get(e.row)!, index) : e.side ? dialect.column(e.name, e.side, index) : dialect.table(e.name, index)
    }
    const args = e.args.map((a) => texts.get(a)!)
    return dialect.operators?.[e.op]?.(args) ?? intrinsics[e.op]![dialect.target](args, e.args.map((a) => a.type))
  }
  for (const e of order) {
    const value = text(e)
    const computed = e.kind === 'op' || e.kind === 'table' || (e.kind === 'capture' && e.side !== undefined)
    const depth = 1 + Math.max(0, ...operands(e).map((o) => depths.get(o)!))
    const named = computed && !roots.includes(e) && (uses.get(e)! > 1 || e.label !== undefined || depth > MAX_DEPTH)
    depths.set(e, named || !computed ? 0 : depth)
    if (named) {
      const name = unique(e.label ? `${snake(e.label)}_` .replace(/_+$/, '') : 't')
      lines.push(dialect.declare(name, e.type, value))
      texts.set(e, name)
    } else texts.set(e, value)
  }
  return { lines, results: roots.map((r) => texts.get(r)!) }
}
