import {hubLabel, trialName} from '../../clusters/names.js'
import type {KubeObject} from '../../api/kube-api.js'

export interface TrialPlace {
  readonly namespace: string
  readonly hubName: string
  /** The node on which the hub runs: its volume can be read there. */
  readonly node: string
}

type Values = Readonly<Record<string, unknown>>

interface Template extends KubeObject {
  readonly spec?: {readonly template?: {readonly spec?: Values}}
}

interface Container extends Values {
  readonly name: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly volumeMounts?: readonly Values[]
}

/**
 * What is put beside a running hub to load the configuration of `manifest`: a pod as the hub's own that only reads, with
 * copies of the hub's new Secret and ConfigMap. What the program prints about the configuration is thrown away, since there
 * are secrets in it. `undefined` where such a pod would not load what the hub loads: a program of another name, or
 * containers that run before it.
 */
export function trialObjects(manifest: readonly KubeObject[], place: TrialPlace): readonly KubeObject[] | undefined {
  const hub = manifest.find(({kind, metadata}) => kind === 'Deployment' && metadata.name === 'hub') as
    Template | undefined
  const spec = hub?.spec?.template?.spec
  const container = listAt(spec, 'containers').find(({name}) => name === 'hub') as Container | undefined
  const [program, ...words] = container?.args ?? []
  if (spec === undefined || container === undefined || listAt(spec, 'initContainers').length > 0) return undefined
  if (container.command !== undefined || program !== 'jupyterhub') return undefined
  const asked = ['jupyterhub', ...words.filter((word) => word !== '--upgrade-db'), '--show-config', inMemory]
  const claims = new Set(
    listAt(spec, 'volumes').flatMap(({name, persistentVolumeClaim}) =>
      persistentVolumeClaim === undefined ? [] : [name],
    ),
  )
  const kept = Object.entries(container).filter(([key]) => !ofService.includes(key))
  const pod = {
    ...spec,
    nodeName: place.node,
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        ...Object.fromEntries(kept),
        command: ['sh', '-c', 'exec "$@" >/dev/null', 'trial', ...asked],
        volumeMounts: (container.volumeMounts ?? []).map((mount) =>
          claims.has(mount['name']) ? {...mount, readOnly: true} : mount,
        ),
      },
    ],
  }
  const metadata = {
    name: trialName,
    namespace: place.namespace,
    labels: {[hubLabel]: place.hubName, component: trialName},
  }
  const copies = manifest
    .filter(({kind, metadata: {name}}) => (kind === 'Secret' || kind === 'ConfigMap') && name === 'hub')
    .map((object) => ({...object, metadata}))
  return [...copies, {apiVersion: 'v1', kind: 'Pod', metadata, spec: ofTrial(pod)} as KubeObject]
}

/** The program opens its database before it shows anything: here one of its own, so that nobody's is changed. */
const inMemory = '--JupyterHub.db_url=sqlite://'

/** What makes a container start and serve as the hub does. */
const ofService: readonly string[] = ['args', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle', 'ports']

const referring: readonly string[] = [
  'secret',
  'secretRef',
  'secretKeyRef',
  'configMap',
  'configMapRef',
  'configMapKeyRef',
]

/** The same with the trial's copies in place of the hub's own Secret and ConfigMap. */
function ofTrial(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => ofTrial(each))
  if (!isValues(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isReference = name === 'secretName' || (name === 'name' && referring.includes(key))
      return [name, isReference && inner === 'hub' ? trialName : ofTrial(inner, name)]
    }),
  )
}

function listAt(values: Values | undefined, key: string): readonly Values[] {
  const found = values?.[key]
  return Array.isArray(found) ? found.filter(isValues) : []
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
