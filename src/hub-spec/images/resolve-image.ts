import {definedOnly} from '../../defined-only.js'
import {choicePolicy, type ChoicePolicy} from './choice-policy.js'
import type {HubSpec} from '../hub-spec.js'

export interface ResolvedImage {
  readonly name: string
  /** `user`, `group NAME` or `default`. */
  readonly from: string
}

type Rules = Pick<HubSpec, 'users' | 'groups' | 'image' | 'images' | 'choose'>

/** The image of a person's server: the person's, that of the first group of the spec with one, then everybody's. */
export function resolveImage({users, groups, image}: Rules, userName: string): ResolvedImage | undefined {
  const user = users.get(userName)
  if (user?.image !== undefined) return {name: user.image, from: 'user'}
  for (const [group, entry] of groups)
    if (entry.image !== undefined && user?.groups.includes(group) === true)
      return {name: entry.image, from: `group ${group}`}
  return image === undefined ? undefined : {name: image, from: 'default'}
}

/** No images are built. */
export const noImagesBuilt: ImagesBuilt = {references: new Map(), contents: new Map()}

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
  /** Who chooses among which; absent where nobody does. */
  readonly choose?: ChoicePolicy
  /** What people read of the images among which they choose. */
  readonly about?: Readonly<Record<string, AboutImage>>
}

export interface AboutImage {
  readonly description?: string
  /** `Python 3.12`, `pandas 2.3.1`. */
  readonly contains?: readonly string[]
}

/** The images of a hub, as far as they are built. */
export interface ImagesBuilt {
  /** What a server is started from, by image; those that are built. */
  readonly references: ReadonlyMap<string, string>
  /** What is in each, in a person's words. */
  readonly contents: ReadonlyMap<string, readonly string[]>
}

/** `undefined` for a hub without images: then its policy says nothing of them. */
export function imagesPolicy(rules: Rules, {references, contents}: ImagesBuilt): ImagesPolicy | undefined {
  const {users, groups, image, images} = rules
  if (images.size === 0) return undefined
  const choose = choicePolicy(rules)
  return {
    ...definedOnly({default: image}),
    users: Object.fromEntries([...users].flatMap(([name, entry]) => pair(name, entry.image))),
    groups: [...groups].flatMap(([name, entry]) => pair(name, entry.image)),
    built: Object.fromEntries(references),
    ...(choose === undefined ? {} : {choose, about: aboutImages(images, contents)}),
  }
}

function aboutImages(
  images: HubSpec['images'],
  contents: ImagesBuilt['contents'],
): Readonly<Record<string, AboutImage>> {
  return Object.fromEntries(
    [...images].map(([name, {description}]) => {
      const contains = contents.get(name)
      return [name, definedOnly({description, contains})]
    }),
  )
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

/** Who is given an image by name, and in whose lists to choose from it is. */
export interface ImageUses extends ImageUse {
  readonly choose: ImageUse
}

export function imageUse({users, groups, image, choose}: Rules, name: string): ImageUses {
  const named = (entries: ReadonlyMap<string, {image?: string; choose?: readonly string[]}>, isChoice: boolean) =>
    [...entries]
      .filter(([, entry]) => (isChoice ? entry.choose?.includes(name) === true : entry.image === name))
      .map(([each]) => each)
  return {
    everybody: image === name,
    groups: named(groups, false),
    users: named(users, false),
    choose: {everybody: choose?.includes(name) === true, groups: named(groups, true), users: named(users, true)},
  }
}

/** Nobody is given the image, and nobody can choose it. */
export function isUnused(uses: ImageUses): boolean {
  return [uses, uses.choose].every(({everybody, groups, users}) => !everybody && groups.length + users.length === 0)
}
