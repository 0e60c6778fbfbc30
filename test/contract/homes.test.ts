import {createHash} from 'node:crypto'
import {chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {HomesKeeper, NewPart} from '../../src/engines/homes/homes-keeper.js'
import {homeProgram} from '../../src/engines/homes/home-program.js'
import {kubernetesHomes} from '../../src/engines/kubernetes/homes/kubernetes-homes.js'
import {vmHomes} from '../../src/engines/vm/homes/vm-homes.js'
import {realClock} from '../../src/host/real-clock.js'
import {realCommands} from '../../src/host/processes/real-commands.js'
import {realFiles} from '../../src/host/files/real-files.js'
import {parseHubSpec} from '../../src/hub-spec/parse-hub-spec.js'
import {assets} from '../fakes/fake-context.js'
import {fakeCluster, type FakeCluster} from '../fakes/fake-cluster.js'
import {fakeMachine} from '../fakes/fake-machine.js'

const uid = process.getuid?.() === 0 ? 200_001 : undefined
const program = () => homeProgram(realFiles, assets)
const spec = parseHubSpec('version: 1\nname: fake\nmode: k8s\nusers: {ana: {}}\n')

interface HomesWorld {
  readonly keeper: HomesKeeper
  /** Where ana's home is on this computer. */
  readonly home: string
  /** Makes it, as the first start of a server does. */
  make(): Promise<void>
  stop(): void
  /** What is left of visits. */
  leftovers(): readonly string[]
}

async function vmWorld(directory: string): Promise<HomesWorld> {
  const {machine} = fakeMachine(8000)
  const home = path.join(directory, 'ana')
  let isThere = true
  const place = {
    ...machine,
    layout: {...machine.layout, homes: directory},
    base: {...machine.base, isThere: async () => isThere} as never,
    run: (...words: Parameters<typeof realCommands.run>) => realCommands.run(...words),
  }
  return {
    keeper: vmHomes({machine: place, python: async () => 'python3', program}),
    home,
    make: () => mkdir(home),
    stop: () => (isThere = false),
    leftovers: () => [],
  }
}

async function clusterWorld(directory: string, fake: FakeCluster): Promise<HomesWorld> {
  await fake.cluster.files.write(fake.cluster.layout.kubeconfig, 'way in')
  const settings = {nodes: 1, nodeImage: undefined, address: '127.0.0.1', port: 8000}
  fake.found = {state: 'running', settings}
  fake.objects.set('Namespace//fake', {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'fake'}})
  const home = path.join(directory, 'claim-ana')
  fake.homes.set('claim-ana', home)
  await mkdir(home)
  return {
    keeper: kubernetesHomes({cluster: fake.cluster, clock: realClock, spec, program}),
    home,
    async make() {
      fake.objects.set('PersistentVolumeClaim/fake/claim-ana', {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {name: 'claim-ana', namespace: 'fake', annotations: {'hub.jupyter.org/username': 'ana'}},
      })
    },
    stop: () => (fake.found = {state: 'stopped', settings}),
    leftovers: () => [...fake.objects.keys()].filter((key) => key.startsWith('Pod/')),
  }
}

