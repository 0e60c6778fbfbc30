import {describe, expect, it} from 'vitest'
import {
  describePod,
  podTrouble,
  type Pod,
  type PodEvent,
} from '../../../../../src/engines/kubernetes/pods/pod-trouble.js'

const pod = (status: Pod['status'], claim?: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'hub-1'},
  spec: {volumes: claim === undefined ? [] : [{persistentVolumeClaim: {claimName: claim}}]},
  ...(status === undefined ? {} : {status}),
})
const waiting = (reason: string, message = '', image = 'example/hub:1') =>
  pod({containerStatuses: [{name: 'hub', image, state: {waiting: {reason, message}}}]})
const event = (name: string, reason: string, message: string): PodEvent => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: {name: `${name}.1`},
  involvedObject: {name},
  reason,
  message,
})
const unschedulable = (message: string, claim?: string) =>
  pod({conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message}]}, claim)

describe('what keeps a pod from running', () => {
  it.each([
    ['runs', pod({phase: 'Running', containerStatuses: [{name: 'hub', ready: true, state: {}}]}), []],
    ['is being made', waiting('ContainerCreating'), []],
    ['is not looked at yet', pod(undefined), []],
  ] as const)('is nothing when it %s', (_, given, events) => {
    expect(podTrouble(given, [...events])).toBeUndefined()
  })

  it('is never what befell an earlier pod of that name', () => {
    const of = (uid: string, reason: string, message: string): PodEvent => ({
      ...event('hub-1', reason, message),
      involvedObject: {name: 'hub-1', uid},
    })
    const now: Pod = {...waiting('ContainerCreating'), metadata: {name: 'hub-1', uid: 'new'}}
    const [mount, pulling] = [of('old', 'FailedMount', 'no such volume'), of('old', 'Pulling', 'image')]
    expect(podTrouble(now, [mount])).toBeUndefined()
    expect(podTrouble(now, [of('new', 'FailedMount', 'no such volume')])?.what).toContain('no such volume')
    expect(describePod(now, [pulling])).toBe('hub-1: ContainerCreating')
  })

  it.each(['PostStartHookError', 'CrashLoopBackOff'])(
    'is an image without a shell for what everybody sees: %s',
    (reason) => {
      const said = 'PostStartHook failed: exec: "sh": executable file not found in $PATH: unknown'
      const trouble = podTrouble(waiting(reason), [event('hub-1', 'FailedPostStartHook', said)])
      expect(trouble).toMatchObject({isFinal: true, what: expect.stringContaining('has no shell (sh)') as string})
      const other = event('hub-1', 'FailedPostStartHook', 'PostStartHook failed: exit code 3')
      expect(podTrouble(waiting(reason), [other])?.what ?? '').not.toContain('shell')
    },
  )

  it.each([
    ['manifest unknown', 'its registry has no image of that name'],
    ['pull access denied, repository does not exist', 'its registry refuses access, or there is no such image'],
    ['dial tcp: lookup quay.io: no such host', 'its registry cannot be reached'],
    ['no match for platform in manifest', 'it is not made for the processor of this machine'],
    ['something odd', 'something odd'],
  ])('is an image that cannot be had: %s', (said, cause) => {
    const trouble = podTrouble(waiting('ImagePullBackOff'), [event('hub-1', 'Failed', said)])
    expect(trouble).toMatchObject({isFinal: true, what: `the image example/hub:1 cannot be pulled: ${cause}`})
    expect(trouble?.fix[0]).toContain('docker pull example/hub:1')
  })

  it.each([
    ['localhost/jhub/course:data-0123456789ab', 'ours', 'its node has lost the image localhost/jhub/course'],
    [`ghcr.io/team/course@sha256:${'0'.repeat(64)}`, 'theirs', 'its registry has no image of that name'],
  ] as const)('is an image of a recipe that was lost, which `up` brings back: %s', (image, place, what) => {
    const status = {name: 'notebook', image, state: {waiting: {reason: 'ImagePullBackOff'}}}
    const trouble = podTrouble(
      pod({containerStatuses: [status]}),
      [event('hub-1', 'Failed', 'manifest unknown')],
      place,
    )
    expect(trouble?.what).toContain(what)
    expect(trouble?.fix[0]).toMatch(/^jhub up /)
  })

  it('is no image that this computer could send, in a cluster of others', () => {
    const trouble = podTrouble(waiting('ImagePullBackOff'), [], 'theirs')
    expect(trouble?.fix.join()).toMatch(/^jhub config edit/)
    expect(trouble?.fix.join()).not.toContain('docker pull')
  })

  it.each([
    ['hub', 'pull access denied', ['config edit', 'imagePullSecrets']],
    ['notebook', 'pull access denied', ['jhub image login ghcr.io', 'config edit']],
    ['notebook', 'dial tcp: no route to host', ['whether its nodes can reach ghcr.io', 'config edit']],
    ['notebook', 'manifest unknown', ['config edit']],
  ])('of which %s is mended by its cause: %s', (name, said, fixes) => {
    const status = {name, image: 'ghcr.io/team/data:1', state: {waiting: {reason: 'ImagePullBackOff'}}}
    const trouble = podTrouble(pod({containerStatuses: [status]}), [event('hub-1', 'Failed', said)], 'theirs')
    expect(trouble?.fix).toEqual(fixes.map((fix) => expect.stringContaining(fix) as string))
  })

  it('is what was said last, in whichever order events are listed', () => {
    const at = (lastTimestamp: string, message: string) => ({...event('hub-1', 'Failed', message), lastTimestamp})
    const events = [
      at('2026-11-28T00:02:15Z', 'dial tcp: no route to host'),
      at('2026-11-28T00:02:54Z', 'Error: ImagePullBackOff'),
      at('2026-11-28T00:01:25Z', 'pull access denied'),
    ]
    const {what} = podTrouble(waiting('ImagePullBackOff'), events) ?? {}
    expect(what).toContain('its registry cannot be reached')
  })

  it('is not final at the first failure to pull', () => {
    expect(podTrouble(waiting('ErrImagePull', 'timeout'), [])).toMatchObject({isFinal: false})
  })

  it('is a hub that ends again and again, whose last words are asked for', () => {
    const status = {
      name: 'hub',
      state: {waiting: {reason: 'CrashLoopBackOff'}},
      lastState: {terminated: {reason: 'OOMKilled', exitCode: 137}},
    }
    expect(podTrouble(pod({containerStatuses: [status]}), [])).toMatchObject({
      isFinal: true,
      what: 'hub ends again and again (exit code 137, out of memory)',
      lastWordsOf: 'hub',
    })
  })

  it('is a cluster without a place or a volume', () => {
    expect(podTrouble(unschedulable('0/1 nodes are available: 1 Insufficient memory.'), [])).toMatchObject({
      isFinal: false,
      what: 'no node has room for it: 0/1 nodes are available: 1 Insufficient memory.',
    })
    const fixOf = (message: string) => podTrouble(unschedulable(message), [])?.fix.join()
    expect(fixOf('0/1 nodes are available: 1 Insufficient memory.')).toContain('--memory-guarantee')
    expect(fixOf('0/1 nodes are available: 1 Insufficient cpu.')).toContain('--cpu-guarantee')
    expect(fixOf('0/1 nodes are available: 1 Too many pods.')).toBe('jhub server stop NAME   # makes room')
    const noClass = event(
      'hub-db-dir',
      'FailedBinding',
      'no persistent volumes available for this claim and no storage class is set',
    )
    const volume = podTrouble(unschedulable('pod has unbound immediate PersistentVolumeClaims', 'hub-db-dir'), [
      noClass,
    ])
    expect(volume).toMatchObject({isFinal: true})
    expect(volume?.what).toContain('its volume hub-db-dir cannot be made')
    expect(podTrouble(unschedulable('1 node(s) had untolerated taint'), [noClass])).toMatchObject({
      isFinal: false,
      what: 'no node accepts it: 1 node(s) had untolerated taint',
    })
  })

  it('is a volume that cannot be mounted', () => {
    expect(podTrouble(pod({phase: 'Pending'}), [event('hub-1', 'FailedMount', 'timed out')])).toMatchObject({
      what: 'a volume cannot be mounted: timed out',
      isFinal: false,
    })
  })
})

describe('how far a pod is', () => {
  it('is told in a few words', () => {
    expect(describePod(waiting('ContainerCreating'), [])).toBe('hub-1: ContainerCreating')
    expect(describePod(waiting('ContainerCreating'), [event('hub-1', 'Pulling', 'Pulling image')])).toBe(
      'hub-1: fetching example/hub:1',
    )
    expect(describePod(pod({phase: 'Pending'}), [])).toBe('hub-1: Pending')
  })
})
