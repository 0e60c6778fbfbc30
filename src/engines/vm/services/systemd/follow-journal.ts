import type {Clock} from '../../../../host/clock.js'
import {longestTimerMs} from '../../../../host/longest-timer.js'
import {accountName} from '../../../../hub-spec/people/user-name.js'
import type {LogOptions} from '../../../engine.js'
import type {SystemdMachine} from './systemd-machine.js'
import {unitNames} from './units.js'

/** The last lines of a unit's journal and, with `follow`, each new one until the signal is aborted. */
export async function* followJournal(
  {run, hubName, isThere}: SystemdMachine,
  clock: Clock,
  {of, lines, follow, signal}: LogOptions,
): AsyncIterable<string> {
  if (!(await isThere())) return
  const names = unitNames(hubName)
  const unit = typeof of === 'string' ? names.service(of) : `${serverUnit(names.serverTemplate, of.user)}.service`
  const waiting: string[] = []
  const reader = new AbortController()
  const reading = run(
    [
      'journalctl',
      '--unit',
      unit,
      '--lines',
      String(lines),
      '--output=cat',
      '--quiet',
      ...(follow ? ['--follow'] : []),
    ],
    {onLine: (line) => waiting.push(line), signal, okExitCodes: [0, 1, -9], timeoutMs: longestTimerMs},
  )
    .catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
    .finally(() => {
      reader.abort()
    })
  reading.catch(() => undefined)
  for (;;) {
    yield* waiting.splice(0)
    if (waiting.length > 0) continue
    if (reader.signal.aborted || signal.aborted) break
    await clock.sleep(20, reader.signal).catch(() => undefined)
  }
  await reading
}

export function serverUnit(template: string, userName: string): string {
  return template.replace('{ACCOUNT}', accountName(userName))
}
