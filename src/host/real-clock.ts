import {setTimeout as delay} from 'node:timers/promises'
import type {Clock} from './clock.js'

/** Goes on evenly: somebody who sets the computer's clock, or sends the computer to sleep, makes no wait longer or shorter. */
export const realClock: Clock = {
  now: () => Math.round(performance.timeOrigin + performance.now()),
  sleep: async (durationMs, signal) => {
    try {
      await delay(durationMs, undefined, signal === undefined ? {} : {signal})
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  },
}
