import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterAll, beforeAll, expect, it} from 'vitest'
import {reachApi} from '../../../../../src/engines/kubernetes/api/reach-api.js'
import {realHost} from '../../../../../src/host/real-host.js'
import {listen, type Served} from '../../../../fakes/listen.js'

let directory = ''
let clusters: readonly Served[] = []
const clusterOf = (gitVersion: string) =>
  listen(
    createServer((_, response) => {
      response.writeHead(200, {'content-type': 'application/json'})
      response.end(JSON.stringify({gitVersion}))
    }),
  )
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-reach-'))
  clusters = await Promise.all(['v1.33.0', 'v1.34.0'].map(clusterOf))
})
afterAll(async () => {
  await Promise.all(clusters.map(({stop}) => stop()))
  await rm(directory, {recursive: true})
})

it('a cluster that is made again is asked where it is now, and one that is gone not at all', async () => {
  const kubeconfig = path.join(directory, 'kubeconfig')
  const write = (cluster: Served | undefined) =>
    writeFile(
      kubeconfig,
      JSON.stringify({
        ...{apiVersion: 'v1', kind: 'Config', 'current-context': 'one', users: [{name: 'one', user: {token: 'word'}}]},
        clusters: [{name: 'one', cluster: {server: cluster?.url, 'insecure-skip-tls-verify': true}}],
        contexts: [{name: 'one', context: {cluster: 'one', user: 'one'}}],
      }),
    )
  const {files, tunnels} = realHost()
  const api = reachApi(files, tunnels, {kubeconfig})
  expect(await api()).toBeUndefined()

  await write(clusters[0])
  const [first, again] = await Promise.all([api(), api()])
  expect(again).toBe(first)
  expect(await api()).toBe(first)
  expect(await first?.version()).toBe('v1.33.0')

  await write(clusters[1])
  expect(await (await api())?.version()).toBe('v1.34.0')
  await rm(kubeconfig)
  expect(await api()).toBeUndefined()
})
