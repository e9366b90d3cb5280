export { distinct, drawInteractionCase, type InteractionCase, type InteractionShape } from './case.ts'
export { type ExpectedInteraction, expectedInteraction } from './expected.ts'
export { type InteractionVerdict, verifyInteraction } from './kernel.ts'
export { compileProgram, type CompiledProgram, drawProgramCase, inputsOfProgram, verifyProgram } from './program.ts'
