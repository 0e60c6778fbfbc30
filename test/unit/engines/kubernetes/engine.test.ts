import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {renderStatus} from '../../../../src/cli/render/hub/render-status.js'
import {doctor} from '../../../../src/hub/doctor/doctor.js'
import {down} from '../../../../src/hub/down.js'
import {limitsSet} from '../../../../src/hub/limits/limits-change.js'
import {plan} from '../../../../src/hub/plan.js'
import {status} from '../../../../src/hub/status.js'
import {userAdd} from '../../../../src/hub/user/user-add.js'
import {up} from '../../../../src/hub/up.js'
import type {KubeApi, KubeObject, ListOf} from '../../../../src/engines/kubernetes/api/kube-api.js'
import {hubRecovery} from '../../../../src/engines/kubernetes/clusters/hub-recovery.js'
import type {Helm} from '../../../../src/engines/kubernetes/release/helm.js'
import {JhubError} from '../../../../src/errors.js'
import {digestOf} from '../../../fakes/fake-cluster.js'
import {kubernetesWorld, type KubernetesWorld} from '../../../contract/kubernetes-world.js'
import {quietPort} from '../../../fakes/quiet-port.js'

let port: number
let world: KubernetesWorld
beforeEach(async () => {
  port = await quietPort()
  world = kubernetesWorld(port)
})
afterEach(() => world.close())

const bringUp = () => up(world.context(), {port, admin: 'admin', mode: 'k8s'})
const upAgain = () => up(world.context())
const failureOf = async (action: Promise<unknown>) =>
  (await action.catch((error: unknown) => error)) as JhubError | undefined
const editSpec = async (from: string | RegExp, to: string) => {
  const source = (await world.files.read('/config/fake.yaml')) ?? ''
  await world.files.write('/config/fake.yaml', source.replace(from, to))
}
const contextSpec = `version: 1
name: fake
mode: k8s
k8s: {cluster: "context:prod"}
users: {admin: {admin: true}}
`
const object = (key: string) => world.objects.get(key)

