import { ts } from 'ts-morph'
import { diagnostic, type Diagnostic, type DiagnosticCode } from '../ir/diagnostics/index.ts'
import { type Expr, ExprBuilder, type ScalarType, type Span } from '../ir/hook.ts'
import { expressions } from './expressions.ts'
import { apply } from './calls.ts'
import { lookup } from './names.ts'
import { bind } from './patterns.ts'
import { brief, spanOf } from './place.ts'
import { property } from './properties.ts'
import { Refusal } from './refusal.ts'
import { isDsl } from './resolve.ts'
import type { Scope } from './scope.ts'
import { simplified } from './simplify.ts'
import { type Closure, Lazy, POISON, type Value } from './values.ts'

const MAX_STEPS = 200_000
const MAX_DEPTH = 100

/** The code itself, without parentheses and type assertions around it. */
const unwrapped = (node: ts.Node): ts.Node =>
  ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node) ? unwrapped(node.expression) : node

/** Evaluates an author's functions over run-time values, into the nodes of one builder. */
export class Interpreter {
  readonly builder = new ExprBuilder()
  readonly diagnostics: Diagnostic[] = []
  /** Calls being evaluated, outermost first. */
  readonly frames: { readonly closure: Closure; readonly site: ts.Node }[] = []
  #steps = 0

  /** The author's own code nearest to a node: a place inside the dsl is shown as the call that led there. */
  place(node: ts.Node): ts.Node {
    const outside = (n: ts.Node): boolean => !isDsl(n.getSourceFile().fileName)
    return unwrapped(outside(node) ? node : (this.frames.findLast((f) => outside(f.site))?.site ?? node))
  }

  refuse(code: DiagnosticCode, node: ts.Node, details: Readonly<Record<string, unknown>> = {}): never {
    const at = this.place(node)
    throw new Refusal(diagnostic(code, { text: brief(at), ...details }, spanOf(at)), code === 'SR1117')
  }

  report(found: Diagnostic): void {
    const known = this.diagnostics.some((d) => d.code === found.code && d.file === found.file && d.line === found.line && d.column === found.column)
    if (!known) this.diagnostics.push(found)
  }

  /** Evaluates with refusals reported; a refused value is poison, which every use passes over in silence. */
  attempt(evaluate: () => Value): Value {
    const depth = this.frames.length
    try {
      return evaluate()
    } catch (error) {
      if (!(error instanceof Refusal) || error.final) throw error
      this.frames.length = depth
      if (error.diagnostic) this.report(error.diagnostic)
      return POISON
    }
  }

  evaluate(node: ts.Expression, scope: Scope): Value {
    if (++this.#steps > MAX_STEPS) this.refuse('SR1117', this.frames[0]?.site ?? node, { what: 'hook', limit: `reading it takes more than ${MAX_STEPS} steps` })
    const handler = expressions[node.kind]
    if (!handler) this.refuse('SR1101', node, { what: `\`${brief(node)}\` (${ts.SyntaxKind[node.kind]})`, fix: 'Write it with arithmetic, comparisons, `?:` and plain calls.' })
    return handler!(node as never, scope, this)
  }

  force(value: Value | Lazy): Value {
    if (!(value instanceof Lazy)) return value
    if (value.value) return value.value
    if (value.busy) this.refuse('SR1104', value.node, { name: value.name ?? brief(value.node) })
    value.busy = true
    try {
      const result = this.evaluate(value.node, value.scope)
      value.value = result.kind === 'closure' && value.name && !result.name ? { ...result, name: value.name } : result
      return value.value
    } finally {
      value.busy = false
    }
  }

  enter<T>(closure: Closure, site: ts.Node, body: () => T): T {
    if (this.frames.length > MAX_DEPTH || this.frames.some((f) => f.closure === closure)) this.refuse('SR1104', site, { name: closure.name })
    this.frames.push({ closure, site })
    const result = body()
    this.frames.pop()
    return result
  }

  /** The value of `callee(...args)`, called at `site`. */
  apply(callee: Value, args: readonly Value[], site: ts.Node): Value {
    return apply(this, callee, args, site)
  }

  property(value: Value, key: string, node: ts.Node): Value {
    return property(this, value, key, node)
  }

  lookup(node: ts.Identifier, scope: Scope): Value {
    return lookup(this, node, scope)
  }

  bind(name: ts.BindingName, value: Value, scope: Scope): void {
    bind(this, name, value, scope)
  }

  op(name: string, args: readonly Expr[], node: ts.Node): Expr {
    return simplified(this.builder, name, args, spanOf(node))
  }

  constant(type: ScalarType, value: number | boolean, span?: Span): Expr {
    return this.builder.const(type, value, span && { span })
  }
}
