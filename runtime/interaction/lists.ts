/** For each value 0..n-1 the positions of the keys that have it, ascending, one value after another; keys elsewhere are in no list. */
export const listsOf = (keys: ArrayLike<number>, n: number): { readonly offsets: Int32Array; readonly items: Int32Array } => {
  const offsets = new Int32Array(n + 1)
  const inside = (key: number): boolean => key >= 0 && key < n
  for (let i = 0; i < keys.length; i++) if (inside(keys[i]!)) offsets[keys[i]! + 1]!++
  for (let v = 0; v < n; v++) offsets[v + 1]! += offsets[v]!
  const next = offsets.slice(0, n)
  const items = new Int32Array(offsets[n]!)
  for (let i = 0; i < keys.length; i++) if (inside(keys[i]!)) items[next[keys[i]!]!++] = i
  return { offsets, items }
}
