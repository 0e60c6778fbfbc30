import {expect, it} from 'vitest'
import type {ClusterFound, LocalImage, OwnCluster} from '../../../../../../src/engines/kubernetes/clusters/cluster.js'
import {ensureImages} from '../../../../../../src/engines/kubernetes/steps/images/ensure-images.js'

const image = (name: string): LocalImage => ({name, id: `id of ${name}`, contents: name, sizeBytes: 1})
const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}
const settings = {nodes: 1, nodeImage: undefined, address: '127.0.0.1', port: 8000}

it.each([
  ['is not there yet', {state: 'missing'}, ['hub:1', 'proxy:1']],
  ['is being made, and does not say what it has', {state: 'half-made'}, ['hub:1', 'proxy:1']],
  ['runs and has one of them', {state: 'running', settings}, ['proxy:1']],
] satisfies readonly [string, ClusterFound, readonly string[]][])(
  'sends a cluster that %s what it lacks, without waiting for its nodes',
  async (_, found, expected) => {
    let sent: readonly string[] = []
    const own = {
      inspect: async () => found,
      archives: {here: async (names: readonly string[]) => names.map(image)},
      imagesToSend: async () =>
        found.state === 'running' ? [image('proxy:1')] : Promise.reject(new Error('the node does not answer')),
      sendImages: async (images: readonly LocalImage[]) => void (sent = images.map(({name}) => name)),
    } as unknown as OwnCluster
    await ensureImages(own, 'hub', 1, async () => ['hub:1', 'proxy:1']).apply(context)
    expect(sent).toEqual(expected)
  },
)
