import {expect, it} from 'vitest'
import type {Cluster, OwnCluster} from '../../../../../../src/engines/kubernetes/clusters/cluster.js'
import {deleteVolumes} from '../../../../../../src/engines/kubernetes/steps/removal/delete-volumes.js'

it('a plan tells the files apart from their directory, which another step removes', async () => {
  const cluster = {files: {list: () => Promise.resolve(['class'])}, layout: {volumes: '/data/volumes'}}
  const own = {inspect: () => Promise.resolve({state: 'running'})}
  const step = deleteVolumes(cluster as unknown as Cluster, own as unknown as OwnCluster)
  expect((await step.check())?.summary).toBe('delete the files in /data/volumes')
})
