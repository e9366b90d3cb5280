import type { DiagnosticTable } from './types.ts'

export const input = {
  SR5001: { severity: 'error', message: 'seqOffsets is {type}; offsets are i32 or i64.', fix: 'Pass an Int32Array or a BigInt64Array of B + 1 numbers.' },
  SR5002: { severity: 'error', message: 'seqOffsets is empty; {name} needs B + 1 offsets.', fix: 'Pass [0] for no sequences.' },
  SR5003: { severity: 'error', message: 'seqOffsets starts at {value}, not at 0.', fix: 'Subtract {value} from every offset, or slice q, k and v to start at the first sequence.' },
  SR5004: { severity: 'error', message: 'seqOffsets goes down: seqOffsets[{index}] = {value} after {before}.', fix: 'Offsets are running sums of the lengths: each at least the one before it.' },
  SR5005: { severity: 'error', message: 'seqOffsets ends at {value}, past the {rows} packed rows of q.', fix: 'Give q, k and v at least {value} rows, or lower the last offset to {rows}.' },
  SR5006: { severity: 'error', message: 'The length {value} of sequence {index} is not a whole number from 0.', fix: 'Pass lengths as non-negative whole numbers whose sum is below 2147483648; 0 is an empty sequence.' },
  SR5010: { severity: 'error', message: 'The capture {name} of {kernel} is not given.', fix: 'Pass {name}: {kind} {dtype}, shape {shape}.' },
  SR5011: { severity: 'error', message: '{kernel} has no capture {name}.', fix: 'Did you mean {closest}? Its captures: {known}.' },
  SR5012: { severity: 'error', message: 'The capture {name} ({kind}) has {got} elements; its shape is {shape}.', fix: 'Pass {shape} elements of {dtype}.' },
  SR5013: { severity: 'error', message: 'The capture {name} is {got}; it is declared {dtype}.', fix: 'Pass {want}.' },
  SR5014: { severity: 'error', message: 'The capture {name} is i32; {value} is not a whole number from -2147483648 to 2147483647.', fix: 'Round it first, or declare the capture as f32.' },
  SR5015: { severity: 'error', message: 'The table {name} is empty; a read of it has no value.', fix: 'Pass at least one entry{perHead}.' },
  SR5020: { severity: 'error', message: '{tensor} has {got} elements; q, k and v [{rows}, {heads}, {headDim}] have {want}.', fix: 'Pass packed, contiguous q, k and v of one shape [rows, heads, headDim]; headDim of this kernel is {headDim}.' },
  SR5021: { severity: 'error', message: '{tensor} is {got}; this kernel takes {dtype}.', fix: 'Pass {want}, or compile the kernel for another dtype.' },
  SR5022: { severity: 'error', message: '{what} is {value}; it is a whole number from 0.', fix: 'Pass {what} as a non-negative whole number below 2147483648.' },
  SR5023: { severity: 'error', message: 'lse was asked for, but {kernel} was compiled without it.', fix: 'Compile it with lse: true (softmax only), or do not ask for lse.' },
  SR5024: { severity: 'error', message: 'This batch needs {value} workgroups ({tiles} query tiles, {heads} heads); a launch holds at most {limit}.', fix: 'Split the batch, or use a schedule with a larger query tile than {blockM}.' },
} as const satisfies DiagnosticTable
