import {describe, expect, it} from 'vitest'
import type {KubeApi} from '../../../../../src/engines/kubernetes/api/kube-api.js'
import {changePod} from '../../../../../src/engines/kubernetes/pods/change-pod.js'
import type {Clock} from '../../../../../src/host/clock.js'
import {readKubeQuantity} from '../../../../../src/engines/kubernetes/api/kube-quantity.js'
import {readQuota} from '../../../../../src/engines/kubernetes/pods/read-quota.js'
import type {Pod} from '../../../../../src/engines/kubernetes/pods/pod-trouble.js'
import {canResize, podLimits, serverResources} from '../../../../../src/engines/kubernetes/pods/server-limits.js'
import {kubeCores, totalQuota} from '../../../../../src/engines/kubernetes/pods/total-quota.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {resolveLimits} from '../../../../../src/hub-spec/limits/resolve-limits.js'
import {fakeCluster} from '../../../../fakes/fake-cluster.js'

const mebibyte = 1024 ** 2

describe('a quantity of Kubernetes', () => {
  it.each([
    ['1', 1],
    ['500m', 0.5],
    ['2Gi', 2 * 1024 ** 3],
    ['700Mi', 700 * mebibyte],
    ['1G', 1e9],
    ['128974848', 128_974_848],
    ['1e3', 1000],
    ['2 Gi', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (text, expected) => {
    expect(readKubeQuantity(text)).toBe(expected)
  })

  it('of cores reads back as it was', () => {
    for (const cores of [0.05, 0.5, 1, 1.5, 2, 0.001]) expect(readKubeQuantity(kubeCores(cores))).toBeCloseTo(cores, 6)
  })
})

describe('what a server is given', () => {
  const resources = (rules: string) =>
    serverResources(resolveLimits(parseHubSpec(`version: 1\nname: a\nmode: k8s\nusers: [ana]\n${rules}`), 'ana'))

  it('always has a request beside a limit, and never above it', () => {
    expect(resources('limits: {default: {memory: 1G, cpu: 2}}')).toEqual({
      limits: {memory: String(1024 ** 3), cpu: '2'},
      requests: {memory: String(256 * mebibyte), cpu: '10m'},
    })
    expect(resources('limits: {default: {memory: 100M, cpu: 20m}}')).toEqual({
      limits: {memory: String(100 * mebibyte), cpu: '20m'},
      requests: {memory: String(100 * mebibyte), cpu: '10m'},
    })
    expect(resources('limits: {default: {memory: 1G, memoryGuarantee: 512M}}').requests).toEqual({
      memory: String(512 * mebibyte),
      cpu: '10m',
    })
    expect(resources('')).toEqual({limits: {}, requests: {memory: String(256 * mebibyte), cpu: '10m'}})
  })
})

describe('what a pod has', () => {
  const pod = (asked: Record<string, string>, told?: Record<string, string>): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'jupyter-ana'},
    spec: {containers: [{name: 'notebook', resources: {limits: asked}}]},
    status: told === undefined ? {} : {containerStatuses: [{name: 'notebook', resources: {limits: told}}]},
  })

  it('is what its node tells, else what it was asked for', () => {
    expect(podLimits(pod({memory: '1Gi', cpu: '2'}, {memory: '700Mi', cpu: '500m'}))).toEqual({
      memoryBy: 'Kubernetes',
      cpuBy: 'Kubernetes',
      memoryBytes: 700 * mebibyte,
      cpuCores: 0.5,
    })
    expect(podLimits(pod({memory: '1Gi'})).memoryBytes).toBe(1024 ** 3)
    expect(podLimits(pod({}))).toEqual({memoryBy: 'Kubernetes', cpuBy: 'Kubernetes'})
  })

  it('can be changed in place when the same limits stay limited', () => {
    const now = podLimits(pod({memory: '1Gi'}))
    expect(canResize(now, {memoryBytes: {value: 1, from: 'user'}})).toBe(true)
    expect(canResize(now, {})).toBe(false)
    expect(canResize(now, {memoryBytes: {value: 1, from: 'user'}, cpuCores: {value: 1, from: 'user'}})).toBe(false)
  })
})

describe('a change of a running server', () => {
  const gibibyte = 1024 ** 3
  const asked = {limits: {memory: '1Gi'}, requests: {memory: '256Mi'}}
  const running = (conditions: object[]): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'jupyter-ana', namespace: 'fake'},
    spec: {containers: [{name: 'notebook', resources: asked}]},
    status: {conditions, containerStatuses: [{name: 'notebook', resources: asked}]} as NonNullable<Pod['status']>,
  })
  const wanted = {memoryBytes: {value: 64 * gibibyte, from: 'user'}} as const

  it.each([
    ['that its node can never take', [{type: 'PodResizePending', status: 'True', reason: 'Infeasible'}]],
    ['that its node does not take in time', [{type: 'PodResizePending', status: 'True', reason: 'Deferred'}]],
  ])('%s is taken out of its pod again', async (_, conditions) => {
    const sent: unknown[] = []
    const pod = running(conditions)
    const api = {
      read: async () => pod,
      resize: async (_ref: unknown, _container: string, resources: unknown) => sent.push(resources),
    } as unknown as KubeApi
    let now = 0
    const clock = {elapsed: () => now, sleep: async (ms: number) => void (now += ms)} as Clock
    expect(await changePod({api, clock, pod, wanted})).toBeUndefined()
    expect(sent).toEqual([expect.objectContaining({limits: {memory: String(64 * gibibyte)}}), asked])
  })
})

describe('what the whole hub may use', () => {
  const quota = (limits: string) => totalQuota(parseHubSpec(`version: 1\nname: a\nmode: k8s\nlimits: ${limits}\n`), 'a')

  it('is a quota that counts only servers of people', () => {
    const [first, second] = quota('{default: {memory: 1G, cpu: 1}, total: {memory: 8G, cpu: 1.5, servers: 9}}')
    expect(first).toMatchObject({
      kind: 'ResourceQuota',
      spec: {hard: {'limits.memory': String(8 * 1024 ** 3), 'limits.cpu': '1500m'}, scopes: ['Terminating']},
    })
    expect(second).toMatchObject({
      kind: 'LimitRange',
      spec: {limits: [{type: 'Container', default: {memory: String(1024 ** 3), cpu: '1'}}]},
    })
  })

  it('is nothing when only the number of servers is limited, which the hub itself counts', () => {
    expect(quota('{total: {servers: 9}}')).toEqual([])
  })
})

describe('what holds the whole hub', () => {
  it('is the quota as the cluster counts it, and nothing without one', async () => {
    const fake = fakeCluster(0)
    await fake.cluster.own?.create({} as never, {
      signal: new AbortController().signal,
      report: () => undefined,
      note: () => undefined,
    })
    expect(await readQuota(fake.cluster, 'a')).toEqual({
      memoryBy: 'not enforced',
      cpuBy: 'not enforced',
      counted: 'limits of running servers',
    })
    const status = {hard: {'limits.memory': '8Gi'}, used: {'limits.memory': '3Gi', 'limits.cpu': '2'}}
    const metadata = {name: 'jhub-total', namespace: 'a'}
    fake.objects.set('ResourceQuota/a/jhub-total', {apiVersion: 'v1', kind: 'ResourceQuota', metadata, status} as never)
    expect(await readQuota(fake.cluster, 'a')).toMatchObject({
      holder: 'ResourceQuota jhub-total',
      memoryBytes: 8 * 1024 ** 3,
      memoryUsedBytes: 3 * 1024 ** 3,
      cpuUsedCores: 2,
      memoryBy: 'Kubernetes',
    })
  })
})
