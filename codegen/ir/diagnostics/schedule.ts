import type { DiagnosticTable } from './types.ts'

export const schedule = {
  SR3001: { severity: 'error', message: 'The schedule {schedule} cannot run {kernel}: {message}.', fix: '{fix}' },
  SR3002: { severity: 'error', message: 'No loop nest for {target} computes {dtype}.', fix: 'Use one of: {known}.' },
  SR3003: { severity: 'error', message: 'The head dim {value} is outside 1 to {max}, what the {template} loop nest holds.', fix: 'Use a head dim from 1 to {max}.' },
  SR3004: { severity: 'error', message: '{kernel} binds {need} storage buffers ({names}); this device allows {limit}.', fix: 'Use captures of one dtype (they share a buffer), leave out lse, or ask the device for a higher maxStorageBuffersPerShaderStage.' },
  SR3005: { severity: 'error', message: 'The captures {first} and {second} both bring the name {name} to a kernel.', fix: 'Rename one of them.' },
  SR3006: { severity: 'error', message: 'The schedule of {template} has no field {field} (value {value}).', fix: 'Fields: {known}.' },
  SR3007: { severity: 'error', message: 'A pointwise kernel has no lse: {kernel} was asked for one.', fix: 'Ask for lse only with the softmax normalizer.' },
  SR3008: { severity: 'error', message: 'The schedule field {field} of {template} is {value}, and it says yes or no.', fix: 'Use 0 or 1.' },
  SR3010: { severity: 'error', message: 'The dense axis {axis} of {name} has the size {value}.', fix: 'Give a whole number from 0 for it: --sizes {axis}=64.' },
  SR3011: { severity: 'error', message: '{name} computes with its elements or has f32 tensors, so it has no i32 kernel.', fix: 'Use f32, f16 or bf16; i32 is for definitions that only move elements.' },
} as const satisfies DiagnosticTable
