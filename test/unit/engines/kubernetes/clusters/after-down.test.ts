import {expect, it} from 'vitest'
import {afterDown} from '../../../../../src/engines/kubernetes/clusters/after-down.js'
import type {OwnCluster} from '../../../../../src/engines/kubernetes/clusters/cluster.js'

it("of a cluster that jhub makes says what is downloaded: with the cluster's own program", () => {
  expect(afterDown({own: {} as OwnCluster})).toBe(
    '`jhub up` downloads the chart again, and kind and helm where they are not on the PATH. Images that are still there are not.',
  )
})

it('of a cluster of others asks for no kind', () => {
  expect(afterDown({})).toBe(
    '`jhub up` downloads the chart again, and helm where it is not on the PATH. Nodes download images that they no longer have.',
  )
})
