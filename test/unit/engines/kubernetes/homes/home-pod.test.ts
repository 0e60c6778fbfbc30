import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {homePod} from '../../../../../src/engines/kubernetes/homes/home-pod.js'
import {openHomePod, removeEndedHomePods} from '../../../../../src/engines/kubernetes/homes/open-home-pod.js'
import {newHomeClaim} from '../../../../../src/engines/kubernetes/homes/home-claims.js'
import {kindChartPlace} from '../../../../../src/engines/kubernetes/clusters/kind/kind-chart-place.js'
import {serverPlace} from '../../../../../src/engines/kubernetes/homes/server-place.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {fakeCluster, type FakeCluster} from '../../../../fakes/fake-cluster.js'

const placeOf = (k8s = '', isOurs = true) => {
  const spec = parseHubSpec(`version: 1\nname: fake\nmode: k8s\n${k8s}users: {ana: {}}\n`)
  return serverPlace(spec, isOurs ? kindChartPlace(spec) : undefined)
}
const required = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('there is none')
  return value
}
const pod = (k8s?: string, node?: string) =>
  homePod({
    name: 'jhub-home-ana-1',
    namespace: 'fake',
    hubName: 'fake',
    claim: 'claim-ana',
    ...(node === undefined ? {} : {node}),
    place: required(placeOf(k8s)),
    pullSecrets: ['ours', {name: 'theirs'}],
  })

describe('the pod that opens a home', () => {
  it('makes a new home of volumes that outlive the cluster, where jhub made that', () => {
    expect(required(placeOf()).newClaim.storageClass).toBe('jhub')
    expect(required(placeOf('', false)).newClaim.storageClass).toBeUndefined()
  })

  it('runs as the server of the person, with nothing that it does not need', () => {
    expect(pod()).toMatchObject({
      spec: {
        automountServiceAccountToken: false,
        restartPolicy: 'Never',
        securityContext: {fsGroup: 100},
        imagePullSecrets: [{name: 'ours'}, {name: 'theirs'}],
        volumes: [{persistentVolumeClaim: {claimName: 'claim-ana'}}],
        containers: [
          {
            image: expect.stringMatching(/^quay\.io\/jupyterhub\/k8s-singleuser-sample:\d/) as string,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 1000,
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: {drop: ['ALL']},
              seccompProfile: {type: 'RuntimeDefault'},
            },
          },
        ],
      },
    })
    // A deadline would make the quota of servers count it.
    expect(pod()).not.toHaveProperty('spec.activeDeadlineSeconds')
  })

  it('goes where servers go, and to the node that has the volume', () => {
    const image = `registry:5000/lab@sha256:${'a'.repeat(64)}`
    const k8s = `k8s: {image: "${image}", pod: {uid: 0, gid: 7, fsGid: 8, nodeSelector: {disk: ssd}, tolerations: [{key: gpu, operator: Exists}]}}\n`
    expect(pod(k8s)).toMatchObject({
      spec: {
        nodeSelector: {disk: 'ssd'},
        tolerations: expect.arrayContaining([{key: 'gpu', operator: 'Exists'}]) as unknown,
        securityContext: {fsGroup: 8},
        containers: [{image, securityContext: {runAsUser: 0, runAsGroup: 7}}],
      },
    })
    expect(pod(k8s)).not.toHaveProperty('spec.containers.0.securityContext.runAsNonRoot')
    expect(pod('', 'two')).toMatchObject({spec: {nodeName: 'two'}})
  })

  it('follows what the values of the chart say in the end', () => {
    const values =
      'k8s: {values: {singleuser: {uid: null, fsGid: null, image: {name: lab, tag: "2", pullSecrets: [theirs]}, storage: {capacity: 1Gi, dynamic: {storageClass: nfs, storageAccessModes: [ReadWriteMany], subPath: home}}}}}\n'
    const place = required(placeOf(values))
    expect(place).toMatchObject({image: 'lab:2', pullSecrets: ['theirs'], subPath: 'home', namesClaims: true})
    expect(place).not.toHaveProperty('fsGroup')
    expect(place.securityContext).not.toHaveProperty('runAsUser')
    expect(newHomeClaim({namespace: 'fake', user: 'josé', ...place.newClaim})).toMatchObject({
      metadata: {
        name: expect.stringMatching(/^claim-jose--[0-9a-f]{16}$/) as string,
        annotations: {'hub.jupyter.org/username': 'josé'},
      },
      spec: {accessModes: ['ReadWriteMany'], storageClassName: 'nfs', resources: {requests: {storage: '1Gi'}}},
    })
  })

  it.each(['storage: {type: none}', 'storage: {dynamic: {subPath: "{username}"}}'])(
    'is none where homes are no volumes of their own: %s',
    (storage) => expect(placeOf(`k8s: {values: {singleuser: {${storage}}}}\n`)).toBeUndefined(),
  )
})

