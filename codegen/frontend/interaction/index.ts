export { readInteraction, type ReadInteraction } from './definition.ts'
export { selfCheckInteraction } from './selfcheck.ts'
