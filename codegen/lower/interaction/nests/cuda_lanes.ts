import type { Block, VectorRead } from '../block.ts'

export interface Lanes {
  readonly vectors: readonly VectorRead[]
  /** Statements of one lane, and what it gives. */
  readonly lane: readonly string[]
  readonly value: string
}

/** The text of a vector's elements: reads along the vector are arrays `vector_NAME`, element i of them is the lane's. */
export const laneNames = (block: Block, value: string, coordinate: string, vector: number): Lanes => {
  const text = [...block.lane, value].join('\n')
  const uses = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(text)
  const own = coordinate !== '' && uses(coordinate) ? [`const int ${coordinate} = start_${coordinate.slice(3)}${vector > 1 ? ' + i' : ''};`] : []
  return { vectors: block.vectors, lane: [...own, ...block.vectors.filter((v) => uses(v.name)).map((v) => `const ${v.type} ${v.name} = vector_${v.name}[i];`), ...block.lane], value }
}
