import type { Dtype } from '../codegen/ir/algorithm.ts'
import type { Family, OptionSpec } from './types.ts'
import { axisLengths, axisNumbers, duration, existingFile, integer, integers, type Lengths, lengths, listOf, oneOf, scheduleFields } from './values.ts'

export const runTargets = ['wgsl', 'cuda', 'cuda-cpu'] as const
export const sourceTargets = ['wgsl', 'cuda'] as const
export const levels = ['hooks', 'algorithm', 'plan', 'source'] as const
export const dtypes = ['f32', 'f16', 'bf16'] as const satisfies readonly Dtype[]
/** Movement of whole numbers too. */
export const elementDtypes = [...dtypes, 'i32'] as const

export type RunTarget = (typeof runTargets)[number]
export type SourceTarget = (typeof sourceTargets)[number]
export type ElementDtype = (typeof elementDtypes)[number]
export type Level = (typeof levels)[number]

const value = <T>(flag: string, about: string, initial: T, parse: (text: string, flag: string) => T, required = false): OptionSpec<T> =>
  Object.freeze({ flag, about, initial, parse, required })
const maybe = <T>(flag: string, about: string, parse: (text: string, flag: string) => T): OptionSpec<T | undefined> => value<T | undefined>(flag, about, undefined, parse)
const needed = <T>(flag: string, about: string, parse: (text: string, flag: string) => T): OptionSpec<T> => value(flag, about, undefined as T, parse, true)

/** A switch: false when absent. */
export const flag = (name: string, about: string): OptionSpec<boolean> => value(name, about, false, () => true)

const only = <T>(family: Family, option: OptionSpec<T>): OptionSpec<T> => Object.freeze({ ...option, only: family })

const text = (t: string): string => t

export const sourceTarget = value<SourceTarget>('--target <target>', 'the language to emit: wgsl or cuda', 'wgsl', oneOf('target', sourceTargets))
export const runTarget = value<RunTarget>('--target <target>', 'where to run: wgsl (WebGPU), cuda (an NVIDIA GPU) or cuda-cpu (the CUDA text on the CPU)', 'wgsl', oneOf('target', runTargets))
export const targetList = value<readonly SourceTarget[]>('--target <list>', 'the languages to emit, as in wgsl,cuda', sourceTargets, listOf('target', sourceTargets))
export const level = value<Level>('--level <level>', 'hooks, algorithm, plan or source', 'source', oneOf('level', levels))
export const dtype = value<Dtype>('--dtype <dtype>', 'element type of q, k, v and out: f32, f16 or bf16', 'f32', oneOf('dtype', dtypes))
export const elementDtype = value<ElementDtype>('--dtype <dtype>', 'element type of the tensors: f32, f16 or bf16; i32 for interactions that only move elements', 'f32', oneOf('dtype', elementDtypes))
export const dtypeList = value<readonly Dtype[]>('--dtype <list>', 'element types, as in f32,f16', ['f32'], listOf('dtype', dtypes))
export const dim = (initial: number) => only('attention', value<number>('--dim <n>', 'head dim', initial, integer(1)))
export const dimList = only('attention', value<readonly number[]>('--dim <list>', 'head dims, as in 64,128', [64], integers(1)))
export const heads = (initial: number) => only('attention', value<number>('--heads <n>', 'number of heads', initial, integer(1)))
export const queryLayouts = ['self', 'cross', 'dense', 'broadcast'] as const
export const layout = only('attention', maybe('--layout <layout>', 'where queries lie: self, cross (jagged, offsets of their own), dense ([B, T]) or broadcast (one block of T for all); default the definition\'s own', oneOf('layout', queryLayouts)))
export const align = only('attention', maybe('--align <side>', 'positions of the queries: start, or end (the last query has the last key\'s)', oneOf('align', ['start', 'end'] as const)))
export const kvLengths = only('attention', maybe('--kv-lengths <list|file>', 'lengths of the keys, where queries are not self', lengths))
export const queryRows = only('attention', maybe('--query-rows <n>', 'T, rows of every sequence\'s queries (dense, broadcast)', integer(0)))
export const kvHeads = only('attention', maybe('--kv-heads <n>', 'key heads, a divisor of the heads', integer(1)))
export const maxSeqLen = only('attention', maybe('--max-seq-len <n>', 'a length that no sequence passes: the planner may pack short sequences, or list the longest first', integer(1)))
export const valueDim = only('attention', maybe('--value-dim <n>', 'dim of v and out; default the head dim', integer(1)))
export const sharedKeys = only('attention', flag('--shared-keys', 'sequences read the keys of a sequence drawn for each'))
export const placement = only('attention', maybe('--placement <how>', 'how tensors lie: packed, headMajor or view (of a packed q, k, v row)', oneOf('placement', ['packed', 'headMajor', 'view'] as const)))
export const seed = value<number>('--seed <n>', 'inputs and captures are drawn from it', 1, integer(0))
export const lengthList = (initial: readonly number[]) =>
  value<readonly number[]>('--lengths <list|file>', 'sequence lengths: 3,0,17, none for no sequences, or a JSON file (an array or { lengths })', initial, lengths)
