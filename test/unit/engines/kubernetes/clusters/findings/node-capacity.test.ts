import {expect, it} from 'vitest'
import type {KubeApi} from '../../../../../../src/engines/kubernetes/api/kube-api.js'
import {nodeCapacity} from '../../../../../../src/engines/kubernetes/clusters/findings/node-capacity.js'

const apiWith = (nodes: readonly object[]) => ({list: async () => nodes}) as unknown as KubeApi

it('is that of one node, since all nodes of a cluster of ours share the computer', async () => {
  const node = {status: {capacity: {memory: '24Gi', cpu: '2'}}}
  expect(await nodeCapacity(apiWith([node, node]))).toEqual({memory: {totalBytes: 24 * 1024 ** 3}, cpu: {cores: 2}})
  expect(await nodeCapacity(apiWith([]))).toEqual({})
})
