export * from './axes.ts'
export * from './print.ts'
export * from './types.ts'
export * from './manifest.ts'