const byAxis = 'sequence lengths: 3,0,17, none for no sequences, a JSON file (an array or { lengths }), or by axis, "i=3,0 j=17,4"'
export const axisLengthList = (initial: readonly number[]) => value<Lengths>('--lengths <list|file>', byAxis, initial, axisLengths)
export const workloadLengths = only('interaction', maybe('--lengths <list|file>', `${byAxis}; default those of the workload`, axisLengths))
export const axisMovieLens = maybe('--lengths <list|file>', `${byAxis}; default the MovieLens histories`, axisLengths)
export const sizes = only('interaction', maybe('--sizes <list>', 'sizes of dense axes, as in d=128,k=64; default 64 for each', axisNumbers))
export const capacities = only('interaction', maybe('--capacities <list>', 'rows that a padded tensor has along a jagged axis, as in l=50; default around the longest sequence', axisNumbers))
export const precision = only('interaction', value('--precision <how>', 'f32 products of a contraction: ieee or tf32', 'ieee', oneOf('precision', ['ieee', 'tf32'] as const)))
export const gradient = only('interaction', maybe('--gradient <input>', 'the steps that give the gradient of this input, in place of the forward kernel', text))
export const gradients = only('interaction', flag('--gradients', 'the steps of all gradients too'))
export const interaction = flag('--interaction', 'a feature interaction in place of an attention variant')
export const schedule = maybe('--schedule <fields>', 'fields of the loop nest that replace the default schedule, as in block_m=32,block_n=16', scheduleFields)
export const architectures = ['sm_80', 'sm_90a', 'sm_100'] as const
export const arch = maybe('--arch <name>', 'CUDA source for one architecture: sm_90a takes the Hopper loop nest of attention, and clusters of blocks in reductions; default source for sm_80 and later, where a block has 163 KiB of shared memory', oneOf('arch', architectures))
export const withoutLse = only('attention', flag('--without-lse', 'a softmax kernel that writes no lse'))
export const out = (initial: string) => value<string>('--out <dir>', 'the folder to write into; made when missing', initial, text)
export const inputs = needed('--inputs <file>', 'a safetensors file with q, k, v, the offsets and the captures by name (of two sides: NAME.q and NAME.kv); of an interaction its inputs, offsets.AXIS of each jagged axis, captures and, for a gradient, d_out', existingFile)
export const output = needed('--output <file>', 'the safetensors file to write: out and, for softmax, lse; the gradient of INPUT as d_INPUT', text)
export const budget = (initial: number) => value<number>('--budget <time>', 'how long to search, as in 60s or 5m', initial, duration)
export const workload = value<string>('--workload <name>', 'a named workload of bench/workloads.json', 'ci-mid', text)
export const iterations = value<number>('--iterations <n>', 'timed launches; the median is reported', 10, integer(1, 10_000))
export const directory = (initial: string) => value<string>('--dir <dir>', 'the folder to write into', initial, text)
export const winners = maybe('--winners <file>', 'the winners file to read and write', text)
export const usedWinners = only('interaction', maybe('--winners <file>', 'the winners file to take schedules from; default .serrate/winners.json, where tune keeps them, and generated/winners.json', existingFile))
export const reportFile = value<string>('--report <file>', 'the report to write', 'report.html', text)
export const limit = maybe('--limit <n>', 'keep only this many candidates', integer(1))
export const fresh = flag('--fresh', 'start the search over instead of continuing an interrupted one')
export const checkOnly = flag('--check', 'write nothing; exit 1 where a file differs')
export const json = flag('--json', 'print one JSON document on stdout, and nothing else there')
export const debug = flag('--debug', 'show the stack of an unexpected error')
