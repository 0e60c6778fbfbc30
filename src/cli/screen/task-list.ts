import {Listr, ListrLogger, PRESET_TIMER, ProcessOutput, type ListrTask} from 'listr2'
import type {Step, StepList} from '../../steps/step.js'
import {printable} from '../render/text/printable.js'

/** A list of steps drawn in a terminal. It only shows: the runner of the steps works beside it. */
export interface TaskList {
  settle(step: Step, state: 'started' | 'satisfied' | 'changed'): void
  progress(step: Step, line: string): void
  fail(step: Step, error: unknown): void
  finish(): Promise<void>
}

interface Row {
  readonly ended: Promise<'satisfied' | 'changed'>
  readonly resolve: (state: 'satisfied' | 'changed') => void
  readonly reject: (error: Error) => void
  show: (line: string) => void
}

/** With a space at which no line is broken. */
const noChange = '(no\u00a0change)'

/** What takes less is told as `0.0s`, which says nothing. */
const leastMsTold = 100

export function startTaskList(steps: StepList): TaskList {
  const rows = new Map<Step, Row>()
  const taskOf = (step: Step): ListrTask => {
    const row = newRow()
    rows.set(step, row)
    return {
      title: printable(step.title),
      task: async (_, task) => {
        row.show = (line) => {
          task.output = printable(line)
        }
        if ((await row.ended) === 'satisfied') task.title = `${printable(step.title)} ${noChange}`
        else task.output = ''
      },
    }
  }
  const tasks = steps.map((item): ListrTask => {
    if (!('together' in item)) return taskOf(item)
    const children = item.together.map(taskOf)
    return {task: (_, task) => task.newListr(children, {concurrent: true})}
  })
  const list = new Listr(tasks, {
    concurrent: false,
    exitOnError: true,
    registerSignalListeners: false,
    rendererOptions: {
      logger: new ListrLogger({
        useIcons: true,
        toStderr: [],
        processOutput: new ProcessOutput(process.stderr, process.stderr),
      }),
      collapseSubtasks: false,
      collapseErrors: false,
      showErrorMessage: false,
      timer: {...PRESET_TIMER, condition: (duration) => duration >= leastMsTold},
    },
  })
  const drawn = list.run().then(
    () => undefined,
    () => undefined,
  )
  return {
    settle(step, state) {
      if (state !== 'started') rows.get(step)?.resolve(state)
    },
    progress: (step, line) => rows.get(step)?.show(line),
    fail: (step, error) => rows.get(step)?.reject(error instanceof Error ? error : new Error(String(error))),
    async finish() {
      for (const row of rows.values()) row.reject(new Error('not reached'))
      await drawn
    },
  }
}

function newRow(): Row {
  const {promise, resolve, reject} = Promise.withResolvers<'satisfied' | 'changed'>()
  promise.catch(() => undefined)
  return {ended: promise, resolve, reject, show: () => undefined}
}
