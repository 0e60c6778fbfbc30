import {JhubError} from '../../errors.js'
import type {HubContext} from '../session/hub-context.js'
import {locateSpec, readStored, saveSpec} from '../session/spec-store.js'
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
    await saveSpec(context, readStored(file, edited))
    return {spec: file, changed: true}
  })
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
