export { openWebGpu, type WebGpuOptions } from './open.ts'
export { closeValidator, validateWgsl, type WgslMessage } from './validate.ts'
