/** Bytes after a buffer that nothing may write: each 16-bit half is a NaN in f16 and bf16, each word a NaN in f32. */
const CANARY = Uint8Array.of(0xa9, 0x7f, 0xd5, 0x7f)
/** What an output holds before the launch, in every dtype a NaN no kernel computes. */
const POISON = Uint8Array.of(0xe1, 0x7f, 0xe1, 0x7f)

const fillWith = (bytes: Uint8Array, from: number, to: number, pattern: Uint8Array): void => {
  for (let i = from; i < to; i++) bytes[i] = pattern[i & 3]!
}

const aligned = (bytes: number): number => Math.max(4, Math.ceil(bytes / 4) * 4)

/** A buffer's bytes, padded to 4 and followed by `canary` bytes of the canary pattern. */
export const withCanary = (content: Uint8Array, canary: number): Uint8Array => {
  const out = new Uint8Array(aligned(content.length) + aligned(canary) * (canary > 0 ? 1 : 0))
  out.set(content)
  if (canary > 0) fillWith(out, content.length, out.length, CANARY)
  return out
}

/** `bytes` of poison. */
export const poisoned = (bytes: number): Uint8Array => {
  const out = new Uint8Array(bytes)
  fillWith(out, 0, bytes, POISON)
  return out
}

/** One sentence when a byte after `length` is no longer the canary, or the buffer was not read back. */
export const brokenCanary = (name: string, bytes: Uint8Array | undefined, length: number): string | undefined => {
  if (!bytes) return `${name} was not read back`
  for (let i = length; i < bytes.length; i++) if (bytes[i] !== CANARY[i & 3]) return `${name}: byte ${i - length} after its ${length} bytes was overwritten`
  return undefined
}

/** True where `size` bytes still hold poison. */
export const isPoison = (bytes: Uint8Array, at: number, size: 2 | 4): boolean => {
  for (let j = at; j < at + size; j++) if (bytes[j] !== POISON[j & 3]) return false
  return true
}

/** One sentence when one of the first `length` bytes of an input is no longer what it was. */
export const changedInput = (name: string, before: Uint8Array | undefined, after: Uint8Array | undefined, length: number): string | undefined => {
  if (!before || !after) return undefined
  for (let i = 0; i < length; i++) if (before[i] !== after[i]) return `${name}: byte ${i} of an input changed`
  return undefined
}