describe('a hub in a cluster', () => {
  it('keeps the applied spec in the cluster, and no secret but in its secret', async () => {
    await bringUp()
    const spec = object('Secret/fake/jhub-applied') as {data?: Record<string, string>} | undefined
    const kept = Buffer.from(spec?.data?.['jhub.yaml'] ?? '', 'base64').toString()
    expect(kept).toBe(await world.files.read('/config/fake.yaml'))
    const secrets = JSON.parse((await world.files.read('/state/fake/secrets.json')) ?? '{}') as Record<string, string>
    for (const secret of Object.values(secrets)) {
      const seen = [...world.objects.values()].filter(({kind}) => kind !== 'Secret')
      expect(JSON.stringify(seen)).not.toContain(secret)
    }
  })

  it('says in the plan which values change, and whom that disturbs', async () => {
    await bringUp()
    await editSpec('after: 1h', 'after: 2h')
    expect((await plan(world.context())).changes).toMatchObject([
      {
        summary: expect.stringMatching(
          /^restart JupyterHub with its new settings: .*cull\.timeout 3600 → 7200$/,
        ) as string,
        disturbs: 'hub restarts (servers keep running)',
      },
    ])
    await editSpec(/port: \d+/, 'port: 1234')
    const [first] = (await plan(world.context())).changes
    expect(first).toMatchObject({disturbs: 'machine or cluster is recreated'})
    expect(first?.summary).toContain(`endpoint 127.0.0.1:${String(port)} → 127.0.0.1:1234 (files stay)`)
  })

  it('holds the whole hub to its limits at once, and lets go of them again', async () => {
    await bringUp()
    await limitsSet(world.context(), {scope: {kind: 'total'}, values: {memory: '8G'}, dryRun: false})
    expect(object('ResourceQuota/fake/jhub-total')).toMatchObject({
      spec: {hard: {'limits.memory': String(8 * 1024 ** 3)}},
    })
    expect((await plan(world.context())).changes).toEqual([])
    await editSpec(/, total: .*|\n {2}total: .*/, '')
    await bringUp()
    expect(object('ResourceQuota/fake/jhub-total')).toBeUndefined()
  })

  const volumes = () => [...world.objects.values()].filter(({kind}) => kind === 'PersistentVolume')
  const homeVolumes = () => volumes().filter(({metadata}) => metadata.name.includes('-claim-'))
  const databaseVolume = () => volumes().find(({metadata}) => metadata.name === 'jhub-fake-hub-db-dir')

  it("has the volume of the hub's database before the hub, in the directory of an earlier cluster", async () => {
    await bringUp()
    expect(databaseVolume()).toMatchObject({
      spec: {
        capacity: {storage: '1Gi'},
        hostPath: {path: '/var/local-path-provisioner/fake/hub-db-dir'},
        claimRef: {namespace: 'fake', name: 'hub-db-dir'},
      },
    })
    const made = world.changes.indexOf('apply PersistentVolume jhub-fake-hub-db-dir')
    expect(made).toBeGreaterThan(-1)
    expect(made).toBeLessThan(world.changes.indexOf('helm begins'))
  })

  it.each([
    ['the values have a class of their own', 'values: {hub: {db: {pvc: {storageClassName: fast}}}}'],
    ['the database is elsewhere', 'values: {hub: {db: {type: postgres, url: "postgresql://db/hub"}}}'],
    ['the settings file names a class', 'storage: {class: fast}'],
  ])('makes no volume for the database where %s', async (_, lines) => {
    await world.files.write(
      '/config/fake.yaml',
      contextSpec.replace('cluster: "context:prod"', `cluster: kind, ${lines}`) + `access: {port: ${String(port)}}\n`,
    )
    await upAgain()
    expect(homeVolumes()).toHaveLength(lines.startsWith('storage') ? 0 : 1)
    expect(databaseVolume()).toBeUndefined()
  })

  it('makes no volume for a database that has its claim', async () => {
    world.objects.set('PersistentVolumeClaim/fake/hub-db-dir', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {name: 'hub-db-dir', namespace: 'fake'},
    })
    await bringUp()
    expect(databaseVolume()).toBeUndefined()
  })

  it('has a volume for each home before its server starts, and none where a home is there', async () => {
    await bringUp()
    expect(homeVolumes()).toMatchObject([
      {
        metadata: {name: 'jhub-fake-claim-admin'},
        spec: {
          storageClassName: 'jhub',
          hostPath: {path: '/var/local-path-provisioner/fake/claim-admin'},
          claimRef: {namespace: 'fake', name: 'claim-admin'},
        },
      },
    ])
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {name: 'claim-old', namespace: 'fake'},
    }
    world.objects.set('PersistentVolumeClaim/fake/claim-old', claim)
    await userAdd(world.context(), {
      names: ['ana', 'old'],
      admin: false,
      groups: [],
      passwords: new Map(),
      dryRun: false,
    })
    expect(homeVolumes().map(({metadata}) => metadata.name)).toEqual(['jhub-fake-claim-admin', 'jhub-fake-claim-ana'])
    expect((await plan(world.context())).changes).toEqual([])
  })

  it('leaves a namespace and a cluster that it did not make', async () => {
    await bringUp()
    await down(world.context(), {deleteData: false, dryRun: false})
    world.found = {state: 'foreign'}
    const failure = await failureOf(bringUp())
    expect(failure?.code).toBe('JHUB-E403')
    await down(world.context(), {deleteData: false, dryRun: false})
    expect(world.found).toEqual({state: 'foreign'})
  })

  it('frees a release that a killed helm left locked', async () => {
    await bringUp()
    const [key, secret] = [...world.objects].find(([, {metadata}]) => metadata.labels?.['status'] === 'deployed') ?? []
    if (key === undefined || secret === undefined) throw new Error('no release')
    const labels = {...secret.metadata.labels, version: '2', status: 'pending-upgrade'}
    const name = `${secret.metadata.name}-2`
    world.objects.set(`${key}-2`, {...secret, metadata: {...secret.metadata, name, labels}})
    expect((await plan(world.context())).changes[0]?.summary).toContain('its release is pending-upgrade')
    await bringUp()
    expect((await plan(world.context())).changes).toEqual([])
  })

  it('says why a new hub does not come up, with its last words', async () => {
    world.brokenHubStarts = 1
    const failure = await failureOf(bringUp())
    expect(failure?.code).toBe('JHUB-E206')
    expect(failure?.message).toContain('hub ends again and again')
    expect((failure?.cause as Error).message).toBe('the last words of the hub')
    expect(world.running()).toEqual([])
  })

  it('says what an image of servers that is found nowhere means, and does not forget it', async () => {
    world.registrySays = 'manifest unknown'
    const notes: string[] = []
    const context = {
      ...world.context(),
      onEvent: (event: {type: string; text?: string}) => {
        if (event.type === 'note') notes.push(event.text ?? '')
      },
    }
    await up(context, {port, admin: 'admin', mode: 'k8s'})
    expect(notes.join()).toMatch(/servers cannot start: the image \S+ cannot be pulled: its registry has no image/)
    expect((await plan(world.context())).changes.map(({summary}) => summary)).toEqual([
      expect.stringMatching(/^fetch \S+ into the cluster$/),
    ])
    world.registrySays = undefined
    await upAgain()
    expect((await plan(world.context())).changes).toEqual([])
  })

  it('finds a damaged secrets file, keeps it aside and goes on', async () => {
    await bringUp()
    await world.files.write('/state/fake/secrets.json', 'not json')
    const result = await bringUp()
    expect(result.changes.map(({summary}) => summary).join()).toContain('is damaged (everybody logs in again)')
    expect([...world.files.entries.keys()].some((file) => file.includes('secrets.json.damaged-'))).toBe(true)
  })
})

