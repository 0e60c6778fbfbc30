import {JhubError} from '../errors.js'
import type {HubContext} from './session/hub-context.js'
import {loadSpec} from './session/spec/spec-store.js'
import {expectedOf} from './session/steps/stopped-mark.js'
import {up, type UpResult} from './up.js'

/** Like `up`, for a hub that is there. Throws `JHUB-E304` for one that was never brought up, or was removed. */
export async function start(context: HubContext): Promise<UpResult> {
  const {name} = (await loadSpec(context)).spec
  if ((await expectedOf(context, name)) === 'absent')
    throw new JhubError('JHUB-E304', `The hub ${name} was never started here, or it was removed`, {
      fix: 'jhub up   # starts it from its settings file',
    })
  return up(context, {keepOnFailure: true})
}
