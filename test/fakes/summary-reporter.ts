import {appendFileSync} from 'node:fs'
import type {Reporter, TestModule} from 'vitest/node'

/**
 * Adds a line `passed failed` to the file that JHUB_TEST_SUMMARY names, and before it a line `FAIL name: why` for each test,
 * suite and file that failed, for whoever adds up several runs.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env['JHUB_TEST_SUMMARY']
    if (file === undefined || file === '') return
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: string) => tests.filter((test) => test.result().state === state).length
    const failures = [
      ...modules.flatMap((module) =>
        [module, ...module.children.allSuites()].flatMap((suite) =>
          suite.errors().map((error) => failure(module.relativeModuleId, error.message)),
        ),
      ),
      ...tests.flatMap((test) =>
        (test.result().errors ?? []).map((error) =>
          failure(`${test.module.relativeModuleId} > ${test.fullName}`, error.message),
        ),
      ),
    ]
    appendFileSync(file, [...failures, `${String(count('passed'))} ${String(count('failed'))}`, ''].join('\n'))
  }
}

function failure(name: string, message: string): string {
  return `FAIL ${name}: ${message.replaceAll(/\s+/g, ' ').slice(0, 400)}`
}
