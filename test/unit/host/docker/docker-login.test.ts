import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {dockerLogin} from '../../../../src/host/docker/docker-login.js'
import {registryHost} from '../../../../src/host/docker/registry-host.js'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-docker-config-'))
  vi.stubEnv('DOCKER_CONFIG', directory)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(directory, {recursive: true, force: true})
})

const write = (text: string) => writeFile(path.join(directory, 'config.json'), text)
const auth = Buffer.from('ana:a:secret').toString('base64')
const ana = {username: 'ana', password: 'a:secret'}

describe('the account of docker login', () => {
  it.each([
    ['ghcr.io', 'ghcr.io'],
    ['registry.example:5000', 'https://registry.example:5000/v1/'],
    ['docker.io', 'https://index.docker.io/v1/'],
  ])('for %s is found under %s', async (host, key) => {
    await write(JSON.stringify({auths: {[key]: {auth}}}))
    expect(await dockerLogin(host)).toMatchObject(ana)
    expect(await dockerLogin('other.example')).toBeUndefined()
  })

  it('is none without a file, and in one of an odd shape', async () => {
    expect(await dockerLogin('ghcr.io')).toBeUndefined()
    for (const text of [
      '',
      '{}',
      '[]',
      'null',
      '{"auths": null}',
      '{"auths": {"ghcr.io": 7}}',
      '{"credHelpers": []}',
    ]) {
      await write(text)
      expect(await dockerLogin('ghcr.io'), text).toBeUndefined()
    }
  })

  it('of a file that is not JSON is a sentence, without what is in the file', async () => {
    await write(`{"auths": {"ghcr.io": {"auth": "${auth}"}`)
    const error = await dockerLogin('ghcr.io').catch((each: unknown) => each)
    expect(error).toMatchObject({code: 'JHUB-E203'})
    expect(String(error)).toContain(path.join(directory, 'config.json'))
    expect(JSON.stringify(error) + String((error as Error).cause)).not.toContain(auth)
  })

  it('of a helper that is not installed is none', async () => {
    await write('{"credsStore": "nosuch"}')
    expect(await dockerLogin('ghcr.io')).toBeUndefined()
  })
})

it.each([
  ['pandas', 'docker.io'],
  ['ana/course:1', 'docker.io'],
  ['docker.io/ana/course', 'docker.io'],
  ['index.docker.io/ana/course', 'docker.io'],
  ['localhost/jhub', 'localhost'],
  ['localhost:5000/jhub', 'localhost:5000'],
  ['quay.io/jupyter/base-notebook@sha256:0', 'quay.io'],
])('the registry of %s is %s', (reference, host) => {
  expect(registryHost(reference)).toBe(host)
})
