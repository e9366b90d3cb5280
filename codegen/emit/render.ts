import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Handlebars from 'handlebars'
import { snake } from '../lower/names.ts'

const root = fileURLToPath(new URL('../../templates/', import.meta.url))

type Block = Handlebars.HelperOptions

/** The only logic that templates have: comparison, small arithmetic for indices, and unrolling. */
const helpers: Readonly<Record<string, Handlebars.HelperDelegate>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  gt: (a, b) => a > b,
  and: (...args: unknown[]) => args.slice(0, -1).every(Boolean),
  or: (...args: unknown[]) => args.slice(0, -1).some(Boolean),
  not: (a) => !a,
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  div: (a: number, b: number) => Math.floor(a / b),
  join: (list: readonly unknown[], separator: string) => list.join(separator),
  snake: (name: string) => snake(name),
  /** A text of any lines as line comments, its own indentation kept from the second line on. */
  comment: (text: string) => text.split('\n').map((line) => `// ${line}`.trimEnd()).join('\n'),
  /** Renders its block `count` times with @index. */
  times(this: unknown, count: number, options: Block) {
    let text = ''
    for (let index = 0; index < count; index++) text += options.fn(this, { data: { ...options.data, index }, blockParams: [index] })
    return text
  },
}

interface Loaded {
  readonly render: (name: string, context: object) => string
}
const cache = new Map<string, Loaded>()

/** Template files of a folder of `templates/`, each also a partial by its base name. */
export const templateFiles = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.hbs')).sort().map((f) => join(root, folder, f))

const load = (folder: string): Loaded => {
  const engine = Handlebars.create()
  for (const [name, helper] of Object.entries(helpers)) engine.registerHelper(name, helper)
  const options = { strict: true, noEscape: true, knownHelpersOnly: true, knownHelpers: Object.fromEntries(Object.keys(helpers).map((h) => [h, true])), preventIndent: false } as const
  const compiled = new Map<string, Handlebars.TemplateDelegate>()
  for (const file of templateFiles(folder)) {
    const name = basename(file, '.hbs')
    if (compiled.has(name)) throw new Error(`two templates of ${folder} are called ${name}`)
    const template = engine.compile(readFileSync(file, 'utf8'), options)
    compiled.set(name, template)
    engine.registerPartial(name, template)
  }
  return { render: (name, context) => compiled.get(name)!(context) }
}

/** A missing name throws inside `#if`, `#each` and `#unless` too, where Handlebars' strict mode is silent. `open` objects may lack keys. */
const strictly = (value: unknown, path: string, open: ReadonlySet<string>): unknown => {
  if (!value || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((v) => strictly(v, path, open))
  const copy = Object.fromEntries(Object.entries(value).map(([k, v]) => [k, strictly(v, path ? `${path}.${k}` : k, open)]))
  return new Proxy(copy, {
    get(target, key) {
      if (typeof key === 'string' && !(key in target) && !open.has(path) && key !== 'toHTML' && key !== 'toJSON') throw new Error(`template uses ${path ? `${path}.` : ''}${key}, which the plan does not have`)
      return Reflect.get(target, key)
    },
  })
}

const tidy = (text: string): string => `${text.replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n').trim()}\n`

/** Renders `templates/<folder>/<name>.hbs`. `context` is frozen data; objects at the paths in `open` may lack a name that a template asks for. */
export const render = (folder: string, name: string, context: object, open: readonly string[] = ['functions', 'captures']): string => {
  let loaded = cache.get(folder)
  if (!loaded) cache.set(folder, (loaded = load(folder)))
  return tidy(loaded.render(name, strictly(context, '', new Set(open)) as object))
}

/** Forgets compiled templates, so that an edited file is read again. */
export const reloadTemplates = (): void => cache.clear()
