import { toolVersion } from '../../codegen/emit/version.ts'
import { collectTileMap, errorRow, type ReportData, sourceView, tuningView } from '../../report/index.ts'
import type { DeviceInfo } from '../../runtime/device.ts'
import { movieLensLengths } from '../../tune/index.ts'
import { drawCaptures } from '../../verify/captures.ts'
import { rngOf } from '../../verify/random/rng.ts'
import type { Compiled, TargetRun, Tuned } from './types.ts'

const pictured = ['causal', 'sliding_window', 'prefix_lm', 'hstu']

const tileMaps = ({ loaded, sources }: Compiled): ReportData['tileMaps'] =>
  loaded.filter((d) => pictured.includes(d.algorithm.name)).map(({ algorithm }) => {
    const lengths = movieLensLengths()
    const tokens = lengths.reduce((sum, l) => sum + l, 0)
    const { blockM, blockN } = sources.find((s) => s.algorithm === algorithm)!.kernels[0]!.manifest
    const captures = drawCaptures(algorithm.captures.filter((c) => c.default === undefined), { heads: 1, sequences: lengths.length, rows: tokens, end: tokens }, rngOf(1, 'capture', algorithm.name))
    return collectTileMap({ algorithm, lengths, heads: 1, captures, blockM, blockN })
  })

/** What the page shows of one run of the main job. */
export const reportData = (device: DeviceInfo, compiled: Compiled, runs: readonly TargetRun[], tuned: Tuned | undefined, figures: ReportData['figures'], summary: string): ReportData => ({
  title: 'Serrate: what this machine measured',
  summary,
  figures,
  tool: toolVersion,
  device: { name: device.name, backend: device.backend, software: device.software, details: [...(device.driver ? [`driver ${device.driver}`] : []), `features: ${device.features.join(', ') || 'none'}`, `subgroups of ${device.subgroupSize || 'none'}`] },
  lengths: { name: 'MovieLens latest-small, events per user', values: movieLensLengths() },
  tileMaps: tileMaps(compiled),
  tuning: tuned ? [tuningView(tuned.result, tuned.lengths)] : [],
  errors: runs.flatMap((r) => r.verified.map((v) => errorRow(v.kernel, v.target, v.result))),
  sources: compiled.sources.map((s) => sourceView(s.algorithm, s.kernels)),
})
