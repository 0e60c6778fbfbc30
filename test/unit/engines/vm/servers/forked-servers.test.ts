import {describe, expect, it} from 'vitest'
import {renderStatus} from '../../../../../src/cli/render/hub/render-status.js'
import {machineLayout} from '../../../../../src/engines/vm/machines/layout.js'
import {readForks} from '../../../../../src/engines/vm/servers/forked-servers.js'
import type {SystemdMachine} from '../../../../../src/engines/vm/services/systemd/systemd-machine.js'
import {systemdSupervisor} from '../../../../../src/engines/vm/services/systemd/systemd-supervisor.js'
import {realClock} from '../../../../../src/host/real-clock.js'
import type {StatusResult} from '../../../../../src/hub/status.js'
import {fakeHubProcesses} from '../../../../fakes/fake-hub-processes.js'
import {answer} from '../../../../fakes/fake-programs.js'
import {newFault} from '../../../../fakes/fault.js'
import {memoryFiles} from '../../../../fakes/memory-files.js'

const layout = machineLayout('/opt/jhub/fake', '/opt/jhub/fake.data')
const server = 'jhub-fake.ana.server.service'
const service = 'jhub-fake.user-1-abcd.prefork.service'

/** `systemctl` with these units; `stopped` are those that it was told to stop. */
function machine(show: (pattern: string) => string) {
  const stopped: string[] = []
  const systemd: SystemdMachine = {
    files: memoryFiles(newFault()),
    layout,
    hubName: 'fake',
    isThere: async () => true,
    run: async (argv) => {
      const words = argv.filter((word) => word.startsWith('jhub-'))
      if (argv.includes('stop')) stopped.push(...words)
      if (argv.includes('list-units'))
        return answer(
          words
            .map((word) => (word.includes('server') ? server : service))
            .map((unit) => `${unit} loaded active running x\n`)
            .join(''),
        )
      return answer(argv.includes('show') ? show(words[0] ?? '') : '')
    },
  }
  return {systemd, stopped}
}

describe('forked servers', () => {
  it.each([
    ['Id=jhub-fake.user-1-abcd.prefork.service\nActiveState=active', 'ready', []],
    ['ActiveState=activating\nId=jhub-fake.user-1-abcd.prefork.service', 'starting', []],
    ['Id=jhub-fake.user-1-abcd.prefork.service\nActiveState=failed', 'absent', []],
    ['', 'absent', []],
    [
      [
        'Id=jhub-fake.image-my-r-0123456789ab-89abcdef.prefork.service\nActiveState=active',
        'Id=jhub-fake.image-slow-0123456789ab-89abcdef.prefork.service\nActiveState=activating',
        'Id=jhub-fake.user-1-abcd.prefork.service\nActiveState=failed',
      ].join('\n\n'),
      'absent',
      ['my-r'],
    ],
  ])('are known by what systemd shows: %s', async (state, expected, images) => {
    const {systemd} = machine((pattern) =>
      pattern.includes('prefork') ? state : 'StatusText=forked\n\nStatusText=\n\nStatusText=forked',
    )
    expect(await readForks(systemd, true)).toEqual({isWanted: true, service: expected, images, forked: 2})
  })

  it('end with the hub, and what forks them too', async () => {
    const {systemd, stopped} = machine(() => '')
    expect(await systemdSupervisor(systemd, fakeHubProcesses(), realClock).stopServers()).toBe(1)
    expect(stopped).toEqual([server, service])
  })

  it.each([
    ['{ path=/opt/jhub/fake/env/user-1/bin/x ; argv[]=/opt/jhub/fake/env/user-1/bin/x --a ; }', ['user-1']],
    ['{ path=/bin/bash ; argv[]=/bin/bash -p -c echo fork -- /opt/jhub/fake/env/user-2/bin/x --a ; }', ['user-2']],
    ['{ path=/bin/bash ; argv[]=/bin/bash /opt/other/env/user-3/bin/x ; }', []],
  ])('use the environment of the program behind their launcher: %s', async (shown, names) => {
    const {systemd} = machine(() => `ExecStart=${shown}`)
    expect(await systemdSupervisor(systemd, fakeHubProcesses(), realClock).environmentsInUse()).toEqual(
      names.map((name) => `${layout.environments}/${name}`),
    )
  })

  it.each([
    [{isWanted: true, service: 'ready', images: [], forked: 2} as const, '3 running, 2 of them forked'],
    [
      {isWanted: true, service: 'absent', images: [], forked: 0} as const,
      '3 running, 0 of them forked, nothing forks new ones',
    ],
    [{isWanted: false, service: 'absent', images: [], forked: 0} as const, '3 running\n'],
  ])('are told by status: %j', (forks, words) => {
    const status = {
      hub: 'fake',
      state: 'running',
      expected: 'running',
      engine: 'vm',
      services: [],
      addresses: {here: null, room: [], others: []},
      homes: {path: '/homes', count: 0},
      servers: {running: 3, starting: 0, stopping: 0},
      users: 3,
      jupyterhub: '6.1.1',
      spec: '/spec',
      oldCards: [],
      forks,
    } as unknown as StatusResult
    expect(renderStatus(status)).toContain(`Servers:  ${words}`)
  })
})
