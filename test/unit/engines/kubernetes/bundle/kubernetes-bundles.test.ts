import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {ClusterManifest} from '../../../../../src/bundle/manifest.js'
import type {HubContext} from '../../../../../src/hub/session/hub-context.js'
import {openHub} from '../../../../../src/hub/session/open-hub.js'
import {up} from '../../../../../src/hub/up.js'
import {JhubError} from '../../../../../src/errors.js'
import {clusterManifest} from '../../../../fakes/bundle-manifest.js'
import {flattenSteps} from '../../../../../src/steps/step.js'
import {kubernetesWorld, type KubernetesWorld} from '../../../../contract/kubernetes-world.js'
import {quietPort} from '../../../../fakes/quiet-port.js'

const spec = `version: 1
name: fake
mode: k8s
k8s: {cluster: kind}
access: {port: PORT}
users: {admin: {admin: true}}
`
const directory = '/state/.fake.bundle'
const options = {signal: new AbortController().signal, report: () => undefined}
const node = 'localhost/jhub/node:'

let world: KubernetesWorld
let other: KubernetesWorld
beforeEach(async () => {
  const ports = [await quietPort(), await quietPort()] as const
  ;[world, other] = [kubernetesWorld(ports[0]), kubernetesWorld(ports[1])]
  await world.files.write('/config/fake.yaml', spec.replace('PORT', String(ports[0])))
  await other.files.write('/config/fake.yaml', spec.replace('PORT', String(ports[1])))
})
afterEach(async () => {
  await world.close()
  await other.close()
})

const bringUp = (context: HubContext) => up(context)

/** Gathers on one computer, and gives what another has of it. */
async function carried(change: Partial<ClusterManifest> = {}): Promise<HubContext> {
  await bringUp(world.context())
  const {engine, spec: read} = await openHub(world.context())
  const gathered = await engine.bundle?.gather(read, directory, options)
  if (gathered?.mode !== 'k8s') throw new Error('no bundle')
  const {files, ...facts} = gathered
  for (const place of files.values()) await other.files.write(place, (await world.files.read(place)) ?? '')
  return {...other.context(), bundle: {directory, manifest: {...clusterManifest, ...facts, ...change}}}
}

const refusal = async (context: HubContext) =>
  (await bringUp(context).catch((error: unknown) => error)) as JhubError | undefined

describe('a bundle of a hub in a kind cluster', () => {
  it('has programs, chart, node image and every image that nodes run', async () => {
    await bringUp(world.context())
    const {engine, spec: read} = await openHub(world.context())
    const gathered = await engine.bundle?.gather(read, directory, options)
    expect([...(gathered?.files.keys() ?? [])]).toEqual(['programs/helm', 'chart.tgz', 'images.tar'])
    expect(gathered).toMatchObject({
      mode: 'k8s',
      platform: 'linux',
      architecture: 'x86_64',
      nodeImage: expect.stringContaining(node) as string,
      chart: {source: 'jupyterhub 4.4.0 from https://hub.jupyter.org/helm-chart/'},
      images: {
        'example/hub:1': 'id of example/hub:1',
        'example/proxy:1': 'id of example/proxy:1',
        'quay.io/jupyterhub/k8s-singleuser-sample:4.4.0': expect.any(String) as string,
      },
    })
  })

  it('is made of a hub that stands', async () => {
    const {engine, spec: read} = await openHub(world.context())
    await expect(engine.bundle?.gather(read, directory, options)).rejects.toMatchObject({code: 'JHUB-E204'})
  })

  it('brings a hub up that fetches no chart and makes its nodes from the image in it', async () => {
    const context = await carried()
    other.chartInRepository = 'of the internet'
    const {changes} = await bringUp(context)
    expect(changes.map(({summary}) => summary)).toEqual(
      expect.arrayContaining([
        'take jupyterhub 4.4.0 from https://hub.jupyter.org/helm-chart/ from the bundle',
        'load 4 images from the bundle',
      ]),
    )
    expect([...other.inDocker.keys()]).toContain('example/hub:1')
    expect(other.found).toMatchObject({settings: {nodeImage: expect.stringContaining(node) as string}})
    expect(await fetched()).toEqual(['chart'])
    expect((await bringUp(context)).changes).toEqual([])
    expect((await bringUp(other.context())).changes, 'without the bundle nothing is to be done').toEqual([])
  })

  it('leaves a cluster that was made before with the nodes that it has', async () => {
    await bringUp(other.context())
    const found = structuredClone(other.found)
    const {changes} = await bringUp(await carried())
    expect(changes.map(({summary}) => summary)).toEqual(['load 4 images from the bundle'])
    expect(other.found).toEqual(found)
  })

  const places = () =>
    [...other.files.entries.keys()].filter((file) => file.endsWith('.tgz') && file.includes('/charts/'))
  const fetched = () => Promise.all(places().map((file) => other.files.read(file)))

  it('gives back the chart that was there when something fails after it', async () => {
    await bringUp(other.context())
    const [chart = ''] = places()
    await other.files.write(chart, 'of the internet')
    const {engine, spec: read} = await openHub(await carried())
    const steps = flattenSteps(engine.steps.up(read))
    const step = steps.find(({title}) => title === 'Take the chart of the bundle')
    const context = {...options, note: () => undefined}
    await step?.apply(context)
    expect(await fetched()).toEqual(['chart'])
    await step?.undo?.()
    expect(await fetched()).toEqual(['of the internet'])
  })

  it.each([
    ['another architecture', {architecture: 'aarch64'}, 'bundle: it is for linux aarch64; needed: linux x86_64'],
    [
      'an older jhub with an older chart',
      {jhub: '0.0.9', chart: {source: 'jupyterhub 4.3.0 from https://hub.jupyter.org/helm-chart/', digest: 'sha256:1'}},
      'jhub 0.0.9 made it, with jupyterhub 4.3.0',
    ],
  ])('for %s is refused before anything is changed', async (_, change, sentence) => {
    const error = await refusal(await carried(change))
    expect(error?.code).toBe('JHUB-E200')
    expect(error?.message).toContain(sentence)
    expect(other.found).toEqual({state: 'missing'})
    expect(await other.files.list('/state/fake')).toBeUndefined()
  })

  it('without an image that is needed is refused before there is a cluster', async () => {
    const error = await refusal(await carried({images: {'example/hub:1': 'x'}}))
    expect(error?.message).toContain('example/proxy:1')
    expect(other.found).toEqual({state: 'missing'})
  })

  it('of a hub on one machine is refused', async () => {
    const context = await carried()
    const machine = {...clusterManifest, mode: 'vm', python: '3.13', locks: {}} as never
    const error = await refusal({...context, bundle: {directory, manifest: machine}})
    expect(error?.message).toContain('it is for a hub on one machine')
  })
})