describe('secrets in k8s.values', () => {
  const values = 'values: {hub: {config: {GitHubOAuthenticator: {client_secret: s3cr3t-of-github}}}}'

  it('are in secrets of the cluster alone, and the plan does not show them', async () => {
    await bringUp()
    await editSpec('cluster: kind', `cluster: kind, ${values}`)
    const planned = (await plan(world.context())).changes.map(({summary}) => summary).join()
    expect(planned).toContain('hub.config.GitHubOAuthenticator.client_secret')
    expect(planned).not.toContain('s3cr3t-of-github')
    await upAgain()
    const open = [...world.objects.values()].filter(({kind}) => kind !== 'Secret')
    expect(JSON.stringify(open)).not.toContain('s3cr3t-of-github')
    expect((await plan(world.context())).changes).toEqual([])
  })

  it('that an older jhub wrote into ConfigMaps are taken out of them', async () => {
    await bringUp()
    const metadata = {name: 'jhub-applied', namespace: 'fake'}
    const data = {'jhub.yaml': (await world.files.read('/config/fake.yaml')) ?? ''}
    world.objects.delete('Secret/fake/jhub-applied')
    const old = {apiVersion: 'v1', kind: 'ConfigMap', metadata, data}
    world.objects.set('ConfigMap/fake/jhub-applied', old)
    expect((await upAgain()).changes.map(({step}) => step)).toEqual(['Record in the cluster what was applied'])
    expect(object('ConfigMap/fake/jhub-applied')).toBeUndefined()
    expect(object('Secret/fake/jhub-applied')).toBeDefined()
  })
})

