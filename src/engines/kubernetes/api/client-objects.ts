import type {KubeObject} from './kube-api.js'

/**
 * The client library gives back objects with a key for everything that is not there, and `default`, a word of JavaScript,
 * as `_default`. Here they are as the API has them.
 */
export function fromClient(object: object): KubeObject {
  const plain = JSON.parse(JSON.stringify(object)) as KubeObject
  return isLimitRange(plain) ? (renamed(plain, '_default', 'default') as KubeObject) : plain
}

/** The other way, for what is sent. */
export function toClient(object: KubeObject): object {
  return isLimitRange(object) ? (renamed(object, 'default', '_default') as object) : object
}

/** Nothing else that jhub sends or reads has such a key of the API's own. */
function isLimitRange({kind}: Partial<KubeObject>): boolean {
  return kind === 'LimitRange'
}

function renamed(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, from, to))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key === from ? to : key, renamed(inner, from, to)]),
  )
}
