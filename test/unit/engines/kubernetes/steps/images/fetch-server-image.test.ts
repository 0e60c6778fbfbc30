import {expect, it} from 'vitest'
import type {OwnCluster} from '../../../../../../src/engines/kubernetes/clusters/cluster.js'
import {officialChart} from '../../../../../../src/engines/kubernetes/chart/chart.js'
import {withImage} from '../../../../../../src/engines/kubernetes/release/wanted-release.js'
import {fetchServerImage} from '../../../../../../src/engines/kubernetes/steps/images/fetch-server-image.js'
import {parseHubSpec} from '../../../../../../src/hub-spec/parse-hub-spec.js'

const spec = withImage(parseHubSpec('version: 1\nname: a\nmode: k8s\nk8s: {cluster: kind}\naccess: {port: 8001}\n'))
const image = officialChart.serverImage

it.each([
  ['is on this computer, from where it was sent', [image], [], undefined, []],
  ['is nowhere but in the cluster', [], [image], undefined, ['cluster']],
  ['is nowhere', [], [], `fetch ${image} into the cluster`, ['cluster']],
])('an image that %s', async (_, here, there, expected, asked) => {
  const looks: string[] = []
  const own = {
    archives: {here: async () => here.map((name) => ({name}))},
    inspect: async () => ({state: 'running'}),
    imagesThere: async () => {
      looks.push('cluster')
      return there
    },
  } as unknown as OwnCluster
  expect((await fetchServerImage(own, spec).check())?.summary).toBe(expected)
  expect(looks).toEqual(asked)
})
