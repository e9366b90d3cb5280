export { merge } from './merge.ts'
export { fuseProgram, type FusedProgram, type Saved } from './program.ts'
