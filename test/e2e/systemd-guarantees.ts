import {readFile, writeFile} from 'node:fs/promises'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {openBrowser, type Browser} from './browser.js'
import {whyNoChromium} from './chromium.js'
import {serveCourse, type CourseRepository} from './course-repository.js'
import {commonFiles, seeWhatEverybodySees, writeMaterials} from './common-files-probes.js'
import {forkProbes} from './fork-probes.js'
import {isolationProbes} from './isolation-probes.js'
import {oneMachineProbes} from './one-machine-probes.js'
import {portProbes} from './port-probes.js'
import type {RealJhub} from './real-jhub.js'
import {startUniversity} from './university.js'
import {until, untilReached} from './until.js'

const noChromium = await whyNoChromium()

interface UpAnswer {
  readonly url: string
  readonly passwords: Readonly<Record<string, string>>
  readonly changes: readonly unknown[]
}

export interface SystemdWorld {
  readonly make: () => Promise<RealJhub>
  /** Runs a program on the machine as root, not through jhub. */
  readonly inside: (...argv: string[]) => Promise<string>
  readonly boot: () => Promise<void>
  /** The machine is a container of jhub, where root is not apart from root of the engine's computer. */
  readonly isContainer: boolean
  /** More words for the first `jhub up`. */
  readonly upWords?: readonly string[]
  /** The address of this computer on the machine's own network, where people sign in with a real browser besides. */
  readonly network?: () => Promise<string>
  /** What is the same on every machine is tried too. */
  readonly isWhole?: true
  /** What is looked at in the end. */
  readonly last?: (jhub: RealJhub) => Promise<void>
}

