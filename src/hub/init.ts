import type {MachineName} from '../hub-spec/hub-spec.js'
import {renderNewHubSpec} from '../hub-spec/new-hub-spec.js'
import type {HubContext} from './session/hub-context.js'
import {saveNewSpec, type NewSpec} from './session/spec/save-new-spec.js'
import {defaultHubName} from './session/spec/spec-store.js'

export interface InitOptions {
  readonly mode: 'vm' | 'k8s'
  readonly machine: MachineName
  readonly port: number
  readonly admin: string
  readonly workshop: boolean
}

/** Writes a commented spec where every verb looks for it. Never over one that is there: `JHUB-E402`. */
export function init(context: HubContext, options: InitOptions): Promise<NewSpec> {
  const source = renderNewHubSpec({name: context.asked.name ?? defaultHubName, ...options})
  return saveNewSpec(context, source, ['jhub config edit', 'jhub init --name ANOTHER', 'jhub init --file ANOTHER'])
}
