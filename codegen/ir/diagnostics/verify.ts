import type { DiagnosticTable } from './types.ts'

export const verify = {
  SR6001: { severity: 'error', message: 'The table {table} was read at {index}, outside 0 to {last} (length {length}), for q = {q}, kv = {kv}.', fix: 'Limit the index in the hook: clamp(index, 0, {last}), or give the table more entries.' },
  SR6002: { severity: 'error', message: 'The table {table} was read at {index}, which is not a whole number (length {length}), for q = {q}, kv = {kv}.', fix: 'Round the index in the hook, for example with Math.floor.' },
  SR6003: { severity: 'error', message: '{hook} as compiled gives {compiled}, the function itself gives {author}, at b = {b}, h = {h}, q = {q}, kv = {kv}.', fix: 'Keep integers inside 32 bits, out of float comparisons, and off divisors that can be 0 (% 0 is NaN in JavaScript, a number in a kernel); if they are, this is a defect of the front end: report it with the definition.' },
  SR6004: { severity: 'error', message: 'The mutation {mutation} finds nothing to break in {kernel}: {pattern} does not occur.', fix: 'Write its pattern again from the emitted text; a mutation that changes nothing proves nothing.' },
  SR6005: { severity: 'error', message: 'A verification case of {definition} needs {what}; got {value}.', fix: 'Pass {want}.' },
  SR6006: { severity: 'error', message: 'The plain formula of {definition} overflows {dtype} on this case: nothing can be compared with it.', fix: 'Use smaller values or a wider dtype.' },
  SR6007: { severity: 'error', message: 'The pair capture {pair} was read at row {row}, column {column} of [{rows}, {columns}], for q = {q}, kv = {kv}.', fix: 'Limit row and column in the hook; both count inside the sequence, from 0.' },
  SR6008: { severity: 'error', message: 'The table {table} was read at {index}, outside 0 to {last} (length {length}), at {at}.', fix: 'Limit the index, for example clamp(index, 0, {last}), or give the table more entries.' },
} as const satisfies DiagnosticTable
