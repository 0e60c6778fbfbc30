import {describe, expect, it} from 'vitest'
import {homesInUse} from '../../../../../src/engines/kubernetes/homes/homes-in-use.js'
import {readUsage} from '../../../../../src/engines/kubernetes/pods/read-usage.js'
import {parseOomControls} from '../../../../../src/engines/kubernetes/clusters/kind/oom-controls.js'
import type {Cluster, OwnCluster} from '../../../../../src/engines/kubernetes/clusters/cluster.js'
import {JhubError} from '../../../../../src/errors.js'
import type {KubeApi} from '../../../../../src/engines/kubernetes/api/kube-api.js'
import {fakeCluster} from '../../../../fakes/fake-cluster.js'

const mebibyte = 1024 ** 2
const servers = ['jupyter-ana', 'jupyter-ben'].map((pod) => ({ready: true, url: '/', state: {pod_name: pod}}))
const answered = (status: number) => new JhubError('JHUB-E210', 'The cluster answered', {details: {status}})
const refused = new JhubError('JHUB-E212', 'The cluster refused', {details: {status: 403}})
const silent = new JhubError('JHUB-E211', 'The cluster did not answer')

interface Answers {
  /** A list, or why there is none. */
  readonly metrics?: readonly unknown[] | JhubError
  readonly pods?: readonly unknown[]
  readonly claims?: readonly unknown[]
  /** What each node says. */
  readonly nodes?: Readonly<Record<string, unknown>>
}

const pod = (name: string, node: string, more: object = {}) => ({
  metadata: {name, uid: `uid-${name}`},
  spec: {nodeName: node, volumes: [{persistentVolumeClaim: {claimName: `claim-${name}`}}]},
  ...more,
})
const anas = pod('jupyter-ana', 'one')
const ended = (reason: string) => ({
  status: {containerStatuses: [{name: 'notebook', lastState: {terminated: {reason}}}]},
})

/** A cluster of somebody else's, or jhub's own, that answers in this way. */
function clusterWith(
  {metrics = answered(404), pods = [anas], claims = [], nodes = {}}: Answers,
  own?: Partial<OwnCluster>,
) {
  const lists: Record<string, readonly unknown[] | JhubError> = {
    PodMetrics: metrics,
    Pod: pods,
    PersistentVolumeClaim: claims,
  }
  const give = (value: unknown) => (value instanceof Error ? Promise.reject(value) : Promise.resolve(value))
  const api = {
    list: ({kind}: {kind: string}) => give(lists[kind]),
    nodeSummary: (node: string) => give(nodes[node]),
  } as unknown as KubeApi
  const {cluster} = fakeCluster(0, {isOwn: false})
  return {...cluster, api: async () => api, ...(own === undefined ? {} : {own: own as OwnCluster})} as Cluster
}

const summary = (name: string, more: object = {}) => ({
  podRef: {name, namespace: 'a'},
  cpu: {usageNanoCores: 250_000_000},
  memory: {workingSetBytes: 120 * mebibyte},
  process_stats: {process_count: 3},
  ...more,
})

