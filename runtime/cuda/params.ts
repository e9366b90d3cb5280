import type { LaunchField } from '../launch.ts'

const POINTER = 8, FIELD = 4

const write: Readonly<Record<LaunchField['type'], (bytes: Buffer, value: number, at: number) => void>> = {
  u32: (bytes, value, at) => bytes.writeUInt32LE(value >>> 0, at),
  i32: (bytes, value, at) => bytes.writeInt32LE(value | 0, at),
  f32: (bytes, value, at) => bytes.writeFloatLE(value, at),
}

interface Named { readonly buffers: readonly { readonly name: string }[]; readonly params: readonly LaunchField[] }

/** Bytes of the kernels' `struct Params` as C lays it out: pointers in the order of the buffers, then its params; a multiple of 8. */
export const packParams = (manifest: Named, pointers: Readonly<Partial<Record<string, bigint>>>, values: Readonly<Record<string, number>>): Buffer => {
  const fields = manifest.buffers.length * POINTER
  const bytes = Buffer.alloc(Math.ceil((fields + manifest.params.length * FIELD) / POINTER) * POINTER)
  manifest.buffers.forEach((b, i) => bytes.writeBigUInt64LE(pointers[b.name]!, i * POINTER))
  manifest.params.forEach((p, i) => write[p.type](bytes, values[p.name]!, fields + i * FIELD))
  return bytes
}
