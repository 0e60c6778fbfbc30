import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, it} from 'vitest'
import {accountProbes, type AccountWorld} from './account-probes.js'
import {forkFaultProbes} from './fork-fault-probes.js'
import {badConfiguration} from './bad-configuration.js'
import type {ForkingHub} from './fork-probes.js'
import {showServer} from './server-facts.js'

/** What the same programs do on the same systemd, whoever the machine belongs to: one machine shows it for all. */
export function oneMachineProbes(hub: ForkingHub & AccountWorld): void {
  const {jhub, as, inside, waitForHub, editSpec} = hub
  const totalMemory = () => inside('systemctl', 'show', `jhub-${jhub().name}.slice`, '--property=MemoryMax', '--value')
  const show = (person: string, property: string) => showServer(inside, jhub().name, person, property)

  forkFaultProbes(hub)
  accountProbes(hub)

  it('all servers together are held to the total', async () => {
    await jhub().json('limits', 'set', '--total', '--memory', '3G')
    // At once, not with the next server.
    expect(await totalMemory()).toBe(String(3 * 1024 ** 3))
    const {whole} = await jhub().json<{whole: {holder: string; memoryBytes: number; memoryUsedBytes: number}}>(
      'limits',
      'show',
    )
    expect(whole).toMatchObject({holder: `jhub-${jhub().name}.slice`, memoryBytes: 3 * 1024 ** 3})
    expect(whole.memoryUsedBytes).toBeGreaterThan(50 * 1024 ** 2)
    await (await as('ben')).runCode('ben', 'open("/dev/shm/held", "wb").write(bytes(300 * 1024**2))')
    expect((await jhub().run('limits', 'set', '--total', '--memory', '150M')).stderr).toContain('Code:  JHUB-E216')
    await jhub().json('server', 'stop', 'ben')
    await jhub().json('server', 'start', 'ben')
    expect(await totalMemory()).toBe(String(3 * 1024 ** 3))
    expect(await show('ben', 'Slice')).toBe(`jhub-${jhub().name}.slice`)
    await jhub().json('limits', 'unset', '--total')
  })

  it('a hub or a proxy that dies comes back by itself, and servers and the way to them stay', async () => {
    const before = await show('ana', 'MainPID')
    for (const service of ['hub', 'proxy']) {
      await inside('systemctl', 'kill', '--signal=KILL', `jhub-${jhub().name}.${service}`)
      await new Promise((resolve) => setTimeout(resolve, 500))
      await waitForHub()
    }
    expect(await (await as('ana')).runCode('ana', '3 * 3')).toBe('9')
    expect(await show('ana', 'MainPID')).toBe(before)
    expect((await jhub().json<{changes: readonly unknown[]}>('up')).changes).toEqual([])
  })

  it.each(badConfiguration)(
    'configuration that %s is taken back, and the cause is shown',
    async (_, python, code, words) => {
      const extra = path.join(jhub().directory, 'extra.py')
      await writeFile(extra, python)
      await editSpec((source) => `${source.replace(/\nhub: .*\n/, '\n')}\nhub: {extraConfig: ${extra}}\n`)
      const said = await jhub().run('up')
      expect(said.exitCode).toBe(3)
      expect(said.stderr).toContain(`Code:  ${code}`)
      expect(said.stderr).toContain(words)
      expect(await (await as('ana')).runCode('ana', '2 + 2')).toBe('4')
      await editSpec((source) => source.replace(/\nhub: .*\n/, '\n'))
      await jhub().json('up')
    },
  )

  it('twenty people, with names of every kind, start at once and none fails', async () => {
    const names = [
      ...Array.from({length: 17}, (_, index) => `s${String(index)}`),
      '20251234',
      'josé@uni.example',
      'a-name-that-is-far-longer-than-any-unix-account-may-be-0123456789',
    ]
    await jhub().json('user', 'add', ...names)
    await jhub().json('server', 'start', ...names)
    const {servers} = await jhub().json<{servers: readonly {user: string; state: string}[]}>('server', 'list')
    expect(names.filter((name) => servers.find(({user}) => user === name)?.state !== 'running')).toEqual([])
    const accounts = await inside('sh', '-c', `grep -c :/opt/jhub/.*/homes/ /etc/passwd`)
    expect(Number(accounts)).toBe(names.length + 3)
    expect((await jhub().json<{lines: readonly string[]}>('logs', '--user', 's3', '--lines', '5')).lines.length).toBe(5)
    await jhub().json('server', 'stop', ...names)
  })
}
