import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {reachApi} from '../../../../../src/engines/kubernetes/api/reach-api.js'
import {JhubError, messageOf} from '../../../../../src/errors.js'
import {realHost} from '../../../../../src/host/real-host.js'

let directory = ''
let server: Server
let url = ''
let plugin = ''

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-unreachable-'))
  server = createServer((request, response) => {
    const status = request.headers.authorization === 'Bearer narrow' ? 403 : 401
    response.writeHead(status, {'content-type': 'application/json'})
    response.end(JSON.stringify({kind: 'Status', message: status === 401 ? 'Unauthorized' : 'version is not for you'}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  plugin = path.join(directory, 'sign-in')
  await writeFile(plugin, '#!/bin/sh\necho "the session has expired: run sign-in login" >&2\nexit 1\n')
  await chmod(plugin, 0o755)
})
afterAll(async () => {
  server.close()
  await rm(directory, {recursive: true})
})

async function reach(address: string, user: object, context = 'prod') {
  const kubeconfig = path.join(directory, 'kubeconfig')
  const named = {
    clusters: [{name: 'prod', cluster: {server: address, 'insecure-skip-tls-verify': true}}],
    users: [{name: 'prod', user}],
    contexts: ['prod', 'My Cluster (Lab 3)'].map((name) => ({name, context: {cluster: 'prod', user: 'prod'}})),
  }
  await writeFile(kubeconfig, JSON.stringify({apiVersion: 'v1', kind: 'Config', ...named}))
  const {files, tunnels} = realHost()
  return reachApi(files, tunnels, {kubeconfig, context})()
}
const failure = async (...asked: Parameters<typeof reach>) => {
  const error: unknown = await reach(...asked).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(JhubError)
  const {code, message, cause, suggestions} = error as JhubError
  return {code, message, cause: messageOf(cause), fix: suggestions[0]}
}

describe('a cluster that cannot be asked says why', () => {
  it('the program that signs in, in its own words', async () => {
    const exec = {apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never'}
    expect(await failure(url, {exec})).toMatchObject({
      code: 'JHUB-E212',
      message: `\`${plugin}\`, which signs this account in to the cluster, failed`,
      cause: 'the session has expired: run sign-in login',
    })
    expect(await failure(url, {exec: {...exec, command: `${plugin}-gone`}})).toMatchObject({
      cause: expect.stringContaining('ENOENT') as string,
    })
  })

  it('an account that it no longer accepts', async () => {
    expect(await failure(url, {token: 'old'})).toMatchObject({
      code: 'JHUB-E212',
      message: `The cluster at ${url} does not accept this account (401): its token or certificate has expired or was revoked`,
      fix: 'kubectl --context prod get nodes',
    })
    expect(await failure(url, {token: 'old'}, 'My Cluster (Lab 3)')).toMatchObject({
      fix: "kubectl --context 'My Cluster (Lab 3)' get nodes",
    })
  })

  it('a port at which nothing listens', async () => {
    const gone = createServer()
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
    const dead = `http://127.0.0.1:${String((gone.address() as AddressInfo).port)}`
    await new Promise((resolve) => gone.close(resolve))
    expect(await failure(dead, {token: 'any'})).toMatchObject({
      code: 'JHUB-E211',
      message: `Nothing listens at ${dead}: the cluster is stopped, or its address has changed`,
    })
  })

  it('a context that the kubeconfig does not have', async () => {
    expect(await failure(url, {}, 'other')).toMatchObject({
      code: 'JHUB-E211',
      message: 'The kubeconfig has no context other, or no cluster for it',
      fix: 'kubectl config get-contexts',
    })
  })

  it('but one that keeps its version from this account can be asked', async () => {
    expect(await reach(url, {token: 'narrow'})).toBeDefined()
  })
})