describe('what somebody changed with kubectl', () => {
  const stopHub = async () => {
    for (const [key, {kind, metadata}] of world.objects)
      if (kind === 'Pod' && metadata.labels?.['component'] === 'hub') world.objects.delete(key)
    await world.close()
  }
  const change = async (key: string, patch: object) => {
    const api = await world.cluster.api()
    const [kind = '', namespace = '', name = ''] = key.split('/')
    await api?.patch({apiVersion: '', kind, namespace, name}, patch)
  }
  const scaleToZero = async () => {
    await change('Deployment/fake/hub', {
      spec: {replicas: 0},
      status: {updatedReplicas: 0, readyReplicas: 0, replicas: 0},
    })
    await stopHub()
  }
  const container = {name: 'hub', image: 'example/hub:1', env: [{name: 'DEBUG', value: '1'}]}
  const cases: readonly (readonly [string, string, () => Promise<unknown>])[] = [
    ['a hub at zero', 'Deployment hub: spec.replicas is 0, not 1', scaleToZero],
    [
      'a deployment that is gone',
      'Deployment hub is missing',
      async () => {
        world.objects.delete('Deployment/fake/hub')
        await stopHub()
      },
    ],
    ['a secret that is gone', 'Secret hub is missing', async () => world.objects.delete('Secret/fake/hub')],
    [
      'a secret with another content',
      'Secret hub: data.values was changed',
      async () => change('Secret/fake/hub', {data: {values: 'c2VjcmV0'}}),
    ],
    [
      'a service that leads nowhere',
      'Service hub: spec.selector.app was added',
      async () => change('Service/fake/hub', {spec: {selector: {app: 'other'}}}),
    ],
    [
      'a container with more variables',
      'Deployment hub: spec.template.spec.containers.hub.env.DEBUG was added',
      async () => change('Deployment/fake/hub', {spec: {template: {spec: {containers: [container]}}}}),
    ],
  ]

  it.each(cases)('%s is planned, a problem for the doctor, and repaired by one `up`', async (_, words, damage) => {
    await bringUp()
    const users = structuredClone([...(world.hubState?.passwords ?? [])])
    const before = object('Service/fake/hub')
    await damage()
    const planned = (await plan(world.context())).changes
    expect(planned[0]?.summary).toContain(words)
    expect(planned.map(({summary}) => summary).join()).not.toContain('add admin')
    const {healthy, findings} = await doctor(world.context())
    expect(healthy).toBe(false)
    expect(findings.filter(({found}) => found.includes(words))).toHaveLength(1)
    const {passwords} = await upAgain()
    expect(passwords).toEqual({})
    expect([...(world.hubState?.passwords ?? [])]).toEqual(users)
    expect(object('Service/fake/hub')).toEqual(before)
    expect((await plan(world.context())).changes).toEqual([])
    expect((await doctor(world.context())).healthy).toBe(true)
  })

  it('is a lost record of the spec too, which plan names and one `up` puts back', async () => {
    await bringUp()
    const before: object = {...object('Secret/fake/jhub-applied')}
    const record = structuredClone('data' in before ? before.data : undefined)
    expect(record).toBeDefined()
    world.objects.delete('Secret/fake/jhub-applied')
    const planned = (await plan(world.context())).changes
    expect(planned.map(({summary}) => summary)).toContain('record the settings file in the cluster')
    expect((await up(world.context(), {dryRun: true})).changes).toEqual(planned)
    expect((await doctor(world.context())).healthy).toBe(false)
    await upAgain()
    expect(object('Secret/fake/jhub-applied')).toMatchObject({data: record})
    expect((await plan(world.context())).changes).toEqual([])
  })

  it('is not what the cluster itself writes into objects', async () => {
    const helm = world.cluster.helm as {upgrade: Helm['upgrade']}
    const upgrade = helm.upgrade.bind(helm)
    helm.upgrade = async (...asked) => {
      await upgrade(...asked)
      await change('Service/fake/hub', {spec: {selector: {mesh: 'on'}}})
    }
    await bringUp()
    expect((await plan(world.context())).changes).toEqual([])
  })
})

describe('a helm that was killed half-way', () => {
  const killAt = async (what: string) => {
    const {changes} = world
    const push = changes.push.bind(changes)
    changes.push = (...texts) => {
      if (texts[0] === what) world.killAt = 0
      return push(...texts)
    }
    await failureOf(upAgain())
    changes.push = push
    expect(world.isKilled()).toBe(true)
    world.revive()
  }

  it('leaves objects that the next `up` makes right, also when the spec is as it was before', async () => {
    await bringUp()
    const old = world.hubFingerprint()
    const deployment = object('Deployment/fake/hub')
    const before = [...world.objects].filter(([key]) => /^(?:Deployment|Secret\/fake\/hub)/.test(key))
    await editSpec('after: 1h', 'after: 2h')
    await killAt('helm changes the first objects')
    await editSpec('after: 2h', 'after: 1h')
    expect(object('Deployment/fake/hub')).not.toEqual(deployment)
    // Killed once more, right after the release was freed.
    await killAt('remove Secret sh.helm.release.v1.fake.v2')
    // All that the killed helm did is what the chart had left open before.
    for (const [key, each] of before) world.objects.set(key, each)
    const more = {spec: {template: {spec: {priorityClassName: 'high'}}}}
    await (
      await world.cluster.api()
    )?.patch({apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'fake', name: 'hub'}, more)
    await upAgain()
    expect(object('Deployment/fake/hub')).toEqual(deployment)
    expect(world.hubFingerprint()).toBe(old)
    expect((await plan(world.context())).changes).toEqual([])
  })
})

