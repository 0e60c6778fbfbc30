import {describe, expect, it} from 'vitest'
import type {KubeApi} from '../../../../../src/engines/kubernetes/api/kube-api.js'
import {readLog} from '../../../../../src/engines/kubernetes/pods/pod-log.js'
import {JhubError} from '../../../../../src/errors.js'
import {fakeCluster} from '../../../../fakes/fake-cluster.js'

/** A cluster with one server, whose container is in this state; the API has no log of one that never ran. */
const clusterWith = (status: object, events: readonly object[] = []) => {
  const pod = {
    metadata: {name: 'jupyter-ana', annotations: {'hub.jupyter.org/username': 'ana'}},
    status: {containerStatuses: [{name: 'notebook', image: 'example/course:1', ...status}]},
  }
  const api = {
    list: async ({kind}: {kind: string}) => (kind === 'Pod' ? [pod] : events),
    async *podLog() {
      if (!('restartCount' in status)) throw new JhubError('JHUB-E210', 'The cluster answered 400')
      yield 'a line'
    },
  }
  return {...fakeCluster(0).cluster, api: async () => api as unknown as KubeApi}
}
const linesOf = async (cluster: ReturnType<typeof clusterWith>, user = 'ana') => {
  const options = {of: {user}, lines: 5, follow: false, signal: new AbortController().signal}
  const lines: string[] = []
  for await (const line of readLog(cluster, 'a', options)) lines.push(line)
  return lines
}

describe('the log of a server', () => {
  it('is what its container says, also while it waits to run again', async () => {
    expect(await linesOf(clusterWith({restartCount: 0, state: {running: {}}}))).toEqual(['a line'])
    expect(await linesOf(clusterWith({restartCount: 2, state: {waiting: {reason: 'CrashLoopBackOff'}}}))).toEqual([
      'a line',
    ])
  })

  it('is why there is none, when its container never ran', async () => {
    const events = [
      {involvedObject: {name: 'jupyter-ana'}, reason: 'Failed', message: 'dial tcp: lookup example: no such host'},
    ]
    expect(await linesOf(clusterWith({state: {waiting: {reason: 'ImagePullBackOff'}}}, events))).toEqual([
      'There is no log yet: the image example/course:1 cannot be pulled: its registry cannot be reached',
    ])
    expect(await linesOf(clusterWith({state: {waiting: {reason: 'ContainerCreating'}}}))).toEqual([
      'There is no log yet: jupyter-ana: ContainerCreating',
    ])
  })

  it('is told to be none for who has no server', async () => {
    await expect(linesOf(clusterWith({}), 'ben')).rejects.toThrow('ben has no server running, so there is no log')
  })
})