/** What systemd has to hold, whoever the machine belongs to. */
export function systemdGuarantees(title: string, port: number, world: SystemdWorld): void {
  describe(title, () => {
    let jhub: RealJhub
    let url = ''
    let course: CourseRepository | undefined
    const passwords: Record<string, string> = {}
    const {inside, boot} = world
    const as = async (name: string): Promise<Browser> => {
      const browser = openBrowser(url)
      expect(await browser.login(name, passwords[name] ?? ''), name).toBe(true)
      return browser
    }
    const unit = (account: string) => `jhub-${jhub.name}.${account}.server`
    const show = async (name: string, property: string) =>
      inside('systemctl', 'show', name, `--property=${property}`, '--value')
    const editSpec = async (edit: (source: string) => string) => {
      const {file} = await jhub.json<{file: string}>('config', 'path')
      await writeFile(file, edit(await readFile(file, 'utf8')))
    }
    const waitForHub = () => untilReached('the hub comes back', async () => (await fetch(`${url}/hub/api/`)).ok)

    beforeAll(async () => {
      jhub = await world.make()
      const answer = await jhub.json<UpAnswer>('up', '--port', String(port), ...(world.upWords ?? []))
      url = `http://127.0.0.1:${String(port)}`
      await writeMaterials(jhub, 'first')
      await editSpec((source) => source + commonFiles)
      if (world.isContainer) {
        course = await serveCourse(jhub.directory)
        await editSpec((source) => source + (course?.settings ?? ''))
      }
      if (!world.isContainer)
        await editSpec((source) => source.replace(/vm: \{machine: (\w+)\}/, 'vm: {machine: $1, adminSudo: true}'))
      await jhub.json('up')
      Object.assign(passwords, answer.passwords)
      const {users} = await jhub.json<{users: readonly {name: string; password: string}[]}>('user', 'add', 'ana', 'ben')
      for (const user of users) passwords[user.name] = user.password
      await jhub.json('server', 'start', 'ana', 'ben', 'admin')
    })
    afterAll(async () => {
      await course?.stop()
      await jhub.dispose()
    })

    it('a kernel that takes more memory than it may dies; its server and its neighbour live', async () => {
      await jhub.json('limits', 'set', '--user', 'ana', '--memory', '400M')
      const [ana, ben] = [await as('ana'), await as('ben')]
      const before = await Promise.all([show(unit('ana'), 'MainPID'), show(unit('ben'), 'MainPID')])
      expect(await ana.runCode('ana', 'x = bytearray(900 * 1024**2); len(x)')).toBe('the kernel died')
      expect(await Promise.all([show(unit('ana'), 'MainPID'), show(unit('ben'), 'MainPID')])).toEqual(before)
      expect(await ana.runCode('ana', '1 + 1')).toBe('2')
      expect(await ben.runCode('ben', 'x = bytearray(600 * 1024**2); len(x) > 0')).toBe('True')
    })

    it('a limit below what is in use is not forced on a running server', async () => {
      const ben = await as('ben')
      await ben.runCode('ben', 'open("/dev/shm/held", "wb").write(bytes(300 * 1024**2))')
      const answer = await jhub.json<{mustRestart: readonly {user: string}[]}>(
        'limits',
        'set',
        '--user',
        'ben',
        '--memory',
        '200M',
      )
      expect(answer.mustRestart.map(({user}) => user)).toEqual(['ben'])
      expect(await show(unit('ben'), 'MemoryMax')).toBe(String(1024 ** 3))
      await jhub.json('limits', 'unset', '--user', 'ben')
      await ben.runCode('ben', 'import os; os.unlink("/dev/shm/held")')
    })

    it('everybody reads the materials, and in the shared directory what others made, and changes neither', async () => {
      await seeWhatEverybodySees(jhub, await as('ana'), await as('ben'))
    })

    it.runIf(world.isContainer)(
      'everybody has the repository of the course, also when its address is away',
      async () => {
        await course?.stop()
        const ben = await as('ben')
        expect(await ben.runCode('ben', 'import shutil; shutil.rmtree("course")')).toBe('')
        await jhub.json('server', 'stop', 'ben')
        await jhub.json('server', 'start', 'ben')
        expect(await ben.runCode('ben', 'import os; print(sorted(os.listdir("course")))')).toBe(
          "['.git', 'lesson-1.ipynb']",
        )
        const {pathname, search} = new URL((await jhub.json<{url: string}>('open', '--content')).url)
        const page = await ben.get(`${pathname}${search}`)
        expect([page.status, new URL(page.url).pathname]).toEqual([200, '/user/ben/git-pull'])
      },
    )

    it("nobody reads another's home, /tmp, environment, processes or kernels, nor reaches another's server", async () => {
      const [ana, ben] = [await as('ana'), await as('ben')]
      await ben.runCode('ben', 'open("diary.txt", "w").write("mine"); open("/tmp/note", "w").write("mine")')
      const pid = await show(unit('ben'), 'MainPID')
      const home = await ben.runCode('ben', 'import os; print(os.getcwd())')
      const code = `
import http.client, ipykernel, json, os
def attempt(what):
    try:
        return what()
    except Exception as error:
        return type(error).__name__
def answer(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    connection.request("GET", "/user/ben/api/contents")
    return connection.getresponse().status
port = [line.split()[1].split(":")[1] for line in open("/proc/net/tcp") if line.split()[3] == "0A"]
print(attempt(lambda: os.listdir("${home}")))
print(attempt(lambda: open("${home}/diary.txt").read()))
print(os.path.exists("/tmp/note"))
print(attempt(lambda: open("/proc/${pid}/environ").read()))
print(os.path.exists("/proc/${pid}"))
print(200 in [attempt(lambda: answer(int(p, 16))) for p in port])
print(attempt(lambda: open("/usr/local/x", "w")))
print(json.load(open(ipykernel.get_connection_file()))['transport'])
print(os.umask(0o77) == 0o77, oct(os.stat(".").st_mode & 0o777), os.getuid() >= 200000)
`
      const said = (await ana.runCode('ana', code)).split('\n').filter((line) => !line.startsWith('Bad pipe message'))
      expect(said).toEqual([
        'PermissionError',
        'PermissionError',
        'False',
        'FileNotFoundError',
        'False',
        'False',
        'OSError',
        'ipc',
        'True 0o700 True',
      ])
    })

    isolationProbes(() => ({
      name: jhub.name,
      as,
      inside,
      isContainer: world.isContainer,
      async restartServer(person) {
        await jhub.json('server', 'stop', person)
        await jhub.json('server', 'start', person)
      },
      async restartHub() {
        await inside('systemctl', 'restart', `jhub-${jhub.name}.hub`)
        await waitForHub()
      },
      async setEgress(egress) {
        await editSpec((source) =>
          source.replace(/(access: \{[^}]*?)(?:, egress: (?:\w+|\[[^\]]*\]))?\}/, `$1, egress: ${egress}}`),
        )
        await jhub.json('up')
      },
    }))

    it('what everybody uses is changed by nobody; what a person installs is for that person', async () => {
      const [ana, ben] = [await as('ana'), await as('ben')]
      const code = `
import os, pathlib, re, subprocess, sys
def ends(*words):
    return subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True)
print([str(place) for place in [pathlib.Path(sys.prefix), *pathlib.Path(sys.prefix).rglob("*")] if os.access(place, os.W_OK) and not place.is_symlink()])
print([place for place in ${JSON.stringify(privatePlaces(jhub.name))} if os.access(place, os.R_OK)])
listing = ends("jupyter", "server", "extension", "list")
listed = re.sub(r"\\x1b\\[\\d+m", "", listing.stdout + listing.stderr)
print([name for name in ["jupyterlab", "nbgitpuller", "jupyter_resource_usage"] if not re.search(rf"{name}\\s+enabled", listed)] and listed)
print(ends("pip", "install", "--quiet", "--no-deps", "simplejson").returncode)
print(str(pathlib.Path.home()) in subprocess.run([sys.executable, "-c", "import simplejson as s; print(s.__file__)"], capture_output=True, text=True).stdout)
`
      expect(await ana.runCode('ana', code)).toBe(['[]', '[]', '[]', '0', 'True'].join('\n'))
      expect(await ben.runCode('ben', 'import importlib.util; print(importlib.util.find_spec("simplejson"))')).toBe(
        'None',
      )
    })

    it.runIf(world.isContainer)('sudo is refused where it would reach the computer of the engine', async () => {
      await editSpec((source) => source.replace('machine: docker', 'machine: docker, adminSudo: true'))
      const named = await jhub.run('up')
      expect(named.exitCode).toBe(2)
      expect(named.stderr).toContain('would let admins of the hub become root of this computer')
      await editSpec((source) => source.replace('machine: docker', 'machine: auto'))
      const found = await jhub.run('up')
      expect(found.exitCode).toBe(3)
      expect(found.stderr).toContain('sudo would let admins of the hub become root of this computer')
      await editSpec((source) => source.replace('vm: {machine: auto, adminSudo: true}', 'vm: {machine: docker}'))
      await jhub.json('up')
    })

    it.skipIf(world.isContainer)(
      'sudo is for admins, as the spec says, and ends the moment that they are none',
      async () => {
        const sudo =
          'import subprocess; print(subprocess.run(["sudo", "-n", "id", "-u"], capture_output=True, text=True).stdout.strip())'
        const [ana, admin] = [await as('ana'), await as('admin')]
        expect(await admin.runCode('admin', sudo)).toBe('0')
        expect(await ana.runCode('ana', sudo)).toBe('')
        const account = `${jhub.name}-admin`
        const look = async () =>
          inside(
            'sh',
            '-c',
            `id -nG ${account}; getent shadow ${account} | cut -d: -f8; pgrep -c -U ${account} || true`,
          )
        expect(await look()).toMatch(new RegExp(`^${account} ${jhub.name}_admins\\n\\n[1-9]`))
        // As a login by ssh would leave it: outside of the server's unit.
        await inside('systemd-run', '--collect', `--uid=${account}`, 'sleep', '3600')
        await jhub.json('user', 'set', 'admin', '--no-admin')
        await until('the account is locked and idle', async () => (await look()) === `${account}\n1\n0`)
        await jhub.json('server', 'stop', 'admin')
        await jhub.json('server', 'start', 'admin')
        expect(await (await as('admin')).runCode('admin', sudo)).toBe('')
        await jhub.json('user', 'set', 'admin', '--admin')
      },
    )

    const hub = {jhub: () => jhub, url: () => url, as, inside, waitForHub, editSpec, passwords}
    forkProbes(hub)
    if (world.isWhole === true) oneMachineProbes(hub)

    it('a hub that an admin shut down on its page comes back by itself, and servers stay', async () => {
      const before = await show(unit('ana'), 'MainPID')
      const hubBefore = await show(`jhub-${jhub.name}.hub`, 'MainPID')
      const admin = await as('admin')
      await admin.get('/hub/admin')
      expect((await admin.hubApi('/shutdown', {method: 'POST'})).status).toBe(202)
      const isAnother = async () => !['0', hubBefore].includes(await show(`jhub-${jhub.name}.hub`, 'MainPID'))
      await until('another hub runs', isAnother)
      await waitForHub()
      expect(await show(unit('ana'), 'MainPID')).toBe(before)
      expect((await jhub.json<UpAnswer>('up')).changes).toEqual([])
    })

    portProbes({jhub: () => jhub, port, as, inside, waitForHub})

    it('after a boot the hub is there by itself, with its people and their files', async () => {
      await boot()
      await waitForHub()
      const ana = await as('ana')
      await jhub.json('server', 'start', 'ana')
      expect(await ana.runCode('ana', '1 + 2')).toBe('3')
      expect((await jhub.json<UpAnswer>('up')).changes).toEqual([])
    })

    it.skipIf(world.network === undefined || noChromium !== undefined)(
      'lets people sign in with a real browser at a provider, and by passwords again',
      async () => {
        const university = await startUniversity(url, (await world.network?.()) ?? '')
        try {
          await university.signInFrom(jhub)
          await university.signInWithChromium('ana')
        } finally {
          await university.stop()
        }
        await jhub.json('auth', 'unset', '--yes')
        expect(await openBrowser(url).login('ana', passwords['ana'] ?? '')).toBe(true)
      },
    )

    it.skipIf(world.last === undefined)('goes away, and nothing is left', async () => {
      await world.last?.(jhub)
    })
  })
}

function privatePlaces(hubName: string): readonly string[] {
  const [hub, data] = [`/opt/jhub/${hubName}`, `/opt/jhub/data/${hubName}`]
  return [`${hub}/secrets.json`, `${hub}/run`, `${hub}/log`, `${hub}/applied.yaml`, `${data}/database`, `${data}/homes`]
}
