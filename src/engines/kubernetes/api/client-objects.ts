import type {KubeObject} from './kube-api.js'

/** Keys that the API has and that are words of JavaScript, by the kind that has them. */
const renamedKeys: Readonly<Record<string, string>> = {LimitRange: 'default', NetworkPolicy: 'from'}

/**
 * The client library gives back objects with a key for everything that is not there, and `default`, a word of JavaScript,
 * as `_default`. Here they are as the API has them.
 */
export function fromClient(object: object): KubeObject {
  const plain = JSON.parse(JSON.stringify(object)) as KubeObject
  const key = renamedKeys[plain.kind]
  return key === undefined ? plain : (renamed(plain, `_${key}`, key) as KubeObject)
}

/** The other way, for what is sent. */
export function toClient(object: KubeObject): object {
  const key = renamedKeys[object.kind]
  return key === undefined ? object : (renamed(object, key, `_${key}`) as object)
}

function renamed(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, from, to))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key === from ? to : key, renamed(inner, from, to)]),
  )
}
