import { fc, it as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import { parseSafetensors } from '../../cli/safetensors/read.ts'
import { elements, type Tensor, tensorDtypes, type TensorDtype } from '../../cli/safetensors/types.ts'
import { formatSafetensors } from '../../cli/safetensors/write.ts'

const file = (header: unknown, data: number, text = JSON.stringify(header)): Uint8Array => {
  const json = new TextEncoder().encode(text)
  const bytes = new Uint8Array(8 + json.length + data)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
  bytes.set(json, 8)
  return bytes
}
const q = (over: object = {}) => ({ dtype: 'F32', shape: [2], data_offsets: [0, 8], ...over })
const refusal = (bytes: Uint8Array): string => {
  try {
    parseSafetensors(bytes, 'in.safetensors')
    return 'accepted'
  } catch (error) {
    return error instanceof SerrateError ? `${error.code} ${error.diagnostics[0]!.message}` : `crashed: ${error}`
  }
}

const tensor = fc.record({ dtype: fc.constantFrom(...(Object.keys(tensorDtypes) as TensorDtype[])), shape: fc.array(fc.nat(4), { maxLength: 3 }) })
  .chain(({ dtype, shape }) => fc.uint8Array({ minLength: elements(shape) * tensorDtypes[dtype], maxLength: elements(shape) * tensorDtypes[dtype] }).map((bytes): Tensor => ({ dtype, shape, bytes })))

describe('safetensors', () => {
  property.prop([fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }).filter((s) => !s.startsWith('__') && !/^\d+$/.test(s)), tensor, { maxKeys: 4 })])('reads back what it writes', (tensors) => {
    const bytes = formatSafetensors(tensors)
    const read = parseSafetensors(bytes, 'in.safetensors')
    expect([...read.keys()].sort()).toEqual(Object.keys(tensors).sort())
    for (const [name, t] of Object.entries(tensors)) expect({ ...read.get(name)!, bytes: [...read.get(name)!.bytes] }).toEqual({ ...t, bytes: [...t.bytes] })
    expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0)
  })

  property.prop([tensor, tensor, fc.nat()])('no cut or flipped file crashes it', (a, b, at) => {
    const bytes = formatSafetensors({ a, b })
    expect(refusal(bytes.subarray(0, at % bytes.length))).toMatch(/^SR8030/)
    const flipped = bytes.slice()
    flipped[at % 8] = 0xff
    expect(refusal(flipped)).toMatch(/^(SR8030|accepted)/)
  })

  it('skips metadata, as other writers leave it', () => {
    expect([...parseSafetensors(file({ __metadata__: { format: 'pt' }, q: q() }, 8), 'f').keys()]).toEqual(['q'])
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /0 bytes/],
    ['a header longer than the file', file({}, 0).map((b, i) => (i === 0 ? 200 : b)), /claims 200 bytes/],
    ['a header that is no JSON', file(null, 0, '{"q":'), /not JSON/],
    ['a header that is a list', file([], 0), /not a JSON object/],
    ['an unknown dtype', file({ q: q({ dtype: 'F33' }) }, 8), /unknown dtype "F33"/],
    ['a negative shape', file({ q: q({ shape: [-2] }) }, 8), /shape \[-2\]/],
    ['an entry that is no object', file({ q: 3 }, 0), /tensor q/],
    ['offsets that go down', file({ q: q({ data_offsets: [8, 0] }) }, 8), /data_offsets \[8,0\]/],
    ['a size that is not the shape\'s', file({ q: q({ shape: [3] }) }, 8), /holds 8 bytes; F32 \[3\] takes 12/],
    ['a truncated file', file({ q: q() }, 4), /cut off/],
    ['overlapping tensors', file({ q: q(), k: q() }, 8), /overlap/],
    ['a hole', file({ q: q({ data_offsets: [4, 12] }) }, 12), /hole/],
    ['bytes after the last tensor', file({ q: q() }, 12), /4 bytes follow/],
  ])('refuses %s', (_what, bytes, message) => {
    expect(refusal(bytes)).toMatch(/^SR8030 in\.safetensors is not a safetensors file: /)
    expect(refusal(bytes)).toMatch(message)
  })
})
