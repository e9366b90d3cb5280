import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    pool: 'forks',
    reporters: process.env.SERRATE_TEST_JSON ? ['default', ['json', { outputFile: process.env.SERRATE_TEST_JSON }]] : ['default'],
  },
})
