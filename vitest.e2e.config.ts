import {defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    disableConsoleIntercept: true,
    reporters: ['default', './test/fakes/summary-reporter.ts'],
    include: ['test/e2e/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    bail: 1,
    // Journeys install and start real hubs: one at a time.
    fileParallelism: false,
  },
})
