import {describe, expect, it, vi} from 'vitest'
import {kindImages} from '../../../../../../../src/engines/kubernetes/clusters/kind/images/kind-images.js'
import {JhubError} from '../../../../../../../src/errors.js'
import type {CommandOptions, CommandResult, PipeOptions} from '../../../../../../../src/host/processes/commands.js'
import {realClock} from '../../../../../../../src/host/real-clock.js'
import {fakeSystem, unscripted} from '../../../../../../fakes/fake-context.js'

const images = ['hub:1', 'proxy:1'].map((name) => ({name, id: name, contents: name, sizeBytes: 10}))
const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}

const unscriptedCommands = {
  pipe: unscripted('pipe'),
  startDetached: unscripted('startDetached'),
  converse: unscripted('converse'),
}

/** Nodes that come one by one while a cluster is made; each runs programs only when it was asked once before. */
function bootingNodes(names: readonly string[], {isFull = false} = {}) {
  const there: string[] = []
  const running = new Set<string>()
  const sent: string[] = []
  const answer = (exitCode: number, stdout = ''): CommandResult => ({stdout, stderr: '', exitCode})
  const inNode = (node: string) => {
    const runs = running.has(node)
    if (there.includes(node)) running.add(node)
    return answer(runs ? 0 : 1)
  }
  const run = async ([, verb, , node = '']: readonly string[], {okExitCodes = [0]}: CommandOptions = {}) => {
    const said = verb === 'exec' ? inNode(node) : answer(0, '26.1.5 linux/amd64')
    if (!okExitCodes.includes(said.exitCode)) throw new JhubError('JHUB-E201', 'ended badly')
    return said
  }
  const pipe = async ([from, , to]: readonly (readonly string[])[]) => {
    expect([from, to?.[1]]).toEqual([['docker', 'save', 'hub:1', 'proxy:1'], 'exec'])
    const node = to?.[4] ?? ''
    expect(running.has(node)).toBe(true)
    if (isFull) throw new JhubError('JHUB-E201', 'ended badly', {cause: new Error('no space left on device')})
    sent.push(node)
  }
  const nodeNames = async () => {
    const next = names[there.length]
    if (next !== undefined) there.push(next)
    return [...there].sort()
  }
  const commands = {...unscriptedCommands, run, pipe}
  const own = kindImages(
    {commands, clock: realClock, system: fakeSystem},
    (words) => run(['docker', ...words]),
    nodeNames,
  )
  return {...own, sent}
}

describe('images on their way into a cluster that is being made', () => {
  it('go to every node that runs servers, as soon as it runs programs, in one archive', async () => {
    const nodes = bootingNodes(['c-control-plane', 'c-worker', 'c-worker2'])
    await nodes.sendImages(images, 'servers', 3, context)
    expect(nodes.sent).toEqual(['c-worker', 'c-worker2'])
  })

  it('say why a node does not take them', async () => {
    const nodes = bootingNodes(['c-control-plane'], {isFull: true})
    const failure: unknown = await nodes.sendImages(images, 'servers', 1, context).catch((error: unknown) => error)
    expect(failure).toMatchObject({code: 'JHUB-E201', cause: {message: 'no space left on device'}})
  })

  it.each([
    [1, 10],
    [2, undefined],
  ])('tell how far %i of them are, of how much where no layer can be in two', async (count, total) => {
    const report = vi.fn()
    const pipe = async (_: unknown, {onLine}: PipeOptions = {}) => {
      for (const line of ['3', 'unpacking hub:1 (sha256:a)...done', '1']) onLine?.(line)
    }
    const run = async () => ({stdout: '', stderr: '', exitCode: 0})
    const {sendImages} = kindImages(
      {commands: {...unscriptedCommands, run, pipe}, clock: realClock, system: fakeSystem},
      run,
      async () => ['c'],
    )
    await sendImages(images.slice(0, count), 'servers', 1, {...context, report})
    const note = count === 1 ? 'hub:1' : 'hub:1, proxy:1'
    expect(report).toHaveBeenLastCalledWith({done: 4, ...(total === undefined ? {} : {total}), unit: 'bytes', note})
  })
})