describe('a hub in a cluster that cannot be asked', () => {
  const expired = new JhubError('JHUB-E212', 'The cluster does not accept this account (401)', {
    fix: 'kubectl --context prod get nodes',
  })
  beforeEach(async () => {
    await world.close()
    world = kubernetesWorld(port, {isOwn: false})
    await world.files.write('/config/fake.yaml', contextSpec)
    await upAgain()
    world.unreachable = expired
  })

  it('is not taken for one that is gone: down removes nothing, here or there', async () => {
    const [before, there] = [new Map(world.files.entries), [...world.objects.keys()]]
    for (const deleteData of [false, true])
      expect(await failureOf(down(world.context(), {deleteData, dryRun: false}))).toBe(expired)
    expect(await world.files.read('/state/fake/secrets.json')).toBe(before.get('/state/fake/secrets.json')?.text)
    expect([...world.files.entries.keys()]).toEqual([...before.keys()])
    expect([...world.objects.keys()]).toEqual(there)
    world.unreachable = undefined
    await down(world.context(), {deleteData: true, dryRun: false})
    expect([...world.objects.keys()]).toEqual([])
  })

  it('is unknown, not stopped, and status says why', async () => {
    const seen = await status(world.context())
    expect(seen).toMatchObject({
      state: 'unknown',
      unreachable: {because: expired.message, fix: expired.suggestions},
      services: [{state: 'unknown'}, {state: 'unknown'}],
      homes: {count: null},
    })
    expect(renderStatus(seen)).toContain(`Because:  ${expired.message}`)
    expect(await doctor(world.context())).toMatchObject({healthy: false})
  })

  it('keeps its people: a small verb ends with the reason', async () => {
    const options = {names: ['ana'], admin: false, groups: [], passwords: new Map<string, string>(), dryRun: false}
    expect(await failureOf(userAdd(world.context(), options))).toBe(expired)
    expect(await world.files.read('/config/fake.yaml')).toBe(contextSpec)
  })
})

describe('a cluster that refuses', () => {
  const refusal = (what: string) => new JhubError('JHUB-E212', `The cluster refused ${what}`, {details: {status: 403}})
  const openedApi = async () => (await world.cluster.api()) as {-readonly [K in keyof KubeApi]: KubeApi[K]}

  it('everything, because it has just started and has not read its accounts, is waited for', async () => {
    await bringUp()
    const api = await openedApi()
    const {read} = {...api}
    world.found = {...world.found, state: 'stopped'} as typeof world.found
    let isStarting = false
    let answers = 0
    const own = world.cluster.own as {start: (signal: AbortSignal) => Promise<void>}
    const start = own.start.bind(own)
    own.start = async (signal) => {
      await start(signal)
      isStarting = true
    }
    api.read = async (ref) => {
      if (isStarting && answers++ < 3) throw refusal(ref.kind)
      return read(ref)
    }
    expect((await upAgain()).changes.length).toBeGreaterThan(0)
    expect(answers).toBeGreaterThan(3)
  })

  it('an account its secrets says nothing of an owner, so that the checks name all the rights that are lacking', async () => {
    await bringUp()
    const api = await openedApi()
    api.read = () => Promise.reject(refusal('Secret'))
    expect(await hubRecovery(world.cluster, 'fake', 'fake').owner()).toEqual({isThere: false})
  })

  it('an account the record of the release is told what else there is', async () => {
    await world.close()
    world = kubernetesWorld(port, {isOwn: false})
    await world.files.write('/config/fake.yaml', contextSpec)
    await upAgain()
    const api = await openedApi()
    const {read} = {...api}
    api.read = async (ref) => (ref.kind === 'Secret' ? Promise.reject(refusal('Secret')) : read(ref))
    const seen = await status(world.context())
    expect(seen.services).toMatchObject([{state: 'running'}, {state: 'running'}])
    expect(seen.chart).toBeUndefined()
  })
})

