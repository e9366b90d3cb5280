export { checkHooks } from './agree.ts'
export * from './attention.ts'
export type { CaptureInput, CaptureInputs } from './captures.ts'
