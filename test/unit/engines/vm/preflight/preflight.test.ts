import {afterEach, describe, expect, it} from 'vitest'
import {JhubError} from '../../../../../src/errors.js'
import type {Machine, MachineFacts, MachineNetwork} from '../../../../../src/engines/vm/machines/machine.js'
import {checkPorts} from '../../../../../src/engines/vm/preflight/check-ports.js'
import {preflight} from '../../../../../src/engines/vm/preflight/preflight.js'
import type {CommandResult} from '../../../../../src/host/processes/commands.js'
import type {PortState} from '../../../../../src/host/processes/processes.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {realClock} from '../../../../../src/host/real-clock.js'
import {realFiles} from '../../../../../src/host/files/real-files.js'
import {assets} from '../../../../fakes/engine-world.js'
import {fakeMachine, type FakeMachine} from '../../../../fakes/fake-machine.js'

const specWith = (access = '') =>
  parseHubSpec(`version: 1\nname: fake\nmode: vm\nusers: [ana, ben]\naccess: {${access}}\n`, 'jhub.yaml')
const gibibyte = 1024 ** 3

let fake: FakeMachine | undefined
afterEach(() => fake?.close())

interface World {
  readonly facts?: Partial<MachineFacts>
  readonly memoryBytes?: number
  /** What each program of the machine answers when it is asked about itself; others are not there. */
  readonly programs?: Readonly<Record<string, string>>
  readonly port?: PortState
  readonly freeBytes?: number
  readonly access?: string
  /** Where the name of the hub leads, and which of those addresses are the machine's own. */
  readonly leadsTo?: readonly string[]
  readonly own?: readonly string[]
}

const python = (version: string, isOpenToAll = true) =>
  JSON.stringify({path: `/usr/bin/python${version}`, version, isOpenToAll})

async function problems(world: World) {
  const {facts = {}, memoryBytes = 8 * gibibyte, programs, port, freeBytes, access, leadsTo = [], own = []} = world
  fake = fakeMachine(18_950)
  const {machine: healthy} = fake
  const run = async (argv: readonly string[]): Promise<CommandResult> => {
    const [program = '', ...rest] = argv
    const stdout = programs?.[rest[0] === '-m' ? `${program} -m ${rest[1] ?? ''}` : program]
    if (stdout === undefined) throw new JhubError('JHUB-E201', `${program} could not be run`)
    return {stdout, stderr: '', exitCode: 0}
  }
  const machine: Machine = {
    ...healthy,
    facts: {...healthy.facts, ...facts},
    size: async () => ({cores: 2, memoryBytes}),
    files: {...healthy.files, freeBytes: async () => freeBytes ?? 50 * gibibyte},
    network: {
      ...healthy.network,
      lookUp: async () => leadsTo,
      portState: async (wanted, address) =>
        wanted === 0 && !own.includes(address) ? {state: 'no such address'} : (port ?? {state: 'free'}),
    },
    ...(programs === undefined ? {} : {run}),
  }
  const findings = await preflight(machine, {local: realFiles, assets, clock: realClock}, specWith(access))
  expect(fake.changes).toEqual([])
  return findings.filter(({state}) => state !== 'ok')
}

const fetched = 'lan: true, https: {domain: hub.example.org}'
const ours = {leadsTo: ['10.0.0.2'], own: ['10.0.0.2']}

