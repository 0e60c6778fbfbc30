import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {KubeApi} from '../api/kube-api.js'
import {serverValues} from '../chart/chart-values.js'
import {imagesOnNodes} from './images-on-nodes.js'
import {plainServerImages, withImage} from '../release/wanted-release.js'

/**
 * The image of people's servers, where no node says that it has it: its nodes fetch it when a server first starts, and only
 * then is it known whether they can. `undefined` where one has it, or where everybody has an image of the spec.
 */
export async function untriedImage(api: KubeApi, spec: HubSpec): Promise<string | undefined> {
  if (plainServerImages(spec).length === 0) return undefined
  const {name, tag} = serverValues(withImage(spec), undefined)['image'] as Readonly<Record<'name' | 'tag', string>>
  const image = `${name}:${tag}`
  // A node says `docker.io/library/NAME` of what is just NAME in the settings file.
  const isThere = (await imagesOnNodes(api)).some((each) => each === image || each.endsWith(`/${image}`))
  return isThere ? undefined : image
}
