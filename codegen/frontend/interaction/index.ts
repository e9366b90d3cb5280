export { readChain, type ReadStep } from './chain.ts'
export { readInteraction, type ReadInteraction } from './definition.ts'
export { selfCheckInteraction } from './selfcheck.ts'
