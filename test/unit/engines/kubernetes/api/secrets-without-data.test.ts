import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import type {IncomingMessage} from 'node:http'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect, it} from 'vitest'
import {openKubeApi} from '../../../../../src/engines/kubernetes/api/real-kube-api.js'
import {realHost} from '../../../../../src/host/real-host.js'
import {listen, makeServer} from '../../../../fakes/listen.js'

const metadata = {name: 'sh.helm.release.v1.class.v3', namespace: 'class', labels: {version: '3', status: 'deployed'}}

const whole = {metadata, data: {release: 'large'}}

it.each([
  {
    what: 'are listed without asking for what is in them',
    items: [whole],
    found: [{apiVersion: 'v1', kind: 'Secret', metadata}],
  },
  {what: 'are none where the cluster says null', items: null, found: []},
])('secrets of a cluster $what', async ({items, found}) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'jhub-secrets-'))
  const asked: IncomingMessage[] = []
  const {url: server, stop} = await listen(
    makeServer((request, response) => {
      asked.push(request)
      response.writeHead(200, {'content-type': 'application/json'})
      const list = {apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadataList', metadata: {}}
      response.end(JSON.stringify({...list, items}))
    }),
  )
  try {
    const kubeconfig = path.join(directory, 'kubeconfig')
    const named = {
      clusters: [{name: 'prod', cluster: {server, 'insecure-skip-tls-verify': true}}],
      users: [{name: 'prod', user: {}}],
      contexts: [{name: 'prod', context: {cluster: 'prod', user: 'prod'}}],
      'current-context': 'prod',
    }
    await writeFile(kubeconfig, JSON.stringify({apiVersion: 'v1', kind: 'Config', ...named}))
    const api = await openKubeApi({kubeconfig}, realHost().tunnels)
    expect(await api.listSecretsWithoutData('class', 'owner=helm,name=class')).toEqual(found)
    expect(asked.map(({url, headers}) => [url, headers.accept])).toEqual([
      [
        '/api/v1/namespaces/class/secrets?labelSelector=owner%3Dhelm%2Cname%3Dclass',
        'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json',
      ],
    ])
  } finally {
    await stop()
    await rm(directory, {recursive: true})
  }
})
