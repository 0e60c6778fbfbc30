import {expect, it} from 'vitest'
import type {ForkingHub} from './fork-probes.js'
import {untilForksReady} from './image-fork-probes.js'
import {isForked, showServer} from './server-facts.js'

const ten = Array.from({length: 10}, (_, index) => `s${String(index)}`)

interface ListedServers {
  readonly servers: readonly {readonly user: string; readonly state: string}[]
}

/** What may happen to the service that forks servers: no start fails by it, and no server that runs feels it. */
export function forkFaultProbes({jhub, as, inside}: ForkingHub): void {
  const services = () => `jhub-${jhub().name}.*.prefork.service`
  const pidOf = (person: string) => showServer(inside, jhub().name, person, 'MainPID')
  const isFork = (person: string) => isForked(inside, jhub().name, person)
  const restart = (person: string) => jhub().json('server', 'restart', person)
  const untilReady = () => untilForksReady(jhub())
  const startsForks = async (person: string) => {
    await untilReady()
    await restart(person)
    expect(await isFork(person)).toBe(true)
  }

  it('ten servers start all the same while the service is killed, and later ones are forked again', async () => {
    await jhub().json('user', 'add', ...ten)
    await untilReady()
    const oneStarts = `find /sys/fs/cgroup -name 'jhub-${jhub().name}.s?.server.service' | grep -q .`
    const kill = `systemctl kill --signal=KILL '${services()}' 2>/dev/null`
    const killWhenOneStarts = `until ${oneStarts}; do :; done; for each in $(seq 10); do ${kill}; sleep 1; done`
    const start = jhub().run('server', 'start', ...ten)
    await inside('sh', '-c', `${killWhenOneStarts}; true`)
    expect((await start).exitCode).toBe(0)
    const {servers} = await jhub().json<ListedServers>('server', 'list')
    expect(ten.filter((name) => servers.find(({user}) => user === name)?.state !== 'running')).toEqual([])
    // A service that was killed is not taken for one whose forks do not become servers.
    await restart('s9')
    await startsForks('s9')
    await jhub().json('server', 'stop', ...ten)
  })

  it('servers and kernels that run go on when the service is killed', async () => {
    for (const person of ['ana', 'ben']) await startsForks(person)
    const before = await Promise.all([pidOf('ana'), pidOf('ben')])
    const ana = await as('ana')
    const kernel = await ana.openKernel('ana')
    await kernel.run('x = 6')
    await inside('systemctl', 'kill', '--signal=KILL', services())
    expect(await kernel.run('x * 7')).toBe('42')
    // Kernels are forked beside their server: the service has no part in it.
    expect(await ana.runCode('ana', 'import sys; "jhub_kernels" in sys.modules')).toBe('True')
    expect(await Promise.all([pidOf('ana'), pidOf('ben')])).toEqual(before)
    await startsForks('ben')
  })

  it('a server starts in the ordinary way where there is no memory for its fork', async () => {
    await untilReady()
    const listed = await inside('systemctl', 'list-units', '--plain', '--no-legend', services())
    const units = listed.split('\n').map((line) => line.split(' ')[0] ?? '')
    const limitMemory = async (most: string) => {
      for (const unit of units)
        await inside('sh', '-c', `systemctl set-property --runtime ${unit} MemoryMax=${most} || true`)
    }
    // The first takes from the services what they can do without, or kills them; the second is all that they have then.
    await limitMemory('1M')
    for (const unit of units) await limitMemory(`$(systemctl show ${unit} --property=MemoryCurrent --value)`)
    await restart('ben')
    expect(await isFork('ben')).toBe(false)
    expect(await (await as('ben')).runCode('ben', '2 ** 5')).toBe('32')
    await limitMemory('infinity')
    await startsForks('ben')
  })

  it('a server that takes more memory than it may while it starts is told so', async () => {
    await startsForks('ben')
    const ben = await as('ben')
    await ben.runCode('ben', configureServer('taken = b"x" * (3 * 1024**3)'))
    await jhub().json('server', 'stop', 'ben')
    const said = await jhub().run('server', 'start', 'ben')
    expect(said.exitCode).not.toBe(0)
    expect(said.stderr).toContain('memory runs out')
    const home = await inside('sh', '-c', `getent passwd ${jhub().name}-ben | cut -d: -f6`)
    await inside('rm', `${home}/.jupyter/jupyter_server_config.py`)
    await startsForks('ben')
  })
}

/** Python for a notebook that has its server run this at its next start. */
function configureServer(python: string): string {
  return `
import os
os.makedirs(os.path.expanduser("~/.jupyter"), exist_ok=True)
with open(os.path.expanduser("~/.jupyter/jupyter_server_config.py"), "w") as file:
    file.write(${JSON.stringify(python)})`
}
