import {JhubError} from '../../errors.js'
import {noSuchImage} from '../../hub-spec/edit/edit-images.js'
import {policyGroup} from '../../hub-spec/people/group-name.js'
import type {LimitsPolicy} from '../../hub-spec/limits/resolve-limits.js'
import {normaliseUserName} from '../../hub-spec/people/user-name.js'
import type {OpenHub} from '../session/open-hub.js'

/**
 * Has servers of these people started from an image while `work` is under way, whatever the spec says; what was killed in the
 * middle is put right by `up`. Throws `JHUB-E302` for an image that is not there or not built.
 */
export async function withImageOnce<T>(
  hub: OpenHub,
  {image, names}: {readonly image: string; readonly names: readonly string[]},
  work: () => Promise<T>,
): Promise<T> {
  const {images: known} = hub.spec
  if (!known.has(image)) throw noSuchImage(image, [...known.keys()])
  const api = await hub.requireApi()
  const group = (await api.groups()).find(({name}) => name === policyGroup)
  const policy = group?.properties['policy'] as LimitsPolicy | undefined
  if (policy?.images?.built[image] === undefined)
    throw new JhubError('JHUB-E302', `The image ${image} is not built on the hub`, {fix: `jhub image build ${image}`})
  const once = Object.fromEntries(names.map((name) => [normaliseUserName(name), image]))
  await api.setGroupProperties(policyGroup, {policy: {...policy, images: {...policy.images, once}}})
  try {
    return await work()
  } finally {
    await api.setGroupProperties(policyGroup, {policy})
  }
}
