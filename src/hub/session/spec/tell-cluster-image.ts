import {clusterImageNote} from '../../../hub-spec/images/cluster-image.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {HubContext} from '../hub-context.js'

/** Says how `k8s.image` is read, where the spec has it. */
export function tellClusterImage({onEvent}: Pick<HubContext, 'onEvent'>, spec: HubSpec): void {
  const note = clusterImageNote(spec)
  if (note !== undefined) onEvent({type: 'note', text: note})
}
