import {definedOnly} from '../../defined-only.js'
import type {DocumentProblem} from './document-problem.js'
import {JhubError} from '../../errors.js'
import {checkAuth} from './check-auth.js'
import {checkChartValues} from './check-chart-values.js'
import {checkHttps} from './check-https.js'
import {checkImages} from './check-images.js'
import {checkKubernetes} from './check-kubernetes.js'
import {normaliseGroupName} from '../people/group-name.js'
import {namedUsers, toLimits, type HubDocument, type LimitsDocument} from '../hub-spec.js'
import {isLoopback} from '../access/ip-address.js'
import {machineFacts, machinesWithEgress} from '../place/machine-name.js'
import {nearest} from '../document/nearest.js'
import {isRehearsalName} from '../people/rehearsal-names.js'
import {accountName, normaliseUserName, oldAccountName} from '../people/user-name.js'

/** What the schema alone cannot see: names, references from one part to another, and values that contradict each other. */
export function checkHubDocument(document: HubDocument): readonly DocumentProblem[] {
  return [
    ...checkGroups(document),
    ...checkUsers(document),
    ...checkAllLimits(document),
    ...checkAccess(document),
    ...checkMachine(document),
    ...checkAuth(document),
    ...checkHttps(document),
    ...checkKubernetes(document),
    ...checkChartValues(document),
    ...checkImages(document),
  ]
}

function checkGroups({groups}: HubDocument): readonly DocumentProblem[] {
  return checkNames(Object.keys(groups ?? {}), normaliseGroupName, (name) => ['groups', name])
}

function checkUsers({users, groups}: HubDocument): readonly DocumentProblem[] {
  const isList = Array.isArray(users)
  const named = namedUsers(users)
  const pathOf = (name: string, index: number) => ['users', isList ? index : name]
  const known = Object.keys(groups ?? {}).flatMap((name) => nameOrNothing(name, normaliseGroupName))
  const memberships = named.flatMap(([name, entry]) =>
    (entry?.groups ?? []).flatMap((group, index): DocumentProblem[] => {
      const [normal] = nameOrNothing(group, normaliseGroupName)
      if (normal !== undefined && known.includes(normal)) return []
      const suggestion = nearest(group, known)
      return [
        {
          path: ['users', name, 'groups', index],
          problem: `there is no group "${group}" under "groups"`,
          ...definedOnly({suggestion}),
        },
      ]
    }),
  )
  return [
    ...checkNames(
      named.map(([name]) => name),
      nameInSpec,
      pathOf,
    ),
    ...checkAccounts(
      named.map(([name]) => name),
      pathOf,
    ),
    ...memberships,
  ]
}

/** The name of somebody whom the spec may name. Throws `JHUB-E103`. */
function nameInSpec(text: string): string {
  const name = normaliseUserName(text)
  if (!isRehearsalName(name)) return name
  throw new JhubError(
    'JHUB-E103',
    `"${name}" cannot be a user's name: jhub rehearse uses such names for made-up people`,
  )
}

/** Names that differ, and whose homes are or were called the same. */
function checkAccounts(
  names: readonly string[],
  pathOf: (name: string, index: number) => readonly (string | number)[],
): readonly DocumentProblem[] {
  const owners = new Map<string, string>()
  return names.flatMap((name, index): DocumentProblem[] => {
    const [normal] = nameOrNothing(name, normaliseUserName)
    if (normal === undefined) return []
    return [...new Set([accountName(normal), oldAccountName(normal)])].flatMap((account) => {
      const owner = owners.get(account) ?? normal
      owners.set(account, owner)
      return owner === normal
        ? []
        : [{path: pathOf(name, index), problem: `conflicts with ${owner}: both would have the home ${account}`}]
    })
  })
}

/** Names that cannot be, and names that become the same as one before them. */
function checkNames(
  names: readonly string[],
  normalise: (name: string) => string,
  pathOf: (name: string, index: number) => readonly (string | number)[],
): readonly DocumentProblem[] {
  const seen = new Map<string, string>()
  return names.flatMap((name, index): DocumentProblem[] => {
    try {
      const normal = normalise(name)
      const first = seen.get(normal)
      seen.set(normal, first ?? name)
      return first === undefined
        ? []
        : [{path: pathOf(name, index), problem: `is the same name as "${first}": both are ${normal}`}]
    } catch (error) {
      if (!(error instanceof JhubError)) throw error
      return [{path: pathOf(name, index), problem: error.message}]
    }
  })
}

function nameOrNothing(name: string, normalise: (name: string) => string): readonly string[] {
  try {
    return [normalise(name)]
  } catch (error) {
    if (error instanceof JhubError) return []
    throw error
  }
}

function checkAllLimits({users, groups, limits}: HubDocument): readonly DocumentProblem[] {
  const named = Array.isArray(users) ? [] : Object.entries(users ?? {})
  return [
    ...checkGuarantees(['limits', 'default'], limits?.default),
    ...Object.entries(groups ?? {}).flatMap(([name, entry]) =>
      checkGuarantees(['groups', name, 'limits'], entry?.limits),
    ),
    ...named.flatMap(([name, entry]) => checkGuarantees(['users', name, 'limits'], entry?.limits)),
  ]
}

function checkGuarantees(path: readonly string[], entry: LimitsDocument | undefined): readonly DocumentProblem[] {
  const {memoryBytes, memoryGuaranteeBytes, cpuCores, cpuGuaranteeCores} = toLimits(entry)
  const above = (guarantee: number | undefined, limit: number | undefined) =>
    guarantee !== undefined && limit !== undefined && guarantee > limit
  return [
    ...(above(memoryGuaranteeBytes, memoryBytes)
      ? [{path: [...path, 'memoryGuarantee'], problem: 'is more than the limit beside it'}]
      : []),
    ...(above(cpuGuaranteeCores, cpuCores)
      ? [{path: [...path, 'cpuGuarantee'], problem: 'is more than the limit beside it'}]
      : []),
  ]
}

function checkAccess({access}: HubDocument): readonly DocumentProblem[] {
  const address = access?.address
  if (address === undefined || access?.lan === true || isLoopback(address)) return []
  return [
    {
      path: ['access', 'address'],
      problem: `${address} can be reached by other computers; add "lan: true", or use 127.0.0.1`,
    },
  ]
}

/** What a machine that the spec names cannot do; `auto` is known only when the machine is looked at. */
function checkMachine({mode, vm, access}: HubDocument): readonly DocumentProblem[] {
  if (mode !== 'vm') return []
  const {machine = 'auto', adminSudo = false} = vm ?? {}
  const {rootIsOurs, enforcesEgress} = machineFacts(machine)
  return [
    ...(adminSudo && rootIsOurs
      ? [
          {
            path: ['vm', 'adminSudo'],
            problem: `would let admins of the hub become root of this computer, since the machine is ${machine}; remove it, or set "machine" to host or ssh://…`,
          },
        ]
      : []),
    ...(!enforcesEgress && (access?.egress ?? 'all') !== 'all'
      ? [
          {
            path: ['access', 'egress'],
            problem: `is not enforced on the ${machine} machine; remove it, or set vm.machine to ${machinesWithEgress}`,
          },
        ]
      : []),
  ]
}