describe.each([
  ['a machine', (directory: string) => vmWorld(directory)],
  ['a cluster', (directory: string) => clusterWorld(directory, fakeCluster(8000))],
])('the files of people on %s', (_title, makeWorld) => {
  let directory: string
  let world: HomesWorld
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'jhub-homes-'))
    await chmod(directory, 0o755)
    world = await makeWorld(directory)
  })
  afterEach(() => rm(directory, {recursive: true}))

  const visited = {user: 'ana', people: ['ana'], make: false, signal: new AbortController().signal}
  const whole = {pattern: '**', mostFiles: 100}
  const partOf = (name: string, text: string): NewPart => ({
    path: name,
    sha256: createHash('sha256').update(text).digest('hex'),
    executable: false,
    offset: 0,
    data: Buffer.from(text),
    isLast: true,
  })
  const own = async (...names: readonly string[]) => {
    const {chown} = await import('node:fs/promises')
    if (uid !== undefined) for (const name of names) await chown(path.join(world.home, name), uid, uid)
  }

  it('are none where nobody made the home', async () => {
    const seen = await world.keeper.visit(visited, async (home) => [await home.list(whole), await home.plan([])])
    expect(seen).toEqual([undefined, undefined])
    expect(world.leftovers()).toEqual([])
  })

  it('are read, in parts, by the version that was listed', async () => {
    await world.make()
    await writeFile(path.join(world.home, 'hw1 作业.txt'), 'by ana')
    await own('.', 'hw1 作业.txt')
    await world.keeper.visit(visited, async (home) => {
      const [file] = (await home.list(whole))?.files ?? []
      expect(file).toMatchObject({path: 'hw1 作业.txt', size: 6})
      const part = {path: file?.path ?? '', version: file?.version ?? '', offset: 3, length: 3}
      expect((await home.read([part]))[0]?.toString()).toBe('ana')
      await writeFile(path.join(world.home, 'hw1 作业.txt'), 'changed')
      expect(await home.read([part])).toEqual([undefined])
    })
    expect(world.leftovers()).toEqual([])
  })

  it('are written beside what is there, and never in its place', async () => {
    await world.make()
    await writeFile(path.join(world.home, 'hw1.txt'), 'my answers')
    await own('.', 'hw1.txt')
    const written = await world.keeper.visit({...visited, make: true}, (home) =>
      home.write([partOf('hw1.txt', 'task')]),
    )
    expect(written).toEqual([{as: 'hw1-Copy1.txt'}])
    expect(await readFile(path.join(world.home, 'hw1.txt'), 'utf8')).toBe('my answers')
    expect(await readFile(path.join(world.home, 'hw1-Copy1.txt'), 'utf8')).toBe('task')
    expect(await readdir(world.home)).toHaveLength(2)
  })

  it('are only those of the home: no link leads out of it', async () => {
    await world.make()
    await mkdir(path.join(directory, 'secret'))
    await writeFile(path.join(directory, 'secret', 'key.txt'), 'of somebody else')
    await symlink(path.join(directory, 'secret'), path.join(world.home, 'linked'))
    await symlink(path.join(directory, 'secret', 'key.txt'), path.join(world.home, 'key.txt'))
    await own('.')
    await world.keeper.visit(visited, async (home) => {
      expect(await home.list(whole)).toMatchObject({files: [], leftOut: 2})
      const version = '0.0.0.0.0'
      for (const name of ['key.txt', 'linked/key.txt'])
        expect(await home.read([{path: name, version, offset: 0, length: 3}])).toEqual([undefined])
      expect(await home.write([partOf('linked/new.txt', 'x')])).toMatchObject([{problem: expect.any(String) as string}])
      await expect(home.read([{path: '../secret/key.txt', version, offset: 0, length: 3}])).rejects.toMatchObject({
        code: 'JHUB-E229',
      })
    })
    expect(await readdir(path.join(directory, 'secret'))).toEqual(['key.txt'])
  })

  it('are gone after `empty`, and the home stays', async () => {
    await world.make()
    await mkdir(path.join(world.home, 'deep', 'er'), {recursive: true})
    await writeFile(path.join(world.home, 'deep', 'er', '.hidden'), 'x')
    await own('.', 'deep', 'deep/er', 'deep/er/.hidden')
    await world.keeper.visit(visited, (home) => home.empty())
    expect(await readdir(world.home)).toEqual([])
  })

  it('cannot be reached where the place of homes does not run, which is said', async () => {
    await world.make()
    world.stop()
    await expect(world.keeper.visit(visited, (home) => home.list(whole))).rejects.toMatchObject({code: 'JHUB-E204'})
  })

  it('leave nothing behind when the work in a home fails', async () => {
    await world.make()
    await own('.')
    await expect(world.keeper.visit(visited, async () => Promise.reject(new Error('no room here')))).rejects.toThrow(
      'no room',
    )
    expect(world.leftovers()).toEqual([])
  })
})
