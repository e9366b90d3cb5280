import { ts } from 'ts-morph'
import type { AttentionDefinition } from '../../dsl/attention.ts'
import type { Normalizer } from '../../dsl/normalizers.ts'
import type { Algorithm, AlgorithmNormalizer, NamedCapture, PointwisePart, SoftmaxPart } from '../ir/algorithm.ts'
import type { AttentionLayout } from '../ir/layout.ts'
import { deepFreeze } from '../ir/hash.ts'
import type { Hook, HookName } from '../ir/hook.ts'
import { readCaptures, readSmScale } from './captures.ts'
import { type ReadHook, readHook } from './hooks.ts'
import type { Interpreter } from './interpreter.ts'
import { brief, spanOf } from './place.ts'
import { Refusal } from './refusal.ts'
import { type DefinitionValue, describe, Lazy, type ObjectValue, type Value } from './values.ts'

const FIELDS = ['name', 'captures', 'smScale', 'scoreMod', 'maskMod', 'normalizer', 'layout']

/** Reads one definition; problems are reported on the interpreter and give undefined. */
class Reader {
  readonly I: Interpreter
  readonly live: AttentionDefinition
  readonly found: DefinitionValue
  readonly exportName: string
  constructor(I: Interpreter, live: AttentionDefinition, found: DefinitionValue, exportName: string) {
    this.I = I
    this.live = live
    this.found = found
    this.exportName = exportName
  }

