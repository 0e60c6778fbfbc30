import {JhubError, messageOf} from '../errors.js'
import {flattenSteps, type Change, type Progress, type Step, type StepList} from './step.js'

export type StepEvent =
  | {readonly type: 'planned'; readonly list: StepList}
  | {readonly type: 'satisfied' | 'started' | 'undone'; readonly step: Step}
  | {readonly type: 'changed'; readonly step: Step; readonly change: Change}
  | {readonly type: 'progress'; readonly step: Step; readonly progress: Progress | string}
  | {readonly type: 'note'; readonly text: string}
  | {readonly type: 'failed' | 'undo-failed'; readonly step: Step; readonly error: unknown}

export interface RunOptions {
  readonly signal: AbortSignal
  readonly onEvent?: (event: StepEvent) => void
  /** Leave a failed run as it is, for a look at it. */
  readonly keepOnFailure?: boolean
  /** Whether all of them were looked at just now, and none has anything to do. Default: no, they are taken in order. */
  readonly areDone?: boolean
}

export interface PlannedChange extends Change {
  readonly step: string
}

/** Checks every step and applies none. */
export async function planSteps(list: StepList): Promise<readonly PlannedChange[]> {
  const planned = await Promise.all(
    flattenSteps(list).map(async (step) => ({step: step.title, change: await step.check()})),
  )
  return planned.flatMap(({step, change}) => (change === undefined ? [] : [{step, ...change}]))
}

/**
 * Takes every step, in order, and gives what was changed. When one fails or the signal is aborted, the steps of
 * this run are undone in reverse; a failing undo is told beside the first error, never instead of it.
 */
export async function runSteps(list: StepList, options: RunOptions): Promise<readonly PlannedChange[]> {
  const touched: Step[] = []
  const changes: PlannedChange[] = []
  const emit = options.onEvent ?? (() => undefined)

  const runOne = async (step: Step, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted()
    emit({type: 'started', step})
    try {
      const change = await step.check()
      if (change === undefined) {
        emit({type: 'satisfied', step})
        return
      }
      signal.throwIfAborted()
      touched.push(step)
      await step.apply({
        signal,
        report: (progress) => {
          emit({type: 'progress', step, progress})
        },
        note: (text) => {
          emit({type: 'note', text})
        },
      })
      changes.push({step: step.title, ...change})
      emit({type: 'changed', step, change})
    } catch (error) {
      emit({type: 'failed', step, error})
      throw error
    }
  }

  emit({type: 'planned', list})
  try {
    if (options.areDone === true) {
      options.signal.throwIfAborted()
      for (const step of flattenSteps(list)) {
        emit({type: 'started', step})
        emit({type: 'satisfied', step})
      }
      return []
    }
    for (const item of list) {
      if ('together' in item) await runTogether(item.together, options.signal, runOne)
      else await runOne(item, options.signal)
    }
    return changes
  } catch (error) {
    if (options.keepOnFailure !== true) await undoAll(touched, emit)
    throw options.signal.aborted ? interrupted(options.signal) : error
  }
}

/**
 * Checks all steps side by side, where likely none has anything to do; false as soon as one has. What a step cannot check is told
 * when it is its turn.
 */
export async function areStepsDone(list: StepList): Promise<boolean> {
  const checks = flattenSteps(list).map(async (step) => {
    if ((await step.check()) !== undefined) throw new Error(`to do: ${step.title}`)
  })
  return Promise.all(checks).then(
    () => true,
    () => false,
  )
}

async function runTogether(
  steps: readonly Step[],
  signal: AbortSignal,
  runOne: (step: Step, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const sibling = new AbortController()
  const failures: unknown[] = []
  await Promise.all(
    steps.map(async (step) => {
      try {
        await runOne(step, AbortSignal.any([signal, sibling.signal]))
      } catch (error) {
        failures.push(error)
        sibling.abort(error)
      }
    }),
  )
  if (failures.length > 0) throw failures[0]
}

async function undoAll(touched: readonly Step[], emit: (event: StepEvent) => void): Promise<void> {
  for (const step of touched.toReversed()) {
    if (step.undo === undefined) continue
    try {
      await step.undo()
      emit({type: 'undone', step})
    } catch (error) {
      emit({type: 'undo-failed', step, error})
    }
  }
}

function interrupted(signal: AbortSignal): JhubError {
  return new JhubError('JHUB-E130', `Interrupted: ${messageOf(signal.reason)}`, {
    fix: 'Run the same command again: it continues where it stopped.',
  })
}
