import type { DiagnosticTable } from './types.ts'

export const tune = {
  SR7001: { severity: 'error', message: 'The winners file {path} cannot be read: {reason}.', fix: 'Repair the file or move it away ({path}), then tune again; it is never overwritten while it cannot be read.' },
  SR7002: { severity: 'warning', message: 'The winner {entry} of {path} is not used: {reason}.', fix: 'Tune again for this problem to replace that entry; the default schedule is used until then.' },
  SR7003: { severity: 'error', message: 'The tuning journal {path} cannot be read: {reason}.', fix: 'Delete {path} to start this search over, or repair it to continue.' },
  SR7004: { severity: 'error', message: 'None of the {tried} schedules tried for {kernel} on {device} gave a right result: {reasons}.', fix: 'Run `serrate verify {kernel}` to see the first error by itself.' },
  SR7005: { severity: 'error', message: 'The device {device} stopped working after {schedule}: {reason}.', fix: 'Run the same command again: it opens the device anew and continues after that schedule.' },
  SR7006: { severity: 'error', message: 'The {kind} {name} is not known.', fix: 'Known: {known}.' },
  SR7007: { severity: 'error', message: 'Tuning needs at least one row, and the given {count} lengths hold {tokens}.', fix: 'Give lengths with a positive sum, for example --lengths 128,512,33.' },
  SR7008: { severity: 'error', message: '{path} cannot be written: {reason}.', fix: 'Choose a folder that exists or can be made, with room and with write permission.' },
  SR7009: { severity: 'error', message: 'No schedule of {template} can run {kernel} here: {space}.', fix: 'Use a smaller head dim, another dtype, or a device with higher limits.' },
  SR7010: { severity: 'error', message: 'The tuning budget is {value}, which is not a time.', fix: 'Give a positive number of milliseconds (the command line takes 60s, 5m).' },
} as const satisfies DiagnosticTable
