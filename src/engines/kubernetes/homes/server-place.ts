import {definedOnly} from '../../../defined-only.js'
import {containerSecurity, isValues, serverValues, type Values} from '../chart/chart-values.js'
import type {ChartPlace} from '../chart/chart-place.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {withImage} from '../release/wanted-release.js'

/** What servers of people run as, and what their homes are, where each has a claim of its own. */
export interface ServerPlace {
  readonly image: string
  /** The container's security context: which user it runs as, and what it may not do. */
  readonly securityContext: Values
  /** The group of a home's volume. */
  readonly fsGroup?: number
  readonly nodeSelector: Values
  readonly tolerations: readonly unknown[]
  readonly pullSecrets: readonly unknown[]
  /** Below a home's volume, where homes do not begin at its root. */
  readonly subPath?: string
  readonly newClaim: {readonly size: string; readonly storageClass?: string; readonly accessModes: readonly string[]}
  /** Claims have the names that jhub gives them. */
  readonly namesClaims: boolean
}

/** On nodes that the chart's documentation keeps for people's servers. */
const chartTolerations = ['hub.jupyter.org/dedicated', 'hub.jupyter.org_dedicated'].map((key) => ({
  key,
  operator: 'Equal',
  value: 'user',
  effect: 'NoSchedule',
}))
/** The chart's own, where nobody says otherwise. */
const chartUid = 1000
const chartGroup = 100
const chartSize = '10Gi'

/** `undefined` where homes are no claims of their own: then only servers know where they are. */
export function serverPlace(spec: HubSpec, cluster: ChartPlace | undefined): ServerPlace | undefined {
  const values = serverValues(withImage(spec), cluster)
  const storage = valuesAt(values, 'storage')
  const dynamic = valuesAt(storage, 'dynamic')
  const subPath = textAt(dynamic, 'subPath')
  if ((textAt(storage, 'type') ?? 'dynamic') !== 'dynamic' || subPath?.includes('{') === true) return undefined
  const storageClass = textAt(dynamic, 'storageClass')
  const image = valuesAt(values, 'image')
  const fsGroup = numberAt(values, 'fsGid', chartGroup)
  return {
    image: joinImage(textAt(image, 'name') ?? '', textAt(image, 'tag')),
    securityContext: securityContext(spec, values),
    ...definedOnly({fsGroup}),
    nodeSelector: valuesAt(values, 'nodeSelector'),
    tolerations: [...chartTolerations, ...listAt(values, 'extraTolerations')],
    pullSecrets: listAt(image, 'pullSecrets'),
    ...definedOnly({subPath}),
    newClaim: {
      size: textAt(storage, 'capacity') ?? chartSize,
      ...definedOnly({storageClass}),
      accessModes: accessModes(dynamic),
    },
    namesClaims: textAt(dynamic, 'pvcNameTemplate') === undefined,
  }
}

/** As `containerSecurity` gives it to KubeSpawner, in the API's own words; nothing is written outside of the home. */
function securityContext(spec: HubSpec, values: Values): Values {
  const {container_security_context: given} = containerSecurity(spec)
  const runAsUser = numberAt(values, 'uid', chartUid)
  const {gid} = spec.k8s.pod
  return {
    ...(isValues(given) ? given : {}),
    ...definedOnly({runAsUser, runAsGroup: gid}),
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
  }
}

function joinImage(name: string, tag: string | undefined): string {
  return tag === undefined ? name : `${name}:${tag}`
}

function valuesAt(values: Values, key: string): Values {
  const found = values[key]
  return isValues(found) ? found : {}
}

function textAt(values: Values, key: string): string | undefined {
  const found = values[key]
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** `null` leaves it to the cluster; what nobody names is the chart's. */
function numberAt(values: Values, key: string, otherwise: number): number | undefined {
  const found = values[key]
  if (found === undefined) return otherwise
  return typeof found === 'number' ? found : undefined
}

function listAt(values: Values, key: string): readonly unknown[] {
  const found = values[key]
  return Array.isArray(found) ? found : []
}

function accessModes(dynamic: Values): readonly string[] {
  const named = listAt(dynamic, 'storageAccessModes').filter((each) => typeof each === 'string')
  return named.length === 0 ? ['ReadWriteOnce'] : named
}
