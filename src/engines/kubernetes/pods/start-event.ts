import {serverContainer} from '../clusters/names.js'
import type {PodEvent} from './pod-trouble.js'

/** What `podTrouble` tells, with what mends it. */
const troubles = new Set([
  ...['FailedScheduling', 'Failed', 'BackOff', 'InspectFailed', 'ErrImageNeverPull'],
  ...['FailedMount', 'FailedAttachVolume', 'FailedPostStartHook'],
])

/** An event of a server's pod, for who waits for the server; `undefined` for one that says nothing to them. */
export function startEvent({reason = '', message = '', type, involvedObject}: PodEvent): string | undefined {
  const image = /image "([^"]+)"/.exec(message)?.[1] ?? 'its image'
  const isOfServer = involvedObject?.fieldPath?.includes(`{${serverContainer}}`) === true
  switch (reason) {
    case 'Scheduled': {
      const node = / to (\S+)$/.exec(message)?.[1]
      return node === undefined ? undefined : `It gets a place on the node ${node}`
    }
    case 'TriggeredScaleUp':
      return 'The cluster starts another node for it'
    case 'SuccessfulAttachVolume':
      return 'Its home is attached'
    case 'Pulling':
      return `The node downloads the image ${image}`
    case 'Pulled': {
      const time = / in (\S+)/.exec(message)?.[1]
      return time === undefined ? undefined : `The node has downloaded the image ${image} (${time})`
    }
    case 'Started':
      return isOfServer ? 'Its container runs, and JupyterLab starts in it' : undefined
    default:
      return type === 'Warning' && !troubles.has(reason) ? `The cluster warns: ${message}` : undefined
  }
}
