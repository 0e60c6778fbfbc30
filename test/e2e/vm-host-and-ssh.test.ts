import {chmod, mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {execa} from 'execa'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {openBrowser} from './browser.js'
import {inContainer} from './docker-machine.js'
import {untilForksReady} from './image-fork-probes.js'
import {isolationProbes} from './isolation-probes.js'
import {portProbes} from './port-probes.js'
import {realJhub, type RealJhub} from './real-jhub.js'
import {
  addAdmin,
  jhubInside,
  mountsFor,
  openSsh,
  startSystemdContainer,
  whyNoSystemdImage,
} from './systemd-container.js'
import {systemdGuarantees} from './systemd-guarantees.js'
import {untilDoneBy, untilReached} from './until.js'

const reason = await whyNoSystemdImage()

/** Everything that a hub puts on a machine, as it is found there. */
const traces = (container: string) =>
  inContainer(
    container,
    'sh',
    '-c',
    `ls -d /opt/jhub* /etc/systemd/system/*jhub* /etc/systemd/system/*/*jhub* /etc/sudoers.d/*jhub* /run/systemd/*/*jhub* 2>/dev/null
     grep -E "/opt/jhub|^vm[a-z]*_admins" /etc/passwd /etc/group
     systemctl list-units --all --plain --no-legend "jhub*"; nft list tables | grep jhub; true`,
  )

if (reason !== undefined) {
  describe('a hub on a machine with systemd', () => it.skip(`skipped: ${reason}`, () => undefined))
} else {
  describe('on this host', () => {
    let directory = ''
    beforeAll(async () => {
      directory = await mkdtemp(path.join(tmpdir(), 'jhub-e2e-host-'))
      await chmod(directory, 0o777)
    })
    afterAll(() => rm(directory, {recursive: true, force: true}))

    systemdGuarantees('people on a host, put there by an account with sudo', 18_730, {
      async make() {
        // A network of its own, for the rules that the hub puts there; the test's browser comes by a published port.
        await startSystemdContainer('vmhost', ['-p', '127.0.0.1:18730:18730', ...mountsFor(directory)])
        await addAdmin('vmhost')
        return jhubInside('vmhost', {port: 18_730, name: 'vmhost', directory})
      },
      isContainer: false,
      isWhole: true,
      upWords: ['--lan'],
      inside: (...argv) => inContainer('vmhost', ...argv),
      boot: async () => {
        await execa('docker', ['restart', '--time', '3', 'vmhost'])
      },
      last: async (jhub) => {
        await jhub.json('down', '--delete-data', '--confirm', jhub.name)
        expect(await traces('vmhost')).toBe('')
      },
    })
  })

  describe('a rented machine behind ssh', () => {
    let jhub: RealJhub
    let tunnel: ReturnType<typeof execa> | undefined
    let url = ''
    let password = ''

    beforeAll(async () => {
      await startSystemdContainer('vmssh')
      await addAdmin('vmssh')
      const directory = await mkdtemp(path.join(tmpdir(), 'jhub-e2e-ssh-'))
      const {address, path: PATH} = await openSsh('vmssh', directory)
      jhub = await realJhub({port: 18_740, name: 'vmssh', machine: address, environment: {PATH}})
    })
    afterAll(async () => {
      tunnel?.kill()
      await jhub.dispose()
      await execa('docker', ['rm', '-f', '-v', 'vmssh'])
    })

    it('is told as such when it cannot be reached', async () => {
      const said = await jhub.run('up', '--machine', 'ssh://admin@127.0.0.1:1', '--name', 'nowhere')
      expect(said.exitCode).toBe(3)
      expect(said.stderr).toContain('ssh://admin@127.0.0.1:1 cannot be reached')
      expect(said.stderr).toContain('Connection refused')
      expect(said.stderr).toContain('Code:  JHUB-E215')
    })

    it('gets a hub whose people log in through a tunnel, while nobody else reaches it', async () => {
      const answer = await jhub.json<{url: null; passwords: Record<string, string>}>('up', '--port', '18740')
      // An address of its own machine's loopback leads nowhere here.
      expect(answer.url).toBeNull()
      url = 'http://127.0.0.1:18740'
      password = answer.passwords['admin'] ?? ''
      expect(
        await openBrowser(url)
          .get('/hub/login')
          .catch(() => 'nobody answers'),
      ).toBe('nobody answers')
      const opened = execa(process.execPath, [...jhub.program, 'open', '--no-input'], {
        env: jhub.environment,
        reject: false,
      })
      tunnel = opened as typeof tunnel
      await untilDoneBy(opened, 'the page opens', async () => (await openBrowser(url).get('/hub/login')).status === 200)
      expect(await openBrowser(url).login('admin', password)).toBe(true)
    })

    it('changes nothing when it is brought up again, and keeps the spec there too', async () => {
      expect((await jhub.json<{changes: unknown[]}>('up')).changes).toEqual([])
      expect(await inContainer('vmssh', 'cat', '/opt/jhub/vmssh/applied.yaml')).toContain('name: vmssh')
    })

    it('starts servers, runs code and tells what holds them', async () => {
      await jhub.json('server', 'start', 'admin')
      const browser = openBrowser(url)
      await browser.login('admin', password)
      expect(await browser.runCode('admin', '6 * 7')).toBe('42')
      const changed = await jhub.json<{changedInPlace: readonly {user: string}[]}>('limits', 'set', '--memory', '900M')
      expect(changed.changedInPlace.map(({user}) => user)).toEqual(['admin'])
      expect(
        await inContainer('vmssh', 'systemctl', 'show', 'jhub-vmssh.admin.server', '--property=MemoryMax', '--value'),
      ).toBe(String(900 * 1024 ** 2))
      expect((await jhub.json<{lines: string[]}>('logs', '--lines', '3')).lines).toHaveLength(3)
    })

    describe('to whoever runs code on it', () => {
      const passwords: Record<string, string> = {}
      const inside = (...argv: string[]) => inContainer('vmssh', ...argv)
      const as = async (name: string) => {
        const browser = openBrowser(url)
        expect(await browser.login(name, passwords[name] ?? ''), name).toBe(true)
        return browser
      }
      const waitForHub = () => untilReached('the hub comes back', async () => (await fetch(`${url}/hub/api/`)).ok)
      beforeAll(async () => {
        const {users} = await jhub.json<{users: readonly {name: string; password: string}[]}>(
          'user',
          'add',
          'ana',
          'ben',
        )
        for (const user of users) passwords[user.name] = user.password
        await untilForksReady(jhub)
        await jhub.json('server', 'start', 'ana', 'ben')
        const {servers} = await jhub.json<{servers: readonly object[]}>('server', 'list')
        const {forks} = await jhub.json<{forks: object}>('status')
        expect(forks).toMatchObject({service: 'ready', forked: servers.length})
      })

      isolationProbes(() => ({
        name: 'vmssh',
        as,
        inside,
        isContainer: false,
        async restartServer(person) {
          await jhub.json('server', 'stop', person)
          await jhub.json('server', 'start', person)
        },
        async restartHub() {
          await inside('systemctl', 'restart', 'jhub-vmssh.hub')
          await waitForHub()
        },
      }))
      it('a key that a person leaves in the home opens no login around the server', async () => {
        const {directory} = jhub
        await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(directory, 'ana')])
        const key = (await readFile(path.join(directory, 'ana.pub'), 'utf8')).trim()
        const leave = `import os; os.makedirs(".ssh", 0o700, exist_ok=True); print(open(".ssh/authorized_keys", "w").write("${key}") > 0)`
        expect(await (await as('ana')).runCode('ana', leave)).toBe('True')
        const logIn = async () => {
          const address = `vmssh-ana@${(await inside('hostname', '-I')).split(' ')[0] ?? ''}`
          const own = ['-F', 'none', '-i', path.join(directory, 'ana'), '-o', 'StrictHostKeyChecking=no']
          const words = [
            ...own,
            '-o',
            `UserKnownHostsFile=${directory}/known`,
            '-o',
            'BatchMode=yes',
            address,
            'id',
            '-un',
          ]
          const {stdout} = await execa('ssh', words, {reject: false})
          return stdout
        }
        expect(await logIn()).toBe('')
        await inside('usermod', '--shell', '/bin/bash', '--expiredate', '', 'vmssh-ana')
        expect(await logIn()).toBe('vmssh-ana')
        await jhub.json('server', 'stop', 'ana')
        await jhub.json('server', 'start', 'ana')
        expect(await logIn()).toBe('')
      })

      portProbes({jhub: () => jhub, port: 18_740, as, inside, waitForHub, isBehindSsh: true})
    })

    it('goes away, and nothing is left there', async () => {
      tunnel?.kill()
      await jhub.json('down', '--delete-data', '--confirm', 'vmssh')
      expect(await traces('vmssh')).toBe('')
    })
  })
}
