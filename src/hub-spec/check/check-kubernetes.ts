import type {DocumentProblem} from './document-problem.js'
import {clusterFacts, defaultCluster} from '../place/cluster-name.js'
import type {HubDocument} from '../hub-spec.js'
import {isRecord} from '../document/is-record.js'

type Values = Readonly<Record<string, unknown>>

/** The key of the chart's `hub.extraConfig` under which the spec's own file goes. */
export const ownConfigKey = 'own'

/** What the schema cannot see of the `k8s` part, and mistakes in chart values that the chart itself lets pass. */
export function checkKubernetes({mode, k8s, limits}: HubDocument): readonly DocumentProblem[] {
  if (mode !== 'k8s') return []
  const {isMadeByJhub} = clusterFacts(k8s?.cluster ?? defaultCluster)
  const onlyOurs = (['nodes', 'nodeImage'] as const).flatMap((key) =>
    isMadeByJhub || k8s?.[key] === undefined
      ? []
      : [{path: ['k8s', key], problem: 'is only for "cluster: kind"; this cluster is not made by jhub'}],
  )
  return [
    ...onlyOurs,
    ...(isMadeByJhub && k8s?.expose !== undefined
      ? [{path: ['k8s', 'expose'], problem: 'a kind cluster always opens access.port; remove this'}]
      : []),
    ...(isMadeByJhub && k8s?.registry !== undefined
      ? [
          {
            path: ['k8s', 'registry'],
            problem: 'is for a cluster that jhub did not make: images go into a kind cluster without one; remove this',
          },
        ]
      : []),
    ...checkTotal(limits),
    ...checkValues(k8s?.values ?? {}),
    ...checkOverridden(k8s?.values ?? {}),
  ]
}

/** A quota refuses every pod that does not say how much it takes. */
function checkTotal(limits: HubDocument['limits']): readonly DocumentProblem[] {
  return (['memory', 'cpu'] as const).flatMap((key) =>
    limits?.total?.[key] === undefined || limits.default?.[key] !== undefined
      ? []
      : [
          {
            path: ['limits', 'total', key],
            problem: `needs limits.default.${key} too: a cluster counts only servers that have a limit of their own`,
          },
        ],
  )
}

function checkValues(values: Values): readonly DocumentProblem[] {
  const classes = at(values, ['hub', 'config'])
  return (isRecord(classes) ? Object.keys(classes) : [])
    .filter((name) => !/^[A-Z]/.test(name))
    .map((name) =>
      problem(['hub', 'config', name], 'names of classes begin with a capital, as JupyterHub or Authenticator'),
    )
}

const limitKeys = [
  {path: ['singleuser', 'memory', 'limit'], key: 'memory'},
  {path: ['singleuser', 'memory', 'guarantee'], key: 'memoryGuarantee'},
  {path: ['singleuser', 'cpu', 'limit'], key: 'cpu'},
  {path: ['singleuser', 'cpu', 'guarantee'], key: 'cpuGuarantee'},
] as const

/** Values that jhub itself decides when the hub runs: said, and not passed over. */
function checkOverridden(values: Values): readonly DocumentProblem[] {
  const isSet = (path: readonly string[]) => {
    const value = at(values, path)
    return value !== undefined && value !== null
  }
  const authenticator = ['hub', 'config', 'JupyterHub', 'authenticator_class']
  const own = ['hub', 'extraConfig', ownConfigKey]
  return [
    ...(isSet(authenticator)
      ? [problem(authenticator, 'would be ignored: people log in with the password that jhub keeps. Remove this')]
      : []),
    ...limitKeys
      .filter(({path}) => isSet(path))
      .map(({path, key}) =>
        problem(path, `would be ignored: limits.default.${key} gives it, for everybody, a group or a person`),
      ),
    ...(isSet(own)
      ? [problem(own, 'is the name under which hub.extraConfig of this file goes there; give yours another name')]
      : []),
  ]
}

function at(values: Values, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (isRecord(found) ? found[key] : undefined), values)
}

function problem(path: readonly string[], text: string): DocumentProblem {
  return {path: ['k8s', 'values', ...path], problem: text}
}