  #spec(): ObjectValue {
    const { spec, node } = this.found
    return spec.kind === 'object' ? spec : this.I.refuse('SR1005', node, { name: this.exportName, part: 'argument', reason: `it is ${describe(spec)}` })
  }

  /** Where a field of the definition is written. */
  #at(field: string, within: Value | Lazy = this.found.spec): ts.Node {
    if (within instanceof Lazy) return within.value ? this.#at(field, within.value) : within.node
    const written = within.kind === 'object' ? within.fields.get(field) : undefined
    if (written instanceof Lazy) return written.node
    return written?.kind === 'closure' ? written.fn : this.found.node
  }

  #field(name: string): Value | undefined {
    const field = this.#spec().fields.get(name)
    const value = field && this.I.force(field)
    return value?.kind === 'undefined' ? undefined : value
  }

  name(): void {
    const { name } = this.live as { name: unknown }
    if (typeof name === 'string' && /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) return
    const suggestion = String(name ?? '').replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '').replace(/^(\d)/, '_$1').slice(0, 64) || 'my_attention'
    this.I.refuse('SR1007', this.#at('name'), { value: JSON.stringify(name) ?? 'undefined', suggestion })
  }

  fields(): void {
    for (const key of Object.keys(this.live)) {
      if (key === 'kind' || FIELDS.includes(key)) continue
      this.I.refuse('SR1008', this.#at(key), { field: key, name: this.exportName, found: 'not a field of a definition', wanted: `one of ${FIELDS.join(', ')}` })
    }
  }

  captures(): NamedCapture[] {
    const { captures } = this.live
    const at = this.#at('captures')
    if (!captures || typeof captures !== 'object' || Array.isArray(captures)) return this.I.refuse('SR1008', at, { field: 'captures', name: this.exportName, found: typeof captures, wanted: 'an object of captures' })
    let written: Value | undefined
    try {
      written = this.#field('captures')
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
    return readCaptures(this.I, captures, (name) => (written?.kind === 'object' && written.fields.has(name) ? this.#at(name, written) : at))
  }

  layout(): void {
    const { layout } = this.live as { layout?: unknown }
    if (layout === undefined) return
    const at = this.#at('layout')
    if (typeof layout !== 'object' || layout === null) return this.I.refuse('SR1008', at, { field: 'layout', name: this.exportName, found: String(layout), wanted: 'an object such as { queries: \'dense\' }' })
    for (const [key, value] of Object.entries(layout)) {
      const known: readonly string[] | undefined = LAYOUT[key as keyof typeof LAYOUT]
      if (!known?.includes(value)) this.I.refuse('SR1008', at, { field: `layout.${key}`, name: this.exportName, found: `'${String(value)}'`, wanted: known ? known.map((k) => `'${k}'`).join(', ') : `one of ${Object.keys(LAYOUT).join(', ')}` })
    }
    const { queries = 'self', align, keys } = layout as NonNullable<AttentionDefinition['layout']>
    if (queries === 'self' && (align === 'end' || keys === 'shared')) this.I.refuse('SR1008', at, { field: 'layout', name: this.exportName, found: `queries 'self' with ${align === 'end' ? "align 'end'" : "keys 'shared'"}`, wanted: "queries 'jagged', 'dense' or 'broadcast'" })
  }

  smScale(captures: readonly NamedCapture[]): ReturnType<typeof readSmScale> {
    return readSmScale(this.I, this.live.smScale, captures, this.#at('smScale'))
  }

  /** A hook of the definition itself; the live object says whether there is one. */
  hook(name: 'scoreMod' | 'maskMod', captures: readonly NamedCapture[], mayDrop: boolean): ReadHook | undefined {
    const live: unknown = this.live[name]
    if (live === undefined) return undefined
    const at = this.#at(name)
    if (typeof live !== 'function') return this.I.refuse('SR1008', at, { field: name, name: this.exportName, found: live === null ? 'null' : `a ${typeof live}`, wanted: 'a function' })
    return this.#read(name, this.#field(name), captures, at, mayDrop)
  }

  #read(name: HookName, fn: Value | undefined, captures: readonly NamedCapture[], at: ts.Node, mayDrop = false): ReadHook {
    if (!fn) return this.I.refuse('SR1005', at, { name: this.exportName, part: name, reason: 'no function is written for it' })
    if (fn.kind !== 'closure' && fn.kind !== 'intrinsic' && fn.kind !== 'poison') this.I.refuse('SR1005', at, { name: this.exportName, part: name, reason: `\`${brief(at)}\` is ${describe(fn)}` })
    return readHook(this.I, name, fn, captures, at, mayDrop)
  }

  normalizer(captures: readonly NamedCapture[]): AlgorithmNormalizer {
    const at = this.#at('normalizer')
    const live = this.live.normalizer as AttentionDefinition['normalizer'] | undefined
    return this.#normalizer(live, this.#field('normalizer'), captures, at, true)
  }

  #normalizer(live: Normalizer | undefined, found: Value | undefined, captures: readonly NamedCapture[], at: ts.Node, top: true): AlgorithmNormalizer
  #normalizer(live: Normalizer | undefined, found: Value | undefined, captures: readonly NamedCapture[], at: ts.Node, top: false): SoftmaxPart | PointwisePart
  #normalizer(live: Normalizer | undefined, found: Value | undefined, captures: readonly NamedCapture[], at: ts.Node, top: boolean): AlgorithmNormalizer {
    const kinds = ['softmax', 'pointwise', ...(top ? ['byHead'] : [])]
    if (!live || !kinds.includes(live.kind)) return this.I.refuse('SR1008', at, { field: 'normalizer', name: this.exportName, found: live === null ? 'null' : `a ${typeof live}`, wanted: `\`softmax()\`, \`pointwise(fn, scale)\`${top ? ' or `byHead(heads, first, rest)`' : ''}` })
    const written = found?.kind === 'normalizer' ? found : undefined
    const isPlain = live.kind === 'softmax' && !live.sink && !live.scale && !live.keepAfter
    if (!written && !isPlain) return this.I.refuse('SR1005', at, { name: this.exportName, part: 'normalizer', reason: `it is not a call of \`${live.kind}\`` })
    const part = (name: string): Value | undefined => written?.parts.get(name)
    const argument = (i: number): ts.Node => (written && ts.isCallExpression(written.node) ? (written.node.arguments[i] ?? written.node) : at)
    if (live.kind === 'pointwise') {
      const activation = this.#read('activation', part('activation'), captures, argument(0)).hook
      const scale = this.#factor('scale', live.scale, part('scale'), captures, argument(1))
      return { kind: 'pointwise', activation, ...(scale && { scale }) }
    }
    if (live.kind === 'softmax') {
      for (const key of Object.keys(live)) if (!['kind', 'sink', 'scale', 'keepAfter'].includes(key)) this.I.refuse('SR1008', argument(0), { field: key, name: this.exportName, found: 'not an option of softmax', wanted: 'one of sink, scale, keepAfter' })
      const sink = this.#factor('sink', live.sink, part('sink'), captures, argument(0))
      const scale = this.#factor('scale', live.scale, part('scale'), captures, argument(0))
      const keepAfter = live.keepAfter === undefined ? undefined : this.#read('keepAfter', part('keepAfter'), captures, argument(0)).hook
      return { kind: 'softmax', ...(sink && { sink }), ...(scale && { scale }), ...(keepAfter && { keepAfter }) }
    }
    const headCount = this.#read('headCount', part('heads'), captures, argument(0)).hook
    const first = this.#normalizer(live.first, part('first'), captures, argument(1), false)
    const rest = this.#normalizer(live.rest, part('rest'), captures, argument(2), false)
    if (first.kind === rest.kind) return this.I.refuse('SR1008', at, { field: 'normalizer', name: this.exportName, found: `byHead with two ${first.kind} normalizers`, wanted: 'a softmax and a pointwise normalizer' })
    return { kind: 'byHead', headCount, first, rest }
  }

  #factor(name: 'scale' | 'sink', live: unknown, written: Value | undefined, captures: readonly NamedCapture[], at: ts.Node): Hook | undefined {
    if (live === undefined) return undefined
    if (typeof live === 'function') return this.#read(name, written, captures, at).hook
    if (typeof live !== 'number' || !Number.isFinite(Math.fround(live))) return this.I.refuse('SR1008', at, { field: name, name: this.exportName, found: String(live), wanted: 'a finite number or a function of `seq`' })
    return { name, body: this.I.constant('f32', live), span: spanOf(at) }
  }
}

/** Drops pairs that either the author's mask or a -Infinity in the scoreMod drops. */
const withDropped = (I: Interpreter, score: ReadHook | undefined, mask: ReadHook | undefined, node: ts.Node): Hook | undefined => {
  if (!score?.keep) return mask?.hook
  if (!mask) return { name: 'maskMod', body: score.keep, span: score.hook.span }
  return { ...mask.hook, body: I.op('and', [mask.hook.body, score.keep], node) }
}

const LAYOUT = { queries: ['self', 'jagged', 'dense', 'broadcast'], align: ['start', 'end'], keys: ['own', 'shared'] } as const

const layoutOf = (l: AttentionDefinition['layout'] = {}): AttentionLayout => ({ queries: l.queries ?? 'self', align: l.align ?? 'start', sharedKeys: l.keys === 'shared' })

/** The algorithm of a definition, or undefined when something in it was refused (see the interpreter's diagnostics). */
export const readDefinition = (I: Interpreter, live: AttentionDefinition, found: DefinitionValue, exportName: string, node: ts.Node): Algorithm | undefined => {
  const reader = new Reader(I, live, found, exportName)
  const part = <T>(read: () => T): T | undefined => {
    let result: T | undefined
    I.attempt(() => { result = read(); return { kind: 'undefined' } })
    return result
  }
  part(() => reader.name())
  part(() => reader.fields())
  part(() => reader.layout())
  const captures = part(() => reader.captures()) ?? []
  const scale = part(() => reader.smScale(captures))
  const softmax = (live.normalizer as { kind?: string } | undefined)?.kind === 'softmax'
  const score = part(() => reader.hook('scoreMod', captures, softmax))
  const mask = part(() => reader.hook('maskMod', captures, false))
  const normalizer = part(() => reader.normalizer(captures))
  if (I.diagnostics.some((d) => d.severity === 'error') || !scale || !normalizer) return undefined
  const maskMod = withDropped(I, score, mask, node)
  return deepFreeze<Algorithm>({
    kind: 'attention', name: live.name, layout: layoutOf(live.layout), captures: [...captures, ...(scale.capture ? [scale.capture] : [])],
    ...(score && { scoreMod: score.hook }), ...(maskMod && { maskMod }), normalizer, smScale: scale.smScale, span: spanOf(node),
  })
}
