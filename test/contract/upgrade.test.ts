import {readFileSync} from 'node:fs'
import {afterEach, describe, expect, it} from 'vitest'
import {JhubError} from '../../src/errors.js'
import {doctor} from '../../src/hub/doctor/doctor.js'
import {plan} from '../../src/hub/plan.js'
import {up} from '../../src/hub/up.js'
import {upgrade, type UpgradeOptions} from '../../src/hub/upgrade.js'
import {assets} from '../fakes/engine-world.js'
import {fakeMachine} from '../fakes/fake-machine.js'
import {dockerWorld, hostWorld} from '../fakes/systemd-worlds.js'
import {kubernetesWorld, type KubernetesWorld} from './kubernetes-world.js'
import {vmWorld} from './vm-world.js'
import type {World} from './world.js'

const lock = `${assets}/requirements/hub.txt`

interface Case {
  readonly title: string
  readonly port: number
  readonly make: (port: number) => World
  /** Another jhub, or another spec, that brings other programs. */
  readonly ship: (world: World) => Promise<void>
  readonly program: {readonly name: string; readonly before: string; readonly after: string}
  readonly copies: boolean
  /** Changes behind jhub's back what it gave the hub. */
  readonly damage: (world: World) => Promise<unknown>
  /** Takes away what says which programs the hub has. */
  readonly ruin: (world: World) => Promise<unknown>
}

const shipped = /^jupyterhub==(\S+)/m.exec(readFileSync(lock, 'utf8'))?.[1] ?? ''

async function overwrite(files: World['files'], name: string, text: string): Promise<void> {
  const file = [...files.entries.keys()].find((each) => each.endsWith(name) && !each.startsWith(assets))
  await files.write(file ?? '', text, {mode: 0o600})
}

const onMachine = (title: string, port: number, make: (port: number) => World): Case => ({
  title,
  port,
  make,
  ship: (world) => world.files.write(lock, 'jupyterhub==99.0.0\n'),
  program: {name: 'JupyterHub', before: shipped, after: '99.0.0'},
  copies: true,
  async damage({homeFiles, files}) {
    await overwrite(homeFiles ?? files, '/jhub_limits.py', 'raise SystemExit(1)')
  },
  ruin: ({homeFiles, files}) => overwrite(homeFiles ?? files, '/settings.json', ''),
})
const cases: readonly Case[] = [
  onMachine('servers as processes', 18_731, vmWorld(fakeMachine)),
  onMachine('systemd in a container', 18_732, vmWorld(dockerWorld)),
  onMachine('systemd on a host', 18_733, vmWorld(hostWorld)),
  {
    title: 'kubernetes',
    port: 18_734,
    make: kubernetesWorld,
    async ship(world) {
      Object.assign(world, {chartInRepository: 'the chart 4.5.0'} satisfies Partial<KubernetesWorld>)
      const source = (await world.files.read('/config/fake.yaml')) ?? ''
      await world.files.write('/config/fake.yaml', source.replace('cluster: kind', 'cluster: kind, chart: 4.5.0'))
    },
    program: {name: 'Zero to JupyterHub chart', before: '4.4.0', after: '4.5.0'},
    copies: false,
    damage: (world) => Promise.resolve((world as KubernetesWorld).objects.delete('Secret/fake/hub')),
    ruin: (world) => Promise.resolve((world as KubernetesWorld).objects.delete('Deployment/fake/hub')),
  },
]

