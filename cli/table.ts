import * as o from './options.ts'
import type { ArgumentSpec, CommandSpec, OptionTable, Values } from './types.ts'

const kernel: ArgumentSpec = { name: 'NAME|FILE[#export]', about: 'a shipped kernel, or a .ts file (with #export where it exports several)', required: true }
const command = <const O extends OptionTable>(spec: CommandSpec<O>): CommandSpec<O> => Object.freeze(spec)

const mixed = [3, 0, 17, 64, 1, 33]

/** Every command. Drives parsing, help, docs/cli.md and its test. */
export const commands = Object.freeze({
  list: command({
    summary: 'The shipped kernels. Attention: layout, normalizer, how tiles are found, paths that schedules can take, captures. Interactions: class, layouts, inputs with a gradient.',
    arguments: [],
    options: {},
    json: 'layouts, kernels: [{ name, family, about, file, normalizer, hooks, captures, layout, tileMode, targets: { wgsl, cuda: { dtypes, templates, paths } } }], interactions: [{ name, family, about, file, class, why, inputs, output, sizes, lengths, captures, dtypes, gradients, templates }], chains: [{ name, family, about, file, steps, kernels, saved }]',
    examples: ['serrate list'],
  }),
  check: command({
    summary: 'Reads definitions and reports what is not supported, with file, line, column and the fix.',
    arguments: [{ name: 'FILE', about: 'a .ts file with definitions, or a shipped kernel', required: true, many: true }],
    options: {},
    json: 'files, definitions: [{ name, family, export, file }], diagnostics: [{ code, severity, message, file, line, column, fix, text }]',
    examples: ['serrate check examples/recency.ts'],
  }),
  emit: command({
    summary: 'Prints one definition at one of its four levels.',
    arguments: [kernel],
    options: { level: o.level, target: o.sourceTarget, dtype: o.elementDtype, dim: o.dim(64), valueDim: o.valueDim, schedule: o.schedule, arch: o.arch, sizes: o.sizes, precision: o.precision, gradient: o.gradient },
    json: 'name, level, target, dtype, headDim, valueDim, text; with source also source and manifest, with plan also plan; an interaction has sizes in place of the dims, and with --gradient steps: [{ writes, source, manifest }]',
    examples: ['serrate emit alibi --level hooks', 'serrate emit examples/recency.ts --target cuda --dtype bf16 --dim 128', 'serrate emit jagged_dense_bmm --sizes d=128,k=64 --gradient w'],
  }),
  build: command({
    summary: 'Compiles definitions to a folder: sources, typed launchers and manifest.json (interactions.json). Nothing is written when one does not compile.',
    arguments: [{ name: 'files', about: '.ts files or shipped kernels; all of kernels/ when none is given', required: false, many: true }],
    options: { out: o.out('dist/kernels'), target: o.targetList, dtype: o.dtypeList, dim: o.dimList, valueDim: o.valueDim, arch: o.arch, sizes: o.sizes, precision: o.precision, gradients: o.gradients },
    json: 'out, kernels: [{ kernel, definition, target, file }], files, written, unchanged',
    examples: ['serrate build examples/recency.ts --out dist/recency --target wgsl,cuda'],
  }),
  verify: command({
    summary: 'Runs one definition on a device and compares it with the definition itself, run in f64.',
    arguments: [kernel],
    options: {
      target: o.runTarget, lengths: o.axisLengthList(mixed), heads: o.heads(2), dim: o.dim(16), dtype: o.elementDtype, seed: o.seed, schedule: o.schedule, withoutLse: o.withoutLse,
      layout: o.layout, kvLengths: o.kvLengths, queryRows: o.queryRows, align: o.align, sharedKeys: o.sharedKeys, kvHeads: o.kvHeads, valueDim: o.valueDim, placement: o.placement,
      sizes: o.sizes, capacities: o.capacities, gradient: o.gradient,
    },
    json: 'name, target, device, errors, tolerance, paths, problems, repro, and what was run: lengths, heads, dim, dtype, seed, schedule, hashes',
    examples: ['serrate verify causal --lengths 3,0,17 --heads 2 --dim 16 --seed 7', 'serrate verify causal --layout cross --lengths 1,5,9 --kv-lengths 9,0,30 --align end --kv-heads 1', 'serrate verify jagged_dense_bmm --lengths 3,0,17 --sizes d=20,k=9'],
  }),
  run: command({
    summary: 'Computes attention over tensors of a safetensors file: q, k, v, seq_offsets; with kv_offsets, keys of their own (kv_index: shared) and, in place of seq_offsets, q as [B, T, heads, dim] or [T, heads, dim]. An interaction, a chain or a gradient over its own tensors, whose shapes give the sizes.',
    arguments: [kernel],
    options: { target: o.runTarget, inputs: o.inputs, output: o.output, schedule: o.schedule, layout: o.layout, align: o.align, maxSeqLen: o.maxSeqLen, sizes: o.sizes, capacities: o.capacities, precision: o.precision, gradient: o.gradient, winners: o.usedWinners },
    json: 'name, target, device, output, tensors: [{ name, dtype, shape }], ignored; an interaction also has dtype, sizes and schedules: [{ writes, schedule, from, reason }]',
    examples: [],
  }),
  tune: command({
    summary: 'Searches the schedule space on this device; every candidate is checked before it is timed. An interrupted search continues.',
    arguments: [kernel],
    options: { target: o.runTarget, lengths: o.axisMovieLens, heads: o.heads(2), dim: o.dim(64), dtype: o.elementDtype, budget: o.budget(60_000), seed: o.seed, winners: o.winners, limit: o.limit, fresh: o.fresh, sizes: o.sizes, capacities: o.capacities, precision: o.precision, gradient: o.gradient },
    json: 'name, target, device, winner: { schedule, ms }, default: { schedule, ms }, speedup, candidates, winners; an interaction has kernels: [{ writes, definition, winner, default, speedup, space, candidates }], one a step',
    examples: ['serrate tune sliding_window --lengths 30,7,19 --heads 1 --dim 16 --budget 2s --winners .serrate/docs-winners.json'],
  }),
  bench: command({
    summary: 'Times shipped kernels on a named workload. Of an interaction each kernel, with the bytes it moves at least beside a plain copy of as many, and of a matrix product its operations.',
    arguments: [{ name: 'NAME|FILE[#export]', about: 'what to time; by default what the workload says (full, causal, hstu; jagged_dense_bmm, dot_interaction_dense)', required: false }],
    options: { workload: o.workload, target: o.runTarget, dtype: o.elementDtype, seed: o.seed, iterations: o.iterations, lengths: o.workloadLengths, sizes: o.sizes, capacities: o.capacities, precision: o.precision, gradient: o.gradient, gradients: o.gradients, winners: o.usedWinners },
    json: 'workload, target, device, rows: [{ name, ms, tflops, gbps, tokens, pairs }]; an interaction has rows: [{ name, part, writes, ms, bytes, flops, gbps, tflops, ofCopy, schedule, picked }], forwardMs, gradientMs',
    examples: ['serrate bench --workload ci-mid --iterations 3', 'serrate bench jagged_softmax --iterations 3'],
  }),
  explain: command({
    summary: 'Says what a diagnostic code means, or what a kernel will do: plan, tiles or loop nest, predicted bytes and flops, steps of a gradient.',
    arguments: [{ name: 'CODE|NAME|FILE[#export]', about: 'SR1234, a shipped kernel, or a .ts file', required: true }],
    options: {
      target: o.sourceTarget, dtype: o.elementDtype, dim: o.dim(64), heads: o.heads(4), lengths: o.axisMovieLens, seed: o.seed, schedule: o.schedule,
      layout: o.layout, kvLengths: o.kvLengths, queryRows: o.queryRows, align: o.align, sharedKeys: o.sharedKeys, kvHeads: o.kvHeads, valueDim: o.valueDim, maxSeqLen: o.maxSeqLen, arch: o.arch,
      sizes: o.sizes, capacities: o.capacities, precision: o.precision,
    },
    json: 'a code: code, severity, message, fix; a kernel: name, layout, lengths, plan, planner, mask, tiles, predicted: { bytes, flops, loadedBytes }; an interaction: name, class, why, sizes, lengths, plan, fused, predicted: { bytes, flops }, gradients; a chain: steps, kernels, saved, kept, attention',
    examples: ['serrate explain SR3003', 'serrate explain sliding_window --lengths 300,20,77', 'serrate explain causal --layout cross --lengths 1,4,20 --kv-lengths 300,20,77 --align end --kv-heads 1', 'serrate explain layer_norm --lengths 300,20,77'],
  }),
  new: command({
    summary: 'Writes a runnable variant and its test.',
    arguments: [{ name: 'NAME', about: 'letters, digits and _', required: true }],
    options: { dir: o.directory('.'), interaction: o.interaction },
    json: 'name, files',
    examples: ['serrate new recency_bias --dir dist/new', 'serrate new row_dot --interaction --dir dist/new'],
  }),
  generate: command({
    summary: 'Renews generated/, docs/cli.md and docs/pictures/ from the sources; writes only what changed and removes what is stale.',
    arguments: [],
    options: { check: o.checkOnly, out: o.out('generated') },
    json: 'out, files, bytes, written, removed',
    examples: ['serrate generate --check'],
  }),
  start: command({
    summary: 'The main job: compiles and verifies all of kernels/, tunes one over the MovieLens lengths, writes report.html.',
    arguments: [],
    options: { budget: o.budget(60_000), report: o.reportFile },
    json: 'report, seconds, device, verified, tuned, skipped',
    examples: [],
  }),
})

export type CommandName = keyof typeof commands
export const commandNames = Object.freeze(Object.keys(commands) as CommandName[])
export type OptionsOf<K extends CommandName> = Values<(typeof commands)[K]['options']>

/** Options that every command takes. */
export const common = Object.freeze({ json: o.json, debug: o.debug })
