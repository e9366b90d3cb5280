import { existsSync } from 'node:fs'
import { copyFile, link, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fail, SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import { hash } from '../../codegen/ir/hash.ts'
import type { LaunchPlan, LaunchSource } from '../launch.ts'
import { cached, cachedText } from './cache.ts'
import { execute } from './execute.ts'
import { INCLUDE, runtimeSources, type Toolchain } from './toolchain.ts'

const SHARED_FLAGS = ['-march=native', '-fno-strict-aliasing', '-fwrapv', '-ffp-contract=off']
const RUNNER_FLAGS = ['-std=c++20', '-O2', ...SHARED_FLAGS, '-rdynamic']
const KERNEL_FLAGS = ['-std=c++17', '-DSERRATE_CPU', '-O1', '-g1', '-fPIC', ...SHARED_FLAGS]
const CHECK_FLAGS = ['-fsanitize=thread', '--param=tsan-instrument-func-entry-exit=0']
/** No libtsan: the runner supplies the hooks. */
const LINK_FLAGS = ['-shared', '-nodefaultlibs']
const LIBRARIES = ['-lm', '-lc', '-lgcc']

export interface Builder {
  readonly toolchain: Toolchain
  readonly cacheDir: string
  readonly checks: boolean
}

/** A kernel compiled for the emulation: a shared object and the name of its launcher there. */
export interface BuiltKernel {
  readonly module: string
  readonly launcher: string
}

const compileWith = async (builder: Builder, what: string, args: readonly string[]): Promise<void> => {
  const { status, stderr, error } = await execute(builder.toolchain.command, args)
  if (error) fail('SR4501', { command: builder.toolchain.command, reason: error.message })
  if (status !== 0) fail('SR4502', { what, compiler: builder.toolchain.name, reason: stderr.trim().slice(0, 2000) })
}

/** The program that runs modules: all of `src` as one translation unit. */
export const buildRunner = (builder: Builder): Promise<string> =>
  cached(builder.cacheDir, `runner-${builder.toolchain.key}`, async (target) => {
    const unit = join(dirname(target), 'runner.cpp')
    await writeFile(unit, runtimeSources().map((file) => `#include "${file}"\n`).join(''))
    await compileWith(builder, 'the emulation', [...RUNNER_FLAGS, unit, '-o', target, '-ldl'])
  })

const keyOf = (builder: Builder, kernel: LaunchSource): string => hash([builder.toolchain.key, builder.checks, KERNEL_FLAGS, CHECK_FLAGS, kernel.plan.entries.map((e) => [e.name, e.entryPoint]), kernel.plan.launcher, kernel.text])
const launcherName = (key: string): string => `serrate_k${key}`

/** Kernels may share a unit though their types, constants and even entry points have the same names. */
const inNamespace = (key: string, file: string, { entries, launcher }: LaunchPlan): string => {
  const names = [...entries.map((e) => [e.entryPoint, `k${key}_${e.name}`] as const), ...(launcher === undefined ? [] : [[launcher, launcherName(key)] as const])]
  const lines = names.map(([from, to]) => [`#define ${from} ${to}`, `#undef ${from}`] as const)
  return [...lines.map(([define]) => define), `namespace k${key} {`, `#include "${file}"`, '}', ...lines.map(([, undef]) => undef), ''].join('\n')
}

const modulePath = (builder: Builder, key: string): string => join(builder.cacheDir, `${key}.so`)

/** The same file under another name; a copy where the file system has no links. */
const keep = async (from: string, to: string): Promise<void> => {
  if (existsSync(to)) return
  await link(from, to).catch((error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? undefined : copyFile(from, to)))
}

interface Keyed { readonly kernel: LaunchSource; readonly key: string }

const buildUnit = async (builder: Builder, members: readonly Keyed[]): Promise<void> => {
  const files = await Promise.all(members.map(({ kernel, key }) => cachedText(builder.cacheDir, `text-${key}`, `${kernel.plan.kernel}.cu`, kernel.text)))
  const unitText = ['#include "serrate_cpu.hpp"', ...members.map(({ kernel, key }, i) => inNamespace(key, files[i]!, kernel.plan))].join('\n')
  const module = await cached(builder.cacheDir, `unit-${hash(members.map((m) => m.key))}.so`, async (target) => {
    const unit = join(dirname(target), 'unit.cpp')
    await writeFile(unit, unitText)
    const what = members.map(({ kernel }) => `${kernel.plan.kernel}.cu`).join(', ')
    await compileWith(builder, what, [...KERNEL_FLAGS, ...(builder.checks ? CHECK_FLAGS : []), '-I', INCLUDE, ...LINK_FLAGS, unit, '-o', target, ...LIBRARIES])
  })
  for (const { key } of members) await keep(module, modulePath(builder, key))
}

const doesNotCompile = (error: unknown): boolean => error instanceof SerrateError && error.code === 'SR4502'

/** Compiles kernels as one translation unit, those in the cache left out; one by one when the unit fails, so that SR4502 names the culprit. */
export const buildKernels = async (builder: Builder, kernels: readonly LaunchSource[]): Promise<readonly BuiltKernel[]> => {
  const all = kernels.map((kernel): Keyed => ({ kernel, key: keyOf(builder, kernel) }))
  const missing = [...new Map(all.map((k) => [k.key, k])).values()].filter(({ key }) => !existsSync(modulePath(builder, key)))
  const now = new Date()
  await Promise.all(all.filter((k) => !missing.includes(k)).map(({ key }) => utimes(modulePath(builder, key), now, now).catch(() => undefined)))  // in use: not among the oldest that `prune` drops
  if (missing.length > 0)
    await buildUnit(builder, missing).catch(async (error) => {
      if (missing.length === 1 || !doesNotCompile(error)) throw error
      for (const member of missing) await buildUnit(builder, [member])
    })
  return all.map(({ key }) => ({ module: modulePath(builder, key), launcher: launcherName(key) }))
}
