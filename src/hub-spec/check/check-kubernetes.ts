import type {DocumentProblem} from './check-hub-document.js'
import type {HubDocument} from '../hub-spec.js'

/** What the schema cannot see of the `k8s` part, and mistakes in chart values that the chart itself lets pass. */
export function checkKubernetes({mode, k8s, limits}: HubDocument): readonly DocumentProblem[] {
  if (mode !== 'k8s') return []
  const isKind = (k8s?.cluster ?? 'kind') === 'kind'
  const onlyKind = (['nodes', 'nodeImage'] as const).flatMap((key) =>
    isKind || k8s?.[key] === undefined
      ? []
      : [{path: ['k8s', key], problem: 'is only for "cluster: kind"; this cluster is not made by jhub'}],
  )
  return [
    ...onlyKind,
    ...(isKind && k8s?.expose !== undefined
      ? [{path: ['k8s', 'expose'], problem: 'a kind cluster always opens access.port; take this out'}]
      : []),
    ...checkTotal(limits),
    ...checkValues(k8s?.values ?? {}),
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

function checkValues(values: Readonly<Record<string, unknown>>): readonly DocumentProblem[] {
  const at = (...path: readonly string[]) =>
    path.reduce<unknown>((found, key) => (isRecord(found) ? found[key] : undefined), values)
  const problem = (path: readonly string[], text: string): DocumentProblem => ({
    path: ['k8s', 'values', ...path],
    problem: text,
  })
  const classes = at('hub', 'config')
  const [limit, guarantee] = [at('singleuser', 'memory', 'limit'), at('singleuser', 'memory', 'guarantee')]
  return [
    ...(isRecord(classes) ? Object.keys(classes) : [])
      .filter((name) => !/^[A-Z]/.test(name))
      .map((name) =>
        problem(['hub', 'config', name], 'names of classes begin with a capital, as JupyterHub or Authenticator'),
      ),
    ...(['limit', 'guarantee'] as const).flatMap((key) => {
      const value = at('singleuser', 'memory', key)
      return typeof value === 'string' && /[KMGT]i$/i.test(value)
        ? [
            problem(
              ['singleuser', 'memory', key],
              `JupyterHub writes it as ${value.slice(0, -1)}, 1024-based, without "i"`,
            ),
          ]
        : []
    }),
    ...(['limit', 'guarantee'] as const).flatMap((key) =>
      typeof at('singleuser', 'cpu', key) === 'string'
        ? [problem(['singleuser', 'cpu', key], 'must be a number of cores, as 0.5')]
        : [],
    ),
    ...(limit !== undefined && limit !== null && guarantee === undefined
      ? [
          problem(
            ['singleuser', 'memory', 'limit'],
            'needs a guarantee beside it: the chart guarantees 1G, and a cluster refuses a guarantee above the limit',
          ),
        ]
      : []),
    ...(at('hub', 'config', 'JupyterHub', 'authenticator_class') === 'dummy'
      ? [
          problem(
            ['hub', 'config', 'JupyterHub', 'authenticator_class'],
            'dummy lets anybody in under any name; take this out',
          ),
        ]
      : []),
  ]
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
