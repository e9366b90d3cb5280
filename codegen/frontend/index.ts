export { type LoadedChain, type LoadedDefinition, type LoadedFile, type LoadedInteraction, loadFile } from './load.ts'
export { checkFile } from './check.ts'
