import {JhubError} from '../../errors.js'
import {claimHub} from '../session/claim-hub.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub} from '../session/open-hub.js'
import {locateSpec, readStored, saveSpec, type StoredSpec} from '../session/spec-store.js'
import {withLock} from '../session/with-lock.js'

export interface ConfigEditResult {
  readonly spec: string
  readonly changed: boolean
}

/**
 * Has the person change the spec and saves it only when it is right: a spec with mistakes never takes the place of a good
 * one. `edit` is given what is wrong with a text, so that the person can go on from it.
 */
export async function configEdit(
  context: HubContext,
  edit: (source: string, problemOf: (text: string) => string | undefined) => Promise<string>,
): Promise<ConfigEditResult> {
  return withLock(context, async () => {
    const {file} = await locateSpec(context)
    const source = await context.host.files.read(file)
    if (source === undefined)
      throw new JhubError('JHUB-E301', `There is no spec at ${file}`, {fix: ['jhub up', 'jhub init']})
    const edited = await edit(source, (text) => problemOf(file, text))
    if (edited === source) return {spec: file, changed: false}
    const stored = readStored(file, edited)
    await saveSpec(context, stored)
    await tellOtherOwner(context, stored)
    return {spec: file, changed: true}
  })
}

/** The file may be edited whoever owns the hub: but it then changes nothing of it. */
async function tellOtherOwner(context: HubContext, stored: StoredSpec): Promise<void> {
  try {
    await claimHub(context, await openHub(context, stored))
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    if (error.code === 'JHUB-E404') context.onEvent({type: 'warning', text: error.message})
  }
}

function problemOf(file: string, text: string): string | undefined {
  try {
    readStored(file, text)
    return undefined
  } catch (error) {
    if (error instanceof JhubError) return error.message
    throw error
  }
}
