import { fail } from '../../codegen/ir/diagnostics/index.ts'

export interface DawnToggles {
  readonly enable?: readonly string[]
  readonly disable?: readonly string[]
}

type Dawn = typeof import('webgpu')

let dawn: Promise<Dawn> | undefined
const load = (): Promise<Dawn> =>
  (dawn ??= import('webgpu').then(
    (module) => { Object.assign(globalThis, module.globals); return module },
    (error: Error) => fail('SR4002', { reason: error.message }),
  ))

/** Dawn crashes when an instance is collected while its devices are still being torn down, so none ever is. */
const instances: GPU[] = []

/** A Dawn instance; `backend` picks one instead of the platform's own. Throws SR4002. */
export const createDawn = async (toggles: DawnToggles = {}, backend?: string): Promise<GPU> => {
  const { create } = await load()
  const { enable = [], disable = [] } = toggles
  const gpu = create([
    ...(backend ? [`backend=${backend}`] : []),
    ...(enable.length ? [`enable-dawn-features=${enable.join(',')}`] : []),
    ...(disable.length ? [`disable-dawn-features=${disable.join(',')}`] : []),
  ])
  instances.push(gpu)
  return gpu
}
