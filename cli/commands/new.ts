import { existsSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { writeFolder } from '../../codegen/emit/write.ts'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { Handler } from '../handlers.ts'
import { interactionTestText, interactionText, testText, variantText } from '../new-files.ts'
import { display, inProject } from '../paths.ts'
import { shippedChains, shippedInteractions, shippedNames } from '../shipped.ts'
import { shown } from '../values.ts'

const reserved = new Set('await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield causal defineAttention scalar defineInteraction dense jagged sum'.split(' '))

const why = (name: string): string | undefined => {
  if (!/^[A-Za-z]\w{0,63}$/.test(name)) return 'it is not an identifier'
  if (reserved.has(name)) return 'the file it would stand in uses that word'
  return [...shippedNames, ...shippedInteractions, ...shippedChains].includes(name) ? 'a shipped kernel has that name' : undefined
}

export const run: Handler<'new'> = async ([name], { dir, interaction }) => {
  const reason = why(name!)
  if (reason) fail('SR8023', { value: shown(name!), why: reason })
  const folder = resolve(dir)
  const paths = [`${name}.ts`, `${name}.test.ts`]
  for (const path of paths) if (existsSync(join(folder, path))) fail('SR8022', { path: display(join(folder, path)) })
  const program = relative(folder, inProject('cli', 'serrate.mjs')).split(sep).join('/')
  writeFolder(folder, [
    { path: paths[0]!, content: (interaction ? interactionText : variantText)(name!) },
    { path: paths[1]!, content: (interaction ? interactionTestText : testText)(name!, program.startsWith('.') ? program : `./${program}`) },
  ])
  const files = paths.map((path) => display(join(folder, path)))
  return {
    ok: true,
    json: { name, files },
    text: [...files.map((f) => `wrote ${f}`), `try:  npx serrate verify ${files[0]}`, `test: npx node --test ${files[1]}`].join('\n'),
  }
}