describe('before anything is changed', () => {
  it.each([{}, {access: fetched, ...ours}, {access: fetched, leadsTo: ['10.0.0.2', '2001:db8::7'], own: ['10.0.0.2']}])(
    'a healthy machine has no problem: %j',
    async (world) => {
      expect(await problems(world)).toEqual([])
    },
  )

  it('both ports of a fetched certificate are told, each with what mends it', async () => {
    const port = {state: 'used', pid: 42, command: 'nginx'} as const
    expect(await problems({access: fetched, port, ...ours})).toEqual([
      expect.objectContaining({
        check: 'port 443 on 0.0.0.0',
        found: 'used by process 42 (nginx)',
        fix: 'Free it; or set access.port in the settings file to a port that your router or load balancer forwards 443 to',
      }),
      expect.objectContaining({
        check: 'port 80 on 0.0.0.0',
        fix: 'Set access.https.redirect in the settings file to another port, or to false',
      }),
    ])
  })

  it("a port that is this hub's own already is fine, and another hub's is not", async () => {
    fake = fakeMachine(18_950)
    await fake.machine.supervisor.start({name: 'proxy', argv: [], env: {}, cwd: '/', logFile: '/l', fingerprint: 'f'})
    const proxy = await fake.machine.supervisor.status('proxy')
    const pid = proxy.state === 'running' ? proxy.pid : 0
    const stateOf = async (owner: number) => {
      const {machine: known} = fake as FakeMachine
      const network: MachineNetwork = {...known.network, portState: async () => ({state: 'used', pid: owner})}
      const machine: Machine = {...known, network}
      return (await checkPorts(machine, specWith())).map(({state}) => state)
    }
    expect([await stateOf(pid), await stateOf(pid + 1)]).toEqual([['ok'], ['problem']])
  })

  it('the loopback address of the other kind is looked at too, where the hub does not have its machine for itself', async () => {
    fake = fakeMachine(18_950)
    const {machine: healthy} = fake
    const at = (busy: string, access: string, base = healthy.base) => {
      const portState: MachineNetwork['portState'] = async (_, address) =>
        address === busy ? {state: 'used'} : address === '::1' ? {state: 'no such address'} : {state: 'free'}
      const network = {...healthy.network, portState}
      return checkPorts({...healthy, network, ...(base === undefined ? {} : {base})}, specWith(access))
    }
    const checks = async (found: ReturnType<typeof at>) => (await found).map(({check, state}) => [check, state])
    const ok = ['port 8000 on 127.0.0.1', 'ok']
    expect(await checks(at('::1', ''))).toEqual([ok, ['port 8000 on ::1', 'problem']])
    expect(await checks(at('none', ''))).toEqual([ok])
    expect(await checks(at('::1', '', {holdsAll: true} as Machine['base']))).toEqual([ok])
    expect(await checks(at('::1', fetched))).toHaveLength(2)
  })

  it.each<[string, World, object]>([
    [
      'no Python',
      {programs: {}},
      {check: 'python', found: 'no python3', needed: 'Python 3.10 or newer', fix: 'sudo apt-get install python3'},
    ],
    ['no Python on macOS', {programs: {}, facts: {platform: 'darwin'}}, {fix: 'brew install python'}],
    ['a Python that is too old', {programs: {python3: python('3.9.2')}}, {found: '/usr/bin/python3.9.2 is 3.9.2'}],
    [
      'a Python that people may not enter, as root',
      {programs: {python3: python('3.12.1', false)}, facts: {uid: 0, userName: 'root'}},
      {found: '/usr/bin/python3.12.1 is in a directory that other accounts may not enter'},
    ],
    [
      'neither uv nor pip',
      {programs: {python3: python('3.12.1')}},
      {check: 'uv or pip', fix: 'sudo apt-get install python3-pip'},
    ],
    [
      'a port in use',
      {port: {state: 'used', pid: 42, command: 'nginx -g daemon off;'}},
      {check: 'port 8000 on 127.0.0.1', found: 'used by process 42 (nginx -g daemon off;)', needed: 'a free port'},
    ],
    [
      'a port in use by somebody else',
      {port: {state: 'used'}},
      {found: 'used by a program of another account', needed: 'a free port'},
    ],
    [
      'a name that leads nowhere',
      {access: fetched},
      {
        check: 'name hub.example.org',
        state: 'problem',
        found: 'it has no address',
        fix: expect.stringContaining('getent') as string,
      },
    ],
    [
      'a name that leads elsewhere, which may be a router before the machine',
      {access: fetched, leadsTo: ['203.0.113.7'], own: ['10.0.0.2']},
      {state: 'warning', found: "it points to 203.0.113.7, none of the machine's own"},
    ],
    [
      'a name that only this machine knows as itself',
      {access: fetched, leadsTo: ['127.0.0.1'], own: ['127.0.0.1']},
      {state: 'warning', found: 'it points to 127.0.0.1, for this machine alone'},
    ],
    [
      'a root that is not there',
      {access: 'lan: true, https: {domain: hub.example.org, directory: https://a.org/d, ca: /r.pem}', ...ours},
      {check: 'root certificate /r.pem', state: 'problem', found: 'there is no such file'},
    ],
    ['a port that needs root', {port: {state: 'not permitted'}}, {found: 'teacher cannot use a port below 1024'}],
    ['an address that is not there', {port: {state: 'no such address'}}, {needed: 'one of its addresses'}],
    ['a full disk', {freeBytes: 200 * 1024 ** 2}, {check: 'disk at /state/fake', found: '200M free', needed: '1.5G'}],
    [
      'too little memory, which is only a warning',
      {memoryBytes: 400 * 1024 ** 2},
      {check: 'memory', state: 'warning', needed: '490M', fix: 'jhub limits set --total --servers 1'},
    ],
  ])('%s is told with what mends it', async (_, world, expected) => {
    expect(await problems(world)).toEqual([expect.objectContaining(expected)])
  })

  it('an older Python is passed over for one that does', async () => {
    const programs = {
      python3: python('3.9.2'),
      'python3.12': python('3.12.1'),
      '/usr/bin/python3.12.1 -m pip': 'pip 25.0',
    }
    expect(await problems({programs})).toEqual([])
  })
})
