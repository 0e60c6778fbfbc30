import {JhubError} from '../../../errors.js'
import type {HubContext} from '../hub-context.js'
import {readStored} from './read-stored.js'
import {locateNewSpec, saveSpec} from './spec-store.js'

export interface NewSpec {
  /** The file. */
  readonly spec: string
  readonly hub: string
}

/** Writes a spec where every verb looks for it. Never over one that is there: `JHUB-E402`. */
export async function saveNewSpec(
  context: HubContext,
  source: string,
  fix: string | readonly string[],
): Promise<NewSpec> {
  const file = await requireNoSpec(context, fix)
  const stored = readStored(file, source)
  await saveSpec(context, stored)
  return {spec: file, hub: stored.spec.name}
}

/** Where the spec will be. Throws `JHUB-E402` when one is there, before anything is asked. */
export async function requireNoSpec(context: HubContext, fix: string | readonly string[]): Promise<string> {
  const {file, exists} = await locateNewSpec(context)
  if (exists) throw new JhubError('JHUB-E402', `${file} already exists`, {fix})
  return file
}
