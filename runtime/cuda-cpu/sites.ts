import { basename } from 'node:path'
import { execute } from './execute.ts'

const LINE = 0x80000000
const SITE = /«site:(\d+)»/g
const EMULATION = 'serrate_cpu'

const pcsOf = (findings: readonly string[]): readonly number[] => {
  const sites = findings.flatMap((f) => [...f.matchAll(SITE)].map((m) => Number(m[1])))
  return [...new Set(sites)].filter((site) => site > 0 && site < LINE)
}

/** Innermost frame outside the emulation's headers, "causal_f32_d64.cu:120". */
const frameOf = (frames: readonly string[]): string | undefined => {
  const named = frames.filter((f) => /:\d/.test(f))
  const frame = named.find((f) => !basename(f).startsWith(EMULATION) && !f.includes(`${EMULATION}/`)) ?? named[0]
  return frame && basename(frame).replace(/ \(discriminator.*/, '')
}

/** Where each program counter of a module was compiled from; an empty map without addr2line. */
const resolve = async (module: string, pcs: readonly number[]): Promise<ReadonlyMap<number, string>> => {
  const { status, stdout } = await execute('addr2line', ['-a', '-i', '-e', module, ...pcs.map((pc) => `0x${pc.toString(16)}`)])
  if (status !== 0) return new Map()
  const found = new Map<number, string[]>()
  let frames: string[] = []
  for (const line of stdout.trim().split('\n'))
    if (/^0x[0-9a-f]+$/.test(line)) found.set(Number(line), (frames = []))
    else frames.push(line)
  return new Map([...found].flatMap(([pc, all]) => { const frame = frameOf(all); return frame ? [[pc, frame] as const] : [] }))
}

/** Findings with every site as file:line, as "module+0x1f2" where the line is not known. */
export const withPlaces = async (module: string, kernel: string, findings: readonly string[]): Promise<readonly string[]> => {
  const pcs = pcsOf(findings)
  const places = pcs.length > 0 ? await resolve(module, pcs) : new Map<number, string>()
  const place = (site: number): string =>
    site === 0 ? 'an unknown place' : site >= LINE ? `${kernel}.cu:${site - LINE}` : places.get(site) ?? `${kernel}+0x${site.toString(16)}`
  return findings.map((f) => f.replace(SITE, (_whole, site: string) => place(Number(site))))
}
