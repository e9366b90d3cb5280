export { merge } from './merge.ts'
export { fuseProgram, type FusedProgram, type Saved } from './program.ts'
export { chainProgram, type ChainPart } from './chain.ts'
export { attentionTwin, type AttentionTwin } from './attention.ts'
