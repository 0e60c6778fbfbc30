import {setTimeout as delay} from 'node:timers/promises'
import {JhubError} from '../../errors.js'
import type {Send} from './hub-request.js'

export interface Patience {
  /** Comes before a request is sent again. Throws where somebody else listens by now: a request carries the token. */
  readonly beforeAgain?: () => Promise<unknown>
  readonly signal?: AbortSignal
  /** Told once for each request that has to wait. */
  readonly onWait?: (text: string) => void
  /** How long a hub that has answered before is waited for. Default: two minutes. */
  readonly silentMs?: number
}

const everyMs = 500

/**
 * Sends a request again while a hub that has answered before does not answer: it restarts, and every request to it may come
 * twice. Throws `JHUB-E204` at once where it has never answered, and when it does not come back.
 */
export function outlastRestart(send: Send, {signal, onWait, beforeAgain, silentMs = 120_000}: Patience = {}): Send {
  let hasAnswered = false
  let silentSince: number | undefined
  return async (path, request) => {
    for (let isTold = false; ; isTold = true) {
      try {
        const answer = await send(path, request)
        hasAnswered = true
        silentSince = undefined
        return answer
      } catch (error) {
        const isAway = error instanceof JhubError && error.code === 'JHUB-E204'
        if (!isAway || !hasAnswered) throw error
        silentSince ??= performance.now()
        if (performance.now() - silentSince >= silentMs) throw error
        if (!isTold)
          onWait?.(`The hub does not answer; waiting for it to come back (${request?.method ?? 'GET'} ${path})`)
        await delay(everyMs, undefined, signal === undefined ? {} : {signal})
        await beforeAgain?.()
      }
    }
  }
}
