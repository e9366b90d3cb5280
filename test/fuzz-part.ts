import { join } from 'node:path'
import type { Dtype } from '../codegen/ir/algorithm.ts'
import { fuzz, type FuzzResult } from '../verify/fuzz/run.ts'
import { openFuzzDevice } from './fuzz-devices.ts'

const SHIPPED = Object.keys(await import('../kernels/index.ts'))
const number = (text: string | undefined, fallback: number): number => (text === undefined ? fallback : Number(text))

export interface FuzzFlags {
  readonly device: string; readonly off: string; readonly hardware: boolean; readonly unlimited: boolean
  readonly sources?: string; readonly cases?: string; readonly seed: string; readonly dtypes?: string; readonly budget?: string; readonly tokens?: string; readonly from?: string; readonly break?: string; readonly nest?: string
}

/** Breaks every kernel on its way to the device, to see the run notice: the text to find and its replacement. */
const breaking = (text: string | undefined): readonly [string, string] | undefined => (text === undefined ? undefined : (JSON.parse(text) as [string, string]))

/** Fuzzes from source `from` until the end, the budget, or a device that gives up. */
export const fuzzPart = async (flags: FuzzFlags): Promise<FuzzResult> => {
  const { unlimited } = flags
  const seed = Number(flags.seed)
  const opened = await openFuzzDevice(flags.device, { off: flags.off.split(',').filter(Boolean), hardware: flags.hardware, seed })
  const broken = breaking(flags.break)
  const device = broken ? { ...opened.device, compile: (k: Parameters<typeof opened.device.compile>[0]) => opened.device.compile({ ...k, text: k.text.replace(...broken) }) } : opened.device
  const dtypes = flags.dtypes ? (flags.dtypes.split(',') as Dtype[]) : opened.dtypes
  const result = await fuzz({
    device,
    limits: opened.limits,
    shipped: SHIPPED,
    dtypes,
    count: unlimited ? number(flags.sources, 2000) : number(flags.sources, opened.sources),
    casesPerSource: number(flags.cases, opened.cases),
    maxTokens: number(flags.tokens, opened.maxTokens),
    seed,
    from: number(flags.from, 0),
    folder: join(process.cwd(), '.serrate', 'fuzz'),
    ...(unlimited ? {} : { budgetMs: number(flags.budget, opened.budgetSeconds) * 1000 }),
    ...(flags.nest && { nest: flags.nest }),
    label: `fuzz ${flags.device}`,
    again: `node test/fuzz.ts --device ${flags.device} --dtypes ${dtypes.join(',')} --seed ${seed}${flags.off ? ` --off ${flags.off}` : ''}${flags.nest ? ` --nest ${flags.nest}` : ''}`,
  })
  if (result.stopped === undefined) await opened.device.close()
  return result
}
