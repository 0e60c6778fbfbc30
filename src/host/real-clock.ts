import {setTimeout as delay} from 'node:timers/promises'
import type {Clock} from './clock.js'

export const realClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (durationMs, signal) => {
    try {
      await delay(durationMs, undefined, signal === undefined ? {} : {signal})
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  },
}
