import type {HubSpec} from './hub-spec.js'

export interface ResolvedImage {
  readonly name: string
  /** `user`, `group NAME` or `default`. */
  readonly from: string
}

type Rules = Pick<HubSpec, 'users' | 'groups' | 'image' | 'images'>

/** The image of a person's server: the person's, that of the first group of the spec with one, then everybody's. */
export function resolveImage({users, groups, image}: Rules, userName: string): ResolvedImage | undefined {
  const user = users.get(userName)
  if (user?.image !== undefined) return {name: user.image, from: 'user'}
  for (const [group, entry] of groups)
    if (entry.image !== undefined && user?.groups.includes(group) === true)
      return {name: entry.image, from: `group ${group}`}
  return image === undefined ? undefined : {name: image, from: 'default'}
}

/** What is put on the hub and read by `assets/hub/jhub_images.py` at every start of a server. */
export interface ImagesPolicy {
  readonly default?: string
  readonly users: Readonly<Record<string, string>>
  /** Group and image; the first group that a person is in counts. */
  readonly groups: readonly (readonly [string, string])[]
  /** By person, while one start is under way that is from another image. */
  readonly once?: Readonly<Record<string, string>>
  /** What a server is started from, by image; those that are built. */
  readonly built: Readonly<Record<string, string>>
}

/** `undefined` for a hub without images: then its policy says nothing of them. */
export function imagesPolicy(
  {users, groups, image, images}: Rules,
  built: ReadonlyMap<string, string>,
): ImagesPolicy | undefined {
  if (images.size === 0) return undefined
  return {
    ...(image === undefined ? {} : {default: image}),
    users: Object.fromEntries([...users].flatMap(([name, entry]) => pair(name, entry.image))),
    groups: [...groups].flatMap(([name, entry]) => pair(name, entry.image)),
    built: Object.fromEntries(built),
  }
}

function pair(name: string, image: string | undefined): readonly (readonly [string, string])[] {
  return image === undefined ? [] : [[name, image]]
}

/** Who is given an image by name in the spec. */
export interface ImageUse {
  readonly everybody: boolean
  readonly groups: readonly string[]
  readonly users: readonly string[]
}

export function imageUse({users, groups, image}: Rules, name: string): ImageUse {
  return {
    everybody: image === name,
    groups: [...groups].filter(([, entry]) => entry.image === name).map(([group]) => group),
    users: [...users].filter(([, entry]) => entry.image === name).map(([user]) => user),
  }
}
