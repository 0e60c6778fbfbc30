import {describe, expect, it} from 'vitest'
import type {KubeApi} from '../../../../../src/engines/kubernetes/api/kube-api.js'
import {runningServers} from '../../../../../src/engines/kubernetes/pods/running-servers.js'
import {realClock} from '../../../../../src/host/real-clock.js'
import {fakeCluster} from '../../../../fakes/fake-cluster.js'

const pod = {
  metadata: {name: 'jupyter-ana'},
  status: {
    containerStatuses: [{name: 'notebook', image: 'example/course:1', state: {waiting: {reason: 'ImagePullBackOff'}}}],
  },
}
const api = {read: async () => pod, list: async () => []} as unknown as KubeApi
const server = {ready: false, url: '/user/ana/', state: {pod_name: 'jupyter-ana'}}

describe('an image that keeps a server from starting', () => {
  it.each([
    [true, 'docker pull example/course:1'],
    [false, 'jhub config edit'],
  ])('is put right where it comes from (a cluster of jhub: %s)', async (isOwn, fix) => {
    const cluster = {...fakeCluster(0, {isOwn}).cluster, api: async () => api}
    const trouble = await runningServers(cluster, realClock, 'a').startTrouble?.(server)
    expect(trouble?.isFinal).toBe(true)
    expect(trouble?.fix[0]).toContain(fix)
  })
})

describe('an event of a start', () => {
  it('is told of the pod that is there, and not of an earlier one of that name', async () => {
    const now = {...pod, metadata: {name: 'jupyter-ana', uid: 'two'}}
    const cluster = {
      ...fakeCluster(0, {isOwn: true}).cluster,
      api: async () => ({read: async () => now}) as unknown as KubeApi,
    }
    const about = (uid: string) => ({
      reason: 'Pulling',
      message: 'Pulling image "example/course:1"',
      involvedObject: {name: 'jupyter-ana', uid},
    })
    const servers = runningServers(cluster, realClock, 'a')
    expect(await servers.startEvent?.(about('two'))).toBe('The node downloads the image example/course:1')
    expect(await servers.startEvent?.(about('one'))).toBeUndefined()
  })
})
