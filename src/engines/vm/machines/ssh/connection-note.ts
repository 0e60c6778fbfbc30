import path from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {definedOnly} from '../../../../defined-only.js'
import {isHubReady} from '../../../../jupyterhub/hub-ready.js'
import type {HubConnection} from '../../../../jupyterhub/hub-connection.js'
import type {Files} from '../../../../host/files/files.js'
import type {Processes} from '../../../../host/processes/processes.js'
import type {Step} from '../../../../steps/step.js'
import {foreignListener, hasForeignListener} from '../require-own-listener.js'

/** Keeps the way to a hub on another machine here (0600), so that a small verb need not ask that machine first. */
export interface ConnectionNote {
  /** `undefined` when nothing was noted, or the hub does not answer there. */
  read(): Promise<HubConnection | undefined>
  keep(connect: () => Promise<HubConnection | undefined>): Step
  /** A hub that was stopped is not there: who answers in its place is not to be asked. */
  forget(): Step
}

export function noteFile(state: string): string {
  return path.join(state, 'connection.json')
}

export interface NotePlaces {
  readonly files: Files
  readonly processes: Pick<Processes, 'hasForeignListener'>
  readonly state: string
}

export function connectionNote({files, processes, state}: NotePlaces): ConnectionNote {
  const file = noteFile(state)
  return {
    async read() {
      const noted = parse(await files.read(file))
      if (noted === undefined) return undefined
      // The first question carries no token.
      const [{ready}, isForeign] = await Promise.all([
        isHubReady(noted.url, noted.trust),
        hasForeignListener(processes, noted.url),
      ])
      if (!ready) return undefined
      if (isForeign) throw foreignListener(noted.url)
      return noted
    },
    forget: () => ({
      title: 'Forget how to reach the hub',
      async check() {
        if ((await files.stat(file)) === undefined) return undefined
        return {summary: 'forget how to reach the hub', disturbs: 'live'}
      },
      apply: () => files.remove(file),
    }),
    keep: (connect) => ({
      title: 'Record how to reach the hub',
      async check() {
        const [noted, real] = [parse(await files.read(file)), await connect()]
        return real !== undefined && isDeepStrictEqual(noted, real)
          ? undefined
          : {summary: 'record how to reach the hub', disturbs: 'live'}
      },
      async apply() {
        const real = await connect()
        if (real !== undefined) await files.write(file, `${JSON.stringify(real)}\n`, {mode: 0o600})
      },
      undo: () => files.remove(file),
    }),
  }
}

function parse(text: string | undefined): HubConnection | undefined {
  if (text === undefined) return undefined
  try {
    const {url, token, trust} = JSON.parse(text) as Partial<HubConnection>
    if (typeof url !== 'string' || typeof token !== 'string') return undefined
    return {url, token, ...definedOnly({trust})}
  } catch {
    return undefined
  }
}
