/** Levenshtein distance, adjacent swaps counted as one. */
export const distance = (a: string, b: string): number => {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j]!, before[j - 2]! + 1)
    }
    before = row
    row = next
  }
  return row[b.length]!
}

/** The nearest known word, when it is near enough to be a slip. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const lower = word.toLowerCase()
  const ranked = known
    .map((candidate) => ({ candidate, far: candidate.toLowerCase().startsWith(lower) && lower ? 0 : distance(lower, candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
  const best = ranked[0]
  // of a word of a letter or two nothing is left that another could be a slip of
  return best && best.far < word.length && best.far <= Math.max(word.length > 2 ? 2 : 1, Math.floor(word.length / 3)) ? best.candidate : undefined
}

/** "Did you mean X? " for the front of a fix, or nothing. */
export const suggestion = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known)
  return near ? `Did you mean ${near}? ` : ''
}