for (const {title, port, make, ship, program, copies, damage, ruin} of cases) {
  describe(`jhub upgrade, ${title}`, () => {
    let world: World
    const bringUp = () =>
      up(world.context(), {
        machine: 'process',
        port,
        admin: 'admin',
        mode: world.mode,
      })
    const run = (options: Partial<UpgradeOptions> = {}) =>
      upgrade(world.context(), {dryRun: false, confirm: () => Promise.resolve(), ...options})
    afterEach(() => world.close())

    it('plans everything that it does: people too, where the settings file was edited since', async () => {
      world = make(port)
      await bringUp()
      await ship(world)
      const source = (await world.files.read('/config/fake.yaml')) ?? ''
      await world.files.write('/config/fake.yaml', source.replace(/^users:/m, 'users:\n  late: {}'))
      const planned = await run({dryRun: true})
      expect(planned.changes.map(({summary}) => summary).join('\n')).toContain('late')
    })

    it('tells before and after, asks, and reads back what is there then', async () => {
      world = make(port)
      await bringUp()
      expect(await run()).toMatchObject({outcome: 'current', changes: [], backup: null})
      await ship(world)

      const asked: unknown[] = []
      const changes = world.changes.length
      expect(await run({dryRun: true})).toMatchObject({
        outcome: 'planned',
        programs: expect.arrayContaining([program]) as unknown,
      })
      const no = run({
        confirm: (told) => {
          asked.push(...told.programs, told.changes.length > 0)
          return Promise.reject(new JhubError('JHUB-E130', 'Nothing was changed'))
        },
      })
      await expect(no).rejects.toThrow('Nothing was changed')
      expect(asked).toContainEqual(program)
      expect(asked).toContain(true)
      expect(world.changes.length).toBe(changes)

      const done = await run()
      expect(done).toMatchObject({outcome: 'upgraded', programs: expect.arrayContaining([program]) as unknown})
      expect(done.changes.length).toBeGreaterThan(0)
      if (copies)
        expect((world.homeFiles ?? world.files).entries.has(`${done.backup ?? ''}/jupyterhub.sqlite`)).toBe(true)
      else expect(done.backup).toBeNull()
      expect(await run()).toMatchObject({outcome: 'current', changes: []})
    })

    it("brings other files of jhub's own with the same packages, and the doctor says the same", async () => {
      world = make(port)
      await bringUp()
      await world.files.write(`${assets}/hub/jhub_limits.py`, '# of another jhub')
      const {findings} = await doctor(world.context())
      expect(findings.filter(({state}) => state === 'problem')).toEqual([])
      expect(findings).toContainEqual(
        expect.objectContaining({state: 'warning', fix: 'jhub upgrade   # this jhub ships other versions'}),
      )
      expect(await run()).toMatchObject({outcome: 'upgraded', isRepair: false})
      expect(await run()).toMatchObject({outcome: 'current'})
      expect((await plan(world.context())).changes).toEqual([])
    })

    it('repairs what was changed behind its back, which the doctor calls a problem', async () => {
      world = make(port)
      await bringUp()
      await damage(world)
      const problems = async () =>
        (await doctor(world.context())).findings.filter(({state}) => state === 'problem').map(({found}) => found)
      expect(await problems()).not.toEqual([])
      expect(await run({dryRun: true})).toMatchObject({outcome: 'planned', isRepair: true})
      const done = await run()
      expect(done).toMatchObject({outcome: 'repaired'})
      expect(done.programs.filter(({before, after}) => before !== after)).toEqual([])
      expect(await problems()).toEqual([])
      expect(await run()).toMatchObject({outcome: 'current'})
    })

    it('repairs a hub that is too damaged to say which programs it has', async () => {
      world = make(port)
      await bringUp()
      await ruin(world)
      expect(await run({dryRun: true})).toMatchObject({outcome: 'planned', isRepair: true, programs: []})
      const done = await run()
      expect(done).toMatchObject({outcome: 'repaired'})
      expect(done.programs).toContainEqual({name: program.name, before: null, after: program.before})
      expect(await run()).toMatchObject({outcome: 'current'})
    })

    it('leaves the hub before when the new one does not come up', async () => {
      world = make(port)
      await bringUp()
      const before = world.hubFingerprint()
      await ship(world)
      world.brokenHubStarts = 1
      const failure = (await run().catch((error: unknown) => error)) as JhubError
      expect(failure.code).toBe('JHUB-E206')
      expect(failure.message).toContain('runs again with its previous configuration')
      expect(world.hubFingerprint()).toBe(before)
      expect(await run({dryRun: true})).toMatchObject({
        outcome: 'planned',
        programs: expect.arrayContaining([program]) as unknown,
      })
    })

    it('has nothing to do where no hub is', async () => {
      world = make(port)
      await world.files.write('/config/fake.yaml', `version: 1\nname: fake\nmode: ${world.mode}\n`)
      const failure = (await run().catch((error: unknown) => error)) as JhubError
      expect(failure).toMatchObject({code: 'JHUB-E204', suggestions: ['jhub up']})
    })
  })
}

describe("jhub upgrade, people's programs alone", () => {
  it('counts as an upgrade, and brings them', async () => {
    const [port, admin] = [18_735, 'admin']
    const world = vmWorld(fakeMachine)(port)
    try {
      const options = {machine: 'process', port, admin, mode: 'vm'} as const
      await up(world.context(), options)
      await world.files.write(`${assets}/requirements/user.txt`, 'jupyterlab==9.0.0\n')
      expect(await upgrade(world.context(), {dryRun: false, confirm: () => Promise.resolve()})).toMatchObject({
        outcome: 'upgraded',
        programs: expect.arrayContaining([expect.objectContaining({name: 'JupyterLab', after: '9.0.0'})]) as unknown,
      })
    } finally {
      await world.close()
    }
  })
})

describe('jhub upgrade of a cluster, killed when all but the records was done', () => {
  it('ends what was begun', async () => {
    const port = 18_736
    const world = kubernetesWorld(port)
    try {
      const run = () => upgrade(world.context(), {dryRun: false, confirm: () => Promise.resolve()})
      await up(world.context(), {machine: 'process', port, admin: 'admin', mode: 'k8s'})
      const appliedFile = [...world.files.entries.keys()].find((file) => file.endsWith('/applied.yaml')) ?? ''
      const applied = (await world.files.read(appliedFile)) ?? ''
      const record = structuredClone(world.objects.get('Secret/fake/jhub-release'))
      Object.assign(world, {chartInRepository: 'the chart 4.5.0'} satisfies Partial<KubernetesWorld>)
      const source = (await world.files.read('/config/fake.yaml')) ?? ''
      await world.files.write('/config/fake.yaml', source.replace('cluster: kind', 'cluster: kind, chart: 4.5.0'))
      expect(await run()).toMatchObject({outcome: 'upgraded'})

      await world.files.write(appliedFile, applied)
      if (record === undefined) throw new Error('There is no record of the release')
      world.objects.set('Secret/fake/jhub-release', record)
      expect(await run()).toMatchObject({outcome: 'repaired'})
      expect((await plan(world.context())).changes).toEqual([])
      expect(await run()).toMatchObject({outcome: 'current'})
    } finally {
      await world.close()
    }
  })
})
