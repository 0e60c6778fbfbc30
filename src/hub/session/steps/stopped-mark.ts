import path from 'node:path'
import type {Step} from '../../../steps/step.js'
import {appliedFile} from '../spec/applied-spec.js'
import type {HubContext} from '../hub-context.js'

/** What is to be expected of a hub: `absent` where none was brought up, or `down` took it away. */
export type Expected = 'running' | 'stopped' | 'absent'

/** `stop` leaves a mark, and `up` takes it away: so a hub that should run is told from one that was stopped. */
export async function expectedOf(context: HubContext, hubName: string): Promise<Expected> {
  const {files} = context.host
  if ((await files.stat(markFile(context, hubName))) !== undefined) return 'stopped'
  return (await files.stat(appliedFile(context, hubName))) === undefined ? 'absent' : 'running'
}

/** Comes before anything is stopped: a `stop` that is killed half-way was meant all the same. */
export function recordStopped(context: HubContext, hubName: string): Step {
  const {files, clock} = context.host
  const file = markFile(context, hubName)
  return {
    title: 'Record that the hub is stopped on purpose',
    async check() {
      return (await expectedOf(context, hubName)) === 'running'
        ? {summary: 'record that the hub is stopped on purpose', disturbs: 'live'}
        : undefined
    },
    apply: () =>
      files.write(file, `${JSON.stringify({stopped: new Date(clock.now()).toISOString()})}\n`, {mode: 0o600}),
  }
}

/** From now on the hub should run, whether it comes up or not. */
export function forgetStopped(context: HubContext, hubName: string): Step {
  const {files} = context.host
  const file = markFile(context, hubName)
  return {
    title: 'Record that the hub should run',
    async check() {
      return (await files.stat(file)) === undefined
        ? undefined
        : {summary: 'record that the hub should run', disturbs: 'live'}
    },
    apply: () => files.remove(file),
  }
}

function markFile(context: HubContext, hubName: string): string {
  return path.join(context.directories.state, hubName, 'stopped.json')
}
