import {isRecord} from '../../../document/is-record.js'
import {isImageReference, repositoryIn} from '../../../images/image-reference.js'
import {imageNameProblem} from '../../../images/images-document.js'
import type {Keys, Take} from '../../take-keys.js'
import {shown} from '../../../document/shown.js'
import type {Importing} from '../importing.js'
import {holdsPlaceholder} from '../reading/placeholders.js'
import {definedOnly} from '../../../../defined-only.js'

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

export interface ProfilesContext {
  /** The image of everybody's server. */
  readonly usual: string | undefined
  /** Looks at the values with their placeholders. */
  readonly written: Take
}

/**
 * Profiles that differ by their image alone become images, among which people choose. Where one gives more than that, all of them
 * stay values of the chart: two pages to choose on would contradict each other.
 */
export function takeProfiles({take, look, note}: Importing, {usual, written}: ProfilesContext): Keys {
  const value = look(...place)
  const everybodys = imageOfEverybody(usual)
  if (!Array.isArray(value) || value.length === 0) return everybodys
  const stay = (why: string) => {
    note(place, `${why}: profiles stay under k8s.values, and people choose among them as before.`)
    return everybodys
  }
  if (holdsPlaceholder(written(...place))) {
    note(place, 'had a placeholder: profiles stay under k8s.values. One that lost its image starts the usual one.')
    return everybodys
  }
  const profiles = value.filter(isRecord)
  const first = defaultOf(profiles)
  const read = profiles.map((profile) =>
    readProfile(profile, {place: value.indexOf(profile) + 1, isDefault: profile === first}),
  )
  const odd = read.find((each) => typeof each === 'string')
  if (odd !== undefined) return stay(odd)
  const offered = read.flatMap((each) => (typeof each === 'string' ? [] : each)).map(withImage(usual))
  const standard = offered.find(({isDefault}) => isDefault)
  const other = offered.find((each) => each.reference === undefined && each !== standard)
  if (other !== undefined) return stay(`has "${other.title}" without an image of its own, which is not the default`)
  take(...place)
  for (const [index, odd] of value.entries())
    if (!isRecord(odd)) note([...place, String(index)], `${shown(odd)} is not a profile: left out.`)
  if (offered.every(({reference}) => reference === undefined)) {
    if (offered.length > 0)
      note(place, "is left out: its only profile is everybody's server, so there is nothing to choose.")
    return everybodys
  }
  if (usual !== undefined && !offered.some(({reference}) => reference === usual))
    note(['singleuser', 'image'], `${usual} is left out: every profile has an image of its own.`)
  return asImages(offered)
}

/** The image of everybody's server, named after its repository. */
function imageOfEverybody(reference: string | undefined): Keys {
  if (reference === undefined) return {}
  const repository = repositoryIn(reference)
  const [name = ''] = nameAll([repository.slice(repository.lastIndexOf('/') + 1)])
  return {image: name, images: {[name]: {oci: reference}}}
}

/** As KubeSpawner chooses among profiles, and among the choices of one: what is marked, else the first. */
function defaultOf(entries: readonly unknown[]): unknown {
  return entries.find((entry) => isRecord(entry) && entry['default'] === true) ?? entries[0]
}

function asImages(offered: readonly Offered[]): Keys {
  const names = nameAll(offered.map(({title}) => title))
  const named = offered.flatMap((each, index) =>
    each.reference === undefined ? [] : [{...each, name: names[index] ?? '', oci: each.reference}],
  )
  const given = named.find(({isDefault}) => isDefault)
  return {
    ...definedOnly({image: given?.name}),
    images: Object.fromEntries(named.map(({name, oci, description}) => [name, {oci, description}])),
    ...(named.length > (given === undefined ? 0 : 1) ? {choose: named.map(({name}) => name)} : {}),
  }
}

function withImage(usual: string | undefined): (offered: Offered) => Offered {
  return (offered) =>
    offered.reference === undefined && usual !== undefined ? {...offered, reference: usual} : offered
}

const profileKeys = ['display_name', 'slug', 'description', 'default', 'kubespawner_override', 'profile_options']

interface ProfilePlace {
  /** From 1. */
  readonly place: number
  readonly isDefault: boolean
}

/** What a profile offers, or why it cannot be only images. */
function readProfile(profile: Keys, {place, isDefault}: ProfilePlace): readonly Offered[] | string {
  const title = textOf(profile['display_name']) ?? textOf(profile['slug']) ?? `profile ${String(place)}`
  const other = Object.keys(profile).find((key) => !profileKeys.includes(key))
  if (other !== undefined) return `has "${title}" with ${other}`
  const image = imageOf(title, profile['kubespawner_override'])
  if (typeof image === 'string') return image
  const description = oneLine([title, textOf(profile['description'])])
  const options = profile['profile_options']
  return options === undefined || options === null
    ? [{title: textOf(profile['slug']) ?? title, description, isDefault, ...image}]
    : readOptions({title, description, isDefault, ...image}, options)
}

/** One list of images to choose from; a choice without one has the image of its profile. */
function readOptions(profile: Offered, options: unknown): readonly Offered[] | string {
  const {title} = profile
  const entries = isRecord(options) ? Object.entries(options) : []
  const [[name, option] = ['', undefined]] = entries
  if (entries.length !== 1 || !isRecord(option)) return `has "${title}" with several options`
  const unlisted = option['unlisted_choice']
  if (isRecord(unlisted) && unlisted['enabled'] === true) return `has "${title}", where people type an image themselves`
  const choices = isRecord(option['choices']) ? Object.entries(option['choices']) : []
  if (choices.length === 0) return `has "${title}" with an option ${name} without choices`
  const first = defaultOf(choices.map(([, choice]) => choice))
  const found = choices.map(([key, choice]): Offered | string => {
    if (!isRecord(choice)) return `has "${title}" with a choice ${key} that is none`
    const image = imageOf(`${title}: ${key}`, choice['kubespawner_override'])
    if (typeof image === 'string') return image
    const description = oneLine([profile.description, textOf(choice['display_name']) ?? key])
    return {...profile, title: key, description, isDefault: profile.isDefault && choice === first, ...image}
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
    : `has "${title}" with an image that is not a reference`
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
    for (let count = 2; taken.has(name) || imageNameProblem(name) !== undefined; count++)
      name = `${base}-${String(count)}`
    taken.add(name)
    return name
  })
}
