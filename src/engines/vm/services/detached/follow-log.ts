import type {Clock} from '../../../../host/clock.js'
import type {Files} from '../../../../host/files/files.js'

const firstLookBytes = 1_000_000

/** The last lines of a file and, with `follow`, each new one until the signal is aborted. */
export async function* followLog(
  files: Files,
  clock: Clock,
  path: string,
  options: {readonly lines: number; readonly follow: boolean; readonly signal: AbortSignal},
): AsyncIterable<string> {
  const first = await files.readFrom(path, -firstLookBytes)
  const lines = (first?.text ?? '').split('\n')
  let partial = lines.pop() ?? ''
  yield* lines.slice(-options.lines)
  let offset = first?.end ?? 0
  while (options.follow && !options.signal.aborted) {
    const more = await files.readFrom(path, offset)
    if (more !== undefined && more.text !== '') {
      const fresh = (partial + more.text).split('\n')
      partial = fresh.pop() ?? ''
      offset = more.end
      yield* fresh
    }
    await clock.sleep(300, options.signal).catch(() => undefined)
  }
  if (partial !== '') yield partial
}
