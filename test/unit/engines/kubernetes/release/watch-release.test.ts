import {describe, expect, it} from 'vitest'
import type {KubeApi} from '../../../../../src/engines/kubernetes/api/kube-api.js'
import {watchRelease} from '../../../../../src/engines/kubernetes/release/watch-release.js'

const withoutProxy = [
  'Traceback (most recent call last):',
  '  File "/opt/venv/lib/python3.13/site-packages/jupyterhub/proxy.py", line 989, in get_all_routes',
  '    resp = await self.api_request("", client=client)',
  'ConnectionRefusedError: [Errno 111] Connection refused',
]

/** A hub that ended with these words, and runs after so many looks. */
function clusterWhere(words: readonly string[], runsAfter: number): KubeApi {
  let looks = 0
  const isUp = () => looks > runsAfter
  const replicas = () => (isUp() ? 1 : 0)
  const api = {
    read: async () => ({
      metadata: {},
      status: {updatedReplicas: 1, readyReplicas: replicas(), replicas: 1},
    }),
    async list({kind}: {kind: string}) {
      if (kind !== 'Pod') return []
      looks += 1
      const waiting = {waiting: {reason: 'CrashLoopBackOff'}}
      const lastState = {terminated: {exitCode: 1}}
      return [
        {
          metadata: {name: 'hub-1', labels: {component: 'hub'}},
          status: {containerStatuses: [{name: 'hub', ready: isUp(), state: isUp() ? {} : waiting, lastState}]},
        },
      ]
    },
    async *podLog() {
      yield* words
    },
  }
  return api as unknown as KubeApi
}

function watch(api: KubeApi): Promise<void> {
  let elapsed = 0
  const clock = {
    now: () => elapsed,
    elapsed: () => elapsed,
    sleep: async (durationMs: number) => {
      elapsed += durationMs
    },
  }
  const isOpen = async () => ({ready: true, answer: 'HTTP 200'})
  const signal = new AbortController().signal
  return watchRelease({api, clock, namespace: 'class', place: 'ours', signal, report: () => undefined, isOpen})
}

describe('a hub that ends again and again', () => {
  it('is waited for while it only lacks its proxy, as after a start of the node', async () => {
    await expect(watch(clusterWhere(withoutProxy, 200))).resolves.toBeUndefined()
  })

  it('is told at once when it ended for another reason', async () => {
    await expect(watch(clusterWhere(['NameError: name is not defined'], 200))).rejects.toMatchObject({
      code: 'JHUB-E206',
      message: 'hub-1: hub ends again and again (exit code 1)',
    })
  })

  it('is told with its last words when the proxy never comes', async () => {
    await expect(watch(clusterWhere(withoutProxy, Infinity))).rejects.toMatchObject({
      code: 'JHUB-E206',
      cause: {message: expect.stringContaining('Connection refused') as string},
    })
  })
})