describe('what servers use in a cluster', () => {
  it('is told by its metrics', async () => {
    const containers = [{usage: {cpu: '250m', memory: '120Mi'}}, {usage: {cpu: '1500000n', memory: '8Mi'}}]
    const cluster = clusterWith({metrics: [{metadata: {name: 'jupyter-ana'}, containers}]})
    expect(await readUsage(cluster, 'a', servers)).toEqual({
      servers: [{memoryBytes: 128 * mebibyte, cpuCores: 0.2515, memoryKills: 0}, undefined],
    })
  })

  it.each([
    ['404', answered(404)],
    ['503', answered(503)],
    ['403', refused],
  ])('is told by its nodes where there are no metrics (%s)', async (_, metrics) => {
    const foreign = {
      ...summary('jupyter-ana'),
      podRef: {name: 'jupyter-ana', namespace: 'other'},
      memory: {workingSetBytes: 1},
    }
    const one = {pods: [summary('jupyter-ana'), foreign]}
    expect(await readUsage(clusterWith({metrics, nodes: {one}}), 'a', servers)).toEqual({
      servers: [{memoryBytes: 120 * mebibyte, cpuCores: 0.25, processes: 3, memoryKills: 0}, undefined],
    })
  })

  it('is not known yet of a pod that has just started', async () => {
    const one = {pods: [summary('jupyter-ana', {memory: {workingSetBytes: 0}, cpu: {usageNanoCores: 0}})]}
    expect(await readUsage(clusterWith({nodes: {one}}), 'a', servers)).toEqual({servers: [{memoryKills: 0}, undefined]})
  })

  it('is told of the nodes that answer', async () => {
    const pods = [anas, pod('jupyter-ben', 'two')]
    const nodes = {one: silent, two: {pods: [summary('jupyter-ben')]}}
    const said = await readUsage(clusterWith({pods, nodes}), 'a', servers)
    expect(said).toMatchObject({servers: [{memoryKills: 0}, {processes: 3}]})
  })

  it.each([
    ['this account may not ask its nodes (get on nodes/proxy)', refused],
    ['its nodes do not answer', silent],
  ])('cannot be seen where %s', async (words, one) => {
    const said = await readUsage(clusterWith({nodes: {one}}), 'a', servers)
    expect(said).toHaveProperty('notSeen', expect.stringContaining(words))
  })

  it('says whom the cluster ended for want of memory, and counts it where the nodes do', async () => {
    const pods = [pod('jupyter-ana', 'one', ended('OOMKilled')), pod('jupyter-ben', 'one', ended('Error'))]
    const nodes = {one: {pods: []}}
    const kills = async (own?: Partial<OwnCluster>) => {
      const said = await readUsage(clusterWith({pods, nodes}, own), 'a', servers)
      return 'servers' in said ? said.servers.map((usage) => usage?.memoryKills) : said.notSeen
    }
    expect(await kills()).toEqual([1, 0])
    expect(await kills({memoryKills: async () => new Map([['uid-jupyter-ben', 4]])})).toEqual([1, 4])
  })

  it('is an error when the cluster refuses the list of pods', async () => {
    const cluster = clusterWith({})
    await expect(
      readUsage(
        {...cluster, api: async () => ({list: () => Promise.reject(refused)}) as unknown as KubeApi},
        'a',
        servers,
      ),
    ).rejects.toBe(refused)
  })
})

describe('kills that a node of version 1 counts', () => {
  it('are told by pod, without the groups of others', () => {
    const slice = '/sys/fs/cgroup/memory/kubelet.slice/kubepods-pod60236d5a_fdcc_4f14_844d_82b8a716698a.slice'
    const text = [
      `${slice}/memory.oom_control:oom_kill 2`,
      `${slice}/cri-containerd-abc.scope/memory.oom_control:oom_kill 1`,
      '/sys/fs/cgroup/memory/system.slice/pod-network.service/memory.oom_control:oom_kill 7',
      '/sys/fs/cgroup/memory/kubepods/pod4f115fc03d3c963c86f150dfee2e881c/memory.oom_control:oom_kill 0',
    ].join('\n')
    expect([...parseOomControls(text)]).toEqual([['60236d5a-fdcc-4f14-844d-82b8a716698a', 2]])
    expect(parseOomControls('').size).toBe(0)
  })
})

describe('what homes hold in a cluster', () => {
  const {signal} = new AbortController()
  const claim = (user: string) => ({
    metadata: {name: `claim-jupyter-${user}`, annotations: {'hub.jupyter.org/username': user}},
  })
  const claims = [claim('ana'), claim('ben'), {metadata: {name: 'hub-db-dir'}}]
  const volume = (more: object) => summary('jupyter-ana', {volume: [{usedBytes: 5, capacityBytes: 9, ...more}]})
  const pvcRef = {name: 'claim-jupyter-ana', namespace: 'a'}

  it('is measured in the directories of a cluster that jhub made', async () => {
    const asked: string[] = []
    const own: Partial<OwnCluster> = {
      measureVolumes: async (names) => {
        asked.push(...names)
        return {volumes: new Map([['a/claim-jupyter-ana', 7]]), disk: {freeBytes: 1, totalBytes: 2}}
      },
    }
    expect(await homesInUse(clusterWith({claims}, own), 'a', ['ana', 'ben'], signal)).toEqual({
      homes: new Map([['ana', {usedBytes: 7}]]),
      disk: {freeBytes: 1, totalBytes: 2},
    })
    expect(asked).toEqual(['a/claim-jupyter-ana', 'a/claim-jupyter-ben'])
  })

  it('is told by the nodes of another cluster', async () => {
    const nodes = {one: {pods: [volume({pvcRef})]}}
    expect(await homesInUse(clusterWith({claims, nodes}), 'a', ['ana', 'ben'], signal)).toEqual({
      homes: new Map([['ana', {usedBytes: 5, capacityBytes: 9}]]),
    })
  })

  it.each([
    ['the volumes of this cluster do not say what they hold', {pods: [volume({})]}],
    ['this account may not ask the nodes', refused],
    ['do not answer', silent],
  ])('cannot be measured where %s', async (words, one) => {
    const said = await homesInUse(clusterWith({claims, nodes: {one}}), 'a', ['ana', 'ben'], signal)
    expect([said.homes.size, said.notSeen]).toEqual([0, expect.stringContaining(words)])
  })
})
