import type { LoadedInteraction } from '../../codegen/frontend/index.ts'
import { printTensor } from '../../codegen/ir/interaction/index.ts'
import { isMove } from '../../codegen/lower/interaction/index.ts'
import { targetNames } from '../../codegen/schedule/targets.ts'
import { dtypes, elementDtypes } from '../options.ts'
import { display, projectRoot } from '../paths.ts'
import { shippedAbout, shippedFile } from '../shipped.ts'
import { columns } from '../text.ts'
import { classOf } from './class.ts'
import { gradientsOf } from './gradient.ts'
import { lengthAxes } from './lengths.ts'
import { sizedAxes } from './problem.ts'

/** What a shipped interaction is, and what it takes. */
export const interactionEntry = (loaded: LoadedInteraction) => {
  const { interaction: x } = loaded
  const found = classOf(x)
  return {
    name: x.name, family: 'interaction', about: shippedAbout(x.name), file: display(shippedFile(x.name), projectRoot), ...found,
    inputs: x.inputs.map((t) => ({ name: t.name, layout: printTensor(t) })), output: printTensor(x.output),
    sizes: sizedAxes(x), lengths: lengthAxes(x),
    captures: x.captures.map(({ name, kind, dtype, default: given }) => ({ name, kind, dtype, ...(given !== undefined && { default: given }) })),
    dtypes: isMove(x) ? elementDtypes : dtypes, gradients: Object.keys(gradientsOf(loaded).results),
    templates: Object.fromEntries(targetNames.map((target) => [target, `${target}_${found.class}`])),
  }
}

export const interactionTable = (entries: readonly ReturnType<typeof interactionEntry>[]): string =>
  columns([
    ['interaction', 'class', 'gradients', 'captures', 'layouts'],
    ...entries.map((e) => [e.name, e.class, e.gradients.join(' ') || 'none', e.captures.map((c) => c.name).join(' '), `${e.inputs.map((t) => `${t.name} ${t.layout}`).join(', ') || 'nothing'} -> ${e.output}`]),
  ])
