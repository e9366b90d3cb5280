export { readChain, type ReadStep } from './chain.ts'
export { readInteraction, type ReadInteraction } from './definition.ts'
export { readOverrides } from './overrides.ts'
export { selfCheckInteraction } from './selfcheck.ts'
