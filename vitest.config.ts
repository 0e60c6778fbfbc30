import {defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    disableConsoleIntercept: true,
    reporters: ['default', './test/fakes/summary-reporter.ts'],
    include: ['test/{unit,contract,commands,package}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {provider: 'v8', include: ['src/**/*.ts', 'commands/**/*.ts'], reporter: ['text-summary']},
    // The hubs that tests start and the homes they write must never be a person's own.
    setupFiles: ['test/fakes/isolate.ts'],
  },
})
