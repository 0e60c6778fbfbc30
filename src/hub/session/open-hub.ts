import path from 'node:path'
import {definedOnly} from '../../defined-only.js'
import type {Engine} from '../../engines/engine.js'
import {JhubError} from '../../errors.js'
import type {HubApi} from '../../jupyterhub/hub-api.js'
import {createHubApi} from '../../jupyterhub/create-hub-api.js'
import {tellLeftOver} from '../rehearse/tell-left-over.js'
import type {HubContext} from './hub-context.js'
import type {StoredSpec} from './spec/read-stored.js'
import {loadSpec} from './spec/spec-store.js'

/** A hub as its spec names it, and the way to it. */
export interface OpenHub extends StoredSpec {
  readonly engine: Engine
  /** Why this machine, when the spec left it open. */
  readonly because?: string
  /** `undefined` when the hub is not running. */
  connect(): Promise<HubApi | undefined>
  /** Throws `JHUB-E204` when the hub is not running. */
  requireApi(): Promise<HubApi>
}

export async function openHub(context: HubContext, stored?: StoredSpec): Promise<OpenHub> {
  const found = stored ?? (await loadSpec(context))
  const {name} = found.spec
  await tellLeftOver(context, name)
  const choice = await context.chooseEngine(found.spec, context.host, {
    state: path.join(context.directories.state, name),
    data: path.join(context.directories.data, name),
    assets: context.assets,
    agree: context.agree,
    ...definedOnly({bundle: context.bundle}),
  })
  const connect = async () => {
    const connection = await choice.engine.connect()
    return connection === undefined
      ? undefined
      : createHubApi(connection, {
          signal: context.signal,
          onWait: (text) => context.onEvent({type: 'note', text}),
          beforeAgain: () => choice.engine.connect(),
        })
  }
  return {
    ...found,
    ...choice,
    connect,
    async requireApi() {
      const api = await connect()
      if (api === undefined) throw new JhubError('JHUB-E204', `The hub ${name} is not running`, {fix: 'jhub up'})
      return api
    },
  }
}
