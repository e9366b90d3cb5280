import type { DiagnosticTable } from './types.ts'

export const analyse = {
  SR2001: {
    severity: 'warning',
    message: 'nothing can be proven about the mask of {name}: every tile is loaded and masked',
    fix: 'add a part that depends on positions only, such as `causal`, with `and`; see docs/masks.md',
  },
  SR2002: {
    severity: 'warning',
    message: 'the mask of {name} keeps no pair at all: every output is 0',
    fix: 'check the comparison: maskMod returns true for a pair to keep',
  },
  SR2003: {
    severity: 'error',
    message: 'capture {capture} ({kind}) of {name} has {got} values where {expected} are needed to count tiles',
    fix: 'give {capture} as {shape}',
  },
  SR2004: {
    severity: 'error',
    message: 'tiles cannot be counted with {what} = {value}',
    fix: 'lengths are whole numbers from 0, blockM, blockN and heads whole numbers from 1',
  },
  SR2005: {
    severity: 'error',
    message: 'the gradient of {name} cannot be derived: {what}',
    fix: 'split the definition in two, or give the gradient of each input in `gradient`',
  },
  SR2006: {
    severity: 'error',
    message: 'the gradient of {name} sums over {axis}, and padded places of its output past the length depend on the reduction too',
    fix: 'give 0 past the length, for example `at.{axis} < seq.lengths.{axis} ? ... : 0`, make the output jagged, or give the gradient in `gradient`',
  },
  SR2007: {
    severity: 'error',
    message: 'In the chain {chain} the axis {axis} of the step {step} is {first} by one of its inputs and {second} by {tensor}.',
    fix: 'Wire inputs whose axes have the same lengths and sizes, or give the definition two axes.',
  },
  SR2008: {
    severity: 'error',
    message: 'In the chain {chain} the input {input} of the step {step} is {wanted}, and {tensor} is {found}.',
    fix: 'Wire a tensor of that layout, or put a step between that changes it.',
  },
} as const satisfies DiagnosticTable
