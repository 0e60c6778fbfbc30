import {describe, expect, it} from 'vitest'
import {readUsage} from '../../../../src/engines/kubernetes/pods/read-usage.js'
import {JhubError} from '../../../../src/errors.js'
import type {KubeApi} from '../../../../src/engines/kubernetes/api/kube-api.js'
import {fakeCluster} from '../../../fakes/fake-cluster.js'

const servers = ['jupyter-ana', 'jupyter-ben'].map((pod) => ({ready: true, url: '/', state: {pod_name: pod}}))

/** A cluster whose metrics answer in this way. */
const clusterWith = (list: () => Promise<unknown>) => ({
  ...fakeCluster(0).cluster,
  api: async () => ({list}) as unknown as KubeApi,
})

describe('what servers use in a cluster', () => {
  it('is told by its metrics', async () => {
    const containers = [{usage: {cpu: '250m', memory: '120Mi'}}, {usage: {cpu: '1500000n', memory: '8Mi'}}]
    const cluster = clusterWith(async () => [{metadata: {name: 'jupyter-ana'}, containers}])
    expect(await readUsage(cluster, 'a', servers)).toEqual({
      servers: [{memoryBytes: 128 * 1024 ** 2, cpuCores: 0.2515}, undefined],
    })
  })

  it.each([404, 503])('cannot be seen without them (%i)', async (status) => {
    const refusal = new JhubError('JHUB-E210', 'The cluster answered', {details: {status}})
    expect(
      await readUsage(
        clusterWith(() => Promise.reject(refusal)),
        'a',
        servers,
      ),
    ).toEqual({
      notSeen: 'The cluster has no metrics (no metrics-server): what servers use cannot be seen.',
    })
  })

  it('is an error when the cluster refuses us', async () => {
    const refusal = new JhubError('JHUB-E212', 'The cluster refused', {details: {status: 403}})
    await expect(
      readUsage(
        clusterWith(() => Promise.reject(refusal)),
        'a',
        servers,
      ),
    ).rejects.toBe(refusal)
  })
})
