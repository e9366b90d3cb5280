const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}

/** The candidate a misspelt name most likely means, or undefined when none is near. */
export const closest = (name: string, candidates: readonly string[]): string | undefined => {
  const ranked = candidates.map((c) => ({ c, d: distance(name.toLowerCase(), c.toLowerCase()) })).sort((a, b) => a.d - b.d)
  return ranked[0] && ranked[0].d <= Math.max(1, Math.floor(name.length / 3)) ? ranked[0].c : undefined
}
