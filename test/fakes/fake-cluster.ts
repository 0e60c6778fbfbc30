import {createHash} from 'node:crypto'
import path from 'node:path'
import {gzipSync} from 'node:zlib'
import {stringify} from 'yaml'
import type {Values} from '../../src/engines/kubernetes/chart/chart-values.js'
import type {Cluster, ClusterFound, ClusterSettings} from '../../src/engines/kubernetes/clusters/cluster.js'
import type {HelmReleaseOptions} from '../../src/engines/kubernetes/release/helm.js'
import type {
  ContainerResources,
  KubeApi,
  KubeObject,
  ObjectRef,
  ProgramInPod,
} from '../../src/engines/kubernetes/api/kube-api.js'
import type {Pod} from '../../src/engines/kubernetes/pods/pod-trouble.js'
import type {Conversation, ConversationListener} from '../../src/host/processes/conversations.js'
import {realCommands} from '../../src/host/processes/real-commands.js'
import {kindChartPlace} from '../../src/engines/kubernetes/clusters/kind/kind-chart-place.js'
import {kubernetesLayout} from '../../src/engines/kubernetes/clusters/layout.js'
import {localProgram} from '../../src/engines/kubernetes/tools/local-program.js'
import {helmWanted} from '../../src/engines/kubernetes/tools/helm-program.js'
import {JhubError} from '../../src/errors.js'
import {startFakeHub, type FakeHub} from './fake-hub.js'
import type {FakeHubState} from './fake-hub-state.js'
import {fakeImageBuilder, type FakeImageBuilder} from './fake-image-builder.js'
import {fakeRegistry, type FakeRegistry} from './fake-registry.js'
import {memoryFiles, type MemoryFiles} from './memory-files.js'
import {withShipped} from './engine-world.js'
import {fakeSystem, unscripted} from './fake-context.js'

/** The jhub process was killed: nothing it does from now on has an effect, its undo included. */
class Killed extends Error {
  override readonly name = 'Killed'
}

export const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

/** A cluster that behaves: objects, a release and a hub that keep their state from one `jhub` to the next. */
export interface FakeCluster {
  readonly cluster: Cluster
  readonly files: MemoryFiles
  readonly changes: string[]
  /** Everything in the cluster, by kind, namespace and name. */
  readonly objects: Map<string, KubeObject>
  /** What was built here. */
  readonly builder: FakeImageBuilder
  /** References of images that the nodes have. */
  readonly inNodes: Set<string>
  /** What this computer's Docker has, by name: what each image is. */
  readonly inDocker: Map<string, string>
  /** From which the nodes of a cluster that is not ours download. */
  readonly registry: FakeRegistry
  hubState: FakeHubState | undefined
  killAt: number | undefined
  failAt: number | undefined
  brokenHubStarts: number
  /** How a pod ends that tries a new configuration: `well`, or why it failed. */
  trial: string
  /** Directories of this machine that stand for volumes, by their claims. */
  readonly homes: Map<string, string>
  /** How a pod is that opens a home. */
  homePod: object
  /** Why no node can fetch an image; `undefined`: each can. */
  registrySays: string | undefined
  /** What the cluster's load balancers get; `undefined`: nothing, for ever. */
  balancer: {readonly ip?: string; readonly hostname?: string} | undefined
  found: ClusterFound
  /** Why the cluster cannot be asked; `undefined`: it can. */
  unreachable: JhubError | undefined
  /** What a fetch of the chart gives. */
  chartInRepository: string
  isKilled(): boolean
  revive(): void
  close(): Promise<void>
}

