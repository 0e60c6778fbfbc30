import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {placesOnNodes, readPlaces, type Node} from '../../../../../src/engines/kubernetes/pods/places-on-nodes.js'
import type {Pod} from '../../../../../src/engines/kubernetes/pods/pod-trouble.js'
import type {KubeApi, ListOf} from '../../../../../src/engines/kubernetes/api/kube-api.js'
import {JhubError} from '../../../../../src/errors.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'

const mebibyte = 1024 ** 2
const node = (name: string, allocatable: Record<string, string>, spec: Node['spec'] = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {name},
  spec,
  status: {allocatable},
})
const pod = (nodeName: string, requests: Record<string, string>, labels: Record<string, string> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'one', namespace: 'a', labels},
  spec: {nodeName, containers: [{name: 'it', resources: {requests}}]},
})
const laptop = node('laptop', {cpu: '2', memory: '24683656Ki', pods: '110'})
const system = pod('laptop', {cpu: '950m', memory: '290Mi'})
const each = {cpu: 0.05, memory: 256 * mebibyte, pods: 1}

describe('places for servers', () => {
  it('are as many as a scheduler gave: 21 at 0.05 cores each on two cores of kind', () => {
    expect(placesOnNodes([laptop], [system], each)).toEqual({most: 21, boundBy: 'cores', each: 0.05})
  })

  it('are bound by memory or by the number of pods where those give out first', () => {
    expect(placesOnNodes([laptop], [system], {...each, cpu: 0.01})).toEqual({
      most: 93,
      boundBy: 'memory',
      each: 256 * mebibyte,
    })
    expect(placesOnNodes([laptop], [system], {cpu: 0.001, memory: mebibyte, pods: 1})).toEqual({
      most: 109,
      boundBy: 'pods',
      each: 1,
    })
  })

  it('are counted node by node, since half a server fits nowhere', () => {
    const small = (name: string) => node(name, {cpu: '4', memory: '384Mi', pods: '110'})
    expect(placesOnNodes([small('one'), small('two')], [], each)?.most).toBe(2)
  })

  it('are none on a node that is cordoned or keeps others away, but on one that is kept for servers', () => {
    const tainted = (key: string, effect = 'NoSchedule') =>
      node('n', {cpu: '1', memory: '8Gi', pods: '110'}, {taints: [{key, effect}]})
    expect(placesOnNodes([{...laptop, spec: {unschedulable: true}}], [], each)?.most).toBe(0)
    expect(placesOnNodes([tainted('gpu')], [], each)?.most).toBe(0)
    expect(placesOnNodes([tainted('gpu', 'PreferNoSchedule')], [], each)?.most).toBe(20)
    expect(placesOnNodes([tainted('hub.jupyter.org/dedicated')], [], each)?.most).toBe(20)
    expect(placesOnNodes([tainted('hub.jupyter.org_dedicated')], [], each)?.most).toBe(20)
  })

  it('are not taken by pods that ended or wait for a node', () => {
    const ended = {...pod('laptop', {cpu: '1'}), status: {phase: 'Succeeded'}}
    expect(placesOnNodes([laptop], [system, ended, pod('', {cpu: '1'})], each)?.most).toBe(21)
  })

  it('are never more than what is free over what each asks for', () => {
    const some = fc.integer({min: 1, max: 64})
    fc.assert(
      fc.property(some, some, fc.array(some), some, (cores, gibibytes, taken, wanted) => {
        const places = placesOnNodes(
          [node('n', {cpu: String(cores), memory: `${String(gibibytes)}Gi`, pods: '110'})],
          taken.map((millicores) => pod('n', {cpu: `${String(millicores)}m`})),
          {cpu: wanted / 100, memory: mebibyte, pods: 1},
        )
        const free = cores * 1000 - taken.reduce((sum, one) => sum + one, 0)
        expect((places?.most ?? NaN) * wanted * 10).toBeLessThanOrEqual(Math.max(0, free))
        expect(places?.most).toBeLessThanOrEqual(Math.max(0, 110 - taken.length))
      }),
    )
  })
})

describe('places in a cluster', () => {
  const spec = parseHubSpec('version: 1\nname: a\nmode: k8s\nlimits: {default: {memory: 1G, cpuGuarantee: 0.1}}\n')
  const api = (answer: (kind: ListOf) => readonly object[]) =>
    ({list: (kind: ListOf) => Promise.resolve().then(() => answer(kind))}) as unknown as KubeApi
  const server = pod('laptop', {cpu: '100m'}, {component: 'singleuser-server'})

  it("count people's own servers as free, and nobody else's", async () => {
    const of = (...pods: Pod[]) =>
      readPlaces(
        api(({kind}) => (kind === 'Node' ? [laptop] : pods)),
        'a',
        spec,
      )
    expect(await of(system, server)).toEqual({most: 10, boundBy: 'cores', each: 0.1})
    expect(await of(system, {...server, metadata: {...server.metadata, namespace: 'another'}})).toMatchObject({most: 9})
  })

  it('are not known where the account may not look, or no node tells', async () => {
    const refused = api(() => {
      throw new JhubError('JHUB-E212', 'The cluster refused', {details: {status: 403}})
    })
    expect(await readPlaces(refused, 'a', spec)).toBeUndefined()
    expect(
      await readPlaces(
        api(() => []),
        'a',
        spec,
      ),
    ).toBeUndefined()
  })
})