describe('a pod that opens a home', () => {
  let fake: FakeCluster
  let now = 0
  const clock = {
    now: () => now,
    elapsed: () => now,
    sleep: async (ms: number) => {
      now += ms
    },
  }
  beforeEach(() => {
    fake = fakeCluster(8000, {isOwn: false})
    put('Namespace', 'fake', {})
    put('Pod', 'jupyter-ana', {
      spec: {nodeName: 'two', volumes: [{persistentVolumeClaim: {claimName: 'claim-ana'}}]},
      status: {phase: 'Running'},
    })
  })
  afterEach(() => fake.close())
  const put = (kind: string, name: string, rest: object) => {
    const namespace = kind === 'Namespace' ? '' : 'fake'
    fake.objects.set(`${kind}/${namespace}/${name}`, {
      apiVersion: 'v1',
      kind,
      metadata: {name, namespace},
      ...rest,
    })
  }
  const open = async () =>
    openHomePod(
      {
        api: required(await fake.cluster.api()),
        clock,
        namespace: 'fake',
        hubName: 'fake',
        server: required(placeOf()),
        images: 'theirs',
      },
      {name: 'ana', what: 'the home of ana', claim: 'claim-ana', signal: new AbortController().signal},
    )
  const opened = () => [...fake.objects.values()].filter(({metadata}) => metadata.name.startsWith('jhub-home-'))

  it('stands on the node on which the person works', async () => {
    await open()
    expect(opened()).toMatchObject([{spec: {nodeName: 'two'}}])
  })

  it('is removed when it does not come up, and the reason is told', async () => {
    fake.homePod = {
      phase: 'Pending',
      containerStatuses: [
        {name: 'home', image: 'lab', state: {waiting: {reason: 'ImagePullBackOff', message: 'no such host'}}},
      ],
    }
    await expect(open()).rejects.toMatchObject({
      code: 'JHUB-E229',
      message: 'The home of ana cannot be reached: the image lab cannot be pulled: its registry cannot be reached',
    })
    fake.homePod = {phase: 'Pending'}
    await expect(open()).rejects.toThrow(/^The home of ana cannot be reached: Gave up waiting .* after 180 s/)
    fake.homePod = {phase: 'Failed', reason: 'Evicted'}
    await expect(open()).rejects.toThrow('the pod that opened it ended: Evicted')
    expect(opened()).toEqual([])
  })

  it('is tried once more when a node could not start it, and then the reason is told', async () => {
    const notStarted = {
      phase: 'Failed',
      containerStatuses: [
        {name: 'home', state: {terminated: {reason: 'StartError', exitCode: 128, message: 'unable to freeze'}}},
      ],
    }
    const running = fake.homePod
    const statuses: object[] = [notStarted]
    Object.defineProperty(fake, 'homePod', {get: () => statuses.shift() ?? running})
    await open()
    expect(opened()).toHaveLength(1)
    statuses.push(notStarted, notStarted)
    await expect(open()).rejects.toThrow('the pod that opened it ended: StartError: unable to freeze')
    expect(opened()).toHaveLength(1)
  })

  it('is removed by the next jhub when its own was killed', async () => {
    await open()
    const api = required(await fake.cluster.api())
    await removeEndedHomePods(api, 'fake', 'fake')
    expect(opened()).toHaveLength(1)
    for (const each of opened()) Object.assign(each, {status: {phase: 'Succeeded'}})
    await removeEndedHomePods(api, 'fake', 'another')
    expect(opened()).toHaveLength(1)
    await removeEndedHomePods(api, 'fake', 'fake')
    expect(opened()).toEqual([])
  })
})
