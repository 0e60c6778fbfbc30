import {describe, expect, it} from 'vitest'
import {readInnerPorts} from '../../../../../src/engines/vm/configuration/inner-ports.js'
import {machineLayout} from '../../../../../src/engines/vm/machines/layout.js'
import {systemdSupervisor} from '../../../../../src/engines/vm/services/systemd/systemd-supervisor.js'
import type {ServiceDefinition} from '../../../../../src/engines/vm/services/supervisor.js'
import {endOlderServers} from '../../../../../src/engines/vm/steps/servers/end-older-servers.js'
import {realClock} from '../../../../../src/host/real-clock.js'
import {fakeHubProcesses} from '../../../../fakes/fake-hub-processes.js'
import {answer} from '../../../../fakes/fake-programs.js'
import {fakeSystemd} from '../../../../fakes/fake-systemd.js'
import type {FakeServices} from '../../../../fakes/fake-services.js'
import {newFault} from '../../../../fakes/fault.js'
import {memoryFiles} from '../../../../fakes/memory-files.js'

const layout = machineLayout('/opt/jhub/fake', '/opt/jhub/fake.data')
const socketFile = '/etc/systemd/system/jhub-fake.proxy.socket'
const listeners = [
  {address: '0.0.0.0', port: 8000},
  {address: '::', port: 8001},
  {address: '127.0.0.1', port: 1023},
]
const proxy = (fingerprint: string, ports = listeners): ServiceDefinition => ({
  name: 'proxy',
  argv: ['/usr/bin/node', 'start-proxy.cjs'],
  env: {},
  cwd: '/',
  logFile: '/log',
  listeners: ports,
  fingerprint,
})

/** Units in memory; `changes` are what was started and stopped, in order. */
function machine() {
  const changes: string[] = []
  const files = memoryFiles(newFault())
  const running: FakeServices['running'] = new Map()
  const services = {
    running,
    start: async (name: string, fingerprint: string) => void running.set(name, {fingerprint, pid: 7}),
    stop: async (name: string) => void running.delete(name),
  } as unknown as FakeServices
  const systemd = fakeSystemd({files, services, beforeChange: (what) => changes.push(what)})
  const run = async (argv: readonly string[]) => (await systemd(argv)) ?? answer()
  const supervisor = systemdSupervisor(
    {files, run, layout, hubName: 'fake', isThere: async () => true},
    fakeHubProcesses(),
    realClock,
  )
  return {changes, files, run, supervisor}
}

/** What systemd is told when the proxy gets other ports. */
const handedOver = [
  'stop jhub-fake.proxy.service',
  'hand jhub-fake.proxy.socket to jhub-fake.proxy-ports.service',
  'stop jhub-fake.proxy.socket',
  'start jhub-fake.proxy.socket',
  'start jhub-fake.proxy.service',
]

