import path from 'node:path'
import {JhubError} from '../errors.js'
import type {HubContext} from './hub-context.js'
import {readStored, saveSpec} from './spec-store.js'

export interface NewSpec {
  /** The file. */
  readonly spec: string
  readonly hub: string
}

/** Writes a spec that was not there, here unless another place was named. Never over one that is there: `JHUB-E402`. */
export async function saveNewSpec(
  context: HubContext,
  source: string,
  fix: string | readonly string[],
): Promise<NewSpec> {
  const {currentDirectory, file: asked} = context.asked
  const file = path.resolve(currentDirectory, asked ?? 'jhub.yaml')
  if ((await context.host.files.stat(file)) !== undefined)
    throw new JhubError('JHUB-E402', `${file} is there already`, {fix})
  const stored = readStored(file, source)
  await saveSpec(context, stored)
  return {spec: file, hub: stored.spec.name}
}
