import {JhubError} from '../errors.js'
import type {HubContext} from './hub-context.js'
import {locateSpec, readStored, saveSpec} from './spec-store.js'
import {withLock} from './with-lock.js'

export interface ConfigEditResult {
  readonly spec: string
  readonly changed: boolean
}

/** Has the person change the spec and saves it only when it is right: a spec with mistakes never takes the place of a good one. */
export async function configEdit(
  context: HubContext,
  edit: (source: string) => Promise<string>,
): Promise<ConfigEditResult> {
  return withLock(context, async () => {
    const {file} = await locateSpec(context)
    const source = await context.host.files.read(file)
    if (source === undefined)
      throw new JhubError('JHUB-E301', `There is no spec at ${file}`, {fix: ['jhub up', 'jhub init']})
    const edited = await edit(source)
    if (edited === source) return {spec: file, changed: false}
    await saveSpec(context, readStored(file, edited))
    return {spec: file, changed: true}
  })
}
