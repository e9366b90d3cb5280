export type { InteractionData } from './data.ts'
export { listsOf, runProgram } from './program.ts'
export { runInteraction, runWhole, type RunOptions } from './run.ts'
