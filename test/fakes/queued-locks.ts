import type {Locks} from '../../src/host/files/locks.js'

/** Locks within this process: whoever asks for a path waits for those who asked before. */
export function queuedLocks(): Locks {
  const last = new Map<string, Promise<unknown>>()
  return {
    hold(path, _options, action) {
      const turn = (last.get(path) ?? Promise.resolve()).then(action)
      last.set(
        path,
        turn.catch(() => undefined),
      )
      return turn
    },
  }
}
