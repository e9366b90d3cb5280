import { readFileSync } from 'node:fs'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { existingFile } from '../values.ts'
import { elements, type Tensor, tensorDtypes, type TensorDtype, type Tensors } from './types.ts'

const MAX_HEADER = 100_000_000
const isCount = (n: unknown): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0

/** Reads a header (u64 length, JSON) and slices the tensors; every rule of the format is checked. Throws SR8030 saying which one broke. */
export const parseSafetensors = (bytes: Uint8Array, file: string): Tensors => {
  const broken = (why: string): never => fail('SR8030', { file, why })
  if (bytes.length < 8) broken(`it has ${bytes.length} bytes, and the header's length alone takes 8`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = Number(view.getBigUint64(0, true))
  if (size > MAX_HEADER || size + 8 > bytes.length) broken(`its header claims ${size} bytes, the file holds ${bytes.length}`)
  const header = parseHeader(new TextDecoder().decode(bytes.subarray(8, 8 + size)), broken)
  const data = bytes.subarray(8 + size)
  const tensors = new Map<string, Tensor>()
  const spans: { readonly name: string; readonly begin: number; readonly end: number }[] = []
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue
    const { dtype, shape, begin, end } = checkEntry(name, entry, broken)
    if (end > data.length) broken(`the tensor ${name} ends at byte ${end} of ${data.length}: the file is cut off`)
    spans.push({ name, begin, end })
    tensors.set(name, Object.freeze({ dtype, shape, bytes: data.subarray(begin, end) }))
  }
  checkSpans(spans, data.length, broken)
  return tensors
}

const parseHeader = (text: string, broken: (why: string) => never): Record<string, unknown> => {
  try {
    const header: unknown = JSON.parse(text)
    return header && typeof header === 'object' && !Array.isArray(header) ? (header as Record<string, unknown>) : broken('its header is not a JSON object')
  } catch (error) {
    if (error instanceof SyntaxError) return broken('its header is not JSON')
    throw error
  }
}

const checkEntry = (name: string, entry: unknown, broken: (why: string) => never) => {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>
  if (typeof dtype !== 'string' || !(dtype in tensorDtypes)) return broken(`the tensor ${name} has the unknown dtype ${JSON.stringify(dtype)}`)
  if (!Array.isArray(shape) || !shape.every(isCount)) return broken(`the tensor ${name} has the shape ${JSON.stringify(shape)}`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount) || offsets[1] < offsets[0]) return broken(`the tensor ${name} has the data_offsets ${JSON.stringify(offsets)}`)
  const [begin, end] = offsets as [number, number]
  const need = elements(shape) * tensorDtypes[dtype as TensorDtype]
  if (end - begin !== need) return broken(`the tensor ${name} holds ${end - begin} bytes; ${dtype} [${shape}] takes ${need}`)
  return { dtype: dtype as TensorDtype, shape: shape as readonly number[], begin, end }
}

const checkSpans = (spans: readonly { readonly name: string; readonly begin: number; readonly end: number }[], total: number, broken: (why: string) => never): void => {
  let at = 0
  for (const { name, begin, end } of [...spans].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) broken(`the tensor ${name} starts at byte ${begin} where ${at} is next: tensors overlap or leave a hole`)
    at = end
  }
  if (at !== total) broken(`${total - at} bytes follow the last tensor`)
}

/** The tensors of a file. Throws SR8014 when it is not there. */
export const readSafetensors = (file: string): Tensors => parseSafetensors(readFileSync(existingFile(file)), file)
