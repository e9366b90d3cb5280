import type { DiagnosticTable } from './types.ts'

export const device = {
  SR4001: { severity: 'error', message: 'No WebGPU adapter was found ({reason}).', fix: 'Install a Vulkan driver, or allow the software adapter (npm i @sparticuz/chromium), or name an ICD file in SERRATE_VK_ICD.' },
  SR4002: { severity: 'error', message: 'The npm package webgpu (Dawn) cannot be loaded: {reason}.', fix: 'Run npm i webgpu on a platform it has a build for (linux-x64, linux-arm64, darwin, win32).' },
  SR4003: { severity: 'error', message: 'The npm package @sparticuz/chromium, which carries SwiftShader, is not installed.', fix: 'Run npm i -D @sparticuz/chromium, or use a machine with a Vulkan driver.' },
  SR4004: { severity: 'error', message: 'SwiftShader cannot be unpacked into {folder}: {reason}.', fix: 'Name a writable folder in SERRATE_CACHE.' },
  SR4005: { severity: 'error', message: 'SwiftShader from npm runs on linux-x64; this is {platform}.', fix: 'Use a real adapter here, or name an ICD file in SERRATE_VK_ICD.' },
  SR4006: { severity: 'error', message: '{adapter} refused the device: {reason}.', fix: 'Ask for fewer features, or for default limits.' },
  SR4007: { severity: 'error', message: '{kernel} needs the feature {feature}; {device} offers: {offered}.', fix: 'Compile it for this device: f32 and subgroups=0 need no feature.' },
  SR4008: { severity: 'error', message: '{kernel} needs {limit} = {need}; {device} allows {have}.', fix: 'Compile it with a schedule for this device (smaller BLOCK_M, BLOCK_N or chunk).' },
  SR4009: { severity: 'error', message: '{kernel} needs {need} lanes of a subgroup in a row; {device} offers {have}{why}.', fix: 'Compile it with subgroups=0.' },
  SR4010: { severity: 'error', message: 'The WGSL of {kernel} does not compile: {reason}.', fix: 'This is a defect of the emitter: report the definition and the schedule.' },
  SR4011: { severity: 'error', message: 'The buffer {name} of {kernel} needs {need} bytes; {device} binds at most {have}.', fix: 'Split the batch: fewer rows per launch.' },
  SR4012: { severity: 'error', message: 'The launch of {kernel} has no buffer {name}.', fix: 'Give initial bytes for every buffer of the manifest: {names}.' },
  SR4013: { severity: 'error', message: 'The buffer {name} of {kernel} has {length} bytes, not a multiple of 4.', fix: 'Pad it to a multiple of 4 bytes.' },
  SR4014: { severity: 'error', message: 'The device {device} was lost: {reason}.', fix: 'Open it again; a kernel that runs for seconds can be stopped by the driver.' },
  SR4015: { severity: 'error', message: '{device} reported an error in {what}: {reason}.', fix: 'Report the definition, the schedule and the lengths; out of memory: use fewer rows per launch.' },
  SR4016: { severity: 'error', message: '{kernel} was emitted for {target}; this device runs {expected}.', fix: 'Compile it with --target {expected}.' },
  SR4017: { severity: 'error', message: '{kernel} needs {need} workgroups; a dispatch holds at most {have}.', fix: 'Use a larger BLOCK_M, or fewer rows per launch.' },
  SR4018: { severity: 'error', message: 'The device {device} is closed.', fix: 'Open another one.' },
  SR4019: { severity: 'error', message: 'The launch of {kernel} has no value for the param {name}.', fix: 'Give a number for each of: {names}.' },
  SR4020: { severity: 'error', message: '{reader} cannot read the archive {file}: {reason}.', fix: 'Install the package again.' },
} as const satisfies DiagnosticTable
