import './quiet.mjs'

// After it, so that Node's compile cache holds for all that the program loads.
const { main } = await import('./program.ts')

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? process.exitCode ?? 0 : 1))
await main(process.argv.slice(2))
process.exit()
