import {describe, expect, it} from 'vitest'
import type {KubeApi, KubeObject} from '../../../../../src/engines/kubernetes/api/kube-api.js'
import {JhubError} from '../../../../../src/errors.js'
import {makeCommonVolume} from '../../../../../src/engines/kubernetes/common-files/common-volume.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import type {OwnCluster} from '../../../../../src/engines/kubernetes/clusters/cluster.js'

const spec = parseHubSpec(`version: 1
name: fake
mode: k8s
k8s: {cluster: "context:campus", storage: {commonClass: nfs}}
users: {}
`)

interface Storage {
  readonly gives: readonly string[]
  readonly nodes?: number | JhubError
  readonly left?: string
  /** Something uses the claim, so that it is never gone. */
  readonly isHeld?: boolean
}

/** Storage that makes a volume when a pod mounts its claim, and only in these modes. */
function storage({gives, nodes = 1, left, isHeld = false}: Storage) {
  let uid = 0
  let claim: (KubeObject & {spec?: {accessModes: string[]; storageClassName?: string}; status?: object}) | undefined
  if (left !== undefined)
    claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {name: 'jhub-common', uid: 'left'},
      status: {phase: left},
    }
  const events: object[] = []
  const tell = (reason: string, message = '') =>
    events.push({
      involvedObject: {kind: 'PersistentVolumeClaim', name: 'jhub-common', uid: claim?.metadata.uid},
      reason,
      message,
    })
  const seen: string[] = []
  let mounts = 0
  let now = 0
  const api = {
    read: async () => claim,
    list: async ({kind}: {kind: string}) => {
      if (kind !== 'Node') return events
      if (nodes instanceof JhubError) throw nodes
      return Array.from({length: nodes}, () => ({}))
    },
    apply: async (object: NonNullable<typeof claim>) => {
      claim = {...object, metadata: {...object.metadata, uid: String(++uid)}, status: {phase: 'Pending'}}
      seen.push(`${object.spec?.accessModes.join() ?? ''} ${object.spec?.storageClassName ?? ''}`)
      tell('WaitForFirstConsumer')
    },
    remove: async () => {
      if (!isHeld) claim = undefined
    },
  } as unknown as KubeApi
  const mount = async (signal: AbortSignal) => {
    mounts++
    if (claim !== undefined && gives.includes(claim.spec?.accessModes[0] ?? '')) {
      claim = {...claim, status: {phase: 'Bound'}}
      return
    }
    tell('ProvisioningFailed', 'only ReadWriteOnce is supported')
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('left')))
    })
  }
  const clock = {
    now: () => now,
    elapsed: () => now,
    sleep: async (ms: number) => {
      now += ms
    },
  }
  const make = () => makeCommonVolume({api, clock, spec, signal: new AbortController().signal, mount})
  return {make, seen, claim: () => claim, mounts: () => mounts}
}

describe('the volume that all servers have, of storage that waits for a pod', () => {
  it('is there when a pod has mounted it', async () => {
    const {make, seen, claim} = storage({gives: ['ReadWriteMany']})
    await make()
    expect(seen).toEqual(['ReadWriteMany nfs'])
    expect(claim()?.status).toEqual({phase: 'Bound'})
  })

  it('is for one node where there is one and the storage gives no other', async () => {
    const {make, seen, claim} = storage({gives: ['ReadWriteOnce']})
    await make()
    expect(seen).toEqual(['ReadWriteMany nfs', 'ReadWriteOnce nfs'])
    expect(claim()?.status).toEqual({phase: 'Bound'})
  })

  it('leaves no claim where there is none for several nodes, and says why', async () => {
    const {make, seen, claim, mounts} = storage({gives: ['ReadWriteOnce'], nodes: 2})
    await expect(make()).rejects.toMatchObject({
      code: 'JHUB-E232',
      message: "The cluster's storage has no volume that all servers can use at once: only ReadWriteOnce is supported",
    })
    expect([seen, claim(), mounts()]).toEqual([['ReadWriteMany nfs'], undefined, 1])
  })

  it('is for several nodes where this account may not ask how many there are', async () => {
    const nodes = new JhubError('JHUB-E212', 'The cluster refused to list nodes', {details: {status: 403}})
    const {make, seen} = storage({gives: ['ReadWriteOnce'], nodes})
    await expect(make()).rejects.toMatchObject({code: 'JHUB-E232'})
    expect(seen).toEqual(['ReadWriteMany nfs'])
  })

  it('is not made by a guess where the cluster does not say how many nodes there are', async () => {
    const nodes = new JhubError('JHUB-E211', 'The cluster did not answer')
    const {make, seen} = storage({gives: ['ReadWriteOnce'], nodes})
    await expect(make()).rejects.toMatchObject({code: 'JHUB-E211'})
    expect(seen).toEqual([])
  })

  it('is not asked for anew while a claim that got none cannot be removed', async () => {
    const {make, seen} = storage({gives: ['ReadWriteMany'], left: 'Pending', isHeld: true})
    await expect(make()).rejects.toMatchObject({
      code: 'JHUB-E501',
      message: expect.stringContaining('PersistentVolumeClaim jhub-common') as string,
    })
    expect(seen).toEqual([])
  })

  it('takes the place of a claim that got none, so that another storage class counts', async () => {
    const {make, seen, claim} = storage({gives: ['ReadWriteMany'], left: 'Pending'})
    await make()
    expect(seen).toEqual(['ReadWriteMany nfs'])
    expect(claim()?.metadata.uid).toBe('1')
  })
})

describe('the volume that all servers have, in a cluster of our own', () => {
  it('is made anew where the claim before was deleted, which would keep it for ever', async () => {
    const volumes: (KubeObject & {status?: object})[] = [
      {apiVersion: 'v1', kind: 'PersistentVolume', metadata: {name: 'jhub-fake-common'}, status: {phase: 'Released'}},
    ]
    const changes: string[] = []
    const api = {
      read: async ({name}: {name: string}) => volumes.find(({metadata}) => metadata.name === name),
      apply: async ({kind}: KubeObject) => void changes.push(`apply ${kind}`),
      remove: async ({kind}: {kind: string}) => {
        changes.push(`remove ${kind}`)
        volumes.length = 0
      },
    } as unknown as KubeApi
    const own = {makeVolumes: async () => undefined} as unknown as OwnCluster
    const clock = {now: () => 0, elapsed: () => 0, sleep: async () => undefined}
    const mount = async () => undefined
    const make = () => makeCommonVolume({api, clock, own, spec, signal: new AbortController().signal, mount})
    await make()
    expect(changes).toEqual(['remove PersistentVolume', 'apply PersistentVolume', 'apply PersistentVolumeClaim'])
    await make()
    expect(changes.slice(3)).toEqual(['apply PersistentVolume', 'apply PersistentVolumeClaim'])
  })
})
