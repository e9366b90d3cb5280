/** Key of a span's path for people: relative to the working directory, or absolute. A symbol, so that JSON and hashes never see it. */
export const SHOWN: unique symbol = Symbol('shown')

/** Where the author wrote it; 1-based line and column. */
export interface Span {
  /** Relative to the folder of the nearest package.json, with `/`: the same from every working directory and in every checkout. */
  readonly file: string
  readonly [SHOWN]?: string
  readonly line: number
  readonly column: number
  readonly text: string
}
