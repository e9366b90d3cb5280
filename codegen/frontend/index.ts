export { type LoadedDefinition, type LoadedFile, loadFile } from './load.ts'
export { checkFile } from './check.ts'
