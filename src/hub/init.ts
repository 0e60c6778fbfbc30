import path from 'node:path'
import {JhubError} from '../errors.js'
import type {MachineName} from '../spec/hub-spec.js'
import {renderNewHubSpec} from '../spec/new-hub-spec.js'
import type {HubContext} from './hub-context.js'
import {readStored, saveSpec} from './spec-store.js'

export interface InitOptions {
  readonly mode: 'vm' | 'k8s'
  readonly machine: MachineName
  readonly port: number
  readonly admin: string
}

/** Writes a commented spec, here unless another place was named. Never over one that is there: `JHUB-E402`. */
export async function init(
  context: HubContext,
  options: InitOptions,
): Promise<{readonly spec: string; readonly hub: string}> {
  const {currentDirectory, file: asked, name} = context.asked
  const file = path.resolve(currentDirectory, asked ?? 'jhub.yaml')
  if ((await context.host.files.stat(file)) !== undefined) {
    throw new JhubError('JHUB-E402', `${file} is there already`, {fix: ['jhub config edit', 'jhub up']})
  }
  const source = renderNewHubSpec({name: name ?? 'jhub', ...options})
  const stored = readStored(file, source)
  await saveSpec(context, stored)
  return {spec: file, hub: stored.spec.name}
}