describe('a namespace that an admin made', () => {
  const metadata = {name: 'fake', labels: {'jhub.jupyter.org/hub': 'fake'}, annotations: {team: 'physics'}}
  const theirs = {apiVersion: 'v1', kind: 'Namespace', metadata}
  const claim = (name: string, labels: Readonly<Record<string, string>>) => {
    const object = {apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: {name, namespace: 'fake', labels}}
    world.objects.set(`PersistentVolumeClaim/fake/${name}`, object)
  }
  beforeEach(async () => {
    await world.close()
    world = kubernetesWorld(port, {isOwn: false})
    await world.files.write('/config/fake.yaml', contextSpec)
  })

  it('is used when it has the label, and left as it was', async () => {
    world.objects.set('Namespace//fake', {...theirs, metadata: {name: 'fake'}})
    expect((await failureOf(upAgain()))?.suggestions.join()).toContain(
      'kubectl label namespace fake jhub.jupyter.org/hub=fake',
    )
    world.objects.set('Namespace//fake', theirs)
    await upAgain()
    claim('claim-ana', {app: 'jupyterhub'})
    claim('of-somebody-else', {})
    await down(world.context(), {deleteData: false, dryRun: false})
    expect(object('PersistentVolumeClaim/fake/claim-ana')).toBeDefined()
    await upAgain()
    await down(world.context(), {deleteData: true, dryRun: false})
    expect([...world.objects.keys()]).toEqual(['Namespace//fake', 'PersistentVolumeClaim/fake/of-somebody-else'])
    expect(object('Namespace//fake')).toEqual(theirs)
  })

  it('is gone, not going, when `down` says that it removed it', async () => {
    await upAgain()
    const api = (await world.cluster.api()) as {-readonly [K in keyof KubeApi]: KubeApi[K]}
    const {read, remove} = {...api}
    let looks = 0
    const namespace = {apiVersion: 'v1', kind: 'Namespace', name: 'fake'}
    api.remove = async (ref) => {
      const found = object('Namespace//fake')
      if (ref.kind !== 'Namespace' || found === undefined) return remove(ref)
      const deletionTimestamp = '2026-01-01T00:00:00Z'
      world.objects.set('Namespace//fake', {...found, metadata: {...found.metadata, deletionTimestamp}})
    }
    api.read = async (ref) => {
      const isGoing = object('Namespace//fake')?.metadata.deletionTimestamp !== undefined
      if (ref.kind === 'Namespace' && isGoing && looks++ === 2) await remove(namespace)
      return read(ref)
    }
    await down(world.context(), {deleteData: true, dryRun: false})
    expect([...world.objects.keys()]).toEqual([])
  })

  it('has no pod of the hub left when `down` says that the hub is gone', async () => {
    world.objects.set('Namespace//fake', theirs)
    await upAgain()
    const [key, pod] = [...world.objects].find(([name]) => name.startsWith('Pod/fake/hub-')) ?? []
    if (key === undefined || pod === undefined) throw new Error('no pod of the hub')
    const api = (await world.cluster.api()) as {-readonly [K in keyof KubeApi]: KubeApi[K]}
    const list = api.list.bind(api)
    let looks = 0
    api.list = async <T extends KubeObject>(wanted: ListOf) => {
      const isUninstalled = object('Deployment/fake/hub') === undefined
      if (isUninstalled && wanted.kind === 'Pod') {
        if (looks++ < 4) world.objects.set(key, pod)
        else world.objects.delete(key)
      }
      return list<T>(wanted)
    }
    await down(world.context(), {deleteData: false, dryRun: false})
    expect([...world.objects.keys()]).toEqual(['Namespace//fake'])
  })

  it('may keep its quotas from this account: up and down do without', async () => {
    world.objects.set('Namespace//fake', theirs)
    const refused = (kind: string) => {
      if (['ResourceQuota', 'LimitRange'].includes(kind)) throw new JhubError('JHUB-E212', `may not see ${kind}`)
    }
    const api = (await world.cluster.api()) as {-readonly [K in keyof KubeApi]: KubeApi[K]}
    const {read, list, remove} = {...api}
    api.read = async (ref) => (refused(ref.kind), read(ref))
    api.list = async (kind) => (refused(kind.kind), list(kind))
    api.remove = async (ref) => {
      refused(ref.kind)
      await remove(ref)
    }
    await upAgain()
    await down(world.context(), {deleteData: true, dryRun: false})
    expect([...world.objects.keys()]).toEqual(['Namespace//fake'])
  })
})

it('a deployment that is not allowed its pod ends `up` with the words of the cluster', async () => {
  const {cluster} = world
  const helm = cluster.helm as {upgrade: Helm['upgrade']}
  const upgrade = helm.upgrade.bind(helm)
  const message = 'pods "hub-7d9-" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true'
  helm.upgrade = async (...asked) => {
    await upgrade(...asked)
    for (const [key, {kind, metadata}] of world.objects)
      if (kind === 'Pod' && metadata.labels?.['component'] === 'hub') world.objects.delete(key)
    const status = {readyReplicas: 0, conditions: [{type: 'ReplicaFailure', status: 'True', message}]}
    await (
      await cluster.api()
    )?.patch({apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'fake', name: 'hub'}, {status})
  }
  const failure = await failureOf(bringUp())
  expect(failure?.message).toBe(
    'hub: the cluster refuses its pod: violates PodSecurity "restricted:latest": runAsNonRoot != true',
  )
})

