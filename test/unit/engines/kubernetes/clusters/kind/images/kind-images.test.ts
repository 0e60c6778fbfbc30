import {describe, expect, it} from 'vitest'
import {kindImages} from '../../../../../../../src/engines/kubernetes/clusters/kind/images/kind-images.js'
import {JhubError} from '../../../../../../../src/errors.js'
import type {CommandOptions, CommandResult} from '../../../../../../../src/host/processes/commands.js'
import {realClock} from '../../../../../../../src/host/real-clock.js'
import {unscripted} from '../../../../../../fakes/fake-context.js'

const images = [{name: 'hub:1', id: 'sha256:a', contents: 'sha256:b', sizeBytes: 10}]
const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}

/** Nodes that come one by one while a cluster is made; their containerd answers only once an image waits for it. */
function bootingNodes(names: readonly string[], {isFull = false} = {}) {
  const there: string[] = []
  const waiting = new Set<string>()
  const imported: string[] = []
  const answer = (exitCode: number, stdout = ''): CommandResult => ({stdout, stderr: '', exitCode})
  const inNode = (node: string, program: string, rest: readonly string[]) => {
    if (!there.includes(node)) return answer(1)
    if (program === 'rm') waiting.delete(node)
    if (program === 'bash') {
      expect(waiting.has(node)).toBe(true)
      expect(rest.at(-1)).toBe('/var/lib/jhub-images/servers/0')
      imported.push(node)
    }
    return answer(program === 'ctr' && !waiting.has(node) ? 1 : 0)
  }
  const run = async ([, verb, ...words]: readonly string[], {okExitCodes = [0]}: CommandOptions = {}) => {
    const [node = '', program = '', ...rest] = words.filter((word) => word !== '--privileged')
    const said = verb === 'exec' ? inNode(node, program, rest) : answer(0, '26.1.5 linux/amd64')
    if (!okExitCodes.includes(said.exitCode)) throw new JhubError('JHUB-E201', `${program} ended badly`)
    return said
  }
  const pipe = async (from: readonly string[], to: readonly string[]) => {
    expect(from).toEqual(['docker', 'save', 'hub:1'])
    waiting.add((to.at(-1) ?? '').split(':')[0] ?? '')
    if (isFull) throw new JhubError('JHUB-E201', 'ended badly', {cause: new Error('no space left on device')})
  }
  const nodeNames = async () => {
    const next = names[there.length]
    if (next !== undefined) there.push(next)
    return [...there].sort()
  }
  const commands = {run, pipe, startDetached: unscripted('startDetached'), converse: unscripted('converse')}
  const sent = kindImages({commands, clock: realClock}, (words) => run(['docker', ...words]), nodeNames)
  return {...sent, waiting, imported}
}

describe('images on their way into a cluster that is being made', () => {
  it('go to every node that runs servers, and are taken when its containerd answers', async () => {
    const nodes = bootingNodes(['c-control-plane', 'c-worker', 'c-worker2'])
    await nodes.sendImages(images, 'servers', 3, context)
    expect(nodes.imported).toEqual(['c-worker', 'c-worker2'])
    expect([...nodes.waiting]).toEqual([])
  })

  it('leave nothing in a node that has no room for them, and say why', async () => {
    const nodes = bootingNodes(['c-control-plane'], {isFull: true})
    const failure: unknown = await nodes.sendImages(images, 'servers', 1, context).catch((error: unknown) => error)
    expect(failure).toMatchObject({code: 'JHUB-E201', cause: {message: 'no space left on device'}})
    expect([...nodes.waiting]).toEqual([])
  })
})

const unscriptedCommands = {
  pipe: unscripted('pipe'),
  startDetached: unscripted('startDetached'),
  converse: unscripted('converse'),
}

describe('several images', () => {
  it('are taken one after the other, each while the next is on its way', async () => {
    const said: string[] = []
    const first = Promise.withResolvers()
    const run = async (words: readonly string[]) => {
      const place = words.at(-1) ?? ''
      if (words.includes('bash')) {
        said.push(`take ${place}`)
        if (place.endsWith('/0')) await first.promise
        said.push(`took ${place}`)
      }
      return {stdout: '', stderr: '', exitCode: 0}
    }
    const pipe = async (from: readonly string[], to: readonly string[]) => {
      said.push(`${from.at(-1) ?? ''} to ${to.at(-1) ?? ''}`)
      if (from.includes('proxy:1')) first.resolve(undefined)
    }
    const commands = {...unscriptedCommands, run, pipe}
    const {sendImages} = kindImages({commands, clock: realClock}, run, async () => ['c-control-plane'])
    const two = ['hub:1', 'proxy:1'].map((name) => ({name, id: name, contents: name, sizeBytes: 10}))
    await sendImages(two, 'hub', 1, context)
    const place = '/var/lib/jhub-images/hub'
    expect(said).toEqual([
      `hub:1 to c-control-plane:${place}/0`,
      `proxy:1 to c-control-plane:${place}/1`,
      `take ${place}/0`,
      `took ${place}/0`,
      `take ${place}/1`,
      `took ${place}/1`,
    ])
  })
})

describe('images of a node', () => {
  const lookAt = async (said: CommandResult) => {
    let now = 0
    const clock = {...realClock, elapsed: () => now, sleep: async (durationMs: number) => void (now += durationMs)}
    const commands = {...unscriptedCommands, run: async () => said}
    const {imagesThere} = kindImages({commands, clock}, commands.run, async () => ['c-control-plane'])
    return imagesThere(['hub:1'], 'servers')
  }

  it('are none where it is stopped, and unknown where it runs and does not say', async () => {
    const listed = 'docker.io/library/hub:1\nquay.io/hub@sha256:a\nsha256:b\n'
    expect(await lookAt({stdout: listed, stderr: '', exitCode: 0})).toEqual(['hub:1'])
    const stopped = 'Error response from daemon: container 4f is not running'
    expect(await lookAt({stdout: '', stderr: stopped, exitCode: 1})).toEqual([])
    const silent = lookAt({stdout: '', stderr: 'ctr: context deadline exceeded', exitCode: 1})
    await expect(silent).rejects.toMatchObject({code: 'JHUB-E501'})
  })

  it.each([
    ['the same layers under another id', ['sha256:l'], []],
    ['other layers under this name', ['sha256:k'], ['hub:1']],
  ])('that is there with %s', async (_, layers, expected) => {
    const created = '2026-01-02T03:04:05Z'
    const said: Readonly<Record<string, unknown>> = {
      image: ['sha256:manifest', 1, ['hub:1'], ['hub@sha256:manifest'], created, ['sha256:l']],
      inspecti: {status: {id: 'sha256:config'}, info: {imageSpec: {created, rootfs: {diff_ids: layers}}}},
    }
    const run = async (words: readonly string[]) => {
      if (words.includes('ls')) return {stdout: 'docker.io/library/hub:1\n', stderr: '', exitCode: 0}
      const which = words.find((word) => said[word] !== undefined) ?? ''
      return {stdout: JSON.stringify(said[which]), stderr: '', exitCode: 0}
    }
    const commands = {...unscriptedCommands, run}
    const {imagesToSend} = kindImages({commands, clock: realClock}, run, async () => ['c-control-plane'])
    expect((await imagesToSend(['hub:1'], 'servers')).map(({name}) => name)).toEqual(expected)
  })
})
