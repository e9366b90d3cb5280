const declared = /^(?:const )?(?:unsigned |long |[\w:]+&? )+(\w+)(?: = .*)?;$/

/** Statements without the declarations of one name that nothing after them reads. */
export const pruned = (lines: readonly string[], after: string): readonly string[] => {
  const kept: string[] = []
  let text = after
  for (const line of [...lines].reverse()) {
    const name = declared.exec(line)?.[1]
    if (name !== undefined && !line.includes(', ') && !new RegExp(`\\b${name}\\b`).test(text)) continue
    kept.unshift(line)
    text += `\n${line}`
  }
  return kept
}

export const reads = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(text)
