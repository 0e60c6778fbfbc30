import {nest} from '../../nest.js'
import {takeKeys, type Keys} from '../../take-keys.js'
import type {Importing} from '../importing.js'
import {layerValues} from './layer-values.js'

type Path = readonly string[]

interface Move {
  readonly from: Path
  readonly to: readonly Path[]
  /** The new key says the opposite. */
  readonly isOpposite?: true
}

/** Keys of older charts that the chart of today refuses, with the keys that took their place. */
const moves: readonly Move[] = [
  {
    from: ['singleuser', 'cloudMetadata', 'enabled'],
    to: [['singleuser', 'cloudMetadata', 'blockWithIptables']],
    isOpposite: true,
  },
  {from: ['rbac', 'enabled'], to: [['rbac', 'create']]},
  {from: ['hub', 'uid'], to: [['hub', 'containerSecurityContext', 'runAsUser']]},
  {from: ['hub', 'fsGid'], to: [['hub', 'podSecurityContext', 'fsGroup']]},
  {from: ['hub', 'extraConfigMap'], to: [['custom']]},
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
  const moved = moves.flatMap(({from, to, isOpposite}) => {
    const value = take(...from)
    if (value === undefined) return []
    const names = to.map((path) => path.join('.')).join(' and ')
    note(from, `is ${names} now${isOpposite === true ? ', with the opposite value' : ''}.`)
    return to.map((path) => nest(path, isOpposite === true && typeof value === 'boolean' ? !value : value))
  })
  return moved.length === 0 ? values : layerValues(moved.reduce(layerValues, {}), rest())
}