/** `isOwn`: made by jhub; else one that was there, whose load balancers get the address `balancer`. */
export function fakeCluster(port: number, {isOwn = true}: {readonly isOwn?: boolean} = {}): FakeCluster {
  const changes: string[] = []
  const objects = new Map<string, KubeObject>()
  const revisions = new Map<number, HelmReleaseOptions>()
  let hub: FakeHub | undefined
  let isDead = false
  let serial = 0

  const beforeChange = (what: string) => {
    if (isDead) throw new Killed(what)
    if (fake.killAt !== undefined && fake.killAt-- === 0) {
      fake.killAt = undefined
      isDead = true
      throw new Killed(what)
    }
    if (fake.failAt !== undefined && fake.failAt-- === 0) {
      fake.failAt = undefined
      throw new JhubError('JHUB-E201', `planned failure at: ${what}`)
    }
    changes.push(what)
  }
  const files = memoryFiles({beforeChange})
  const builder = fakeImageBuilder({files, beforeChange})
  const inNodes = new Set<string>()
  const inDocker = new Map<string, string>()
  const registry = fakeRegistry(beforeChange)
  const layout = kubernetesLayout('/state/fake', '/data/fake')
  const shipped = withShipped(files)

  const keyOf = ({kind, name, namespace = ''}: Omit<ObjectRef, 'apiVersion'>) => `${kind}/${namespace}/${name}`
  const put = (object: KubeObject) => objects.set(keyOf({kind: object.kind, ...object.metadata}), object)
  const closeHub = async () => {
    await hub?.close()
    hub = undefined
  }

  const api: KubeApi = {
    version: async () => 'v1.34.4',
    may: async () => true,
    nodeSummary: async () => ({pods: []}),
    read: async <T extends KubeObject>(ref: ObjectRef) => objects.get(keyOf(ref)) as T | undefined,
    list: async <T extends KubeObject>({kind, namespace, labels = ''}: Parameters<KubeApi['list']>[0]) => {
      const wanted = labels.split(',').filter(Boolean)
      return [...objects.values()].filter(
        (object) =>
          object.kind === kind &&
          (namespace === undefined || object.metadata.namespace === namespace) &&
          wanted.every((each) => hasLabel(object, each)),
      ) as unknown as readonly T[]
    },
    listSecretsWithoutData: async (namespace, labels) =>
      (await api.list({apiVersion: 'v1', kind: 'Secret', namespace, labels})).map(({apiVersion, kind, metadata}) => ({
        apiVersion,
        kind,
        metadata,
      })),
    async apply(object) {
      beforeChange(`apply ${object.kind} ${object.metadata.name}`)
      if (object.kind !== 'Namespace' && object.metadata.namespace !== undefined)
        requireNamespace(object.metadata.namespace)
      const managed = {...object.metadata, managedFields: [{manager: 'jhub'}]}
      const status = object.metadata.labels?.['component'] === 'jhub-home' ? fake.homePod : podOnceApplied()
      put(structuredClone({...object, metadata: managed, ...(object.kind === 'Pod' ? {status} : {})}))
    },
    async patch(ref, change) {
      const before = objects.get(keyOf(ref))
      if (before === undefined) throw new JhubError('JHUB-E210', `${ref.kind} "${ref.name}" not found`)
      beforeChange(`patch ${ref.kind} ${ref.name}`)
      put(mergePatch(before, change) as KubeObject)
    },
    async remove(ref) {
      if (!objects.has(keyOf(ref))) return
      beforeChange(`remove ${ref.kind} ${ref.name}`)
      objects.delete(keyOf(ref))
      if (ref.kind !== 'Namespace') return
      for (const [key, {metadata}] of objects) if (metadata.namespace === ref.name) objects.delete(key)
      await closeHub()
    },
    async resize(ref, container, resources: ContainerResources) {
      beforeChange(`resize ${ref.name} ${container} ${JSON.stringify(resources)}`)
    },
    converse: async (program, listener) =>
      converseInHome(fake.homes, objects.get(keyOf(podOf(program))), program, listener),
    async *podLog() {
      yield 'the last words of the hub'
    },
    forward: async () => `http://127.0.0.1:${String(port)}`,
  }
  /** A pod that jhub makes itself loads a configuration, and ends. */
  const podOnceApplied = () => {
    const {trial} = fake
    const beside = {name: 'istio-proxy', state: {}}
    if (trial === 'well beside another container')
      return {
        phase: 'Running',
        containerStatuses: [beside, {name: 'hub', state: {terminated: {reason: 'Completed', exitCode: 0}}}],
      }
    return trial === 'well'
      ? {phase: 'Succeeded'}
      : {
          phase: 'Failed',
          reason: trial,
          containerStatuses: [{name: 'hub', state: {terminated: {reason: trial, exitCode: 1}}}],
        }
  }
  const requireNamespace = (namespace: string) => {
    if (!objects.has(keyOf({kind: 'Namespace', name: namespace})))
      throw new JhubError('JHUB-E210', `namespaces "${namespace}" not found`)
  }

  const release = (wanted: HelmReleaseOptions, number: number, status: string): KubeObject & {data: object} => ({
    apiVersion: 'v1',
    kind: 'Secret',
    data: {release: encodeRelease(wanted, chartObjects(wanted))},
    metadata: {
      name: `sh.helm.release.v1.${wanted.release}.v${String(number)}`,
      namespace: wanted.namespace,
      labels: {owner: 'helm', name: wanted.release, version: String(number), status, ...wanted.labels},
    },
  })
  /** Pods of hub and proxy as the chart makes them: a broken hub ends again and again. */
  const startHub = async (wanted: HelmReleaseOptions) => {
    await closeHub()
    const isBroken = fake.brokenHubStarts > 0
    fake.brokenHubStarts = Math.max(0, fake.brokenHubStarts - 1)
    for (const [key, {kind}] of objects) if (kind === 'Pod') objects.delete(key)
    for (const object of chartObjects(wanted)) put(object)
    for (const name of ['hub', 'proxy']) {
      const isDown = isBroken && name === 'hub'
      const deployment = objects.get(keyOf({kind: 'Deployment', namespace: wanted.namespace, name}))
      const status = {observedGeneration: 1, updatedReplicas: 1, readyReplicas: isDown ? 0 : 1, replicas: 1}
      put({...deployment, status} as unknown as KubeObject)
      put({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: `${name}-${String(serial++)}`,
          namespace: wanted.namespace,
          labels: {app: 'jupyterhub', component: name},
          annotations: {fingerprint: fingerprintOf(wanted)},
        },
        spec: {nodeName: 'node'},
        status: {
          conditions: [{type: 'Ready', status: isDown ? 'False' : 'True'}],
          containerStatuses: [{name, ready: !isDown, state: isDown ? {waiting: {reason: 'CrashLoopBackOff'}} : {}}],
        },
      } as KubeObject)
    }
    putService(wanted)
    if (isBroken) return
    const values = JSON.parse(wanted.values) as {hub: {baseUrl?: string; services: {jhub: {apiToken: string}}}}
    const token = values.hub.services.jhub.apiToken
    hub = await startFakeHub({
      token,
      port,
      below: values.hub.baseUrl,
      ...(fake.hubState === undefined ? {} : {state: fake.hubState}),
    })
    fake.hubState = hub.state
    files.entries.set(path.posix.join(layout.volumes, wanted.namespace, 'hub-db-dir', 'jupyterhub.sqlite'), {
      kind: 'file',
      text: 'accounts',
      mode: 0o600,
      uid: 1000,
    })
  }
  /** Of the proxy: what opens it gets node ports too, as in a real cluster. */
  const putService = ({values, namespace}: HelmReleaseOptions) => {
    const {type} = (JSON.parse(values) as {proxy: {service: {type: string}}}).proxy.service
    const ingress = type === 'LoadBalancer' && fake.balancer !== undefined ? [fake.balancer] : []
    put({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {name: 'proxy-public', namespace},
      spec: {type, ports: [{port: 80, ...(type === 'ClusterIP' ? {} : {nodePort: 30_123})}]},
      status: {loadBalancer: {ingress}},
    } as KubeObject)
  }
  const newest = () => Math.max(0, ...revisions.keys())
  const deploy = async (wanted: HelmReleaseOptions) => {
    requireNamespace(wanted.namespace)
    const number = newest() + 1
    beforeChange('helm begins')
    revisions.set(number, wanted)
    const before = [...objects.values()].filter(
      ({kind, metadata}) => kind === 'Secret' && metadata.labels?.['status'] === 'deployed',
    )
    put(release(wanted, number, 'pending-upgrade'))
    beforeChange('helm changes the first objects')
    for (const object of chartObjects(wanted).slice(0, 2)) put(object)
    beforeChange('helm ends')
    for (const old of before)
      put({...old, metadata: {...old.metadata, labels: {...old.metadata.labels, status: 'superseded'}}})
    put(release(wanted, number, 'deployed'))
    await startHub(wanted)
  }

  const helm = localProgram(
    {
      files: shipped,
      system: fakeSystem,
      commands: {
        run: async ([program]) => {
          throw new JhubError('JHUB-E201', `${program ?? ''} is not on the PATH`)
        },
        startDetached: unscripted('startDetached'),
        pipe: unscripted('pipe'),
        converse: unscripted('commands.converse'),
      },
      downloads: {fetch: ({path: place, sha256}) => files.write(place, sha256, {mode: 0o755})},
    },
    helmWanted,
    {tools: layout.tools},
  )

  const digestOfShipped = async (file: string) => {
    const text = await shipped.read(file)
    return text === undefined ? undefined : digestOf(text)
  }
  const cluster: Cluster = {
    title: 'fake cluster',
    layout,
    files: shipped,
    checksums: {of: digestOfShipped, ofPlain: digestOfShipped},
    programs: [helm],
    helm: {
      async render(wanted) {
        await helm.require()
        const {hub: values} = JSON.parse(wanted.values) as {hub?: Values}
        if (values === undefined) throw new JhubError('JHUB-E201', 'helm ended badly', {cause: new Error('no hub')})
        return manifestOf(chartObjects(wanted))
      },
      defaults: async () => 'hub: {}\n',
      async upgrade(wanted) {
        await helm.require()
        const locked = [...objects.values()].some(({metadata}) => metadata.labels?.['status']?.startsWith('pending-'))
        if (locked) throw new JhubError('JHUB-E201', 'another operation (install/upgrade/rollback) is in progress')
        await deploy(wanted)
      },
      async rollback(_release, _namespace, revision) {
        const before = revisions.get(revision)
        if (before === undefined) throw new JhubError('JHUB-E201', 'release has no such version')
        await deploy(before)
      },
      async uninstall() {
        await helm.require()
        beforeChange('helm uninstall')
        for (const [key, {kind, metadata}] of objects)
          if (
            ['Deployment', 'Pod', 'Service'].includes(kind) ||
            metadata.labels?.['owner'] === 'helm' ||
            metadata.name === 'hub'
          )
            objects.delete(key)
        await closeHub()
      },
      async pull(_chart, version, directory) {
        await helm.require()
        await files.write(`${directory}/jupyterhub-${version ?? ''}.tgz`, fake.chartInRepository)
      },
    },
    hubNames: async () => (fake.found.state === 'missing' ? [] : ['fake']),
    api: async () => {
      if (fake.unreachable !== undefined) throw fake.unreachable
      const isUp = !isOwn || (fake.found.state === 'running' && (await files.read(layout.kubeconfig)) !== undefined)
      return isUp ? api : undefined
    },
    findings: async () => [{check: 'docker', state: 'ok', found: 'it answers'}],
    builder,
    registries: registry,
    ...(isOwn
      ? {
          own: {
            roomAddresses: () => ['192.168.1.5'],
            chartPlace: kindChartPlace,
            inspect: async () => fake.found,
            async create(settings: ClusterSettings) {
              beforeChange('start the nodes')
              fake.found = {state: 'half-made'}
              await files.write(layout.kubeconfig, 'way in', {mode: 0o600})
              beforeChange('mark the cluster')
              const nodeImage = settings.nodeImage ?? 'kindest/node:v1.34.0@sha256:0123'
              fake.found = {state: 'running', settings: {...settings, nodeImage}}
            },
            async remove() {
              beforeChange('remove the nodes')
              fake.found = {state: 'missing'}
              objects.clear()
              inNodes.clear()
              revisions.clear()
              await closeHub()
              await files.remove(layout.kubeconfig)
            },
            async start() {
              if ((await files.read(layout.kubeconfig)) === undefined)
                await files.write(layout.kubeconfig, 'way in', {mode: 0o600})
              if (fake.found.state !== 'stopped') return
              beforeChange('start the nodes')
              fake.found = {...fake.found, state: 'running'}
            },
            async stop() {
              beforeChange('stop the nodes')
              if ('settings' in fake.found) fake.found = {...fake.found, state: 'stopped'}
              await closeHub()
            },
            imagesToSend: async (images) =>
              images
                .filter((name) => builder.made.has(name))
                .map((name) => ({name, id: name, contents: name, sizeBytes: 1})),
            async sendImages(images) {
              for (const {name} of images) {
                beforeChange(`load ${name}`)
                inNodes.add(name)
              }
            },
            async fetchImage(image) {
              if (fake.registrySays !== undefined) return fake.registrySays
              inNodes.add(image)
              return undefined
            },
            imagesThere: async (images) => images.filter((name) => inNodes.has(name)),
            async removeImages(images) {
              for (const name of images) {
                beforeChange(`unload ${name}`)
                inNodes.delete(name)
              }
            },
            repositories: async () => undefined,
            archives: {
              platform: 'linux',
              here: async (images) =>
                images.flatMap((name) => {
                  const id = inDocker.get(name)
                  return id === undefined ? [] : [{name, id, contents: id, sizeBytes: 1}]
                }),
              async save(images, file) {
                for (const {reference} of images)
                  if (!inDocker.has(reference)) inDocker.set(reference, `id of ${reference}`)
                const saved = images.map(({name, reference}) => [name, inDocker.get(reference)])
                await files.write(file, JSON.stringify(saved))
              },
              async load(file) {
                beforeChange('load the images')
                const saved = JSON.parse((await files.read(file)) ?? '[]') as readonly [string, string][]
                for (const [name, id] of saved) inDocker.set(name, id)
              },
            },
            memoryKills: async () => new Map(),
            measureVolumes: async () => ({volumes: new Map()}),
            makeVolumes: async () => undefined,
            deleteVolumes: async (names) => {
              for (const name of names) await files.remove(path.posix.join(layout.volumes, name))
            },
          },
        }
      : {}),
  }
  const fake: FakeCluster = {
    cluster,
    files,
    changes,
    objects,
    builder,
    inNodes,
    inDocker,
    registry,
    hubState: undefined,
    killAt: undefined,
    failAt: undefined,
    brokenHubStarts: 0,
    trial: 'well',
    homes: new Map(),
    homePod: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]},
    registrySays: undefined,
    balancer: undefined,
    found: {state: 'missing'},
    unreachable: undefined,
    chartInRepository: 'chart',
    isKilled: () => isDead,
    revive() {
      isDead = false
      fake.killAt = undefined
      fake.failAt = undefined
    },
    close: closeHub,
  }
  return fake
}

