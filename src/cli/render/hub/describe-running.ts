import {listNames} from '../../../jupyterhub/list-names.js'

/** The servers that a command is about to end, for a question; `what` is what happens to them. */
export function describeRunning(
  {hub, running}: {readonly hub: string; readonly running: readonly string[]},
  what: string,
): string {
  const count = running.length === 1 ? '1 server is running' : `${String(running.length)} servers are running`
  return `${count} on ${hub}: ${listNames(running)}. ${what}: unsaved work is lost. Continue?`
}