type Line = readonly [name: string, digest: string]

/** As `ctr images ls` of containerd 1.7 and 2.1 writes it. */
function listed(...lines: readonly Line[]): string {
  const rest = 'application/vnd.oci.image.manifest.v1+json'
  const rows = lines.map(
    ([name, digest]) => `${name.padEnd(60)} ${rest} ${digest} 91.2 MiB linux/amd64 io.cri-containerd.image=managed`,
  )
  return ['REF TYPE DIGEST SIZE PLATFORMS LABELS', ...rows, ''].join('\n')
}

describe('images of a node', () => {
  const lookAt = async (said: CommandResult) => {
    let now = 0
    const clock = {...realClock, elapsed: () => now, sleep: async (durationMs: number) => void (now += durationMs)}
    const commands = {...unscriptedCommands, run: async () => said}
    const {imagesThere} = kindImages({commands, clock, system: fakeSystem}, commands.run, async () => [
      'c-control-plane',
    ])
    return imagesThere(['hub:1'], 'servers')
  }

  it('are none where it is stopped, and unknown where it runs and does not say', async () => {
    expect(
      await lookAt({
        stdout: listed(['docker.io/library/hub:1', 'sha256:a'], ['quay.io/hub@sha256:a', 'sha256:a']),
        stderr: '',
        exitCode: 0,
      }),
    ).toEqual(['hub:1'])
    const stopped = 'Error response from daemon: container 4f is not running'
    expect(await lookAt({stdout: '', stderr: stopped, exitCode: 1})).toEqual([])
    const silent = lookAt({stdout: '', stderr: 'ctr: context deadline exceeded', exitCode: 1})
    await expect(silent).rejects.toMatchObject({code: 'JHUB-E501'})
  })

  it('is there under the same id without a look into it, and is looked into where the name stands for another', async () => {
    const inspected: string[] = []
    const ask = async (...lines: readonly Line[]) => {
      const run = async (words: readonly string[]) => {
        if (words.includes('ls')) return {stdout: listed(...lines), stderr: '', exitCode: 0}
        if (!words.includes('inspecti')) return {stdout: JSON.stringify(here), stderr: '', exitCode: 0}
        inspected.push(words.at(-1) ?? '')
        return {stdout: JSON.stringify({status: {id: 'sha256:older'}}), stderr: '', exitCode: 0}
      }
      const here = ['sha256:id', 1, ['hub:1'], null, '2026-01-02T03:04:05Z', ['sha256:l']]
      const {imagesToSend} = kindImages(
        {commands: {...unscriptedCommands, run}, clock: realClock, system: fakeSystem},
        run,
        async () => ['c'],
      )
      return (await imagesToSend(['hub:1'], 'servers')).map(({name}) => name)
    }
    const hub: Line = ['docker.io/library/hub:1', 'sha256:m']
    expect(await ask(hub, ['sha256:id', 'sha256:m'])).toEqual([])
    expect(await ask(['docker.io/library/other:1', 'sha256:m'], ['sha256:id', 'sha256:m'])).toEqual(['hub:1'])
    expect(inspected).toEqual([])
    expect(await ask(hub, ['sha256:id', 'sha256:n'])).toEqual(['hub:1'])
    expect(inspected).toEqual(['hub:1'])
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
      if (words.includes('ls'))
        return {
          stdout: listed(['docker.io/library/hub:1', 'sha256:m'], ['sha256:config', 'sha256:m']),
          stderr: '',
          exitCode: 0,
        }
      const which = words.find((word) => said[word] !== undefined) ?? ''
      return {stdout: JSON.stringify(said[which]), stderr: '', exitCode: 0}
    }
    const commands = {...unscriptedCommands, run}
    const {imagesToSend} = kindImages({commands, clock: realClock, system: fakeSystem}, run, async () => [
      'c-control-plane',
    ])
    expect((await imagesToSend(['hub:1'], 'servers')).map(({name}) => name)).toEqual(expected)
  })
})
