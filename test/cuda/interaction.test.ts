import { expect, test } from 'vitest'
import type { NativeDriver } from '../../runtime/cuda/driver.ts'
import { openCuda } from '../../runtime/cuda/index.ts'
import { prepareInteraction } from '../../runtime/interaction/index.ts'
import { fakeDriver } from '../error/fake-driver.ts'
import { D, sumSource } from '../runtime-inputs/interactions.ts'

/** Blocks and threads of each launch on a machine of 132 multiprocessors. */
const launched = (native: NativeDriver): { readonly native: NativeDriver; readonly grids: readonly (readonly unknown[])[] } => {
  const grids: unknown[][] = []
  const spied = new Proxy(native, { get: (of, name: keyof NativeDriver) => (...args: readonly unknown[]) => { if (name === 'launch') grids.push([args[1], args[4]]); return of[name](...args) } })
  return { native: spied, grids }
}

test('the driver starts each entry with its own grid; a persistent one with no more than its blocks a multiprocessor', async () => {
  const { native, grids } = launched(fakeDriver().native)
  const device = await openCuda({ native, compiler: { name: 'none', compile: async () => Buffer.from('cubin') } })
  const source = sumSource('cuda')
  for (const parts of [4, 1000]) {
    const manifest = { ...source.manifest, schedule: { ...source.manifest.schedule, values: { parts } } }
    const compiled = await device.compileInteraction({ ...source, manifest })
    await compiled.run(prepareInteraction(manifest, { tensors: { x: new Float32Array(2 * D) }, offsets: { l: Int32Array.of(0, 2) } }).job!)
    compiled.dispose()
  }
  expect(grids).toEqual([[4, 32], [1, 32], [264, 32], [1, 32]])
  await device.close()
})
