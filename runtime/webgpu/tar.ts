import { fail } from '../../codegen/ir/diagnostics/index.ts'

const BLOCK = 512
const field = (header: Uint8Array, at: number, length: number): string => Buffer.from(header.subarray(at, at + length)).toString('latin1').replace(/\0.*$/s, '')

/** Regular files of a ustar archive, by name. */
export const readTar = (bytes: Uint8Array, file: string): ReadonlyMap<string, Uint8Array> => {
  const files = new Map<string, Uint8Array>()
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK)
    const name = field(header, 0, 100)
    if (!name) break
    const size = Number.parseInt(field(header, 124, 12).trim(), 8)
    if (!(size >= 0) || at + BLOCK + size > bytes.length) fail('SR4020', { reader: 'The tar reader', file, reason: `the entry ${name} ends outside it` })
    const type = field(header, 156, 1)
    if (type === '' || type === '0') files.set(name.replace(/^\.\//, ''), bytes.subarray(at + BLOCK, at + BLOCK + size))
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return files
}
