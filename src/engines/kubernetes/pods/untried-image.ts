import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {KubeApi, KubeObject} from '../api/kube-api.js'
import {listIfAllowed} from '../api/read-if-allowed.js'
import {serverValues} from '../chart/chart-values.js'
import {plainServerImages, withImage} from '../release/wanted-release.js'

interface Node extends KubeObject {
  readonly status?: {readonly images?: readonly {readonly names?: readonly string[] | null}[]}
}

/**
 * The image of people's servers, where no node says that it has it: its nodes fetch it when a server first starts, and only
 * then is it known whether they can. `undefined` where one has it, or where everybody has an image of the spec.
 */
export async function untriedImage(api: KubeApi, spec: HubSpec): Promise<string | undefined> {
  if (plainServerImages(spec).length === 0) return undefined
  const {name, tag} = serverValues(withImage(spec), undefined)['image'] as Readonly<Record<'name' | 'tag', string>>
  const image = `${name}:${tag}`
  const nodes = await listIfAllowed<Node>(api, {apiVersion: 'v1', kind: 'Node'})
  const there = nodes === 'not allowed' ? [] : nodes.flatMap(({status}) => status?.images ?? [])
  // A node says `docker.io/library/NAME` of what is just NAME in the settings file.
  const isThere = there.some(({names}) => names?.some((each) => each === image || each.endsWith(`/${image}`)))
  return isThere ? undefined : image
}
