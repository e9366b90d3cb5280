import { elements, type Tensor, tensorDtypes } from './types.ts'

/** The bytes of a safetensors file: tensors in the given order, the header padded so that data starts at a multiple of 8. */
export const formatSafetensors = (tensors: Readonly<Record<string, Tensor>>): Uint8Array => {
  let at = 0
  const header: Record<string, unknown> = {}
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    if (bytes.length !== elements(shape) * tensorDtypes[dtype]) throw new Error(`tensor ${name}: ${bytes.length} bytes for ${dtype} [${shape}]`)
    header[name] = { dtype, shape, data_offsets: [at, (at += bytes.length)] }
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const size = Math.ceil(json.length / 8) * 8
  const file = new Uint8Array(8 + size + at).fill(0x20, 8, 8 + size)
  new DataView(file.buffer).setBigUint64(0, BigInt(size), true)
  file.set(json, 8)
  let offset = 8 + size
  for (const { bytes } of Object.values(tensors)) {
    file.set(bytes, offset)
    offset += bytes.length
  }
  return file
}
