import {z} from 'zod'
import {kubernetesSchema} from '../../../place/kubernetes-spec.js'
import type {Keys} from '../../take-keys.js'
import type {Importing} from '../importing.js'
import {shown} from '../../../document/shown.js'
import {isImageReference} from '../../../images/image-reference.js'
import {isRecord} from '../../../document/is-record.js'

type Path = readonly string[]

/** What a server runs: a name and a tag become one word. A tag alone stays a value beside the chart's own image. */
export function takeImage({take, look, note}: Importing): string | undefined {
  const path = ['singleuser', 'image']
  const whole = look(...path)
  if (typeof whole === 'string' && isImageReference(whole)) return String(take(...path))
  const [name, tag] = [look(...path, 'name'), look(...path, 'tag')]
  if (typeof name !== 'string' || name === '') {
    if (tag !== undefined && tag !== null)
      note(
        [...path, 'tag'],
        `${shown(tag)} has no name beside it: it stays under k8s.values, with the chart's own image.`,
      )
    return undefined
  }
  const hasTag = (typeof tag === 'string' && tag !== '') || typeof tag === 'number'
  const isTagged = !hasTag && /[:@]/.test(name.slice(name.lastIndexOf('/') + 1))
  const image = hasTag ? `${name}:${String(tag)}` : isTagged ? name : `${name}:latest`
  if (!isImageReference(image)) {
    note([...path, 'name'], `${shown(image)} is not the reference of a container image: it stays under k8s.values.`)
    return undefined
  }
  take(...path, 'name')
  take(...path, 'tag')
  if (!hasTag && !isTagged) note([...path, 'name'], `${name} has no tag: the image is ${image}.`)
  return image
}

/** Size and class of homes. Homes of another kind than the chart's own stay values of the chart. */
export function takeStorage(importing: Importing): Keys {
  const {take, look, note} = importing
  const type = look('singleuser', 'storage', 'type')
  if (type === 'none')
    note(
      ['singleuser', 'storage', 'type'],
      'none stays under k8s.values: files of people are gone when their server stops.',
    )
  else if (type !== undefined && type !== null && type !== 'dynamic')
    note(
      ['singleuser', 'storage', 'type'],
      `${shown(type)} stays under k8s.values: \`jhub user remove --delete-data\` finds no homes there.`,
    )
  const capacity = look('singleuser', 'storage', 'capacity')
  const size = typeof capacity === 'number' ? String(capacity) : capacity
  const fits = fit(kubernetesSchema.shape.storage, {size})
  if (capacity !== undefined && capacity !== null) {
    take('singleuser', 'storage', 'capacity')
    if (!fits)
      note(['singleuser', 'storage', 'capacity'], `${shown(capacity)} is not a size as Kubernetes writes it: left out.`)
  }
  const storageClass = look('singleuser', 'storage', 'dynamic', 'storageClass')
  const isNamed = typeof storageClass === 'string' && storageClass !== ''
  // An empty name says that nothing makes volumes there, and stays a value.
  if (storageClass === null || isNamed) take('singleuser', 'storage', 'dynamic', 'storageClass')
  const storage = {
    ...(isNamed ? {class: storageClass} : {}),
    ...(fits && size !== undefined && size !== null ? {size} : {}),
  }
  return Object.keys(storage).length === 0 ? {} : {storage}
}

/** What a pod is given besides its limits, where the spec's own words can say it. */
export function takePod({take, look, note}: Importing): Keys {
  const {pod} = kubernetesSchema.shape
  const places: readonly (readonly [string, Path])[] = [
    ['uid', ['singleuser', 'uid']],
    ['fsGid', ['singleuser', 'fsGid']],
    ['gid', ['hub', 'config', 'KubeSpawner', 'gid']],
    ['nodeSelector', ['singleuser', 'nodeSelector']],
    ['tolerations', ['singleuser', 'extraTolerations']],
    ['extraResources', ['singleuser', 'extraResource']],
  ]
  const given = Object.fromEntries(
    places.flatMap(([key, path]) => {
      const value = look(...path)
      if (value === undefined || hasNull(value)) return []
      take(...path)
      if (fit(pod, {[key]: value})) return [[key, value] as const]
      const fitting = fittingPart(value, (part) => fit(pod, {[key]: part}))
      if (fitting === undefined) note(path, `${shown(value)} is nothing that a pod can have there: left out.`)
      const others = isRecord(value) && fitting !== undefined ? Object.entries(value) : []
      for (const [name, one] of others.filter(([name]) => fitting?.[name] === undefined))
        note([...path, name], `${shown(one)} is nothing that a pod can have: left out.`)
      return fitting === undefined ? [] : [[key, fitting] as const]
    }),
  )
  return Object.keys(given).length === 0 ? {} : {pod: given}
}

/** What of a map is right by itself; `undefined` where nothing is. */
function fittingPart(value: unknown, fits: (part: Keys) => boolean): Keys | undefined {
  if (!isRecord(value)) return undefined
  const entries = Object.entries(value).filter(([name, one]) => fits({[name]: one}))
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** With helm, `null` takes a default of the chart away; only the chart's own values can say that. */
function hasNull(value: unknown): boolean {
  return value === null || (isRecord(value) && Object.values(value).includes(null))
}

function fit(schema: z.ZodType, value: unknown): boolean {
  return schema.safeParse(value).success
}