describe('the ports of a hub, where systemd holds them', () => {
  it('are held for Caddy too, and not let go of when it is started with other settings', async () => {
    const {changes, files, supervisor} = machine()
    const caddy = {...proxy('one', [{address: '0.0.0.0', port: 8443}]), name: 'https'} as const
    await supervisor.start(caddy)
    await supervisor.start(proxy('one'))
    expect(await supervisor.heldPorts()).toEqual([8000, 8001, 1023, 8443])
    expect(await supervisor.heldPorts('https')).toEqual([8443])
    changes.length = 0
    await supervisor.start({...caddy, fingerprint: 'two'})
    expect(changes).toEqual(['stop jhub-fake.front.service', 'start jhub-fake.front.service'])
    await supervisor.stop('https')
    expect(await files.read('/etc/systemd/system/jhub-fake.front.socket')).toBeUndefined()
    expect(await supervisor.heldPorts('https')).toEqual([])
  })

  it('are in a unit of their own, in the order of the proxy, and start at boot', async () => {
    const {files, supervisor} = machine()
    await supervisor.start(proxy('one'))
    const unit = await files.read(socketFile)
    expect(unit?.match(/^ListenStream=.*$/gm)).toEqual([
      'ListenStream=0.0.0.0:8000',
      'ListenStream=[::]:8001',
      'ListenStream=127.0.0.1:1023',
    ])
    expect(unit).toContain('WantedBy=sockets.target')
    expect(unit).toContain('TriggerLimitIntervalSec=0')
    expect(await files.read('/etc/systemd/system/jhub-fake.proxy.service')).toContain('Requires=jhub-fake.proxy.socket')
    expect(await supervisor.heldPorts()).toEqual([8000, 8001, 1023])
  })

  it('are not let go of when the proxy is started with other settings', async () => {
    const {changes, supervisor} = machine()
    await supervisor.start(proxy('one'))
    changes.length = 0
    await supervisor.start(proxy('two'))
    expect(changes).toEqual(['stop jhub-fake.proxy.service', 'start jhub-fake.proxy.service'])
    expect(await supervisor.status('proxy')).toMatchObject({state: 'running', fingerprint: 'two'})
  })

  it('change hands while what listened before is open, and those that nobody wants are let go of', async () => {
    const {changes, files, supervisor} = machine()
    await supervisor.start(proxy('one'))
    changes.length = 0
    await supervisor.start(proxy('two', [{address: '0.0.0.0', port: 8010}]))
    expect(changes).toEqual(handedOver)
    expect(await files.read('/run/systemd/system/jhub-fake.proxy-ports.service')).toBeUndefined()
    expect(await supervisor.heldPorts()).toEqual([8010])
    await supervisor.stop('proxy')
    expect(await supervisor.heldPorts()).toEqual([])
    expect(await files.read(socketFile)).toBeUndefined()
    expect(await supervisor.countProcesses()).toBe(0)
  })

  it('are let go of for a moment where an older jhub holds them in a way that cannot be shared', async () => {
    const {changes, files, run, supervisor} = machine()
    await supervisor.start(proxy('one'))
    await files.write(socketFile, (await files.read(socketFile))?.replace('ReusePort=yes\n', '') ?? '')
    await run(['systemctl', 'restart', 'jhub-fake.proxy.socket'])
    changes.length = 0
    await supervisor.start(proxy('two'))
    expect(changes).toEqual(handedOver)
    expect(await supervisor.heldPorts()).toEqual([8000, 8001, 1023])
  })

  it('are held for Caddy before the proxy lets go of them, and the other way round', async () => {
    const {changes, supervisor} = machine()
    const open = [{address: '0.0.0.0', port: 443}]
    await supervisor.start(proxy('one', open))
    changes.length = 0
    await supervisor.start({...proxy('one', open), name: 'https'}, () => supervisor.stop('proxy'))
    await supervisor.start(proxy('two', open), () => supervisor.stop('https'))
    expect(changes.filter((change) => change.endsWith('.socket'))).toEqual([
      'start jhub-fake.front.socket',
      'stop jhub-fake.proxy.socket',
      'start jhub-fake.proxy.socket',
      'stop jhub-fake.front.socket',
    ])
  })

  it('count as something of the hub that is left, when only their unit is', async () => {
    const {files, supervisor} = machine()
    await supervisor.start(proxy('one'))
    await files.remove('/etc/systemd/system/jhub-fake.proxy.service')
    expect(await supervisor.countProcesses()).toBe(1)
    await supervisor.stop('proxy')
    expect(await files.read(socketFile)).toBeUndefined()
  })

  it('are left alone when somebody else made a unit of that name', async () => {
    const {files, supervisor} = machine()
    await files.write(socketFile, '[Socket]\nListenStream=9\n')
    await expect(supervisor.start(proxy('one'))).rejects.toMatchObject({code: 'JHUB-E403'})
    await supervisor.stop('proxy')
    expect(await files.read(socketFile)).toContain('ListenStream=9')
  })
})

describe('a hub that an older jhub brought up', () => {
  it('is given other inner ports: at the old ones anybody could listen', async () => {
    const files = memoryFiles(newFault())
    await files.write(layout.innerPorts, '{"proxyApi":40001,"hub":40002,"door":40003}')
    expect(await readInnerPorts({files, layout})).toBeUndefined()
    await files.write(layout.innerPorts, '{"hub":1023,"proxy":1022}')
    expect(await readInnerPorts({files, layout})).toEqual({hub: 1023, proxy: 1022})
  })

  it.each([
    ['{"hubPort": 40002}', ['/opt/jhub/fake/env/user-1'], 'servers restart'],
    ['{"hubPort": 40002}', ['/opt/jhub/fake/env/hub-1'], 'hub restarts (servers keep running)'],
    ['{"hubSocket": "/run/hub.sock"}', ['/opt/jhub/fake/env/user-1'], undefined],
  ])(
    'ends, and then its servers, before its ports change hands; the plan says so: %s, %s',
    async (settings, inUse, disturbs) => {
      const files = memoryFiles(newFault())
      await files.write(`${layout.configurations}/one/settings.json`, settings)
      await files.write(`${layout.run}/configuration.json`, JSON.stringify({directory: `${layout.configurations}/one`}))
      const ended: string[] = []
      const supervisor = {
        environmentsInUse: async () => inUse,
        status: async () => ({state: ended.includes('hub') ? 'stopped' : 'running'}),
        stop: async (name: string) => void ended.push(name),
        stopServers: async () => ended.push('servers'),
      } as unknown as Parameters<typeof endOlderServers>[0]['supervisor']
      const step = endOlderServers({files, layout, supervisor}, {isUnsettled: async () => false})
      expect((await step.check())?.disturbs).toBe(disturbs)
      await step.apply({signal: new AbortController().signal} as Parameters<typeof step.apply>[0])
      expect(ended).toEqual(disturbs === undefined ? [] : ['hub', 'servers'])
      // A hub whose database changed hands before jhub was killed may have been used since: another step looks at it first.
      ended.length = 0
      const careful = endOlderServers({files, layout, supervisor}, {isUnsettled: async () => true})
      await careful.apply({signal: new AbortController().signal} as Parameters<typeof step.apply>[0])
      expect(ended).toEqual(disturbs === undefined ? [] : ['servers'])
    },
  )
})
