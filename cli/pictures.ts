import type { CaptureInput } from '../codegen/analyse/index.ts'
import type { OutputFile } from '../codegen/emit/write.ts'
import { sequenceView } from '../codegen/ir/layout.ts'
import { maskPicture } from '../report/mask-picture.ts'
import { resolveDefinition } from './resolve.ts'

export interface Picture {
  /** The shipped kernel; the file is docs/pictures/FILE.svg. */
  readonly kernel: string
  readonly file: string
  readonly title: string
  readonly keys: number
  /** Query rows, where they are not the keys. */
  readonly queries?: number
  readonly captures?: Readonly<Record<string, CaptureInput>>
}

const TILE = 8
const KEYS = 96
const none = { contextual: 0, maxAttnLen: 0, minFullAttnSeqLen: 0, numTargets: [0], maxSeqLen: 96, alpha: 1 }

/** Row i sees [0, 8) and [12 · (i / 16) + 8, 12 · (i / 16) + 40): a list of three ends a row, whole tiles among them. */
const threeEnds = (rows: number): Int32Array => Int32Array.from({ length: rows * 3 }, (_, at) => [8, 12 * Math.floor(Math.floor(at / 3) / 16) + 8, 12 * Math.floor(Math.floor(at / 3) / 16) + 40][at % 3]!)

/** Every mask of the catalogue, as docs/masks.md and docs/families show it. */
export const pictures: readonly Picture[] = [
  { kernel: 'full', file: 'full', title: 'full', keys: KEYS },
  { kernel: 'causal', file: 'causal', title: 'causal', keys: KEYS },
  { kernel: 'sliding_window', file: 'sliding_window', title: 'sliding_window, window 28', keys: KEYS, captures: { window: 28 } },
  { kernel: 'local_window', file: 'local_window', title: 'local_window, left 28, right 12', keys: KEYS, captures: { left: 28, right: 12 } },
  { kernel: 'semi_local', file: 'semi_local', title: 'semi_local, local (K1) 20, global (K2) 12', keys: KEYS, captures: { local: 20, global: 12 } },
  { kernel: 'block_diagonal', file: 'block_diagonal', title: 'block_diagonal, blocks of 64', keys: 168 },
  { kernel: 'prefix_lm', file: 'prefix_lm', title: 'prefix_lm, prefix 28', keys: KEYS, captures: { prefix: [28] } },
  { kernel: 'targets', file: 'targets', title: 'targets, 28 candidates', keys: KEYS, captures: { numTargets: [28] } },
  { kernel: 'target_groups', file: 'target_groups', title: 'target_groups, 28 candidates in groups of 5', keys: KEYS, captures: { numTargets: [28], groupSize: 5 } },
  { kernel: 'interval_lists', file: 'interval_lists', title: 'interval_lists, 3 ends a row', keys: KEYS, captures: { intervals: threeEnds(KEYS) } },
  { kernel: 'hstu', file: 'hstu_contextual', title: 'hstu, contextual 12', keys: KEYS, captures: { ...none, contextual: 12 } },
  { kernel: 'hstu', file: 'hstu', title: 'hstu, contextual 12, 20 targets, W 24, F 16', keys: KEYS, captures: { ...none, contextual: 12, numTargets: [20], maxAttnLen: 24, minFullAttnSeqLen: 16 } },
  { kernel: 'hstu_delta', file: 'hstu_delta', title: 'hstu_delta, the last 32 rows, 20 targets', keys: KEYS, queries: 32, captures: { ...none, numTargets: [20] } },
  { kernel: 'cross_causal', file: 'cross_causal', title: 'cross_causal, 40 queries, 96 keys', keys: KEYS, queries: 40 },
  { kernel: 'cross_causal', file: 'cross_causal_long', title: 'cross_causal, 96 queries, 60 keys', keys: 60, queries: KEYS },
]

export const drawPicture = async ({ kernel, title, keys, queries = keys, captures = {} }: Picture): Promise<string> => {
  const { algorithm } = await resolveDefinition(kernel)
  const extent = { layout: { ...algorithm.layout, queries: 'jagged' as const }, sequences: 1, seqOffsets: [0, queries], kvOffsets: [0, keys], queryRows: 0 }
  return maskPicture({ algorithm, view: sequenceView(extent, 0), captures, blockM: TILE, blockN: TILE, title })
}

/** docs/pictures/*.svg, as paths in docs. */
export const pictureFiles = async (): Promise<readonly OutputFile[]> => Promise.all(pictures.map(async (p) => ({ path: `pictures/${p.file}.svg`, content: await drawPicture(p) })))
