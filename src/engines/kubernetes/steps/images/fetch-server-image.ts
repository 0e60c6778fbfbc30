import type {HubSpec} from '../../../../hub-spec/hub-spec.js'
import type {Step} from '../../../../steps/step.js'
import {splitImage} from '../../chart/chart-values.js'
import type {OwnCluster} from '../../clusters/cluster.js'
import {imageCause} from '../../pods/pod-trouble.js'

/**
 * Fetches the image of people's servers into a running cluster of ours, where this computer had none to send: the first
 * person does not wait for it, and an image found nowhere is told before somebody needs it. One that only the pods' own
 * secret opens, and one by its digest, is left to the first server. Where everybody has an image of the spec, nobody needs it.
 */
export function fetchServerImage(own: OwnCluster, {image: usual, k8s: {image: named = '', values}}: HubSpec): Step {
  const {name, tag} = splitImage(named)
  const image = `${name}:${tag}`
  const isLeft = usual !== undefined || named.includes('@') || JSON.stringify(values).includes('ullSecret')
  const missing = async () => {
    if (isLeft || (await own.archives.here([image])).length > 0) return false
    return (await own.inspect()).state === 'running' && (await own.imagesThere([image], 'servers')).length === 0
  }
  return {
    title: "Fetch the image of people's servers",
    async check() {
      return (await missing()) ? {summary: `fetch ${image} into the cluster`, disturbs: 'live'} : undefined
    },
    async apply(context) {
      context.report(image)
      const said = await own.fetchImage(image, 'servers', context.signal)
      if (said !== undefined)
        context.note(
          `People's servers cannot start: the image ${image} cannot be pulled: ${imageCause(said)}. Put it on this computer (docker pull ${image}) or name another (jhub config edit), then type jhub up.`,
        )
    },
  }
}