it('a hub whose pod is not ready yet is starting, not stopped', async () => {
  await bringUp()
  await world.cluster.own?.stop()
  world.found = {...world.found, state: 'running'} as typeof world.found
  for (const [key, each] of world.objects)
    if (each.kind === 'Pod') world.objects.set(key, {...each, status: {phase: 'Pending'}} as typeof each)
  expect((await status(world.context())).state).toBe('starting')
  for (const [key, {kind}] of world.objects) if (kind === 'Pod') world.objects.delete(key)
  expect((await status(world.context())).state).toBe('stopped')
})

describe('the chart that a hub is made from', () => {
  const sums = async () => JSON.parse((await world.files.read('/state/fake/chart-sums.json')) ?? '{}') as object
  const official = 'jupyterhub 4.4.0 from https://hub.jupyter.org/helm-chart/'
  const k8sLine = /k8s: .*\n/
  const forgetFile = async () => world.files.remove('/state/fake/charts')

  it('is known by its sum, which status shows and the cluster keeps', async () => {
    await bringUp()
    expect(await sums()).toEqual({[official]: digestOf('chart')})
    expect((await status(world.context())).chart).toEqual({source: official, digest: digestOf('chart')})
  })

  it('must be the same when it is fetched again, as this machine knows, or else the cluster', async () => {
    await bringUp()
    world.chartInRepository = 'another chart'
    for (const forget of [forgetFile, () => world.files.remove('/state/fake/chart-sums.json')]) {
      await forgetFile()
      await forget()
      const before = await sums()
      expect((await plan(world.context())).changes[0]?.summary).toBe(
        `fetch ${official}, which must be ${digestOf('chart')}`,
      )
      const failure = await failureOf(bringUp())
      expect(failure?.code).toBe('JHUB-E218')
      expect(failure?.message).toBe(
        `${official} has changed: its digest is ${digestOf('another chart')}, but the chart that this hub was made with has ${digestOf('chart')}`,
      )
      expect(failure?.suggestions.join()).toContain(`k8s: {chartDigest: ${digestOf('another chart')}}`)
      expect([...world.files.entries.keys()].filter((file) => file.endsWith('.tgz'))).toEqual([])
      expect(await sums()).toEqual(before)
    }
    world.chartInRepository = 'chart'
    expect((await bringUp()).changes.map(({step}) => step)).toEqual(['Fetch the chart'])
  })

  it('is another one when the spec names its sum, and the plan says so', async () => {
    await bringUp()
    world.chartInRepository = 'another chart'
    await editSpec(k8sLine, `k8s: {cluster: kind, chartDigest: "${digestOf('another chart')}"}\n`)
    await bringUp()
    expect(await sums()).toEqual({[official]: digestOf('another chart')})
    expect((await status(world.context())).chart?.digest).toBe(digestOf('another chart'))
    await editSpec(digestOf('another chart'), digestOf('chart'))
    expect((await failureOf(bringUp()))?.message).toContain(
      `its digest is ${digestOf('another chart')}, but the settings file (k8s.chartDigest) has ${digestOf('chart')}`,
    )
  })

  it('on this machine is held to the sum before anything is made', async () => {
    await bringUp()
    await world.files.write('/charts/own.tgz', 'own chart')
    await editSpec(k8sLine, `k8s: {cluster: kind, chart: /charts/own.tgz, chartDigest: "${digestOf('chart')}"}\n`)
    const failure = await failureOf(bringUp())
    expect(failure?.message).toContain(`chart: /charts/own.tgz: its digest is ${digestOf('own chart')}`)
    await editSpec(digestOf('chart'), digestOf('own chart'))
    expect((await plan(world.context())).changes.map(({summary}) => summary).join()).toContain(
      `chart ${digestOf('chart')} → ${digestOf('own chart')}`,
    )
    await bringUp()
    expect((await status(world.context())).chart).toEqual({source: '/charts/own.tgz', digest: digestOf('own chart')})
  })

  it('goes with its sum when a later step of the first `up` fails', async () => {
    world.brokenHubStarts = 1
    await failureOf(bringUp())
    expect([...world.files.entries.keys()].filter((file) => file.startsWith('/state/fake/chart'))).toEqual([])
  })
})
