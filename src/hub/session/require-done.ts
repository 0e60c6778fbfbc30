import {JhubError} from '../../errors.js'
import {planSteps} from '../../steps/run-steps.js'
import type {StepList} from '../../steps/step.js'

/** Looks at what steps were to do. Throws `JHUB-E601` with what is not so; `failure` says it in one sentence. */
export async function requireDone(steps: StepList, failure: string, fix: string): Promise<void> {
  const left = await planSteps(steps)
  if (left.length === 0) return
  const lines = left.map(({step, summary}) => `- ${step}: ${summary}`)
  throw new JhubError('JHUB-E601', `${failure}:\n${lines.join('\n')}`, {fix})
}
