import {isRecord} from '../../document/is-record.js'
import {isImageReference} from '../../images/image-reference.js'
import {isImageName} from '../../images/images-spec.js'
import type {Keys} from '../take-keys.js'
import type {Importing} from './importing.js'

const place = ['singleuser', 'profileList'] as const

/** An image as a profile offers it. */
interface Offered {
  /** From which its name is made. */
  readonly title: string
  readonly description: string
  /** Absent: what everybody's server has anyway. */
  readonly reference?: string
  readonly isDefault: boolean
}

/**
 * Profiles that differ by their image alone become images, among which people choose. Where one gives more than that, all of them
 * stay values of the chart: two pages to choose on would contradict each other. `usual`: the image of everybody's server.
 */
export function takeProfiles({take, look, note}: Importing, usual: string | undefined): Keys {
  const value = look(...place)
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return {}
  const stay = (why: string) => {
    note(place, `${why}: profiles stay under k8s.values, and people choose among them as before.`)
    return {}
  }
  if (!Array.isArray(value)) return stay('is no list')
  const read = (value as readonly unknown[]).map(readProfile)
  const odd = read.find((each) => typeof each === 'string')
  if (odd !== undefined) return stay(odd)
  const offered = read.flatMap((each) => (typeof each === 'string' ? [] : each)).map(withImage(usual))
  const first = offered.find(({isDefault}) => isDefault) ?? offered[0]
  const standard = offered.find(({reference}) => reference === undefined)
  if (standard !== undefined && standard !== first)
    return stay(`has "${standard.title}" without an image of its own, which is not the first choice`)
  take(...place)
  return asImages(offered, first)
}

function asImages(offered: readonly Offered[], first: Offered | undefined): Keys {
  const names = nameAll(offered.map(({title}) => title))
  const named = offered.flatMap((each, index) =>
    each.reference === undefined ? [] : [{...each, name: names[index] ?? '', oci: each.reference}],
  )
  const given = named.find(({reference, title}) => reference === first?.reference && title === first?.title)
  return {
    ...(given === undefined ? {} : {image: given.name}),
    images: Object.fromEntries(named.map(({name, oci, description}) => [name, {oci, description}])),
    ...(named.length > (given === undefined ? 0 : 1) ? {choose: named.map(({name}) => name)} : {}),
  }
}

function withImage(usual: string | undefined): (offered: Offered) => Offered {
  return (offered) =>
    offered.reference === undefined && usual !== undefined ? {...offered, reference: usual} : offered
}

const profileKeys = ['display_name', 'slug', 'description', 'default', 'kubespawner_override', 'profile_options']

/** What a profile offers, or why it cannot be only images. */
function readProfile(profile: unknown, index: number): readonly Offered[] | string {
  if (!isRecord(profile)) return `has something else than a profile at place ${String(index + 1)}`
  const title = textOf(profile['display_name']) ?? textOf(profile['slug']) ?? `profile ${String(index + 1)}`
  const other = Object.keys(profile).find((key) => !profileKeys.includes(key))
  if (other !== undefined) return `has "${title}" with ${other}`
  const image = imageOf(title, profile['kubespawner_override'])
  if (typeof image === 'string') return image
  const isDefault = profile['default'] === true
  const about = oneLine([title, textOf(profile['description'])])
  const options = profile['profile_options']
  if (options === undefined || options === null)
    return [{title: textOf(profile['slug']) ?? title, description: about, isDefault, ...image}]
  return readOptions({title, about, isDefault}, options)
}

interface ProfileRead {
  readonly title: string
  readonly about: string
  readonly isDefault: boolean
}

/** One list of images to choose from, in place of an image. */
function readOptions({title, about, isDefault}: ProfileRead, options: unknown): readonly Offered[] | string {
  const entries = isRecord(options) ? Object.entries(options) : []
  const [[name, option] = ['', undefined]] = entries
  if (entries.length !== 1 || !isRecord(option)) return `has "${title}" with several options`
  const unlisted = option['unlisted_choice']
  if (isRecord(unlisted) && unlisted['enabled'] === true) return `has "${title}", where people type an image themselves`
  const choices = isRecord(option['choices']) ? Object.entries(option['choices']) : []
  if (choices.length === 0) return `has "${title}" with an option ${name} without choices`
  const found = choices.map(([key, choice], index): Offered | string => {
    if (!isRecord(choice)) return `has "${title}" with a choice ${key} that is none`
    const image = imageOf(`${title}: ${key}`, choice['kubespawner_override'])
    if (typeof image === 'string') return image
    const isFirst = choices.some(([, each]) => isRecord(each) && each['default'] === true)
      ? choice['default'] === true
      : index === 0
    const description = oneLine([about, textOf(choice['display_name']) ?? key])
    return {title: key, description, isDefault: isDefault && isFirst, ...image}
  })
  return found.find((each) => typeof each === 'string') ?? found.filter((each) => typeof each !== 'string')
}

/** The image that a profile gives, or what else it gives. */
function imageOf(title: string, override: unknown): {readonly reference?: string} | string {
  if (override === undefined || override === null) return {}
  if (!isRecord(override)) return `has "${title}" with a kubespawner_override that is computed`
  const other = Object.keys(override).find((key) => key !== 'image')
  if (other !== undefined) return `has "${title}", which also sets ${other}`
  const image = override['image']
  if (image === undefined || image === null) return {}
  return typeof image === 'string' && isImageReference(image)
    ? {reference: image}
    : `has "${title}" with an image that is no reference`
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** KubeSpawner's page takes HTML; jhub's shows words. */
function oneLine(parts: readonly (string | undefined)[]): string {
  const words = parts.flatMap(
    (part) =>
      part
        ?.replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim() ?? [],
  )
  return [...new Set(words)].filter((part) => part !== '').join(': ')
}

/** Names of images, in the order of what they are made of; no two are the same. */
function nameAll(titles: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return titles.map((title) => {
    const words = title
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
    const base = (/^[a-z]/.test(words) ? words : `image-${words}`).slice(0, 27).replace(/-+$/, '')
    let name = base
    for (let count = 2; taken.has(name) || !isImageName(name); count++) name = `${base}-${String(count)}`
    taken.add(name)
    return name
  })
}
