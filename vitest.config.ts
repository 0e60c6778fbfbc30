import {availableParallelism} from 'node:os'
import {defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    disableConsoleIntercept: true,
    reporters: ['default', './test/fakes/summary-reporter.ts'],
    include: ['test/{unit,contract,commands,package}/**/*.test.ts'],
    // Tests of fakes wait more than they work: one worker, which is what vitest takes on two cores, leaves half of one idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // A busy machine takes long for the tests that fail or kill a hub at each of its changes.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    expect: {poll: {timeout: 60_000}},
    coverage: {provider: 'v8', include: ['src/**/*.ts', 'commands/**/*.ts'], reporter: ['text-summary']},
    // The hubs that tests start and the homes they write must never be a person's own.
    setupFiles: ['test/fakes/isolate.ts'],
  },
})
