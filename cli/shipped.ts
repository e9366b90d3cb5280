import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AttentionDefinition } from '../dsl/attention.ts'
import { kernelsFolder } from './paths.ts'

const interactionsFolder = join(kernelsFolder, 'interaction')
const chainsFolder = join(kernelsFolder, 'chain')
const namesIn = (folder: string): readonly string[] => Object.freeze(readdirSync(folder).filter((f) => f.endsWith('.ts') && f !== 'index.ts').map((f) => basename(f, '.ts')).sort())

/** Attention of kernels/, one a file. */
export const shippedNames = namesIn(kernelsFolder)
/** Feature interactions of kernels/interaction/, one a file; no name is also attention's. */
export const shippedInteractions = namesIn(interactionsFolder)
/** Chains of kernels/chain/, one a file. */
export const shippedChains = namesIn(chainsFolder)
const folderOf = (name: string): string => (shippedInteractions.includes(name) ? interactionsFolder : shippedChains.includes(name) ? chainsFolder : kernelsFolder)
export const shippedFile = (name: string): string => join(folderOf(name), `${name}.ts`)

/** The author's own sentence about a shipped kernel. */
export const shippedAbout = (name: string): string => (/\/\*\* (.*?) \*\//s.exec(readFileSync(shippedFile(name), 'utf8'))?.[1] ?? '').replace(/\s+\*?\s*/g, ' ')

/** The live object of a shipped kernel, without the front end. */
export const importShipped = async (name: string): Promise<AttentionDefinition> =>
  (await import(pathToFileURL(shippedFile(name)).href))[name] as AttentionDefinition
