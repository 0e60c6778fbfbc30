import {renderReady} from './render-addresses.js'
import {renderNext} from '../text/render-next.js'
import type {AttachResult} from '../../../hub/attach.js'

/** `isNamed`: the person said which hub, and so need not be told by which name it is found from now on. */
export function renderAttach(result: AttachResult, {isNamed}: {isNamed: boolean}): string {
  const {hub, spec, engine, addresses, state, users} = result
  const name = isNamed ? '' : ` --name ${hub}`
  return [
    ...renderReady(`${hub} is managed from here now`, addresses),
    `Where: ${engine}, ${state}${users === null ? '' : `; people: ${String(users)}`}`,
    `File:  ${spec}`,
    ...renderNext(state === 'running' ? [`jhub plan${name}`, `jhub status${name}`] : [`jhub up${name}`]),
  ].join('\n')
}
