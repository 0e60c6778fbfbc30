import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {contextFindings} from '../../../../../../src/engines/kubernetes/clusters/findings/context-findings.js'
import type {Action, KubeApi} from '../../../../../../src/engines/kubernetes/api/kube-api.js'
import {hubLabel} from '../../../../../../src/engines/kubernetes/clusters/names.js'
import {JhubError} from '../../../../../../src/errors.js'
import {parseHubSpec} from '../../../../../../src/hub-spec/parse-hub-spec.js'
import {fakeCluster, type FakeCluster} from '../../../../../fakes/fake-cluster.js'

const standard = 'StorageClass//standard'
const place = {title: 'cluster prod', context: 'prod'}
let fake: FakeCluster
beforeEach(() => {
  fake = fakeCluster(0, {isOwn: false})
  fake.objects.set(standard, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {name: 'standard', annotations: {'storageclass.kubernetes.io/is-default-class': 'true'}},
  })
})
afterEach(() => fake.close())

const look = async (more = '', other: Partial<KubeApi> = {}) => {
  const api = await fake.cluster.api()
  if (api === undefined) throw new Error('no API')
  const spec = parseHubSpec(`version: 1\nname: fake\nmode: k8s\nk8s: {cluster: "context:prod"${more}\n`)
  return contextFindings({...api, ...other}, place, spec)
}
const problems = async (...asked: Parameters<typeof look>) =>
  (await look(...asked)).filter(({state}) => state === 'problem')
const namespace = (labels: Readonly<Record<string, string>>) =>
  fake.objects.set('Namespace//fake', {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'fake', labels}})

describe('a cluster that somebody else made', () => {
  it('that has all that a hub needs is told as such', async () => {
    expect(await look('}')).toEqual([
      {check: 'cluster prod', state: 'ok', found: 'v1.34.4'},
      {check: 'storage class', state: 'ok', found: 'the default one'},
      {check: 'namespace fake', state: 'ok', found: 'free'},
      {check: 'rights in fake', state: 'ok', found: 'all that a hub needs'},
    ])
  })

  it('is not touched when it is too old, has no storage, or the namespace is taken', async () => {
    fake.objects.delete(standard)
    namespace({})
    expect(await problems('}', {version: async () => 'v1.27.9'})).toMatchObject([
      {found: 'v1.27.9', needed: 'v1.28 or newer'},
      {found: 'none', fix: 'k8s: {storage: {class: NAME}} in the settings file'},
      {
        found: 'it exists, and this hub did not make it',
        fix: expect.stringContaining('kubectl label namespace fake jhub.jupyter.org/hub=fake') as string,
      },
    ])
  })

  it('is not touched where this account may not do all of it', async () => {
    const mayNot = ({verb, group, resource, namespace: where}: Action) =>
      ['create  pods/portforward fake', 'create apps deployments fake', 'create  namespaces '].includes(
        [verb, group, resource, where ?? ''].join(' '),
      )
    expect(await problems('}', {may: async (action) => !mayNot(action)})).toMatchObject([
      {
        check: 'rights in fake',
        found: 'this account may not create pods/portforward; create deployments; create namespaces',
        fix: expect.stringContaining('kubectl --context prod auth can-i --list --namespace fake') as string,
      },
    ])
  })

  it('may keep its storage classes from accounts of namespaces', async () => {
    const list = () => Promise.reject(new JhubError('JHUB-E212', 'refused'))
    expect((await look('}', {list})).filter(({state}) => state !== 'ok')).toMatchObject([
      {check: 'storage class', state: 'warning', found: 'not known: this account may not list storage classes'},
    ])
  })

  it.each([
    ['a namespace to be made', '}', 'namespaces', true],
    ['no total', '}', 'resourcequotas', false],
    ['a total', '}\nlimits: {default: {memory: 1G}, total: {memory: 8G}}', 'resourcequotas', true],
    ['one scheduler for all hubs', '}', 'clusterroles', false],
    ['its own scheduler', ', scale: cluster}', 'clusterroles', true],
  ])('with %s is asked for the rights that this takes', async (_, more, resource, isAsked) => {
    const asked: string[] = []
    const may = async (action: Action) => asked.push(action.resource) > 0
    expect(await problems(more, {may})).toEqual([])
    expect(asked.includes(resource)).toBe(isAsked)
  })

  it('is asked for what `down` needs too', async () => {
    const found = await problems('}', {may: async ({verb}) => verb !== 'delete'})
    expect(found).toHaveLength(1)
    for (const what of ['secrets', 'persistentvolumeclaims', 'pods', 'deployments', 'namespaces'])
      expect(found[0]?.found).toContain(`delete ${what}`)
  })

  it("need not let anybody make namespaces where the hub's own is there", async () => {
    namespace({[hubLabel]: 'fake'})
    expect(await problems('}', {may: async ({resource}) => resource !== 'namespaces'})).toEqual([])
  })
})

