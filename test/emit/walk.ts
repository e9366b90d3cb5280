import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import Handlebars from 'handlebars'
import { templateFiles } from '../../codegen/emit/render.ts'

/** What a value of the context can be: an object's fields, a list's elements, or a leaf. */
export interface Shape { readonly fields: Map<string, Shape>; items?: Shape; leaf: boolean }
const shape = (): Shape => ({ fields: new Map(), leaf: false })
const LEAF: Shape = Object.freeze({ fields: new Map(), leaf: true })

/** Adds a value's fields to a shape, so that the shape is the union of all values seen. */
export const widen = (s: Shape, value: unknown): Shape => {
  if (Array.isArray(value)) for (const v of value) widen((s.items ??= shape()), v)
  else if (value && typeof value === 'object') for (const [k, v] of Object.entries(value)) { if (!s.fields.has(k)) s.fields.set(k, shape()); widen(s.fields.get(k)!, v) }
  else s.leaf = true
  return s
}
export const shapeOf = (values: readonly unknown[]): Shape => values.reduce<Shape>(widen, shape())

type Ast = hbs.AST.Node & Record<string, any>
interface Frame { readonly self: Shape; readonly hash: ReadonlyMap<string, Shape>; readonly parent?: Frame }
export interface Found { readonly problems: readonly string[]; readonly used: ReadonlySet<string>; readonly files: ReadonlySet<string> }

/** A name that is looked up: its literal parts, and * where a value of the context stands. */
const pattern = (e: Ast): string => (e.type === 'StringLiteral' ? e.value : e.type === 'SubExpression' ? e.params.map(pattern).join('') : '*')

/** Every path of a template and of the partials that it calls, in every branch, resolved against a shape. `edit` changes a template's text first. */
export const walk = (folder: string, entry: string, root: Shape, edit: (name: string, text: string) => string = (_n, text) => text): Found => {
  const programs = new Map(templateFiles(folder).map((f) => { const name = basename(f, '.hbs'); return [name, Handlebars.parse(edit(name, readFileSync(f, 'utf8'))) as Ast] }))
  const problems = new Set<string>()
  const used = new Set<string>()
  const seen = new Set<string>()

  const path = (p: Ast, frame: Frame, file: string): Shape => {
    if (p.data) { if (!['index', 'first', 'last', 'key'].includes(p.parts[0])) problems.add(`${file}:${p.loc.start.line} @${p.parts.join('.')}`); return LEAF }
    let f: Frame | undefined = frame
    for (let i = 0; i < p.depth; i++) f = f?.parent
    let at: Shape | undefined = f && (f.hash.get(p.parts[0]) && p.parts.length ? f.hash.get(p.parts[0]) : p.parts.length ? f.self.fields.get(p.parts[0]) : f.self)
    for (const part of p.parts.slice(1)) at = part === 'length' && at?.items ? LEAF : at?.fields.get(part)
    if (!at) problems.add(`${file}:${p.loc.start.line} ${p.original}`)
    if (f?.self === root) used.add(p.parts.join('.'))
    return at ?? LEAF
  }
  const expression = (e: Ast, frame: Frame, file: string): Shape => {
    if (e.type === 'PathExpression') return path(e, frame, file)
    if (e.type !== 'SubExpression') return LEAF
    return helper(e, frame, file)
  }
  const helper = (e: Ast, frame: Frame, file: string): Shape => {
    const values = e.params.map((p: Ast) => expression(p, frame, file))
    for (const pair of e.hash?.pairs ?? []) expression(pair.value, frame, file)
    if (e.path.original === 'lookup') used.add(`${e.params[0].original.replace(/^(\.\.\/)+/, '')}.${pattern(e.params[1])}`)
    return e.path.original === 'lookup' ? (values[0].items ?? LEAF) : LEAF
  }
  const statement = (s: Ast, frame: Frame, file: string): void => {
    if (s.type === 'MustacheStatement') { if (s.params.length) helper(s, frame, file); else expression(s.path, frame, file) }
    if (s.type === 'PartialStatement') partial(s, frame, file)
    if (s.type === 'BlockStatement') block(s, frame, file)
  }
  const block = (s: Ast, frame: Frame, file: string): void => {
    const [value] = s.params.map((p: Ast) => expression(p, frame, file))
    const name = s.path.original as string
    const self = name === 'each' ? value?.items : name === 'with' ? value : frame.self
    if (name === 'each' && !self) problems.add(`${file}:${s.loc.start.line} ${s.params[0].original} is no list`)
    const hash = new Map<string, Shape>((name === 'each' || name === 'with') ? [] : frame.hash)
    s.program.blockParams?.forEach((b: string, i: number) => hash.set(b, name === 'each' && i === 0 ? self ?? LEAF : LEAF))
    const inner: Frame = name === 'each' || name === 'with' ? { self: self ?? LEAF, hash, parent: frame } : { ...frame, hash }
    s.program.body.forEach((b: Ast) => statement(b, inner, file))
    s.inverse?.body.forEach((b: Ast) => statement(b, frame, file))
  }
  const partial = (s: Ast, frame: Frame, file: string): void => {
    const name = s.name.original as string
    const program = programs.get(name)
    if (!program) { problems.add(`${file}:${s.loc.start.line} partial ${name}`); return }
    const given = s.params[0] ? expression(s.params[0], frame, file) : frame.self
    const hash = new Map<string, Shape>([...(s.params[0] ? [] : frame.hash), ...(s.hash?.pairs ?? []).map((p: Ast) => [p.key, expression(p.value, frame, file)] as const)])
    visit(name, program, { self: given, hash, ...(frame.parent && { parent: frame.parent }) })
  }
  const visit = (name: string, program: Ast, frame: Frame): void => {
    const key = `${name}|${frame.self === root}|${[...frame.hash].map(([k, v]) => `${k}:${[...v.fields.keys()]}`)}|${[...frame.self.fields.keys()]}`
    if (seen.has(key)) return
    seen.add(key)
    program.body.forEach((b: Ast) => statement(b, frame, name))
  }
  visit(entry, programs.get(entry)!, { self: root, hash: new Map() })
  return { problems: [...problems], used, files: new Set([...seen].map((k) => k.split('|')[0]!)) }
}
