export interface KernelUse {
  readonly name: string
  readonly registers: number
  readonly spillStores: number
  readonly spillLoads: number
  readonly stack: number
}

/** What `-Xptxas -v` says of each kernel. */
export const readPtxas = (log: string): readonly KernelUse[] =>
  [...log.matchAll(/Compiling entry function '(\w+)'[\s\S]*?(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads[\s\S]*?Used (\d+) registers/g)].map(
    ([, name, stack, stores, loads, registers]) => ({ name: name!, registers: Number(registers), spillStores: Number(stores), spillLoads: Number(loads), stack: Number(stack) }),
  )
