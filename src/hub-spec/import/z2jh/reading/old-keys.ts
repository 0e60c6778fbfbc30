import {isRecord} from '../../../document/is-record.js'
import {nest} from '../../nest.js'
import {takeKeys, type Keys} from '../../take-keys.js'
import type {Importing} from '../importing.js'
import {layerValues} from './layer-values.js'

type Path = readonly string[]

interface Move {
  readonly from: Path
  readonly to: readonly Path[]
  /** What the new key has in place of the value, and the words for that. */
  readonly becomes?: {readonly value: (old: unknown) => unknown; readonly words: string}
}

const opposite = {value: (old: unknown) => (typeof old === 'boolean' ? !old : old), words: 'with the opposite value'}
const gatewayRef = {
  value: (old: unknown) => (isRecord(old) ? [{kind: 'Gateway', ...old}] : old),
  words: 'as an item of its list',
}

/** Keys of older charts that the chart of today refuses, with the keys that took their place. */
const moves: readonly Move[] = [
  {
    from: ['singleuser', 'cloudMetadata', 'enabled'],
    to: [['singleuser', 'cloudMetadata', 'blockWithIptables']],
    becomes: opposite,
  },
  {from: ['rbac', 'enabled'], to: [['rbac', 'create']]},
  {from: ['hub', 'uid'], to: [['hub', 'containerSecurityContext', 'runAsUser']]},
  {from: ['hub', 'fsGid'], to: [['hub', 'podSecurityContext', 'fsGroup']]},
  {from: ['hub', 'extraConfigMap'], to: [['custom']]},
  {from: ['httpRoute', 'gateway'], to: [['httpRoute', 'parentRefs']], becomes: gatewayRef},
  ...['containerSecurityContext', 'networkPolicy', 'pdb', 'resources'].map((key) => ({
    from: ['proxy', key],
    to: [['proxy', 'chp', key]],
  })),
  {
    from: ['proxy', 'nodeSelector'],
    to: [
      ['proxy', 'chp', 'nodeSelector'],
      ['proxy', 'traefik', 'nodeSelector'],
    ],
  },
]

/** The values with keys of older charts under their names of today, each named. What is said by its new name stays. */
export function renameOldKeys(values: Keys, note: Importing['note']): Keys {
  const {take, rest} = takeKeys(values)
  const moved = moves.flatMap(({from, to, becomes}) => {
    const value = take(...from)
    if (value === undefined) return []
    const names = to.map((path) => path.join('.')).join(' and ')
    note(from, `is ${names} now${becomes === undefined ? '' : `, ${becomes.words}`}.`)
    return to.map((path) => nest(path, becomes === undefined ? value : becomes.value(value)))
  })
  return moved.length === 0 ? values : layerValues(moved.reduce(layerValues, {}), rest())
}
