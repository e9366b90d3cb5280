import { environment } from './environment.ts'
import { aboutOf } from './families.ts'
import { often, shippedForms } from './forms.ts'
import { interactionForms, oftenUsed } from './interaction/forms.ts'
import { shownInitial, usage } from './parse.ts'
import { commandNames, commands, common } from './table.ts'
import type { CommandSpec } from './types.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')
const initialText = (key: string, initial: unknown): string => (key === 'budget' ? `${Number(initial) / 1000}s` : (shownInitial(initial) ?? ''))

const section = (name: (typeof commandNames)[number]): string => {
  const spec: CommandSpec = commands[name]
  const options = Object.entries(spec.options)
  return [
    `## ${name}`,
    spec.summary,
    `\`${usage(name)}\``,
    ...(spec.arguments.length ? [spec.arguments.map((a) => `- \`${a.name}\`: ${a.about}`).join('\n')] : []),
    ...(options.length ? [['| option | | default |', '|---|---|---|', ...options.map(([key, o]) => `| \`${cell(o.flag)}\` | ${cell(aboutOf(spec, o))}${o.required ? ' (required)' : ''} | ${initialText(key, o.initial)} |`)].join('\n')] : []),
    `JSON: \`{ ok, ${spec.json} }\``,
    ...(spec.examples.length ? [`\`\`\`sh\n${spec.examples.join('\n')}\n\`\`\``] : []),
  ].join('\n\n')
}

const formRow = (kind: keyof typeof shippedForms): string => {
  const { dims, wgsl, subgroups, cuda } = shippedForms[kind]
  return `| ${[kind === 'often' ? [...often].join(', ') : 'all others', dims.join(', '), wgsl.join(', '), subgroups.join(', ') || 'none', cuda.join(', ')].join(' | ')} |`
}

const interactionRow = (kind: keyof typeof interactionForms): string => {
  const { wgsl, cuda, gradients } = interactionForms[kind]
  return `| ${[kind === 'often' ? [...oftenUsed].join(', ') : 'all others', wgsl.join(', '), cuda.join(', '), gradients.wgsl.join(', ') || 'none', gradients.cuda.join(', ') || 'none'].join(' | ')} |`
}

/** docs/cli.md, whole. */
export const cliPage = (): string =>
  [
    '# The command line',
    'Written from the table of commands in `cli/table.ts` by `npm run generate`. Inside the clone, `npx serrate` runs it.',
    [
      'Exit code 0 is done, 1 a finding (a diagnostic, a mismatch, a device that cannot), 2 wrong use (an unknown command, kernel, target, dtype or level, lengths that make no sense, a file that is not there).',
      'Every command takes these:',
    ].join('\n'),
    Object.values(common).map((o) => `- \`${o.flag}\`: ${o.about}`).join('\n'),
    'With `--json` a failure is `{ ok: false, error: { code, severity, message, fix, … }, diagnostics: [ … ] }`; notes and progress go to stderr.',
    '`--help --json` and `help COMMAND --json` give these tables as a document.',
    ...commandNames.map(section),
    '## What generated/ holds',
    'Sources and launchers of all of kernels/, for these dtypes and head dims; `serrate build` makes any other.',
    ['| kernels | head dims | WGSL | with subgroups | CUDA |', '|---|---|---|---|---|', ...(['often', 'other'] as const).map(formRow)].join('\n'),
    'Of interactions and chains, at 64 for each dense axis; `interaction/` has launchers of each interaction\'s own kernel for WebGPU and CUDA:',
    ['| kernels | WGSL | CUDA | steps of gradients, WGSL | CUDA |', '|---|---|---|---|---|', ...(['often', 'other'] as const).map(interactionRow)].join('\n'),
    '## Environment',
    ['| variable | |', '|---|---|', ...Object.entries(environment).map(([name, about]) => `| \`${name}\` | ${cell(about)} |`)].join('\n'),
  ].join('\n\n') + '\n'
