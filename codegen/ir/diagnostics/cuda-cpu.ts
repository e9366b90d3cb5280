import type { DiagnosticTable } from './types.ts'

export const cudaCpu = {
  SR4501: { severity: 'error', message: 'CUDA on the CPU compiles sources with {command}, which cannot be run: {reason}.', fix: 'Install g++ 12 or newer (Debian: apt-get install g++), or name one in SERRATE_CXX.' },
  SR4502: { severity: 'error', message: '{what} does not compile with {compiler}: {reason}', fix: 'This is a defect of the emitter, or the compiler is older than g++ 12: report the definition and the schedule.' },
  SR4503: { severity: 'error', message: 'CUDA on the CPU switches stacks by hand and knows Linux on x64; this is {platform}.', fix: 'Run it on a linux-x64 machine or container.' },
  SR4504: { severity: 'error', message: 'The cache folder {folder} cannot be written: {reason}.', fix: 'Name a writable folder in SERRATE_CACHE, or with cacheDir.' },
  SR4505: { severity: 'error', message: 'The kernel {kernel} was disposed.', fix: 'Compile it again.' },
  SR4506: { severity: 'error', message: 'The schedule policy {policy} is not known.', fix: 'Use one of: {known}.' },
} as const satisfies DiagnosticTable
