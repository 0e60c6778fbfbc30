import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {Docker} from '../../../../src/host/docker/docker.js'
import {realDocker} from '../../../../src/host/docker/real-docker.js'

let silent: Server
let before: string | undefined
beforeEach(async () => {
  // Takes every question and answers none.
  silent = createServer()
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  before = process.env['DOCKER_HOST']
  process.env['DOCKER_HOST'] = `tcp://127.0.0.1:${String((silent.address() as AddressInfo).port)}`
})
afterEach(() => {
  if (before === undefined) delete process.env['DOCKER_HOST']
  else process.env['DOCKER_HOST'] = before
  silent.closeAllConnections()
  silent.close()
})

const container = {
  name: 'jhub-x',
  image: 'x',
  labels: {},
  hostname: 'x',
  volumes: new Map<string, string>(),
  publish: [],
  rights: 'everything',
}

describe('an engine that takes a question and has no answer', () => {
  it.each<[string, (docker: Docker) => Promise<unknown>]>([
    ['findImage', (docker) => docker.findImage('x')],
    ['findImages', (docker) => docker.findImages('x')],
    ['removeImage', (docker) => docker.removeImage('x')],
    ['findContainer', (docker) => docker.findContainer('x')],
    ['listContainers', (docker) => docker.listContainers('x')],
    ['createContainer', (docker) => docker.createContainer(container as never)],
    ['startContainer', (docker) => docker.startContainer('x')],
    ['removeContainer', (docker) => docker.removeContainer('x')],
    ['findVolume', (docker) => docker.findVolume('x')],
    ['createVolume', (docker) => docker.createVolume('x', {})],
    ['removeVolume', (docker) => docker.removeVolume('x')],
    ['converse', (docker) => docker.converse('x', ['true'], {onLine: () => undefined, onEnd: () => undefined})],
  ])('is given up: %s', async (_, ask) => {
    await expect(ask(realDocker({answerMs: 50, removalMs: 60}))).rejects.toMatchObject({
      code: 'JHUB-E215',
      message: 'The Docker engine does not answer',
    })
  })
})