describe('what an admin set for the namespace', () => {
  const put = (kind: string, content: object) =>
    fake.objects.set(`${kind}/fake/theirs`, {
      apiVersion: 'v1',
      kind,
      metadata: {name: 'theirs', namespace: 'fake'},
      ...content,
    })
  beforeEach(() => namespace({[hubLabel]: 'fake'}))

  it.each([
    [
      'a quota that hub and proxy do not fit into',
      'ResourceQuota',
      {status: {hard: {pods: '3', 'requests.memory': '200Mi'}, used: {pods: '2', 'requests.memory': '100Mi'}}},
      ['it leaves 1 of pods', 'it leaves 100M of requests.memory'],
    ],
    [
      'a quota by other names for the same',
      'ResourceQuota',
      {status: {hard: {'count/pods': '1', memory: '64Mi'}, used: {}}},
      ['it leaves 1 of count/pods', 'it leaves 64M of memory'],
    ],
    [
      'a quota without room for the database',
      'ResourceQuota',
      {status: {hard: {persistentvolumeclaims: '0', 'requests.storage': '512Mi'}, used: {}}},
      ['it leaves 0 of persistentvolumeclaims', 'it leaves 512M of requests.storage'],
    ],
    [
      'a quota of limits, where people have none',
      'ResourceQuota',
      {status: {hard: {'limits.memory': '64Gi', 'limits.cpu': '64'}, used: {}}},
      [
        'it refuses servers without a memory limit, and the settings file gives none',
        'it refuses servers without a cpu limit, and the settings file gives none',
      ],
    ],
    [
      'a limit range below the hub',
      'LimitRange',
      {spec: {limits: [{type: 'Container', max: {memory: '1Gi'}}]}},
      ['it allows 1G of memory for one container'],
    ],
  ])('is a problem: %s', async (_, kind, content, found) => {
    put(kind, content)
    expect((await problems('}')).map((each) => each.found)).toEqual(found)
  })

  it.each([
    ['quotas of some pods alone', 'ResourceQuota', {spec: {scopes: ['BestEffort']}, status: {hard: {pods: '0'}}}],
    ['room enough', 'ResourceQuota', {status: {hard: {pods: '50', 'requests.memory': '8Gi'}, used: {}}}],
  ])('is none: %s', async (_, kind, content) => {
    put(kind, content)
    expect(await problems('}')).toEqual([])
  })

  it('does not count a database again that already exists', async () => {
    put('ResourceQuota', {status: {hard: {persistentvolumeclaims: '1'}, used: {persistentvolumeclaims: '1'}}})
    expect(await problems('}')).toHaveLength(1)
    const metadata = {name: 'hub-db-dir', namespace: 'fake'}
    fake.objects.set('PersistentVolumeClaim/fake/hub-db-dir', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
    })
    expect(await problems('}')).toEqual([])
  })

  it('may be a level of pod security, which only root does not meet', async () => {
    namespace({[hubLabel]: 'fake', 'pod-security.kubernetes.io/enforce': 'restricted'})
    expect(await problems('}')).toEqual([])
    expect(await problems(', pod: {uid: 0}}')).toMatchObject([
      {found: 'restricted', needed: expect.stringContaining('root') as string},
    ])
  })
})