const fingerprintOf = ({labels}: HelmReleaseOptions) => labels?.['jhub.jupyter.org/fingerprint'] ?? ''

/** As helm keeps it: zipped, and encoded once by itself and once as a secret is. */
function encodeRelease({values}: HelmReleaseOptions, made: readonly KubeObject[]): string {
  const zipped = gzipSync(JSON.stringify({config: JSON.parse(values) as unknown, manifest: manifestOf(made)})).toString(
    'base64',
  )
  return Buffer.from(zipped).toString('base64')
}

function manifestOf(made: readonly KubeObject[]): string {
  return made.map((object) => stringify(object)).join('\n---\n')
}

/** A few of the objects that the chart makes, as far as somebody may change them. */
function chartObjects(wanted: HelmReleaseOptions): readonly KubeObject[] {
  const {namespace} = wanted
  const programs: Readonly<Record<string, readonly string[]>> = {
    hub: ['jupyterhub', '--config', '/etc/jupyterhub_config.py', '--upgrade-db'],
    proxy: ['configurable-http-proxy'],
  }
  const deployment = (name: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name, namespace, generation: 1, labels: {chart: path.posix.basename(wanted.chart, '.tgz')}},
    spec: {
      replicas: 1,
      template: {
        spec: {
          containers: [
            {
              name,
              image: `example/${name}:1`,
              args: programs[name],
              env: [{name: 'FINGERPRINT', value: fingerprintOf(wanted)}],
            },
          ],
        },
      },
    },
  })
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {name: 'hub', namespace},
    data: {values: Buffer.from(wanted.values).toString('base64')},
  }
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name: 'hub', namespace},
    spec: {selector: {component: 'hub'}, ports: [{name: 'hub', port: 8081}]},
  }
  return [secret, deployment('hub'), deployment('proxy'), service]
}

