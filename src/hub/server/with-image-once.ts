import {JhubError} from '../../errors.js'
import {noSuchImage} from '../../hub-spec/edit/edit-images.js'
import {policyGroup} from '../../hub-spec/people/group-name.js'
import type {LimitsPolicy} from '../../hub-spec/limits/resolve-limits.js'
import {normaliseUserName} from '../../hub-spec/people/user-name.js'
import {readPolicy} from '../../jupyterhub/people/read-policy.js'
import {runningImages} from '../image/running-images.js'
import type {OpenHub} from '../session/open-hub.js'

/**
 * Has servers of these people started from an image while `work` is under way, whatever the spec says; what was killed in the
 * middle is put right by `up`. Throws `JHUB-E302` for an image that is not there or not built, `JHUB-E208` where one of them
 * already has a server from something else, which a start leaves as it is.
 */
export async function withImageOnce<T>(
  hub: OpenHub,
  {image, names}: {readonly image: string; readonly names: readonly string[]},
  work: () => Promise<T>,
): Promise<T> {
  const {images: known} = hub.spec
  if (!known.has(image)) throw noSuchImage(image, [...known.keys()])
  const api = await hub.requireApi()
  const policy = (await readPolicy(api)) as LimitsPolicy | undefined
  if (policy?.images?.built[image] === undefined)
    throw new JhubError('JHUB-E302', `The image ${image} is not built on the hub`, {fix: `jhub image build ${image}`})
  const people = names.map(normaliseUserName)
  await requireNoOther(hub, people, image)
  const once = Object.fromEntries(people.map((name) => [name, image]))
  await api.setGroupProperties(policyGroup, {policy: {...policy, images: {...policy.images, once}}})
  try {
    return await work()
  } finally {
    await api.setGroupProperties(policyGroup, {policy})
  }
}

async function requireNoOther(hub: OpenHub, people: readonly string[], image: string): Promise<void> {
  const others = (await runningImages(hub)).filter((each) => people.includes(each.user) && each.image !== image)
  const [first] = others
  if (first === undefined) return
  const from = first.image === null ? 'the standard software' : `the image ${first.image}`
  throw new JhubError('JHUB-E208', `The server of ${first.user} already runs, from ${from}. No server was started`, {
    fix: `jhub server stop ${others.map(({user}) => user).join(' ')}   # then run the same command again`,
  })
}
