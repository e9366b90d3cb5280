import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import type { ReportData } from './data.ts'
import { renderReport } from './page.ts'

export type * from './data.ts'
export { renderReport } from './page.ts'
export { collectTileMap, spreadOf, type TileMapOptions } from './tile-map.ts'
export { errorRow, sourceView, tuningView } from './views.ts'

/** Writes the page in one step, its folder made when missing. Throws SR7008. */
export const writeReport = async (data: ReportData, path: string): Promise<void> => {
  const text = renderReport(data)
  try {
    mkdirSync(dirname(path), { recursive: true })
    await writeFileAtomic(path, text)
  } catch (error) {
    fail('SR7008', { path, reason: (error as Error).message })
  }
}