const podOf = ({namespace, pod}: ProgramInPod) => ({kind: 'Pod', namespace, name: pod})

/** Runs the program of a pod here, with the directory of its claim in place of what is mounted in it. */
function converseInHome(
  homes: ReadonlyMap<string, string>,
  pod: KubeObject | undefined,
  {argv, pod: name}: ProgramInPod,
  listener: ConversationListener,
): Conversation {
  const [claim = ''] =
    (pod as Pod | undefined)?.spec?.volumes?.map((each) => each.persistentVolumeClaim?.claimName) ?? []
  const directory = homes.get(claim)
  if (directory === undefined) throw new JhubError('JHUB-E210', `pods "${name}" not found`)
  const conversation = realCommands.converse(argv, listener)
  return {
    ...conversation,
    send: (line) => conversation.send(line.replace('"path":"/jhub-home"', `"path":${JSON.stringify(directory)}`)),
  }
}

/** RFC 7386, of which lists are taken whole. */
function mergePatch(value: unknown, change: unknown): unknown {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change
  const before = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  const merged = Object.entries(change).map(([key, inner]) => [
    key,
    mergePatch((before as Record<string, unknown>)[key], inner),
  ])
  return Object.fromEntries(
    Object.entries({...before, ...(Object.fromEntries(merged) as object)}).filter(([, inner]) => inner !== null),
  )
}

/** `name=value`, or `name` for any value. */
function hasLabel({metadata}: KubeObject, wanted: string): boolean {
  const [name = '', value] = wanted.split('=')
  const found = metadata.labels?.[name]
  return value === undefined ? found !== undefined : found === value
}
