import { resolve } from 'node:path'
import { inProject } from './paths.ts'

/** Where `tune` keeps its winners unless it is told otherwise. */
export const usualWinners = (): string => inProject('.serrate', 'winners.json')
/** Winners that come with the shipped kernels. */
export const shippedWinners = inProject('generated', 'winners.json')

/** The files that a launch looks for winners in, in order. */
export const winnersFiles = (given: string | undefined): readonly string[] => (given === undefined ? [usualWinners(), shippedWinners] : [resolve(given)])
