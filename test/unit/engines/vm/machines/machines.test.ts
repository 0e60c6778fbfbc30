import {describe, expect, it} from 'vitest'
import {chooseMachine} from '../../../../../src/engines/vm/machines/choose-machine.js'
import {parseSshAddress, sshCommand} from '../../../../../src/engines/vm/machines/ssh/ssh-command.js'
import {renderEnvironmentFile, renderUnit, unitNames} from '../../../../../src/engines/vm/services/systemd/units.js'
import {hostMachine} from '../../../../../src/engines/vm/machines/host/host-machine.js'
import type {ConversationListener} from '../../../../../src/host/processes/conversations.js'
import type {Host} from '../../../../../src/host/host.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {assets, withShipped} from '../../../../fakes/engine-world.js'
import {fakeAgent} from '../../../../fakes/fake-agent.js'
import type {FakeRun} from '../../../../fakes/fake-programs.js'
import {memoryFiles} from '../../../../fakes/memory-files.js'
import {execa} from 'execa'

const specOf = (machine: string) => parseHubSpec(`version: 1\nname: class\nmode: vm\nvm: {machine: ${machine}}\n`)

interface Here {
  readonly docker?: boolean
  readonly systemd?: boolean
  readonly uid?: number
  readonly sudo?: boolean
  readonly agrees?: boolean
  readonly recorded?: string
}

async function choose(machine: string, {docker, systemd, uid = 1000, sudo, agrees = false, recorded}: Here) {
  const files = memoryFiles({beforeChange: () => undefined})
  if (systemd === true) await files.makeDirectory('/run/systemd/system')
  if (recorded !== undefined) await files.write('/state/class/machine.json', JSON.stringify({machine: recorded}))
  const asked: string[] = []
  const host = {
    files: withShipped(files),
    docker: {look: async () => (docker === true ? {version: '28', cores: 2} : {silent: 'nobody'})},
    commands: {run: () => (sudo === true ? Promise.resolve({}) : Promise.reject(new Error('no sudo')))},
    system: {platform: 'linux', uid, environment: {}, nodePath: '/node', architecture: 'x64', userName: 'u'},
  } as unknown as Host
  const agree = async (question: string) => {
    asked.push(question)
    return agrees
  }
  const choice = await chooseMachine(specOf(machine), host, {state: '/state/class', data: '/data/class', assets, agree})
  return {name: choice.name, because: choice.because, isElsewhere: choice.isElsewhere, asked: asked.length}
}

it('a host on which systemd does not run has no services, and is not asked for any', async () => {
  const files = memoryFiles({beforeChange: () => undefined})
  const ran: string[] = []
  const run: FakeRun = async (argv) => {
    ran.push(argv.join(' '))
    return {stdout: '', stderr: 'System has not been booted with systemd', exitCode: 1}
  }
  const host = {
    files: withShipped(files),
    commands: {
      converse: (_: readonly string[], listener: ConversationListener) =>
        fakeAgent(files, run, listener, {hasSystemd: false}),
    },
    system: {platform: 'linux', uid: 0, environment: {}, architecture: 'x64', cores: 2, memoryBytes: 8 * 1024 ** 3},
  } as unknown as Host
  const {supervisor, servers} = await hostMachine(host, 'class', assets)
  expect(await supervisor.status('hub')).toEqual({state: 'stopped'})
  expect(await supervisor.environmentsInUse()).toEqual([])
  expect(await servers.forks?.(specOf('host'))).toBeUndefined()
  expect(await servers.totalInForce()).toBeDefined()
  expect(ran).toEqual([])
})

describe('auto', () => {
  it.each<[string, Here, string, number]>([
    ['takes docker where it answers', {docker: true, systemd: true, uid: 0, agrees: true}, 'docker', 0],
    ['takes the host after a yes', {systemd: true, uid: 0, agrees: true}, 'host', 1],
    ['takes processes after a no', {systemd: true, uid: 0}, 'process', 1],
    ['asks for no host without systemd', {uid: 0, agrees: true}, 'process', 0],
    ['stays where the hub stands, though docker answers now', {docker: true, recorded: 'process'}, 'process', 0],
    ['stays where the hub stands, though docker is silent now', {recorded: 'docker'}, 'docker', 0],
  ])('%s', async (_, here, name, asked) => {
    const choice = await choose('auto', here)
    expect(choice).toMatchObject({name, asked, isElsewhere: false})
    if (here.recorded === undefined) expect(choice.because).toContain(`auto chose the ${name} machine`)
    else expect(choice.because).toBeUndefined()
  })

  it('a spec that names another machine than the hub stands on is seen', async () => {
    expect(await choose('process', {recorded: 'docker'})).toMatchObject({name: 'docker', isElsewhere: true})
    expect(await choose('docker', {recorded: 'docker'})).toMatchObject({name: 'docker', isElsewhere: false})
  })
})

describe('units', () => {
  const service = {
    name: 'hub',
    argv: ['/opt/100%/python', '-c', 'say "$x" \\n'],
    env: {A: 'a "b" $c `d` \\'},
    cwd: '/opt',
    logFile: '/log',
    fingerprint: 'f1',
  } as const

  it('keep every word as it is, and hold no variable but the fingerprint', () => {
    const unit = renderUnit('class', service, '/opt/hub.env')
    expect(unit).toContain('ExecStart="/opt/100%%/python" "-c" "say \\"$$x\\" \\\\n"')
    expect(unit).toContain('PartOf=jhub-class.proxy.service')
    expect(unit.match(/^Environment=.*/gm)).toEqual(['Environment=JHUB_FINGERPRINT=f1'])
    expect(renderEnvironmentFile(service.env)).toBe('A="a \\"b\\" \\$c \\`d\\` \\\\"\n')
  })

  it('start their program again however it ended: a hub that an admin shuts down ends without an error', () => {
    expect(renderUnit('class', service, '/opt/hub.env')).toContain('\nRestart=always\n')
  })

  it('end after every server when memory runs out', () => {
    expect(renderUnit('class', service, '/opt/hub.env')).toContain('\nOOMScoreAdjust=-900\n')
  })

  it('stay when the kernel ends one process of theirs', () => {
    expect(renderUnit('class', service, '/opt/hub.env')).toContain('\nOOMPolicy=continue\n')
  })

  it('of two hubs never meet', () => {
    const [one, two] = [unitNames('a'), unitNames('a-b')]
    expect(one.serversSlice).toBe('jhub-a.slice')
    expect(two.serversSlice).toBe('jhub-a_b.slice')
    expect(one.anyServer.replace('*', 'b.x')).not.toBe(two.anyServer.replace('*', 'x'))
  })
})

describe('ssh', () => {
  it.each([
    ['ssh://admin@203.0.113.7:2222', {user: 'admin', host: '203.0.113.7', port: '2222'}],
    ['ssh://vm.example', {user: undefined, host: 'vm.example', port: undefined}],
    ['ssh://root@[2001:db8::1]', {user: 'root', host: '2001:db8::1', port: undefined}],
  ])('%s', (address, target) => {
    expect(parseSshAddress(address)).toEqual(target)
  })

  it('gives the shell there every word as it is', async () => {
    const words = ['printf', '%s|', `it's`, '$HOME "x"', '*', 'a\nb', '']
    const argv = sshCommand({user: 'root', host: 'h', port: undefined}, words, undefined)
    const {stdout} = await execa('sh', ['-c', argv.at(-1) ?? ''])
    expect(stdout).toBe(`it's|$HOME "x"|*|a\nb||`)
  })
})
