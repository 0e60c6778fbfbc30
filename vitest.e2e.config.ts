import {defineConfig} from 'vitest/config'
import {LongestFirst} from './test/e2e/longest-first.js'

const kind = ['test/e2e/k8s-*.test.ts']

/**
 * Two machines side by side; clusters, of which one fills a small computer, one at a time. `npm test` runs the two projects
 * beside each other, `npm run test:e2e` one after the other.
 */
export default defineConfig({
  test: {
    disableConsoleIntercept: true,
    reporters: ['default', './test/fakes/summary-reporter.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    sequence: {sequencer: LongestFirst},
    projects: [
      {
        extends: true,
        test: {
          name: 'machines',
          include: ['test/e2e/**/*.test.ts'],
          exclude: kind,
          maxWorkers: 2,
          sequence: {groupOrder: 0},
        },
      },
      {extends: true, test: {name: 'clusters', include: kind, maxWorkers: 1, sequence: {groupOrder: 1}}},
    ],
  },
})
