import type { InteractionProgram, KernelStep } from './types.ts'

const isKernel = (s: InteractionProgram['steps'][number]): s is KernelStep => s.kind === 'kernel'

/** Every kernel that a program may need: its own steps, and those that take sums apart. */
export const kernelsOf = (p: InteractionProgram): readonly KernelStep[] => [...p.steps, ...(p.apart?.steps ?? [])].filter(isKernel)
