import { createHash } from 'node:crypto'

/** JSON with object keys sorted, so that equal values give equal text. */
export const stableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, v) =>
    v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1))) : v,
  )

/** First 16 hex digits of the SHA-256 of a text, or of a value's stable JSON. */
export const hash = (value: unknown): string =>
  createHash('sha256').update(typeof value === 'string' ? value : stableJson(value)).digest('hex').slice(0, 16)

/** Freezes a value and all that it holds. */
export const deepFreeze = <T>(value: T): T => {
  if (value && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
