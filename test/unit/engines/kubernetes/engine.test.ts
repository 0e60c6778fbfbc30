import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {renderStatus} from '../../../../src/cli/render/render-status.js'
import {doctor} from '../../../../src/hub/doctor.js'
import {down} from '../../../../src/hub/down.js'
import {limitsSet} from '../../../../src/hub/limits/limits-change.js'
import {plan} from '../../../../src/hub/plan.js'
import {status} from '../../../../src/hub/status.js'
import {userAdd} from '../../../../src/hub/user/user-add.js'
import {up} from '../../../../src/hub/up.js'
import {JhubError} from '../../../../src/errors.js'
import {realHost} from '../../../../src/host/real-host.js'
import {sumOf} from '../../../fakes/fake-cluster.js'
import {kubernetesWorld, type KubernetesWorld} from '../../../contract/kubernetes-world.js'

let port: number
let world: KubernetesWorld
beforeEach(async () => {
  port = await realHost().processes.freePort()
  world = kubernetesWorld(port)
})
afterEach(() => world.close())

const bringUp = () => up(world.context(), {dryRun: false, keepOnFailure: false, port, admin: 'admin', mode: 'k8s'})
const upAgain = () => up(world.context(), {dryRun: false, keepOnFailure: false})
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
    const spec = object('ConfigMap/fake/jhub-applied') as {data?: Record<string, string>} | undefined
    expect(spec?.data?.['jhub.yaml']).toBe(await world.files.read('/config/fake.yaml'))
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
        summary: 'restart JupyterHub with its new settings: cull.timeout 3600 → 7200',
        disturbs: 'hub restarts (servers keep running)',
      },
    ])
    await editSpec(/port: \d+/, 'port: 1234')
    const [first] = (await plan(world.context())).changes
    expect(first).toMatchObject({disturbs: 'machine or cluster is recreated'})
    expect(first?.summary).toContain(`door 127.0.0.1:${String(port)} → 127.0.0.1:1234 (files stay)`)
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

  it('finds a damaged secrets file, keeps it aside and goes on', async () => {
    await bringUp()
    await world.files.write('/state/fake/secrets.json', 'not json')
    const result = await bringUp()
    expect(result.changes.map(({summary}) => summary).join()).toContain('is damaged (everybody logs in again)')
    expect([...world.files.entries.keys()].some((file) => file.includes('secrets.json.damaged-'))).toBe(true)
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
    expect(await sums()).toEqual({[official]: sumOf('chart')})
    expect((await status(world.context())).chart).toEqual({source: official, digest: sumOf('chart')})
  })

  it('must be the same when it is fetched again, as this machine knows, or else the cluster', async () => {
    await bringUp()
    world.chartInRepository = 'another chart'
    for (const forget of [forgetFile, () => world.files.remove('/state/fake/chart-sums.json')]) {
      await forgetFile()
      await forget()
      const before = await sums()
      expect((await plan(world.context())).changes[0]?.summary).toBe(
        `fetch ${official}, which must be ${sumOf('chart')}`,
      )
      const failure = await failureOf(bringUp())
      expect(failure?.code).toBe('JHUB-E218')
      expect(failure?.message).toBe(
        `${official} is not what it was: its sum is ${sumOf('another chart')}, and the chart that this hub was made with has ${sumOf('chart')}`,
      )
      expect(failure?.suggestions.join()).toContain(`k8s: {chartDigest: ${sumOf('another chart')}}`)
      expect([...world.files.entries.keys()].filter((file) => file.endsWith('.tgz'))).toEqual([])
      expect(await sums()).toEqual(before)
    }
    world.chartInRepository = 'chart'
    expect((await bringUp()).changes.map(({step}) => step)).toEqual(['Fetch the chart'])
  })

  it('is another one when the spec names its sum, and the plan says so', async () => {
    await bringUp()
    world.chartInRepository = 'another chart'
    await editSpec(k8sLine, `k8s: {cluster: kind, chartDigest: "${sumOf('another chart')}"}\n`)
    await bringUp()
    expect(await sums()).toEqual({[official]: sumOf('another chart')})
    expect((await status(world.context())).chart?.digest).toBe(sumOf('another chart'))
    await editSpec(sumOf('another chart'), sumOf('chart'))
    expect((await failureOf(bringUp()))?.message).toContain(
      `its sum is ${sumOf('another chart')}, and the spec (k8s.chartDigest) has ${sumOf('chart')}`,
    )
  })

  it('on this machine is held to the sum before anything is made', async () => {
    await bringUp()
    await world.files.write('/charts/own.tgz', 'own chart')
    await editSpec(k8sLine, `k8s: {cluster: kind, chart: /charts/own.tgz, chartDigest: "${sumOf('chart')}"}\n`)
    const failure = await failureOf(bringUp())
    expect(failure?.message).toContain(`chart: /charts/own.tgz: its sum is ${sumOf('own chart')}`)
    await editSpec(sumOf('chart'), sumOf('own chart'))
    expect((await plan(world.context())).changes.map(({summary}) => summary).join()).toContain(
      `chart ${sumOf('chart')} → ${sumOf('own chart')}`,
    )
    await bringUp()
    expect((await status(world.context())).chart).toEqual({source: '/charts/own.tgz', digest: sumOf('own chart')})
  })

  it('goes with its sum when a later step of the first `up` fails', async () => {
    world.brokenHubStarts = 1
    await failureOf(bringUp())
    expect([...world.files.entries.keys()].filter((file) => file.startsWith('/state/fake/chart'))).toEqual([])
  })
})
