import path from 'node:path'
import {chmod, mkdtemp, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {runDrift, type DriftCase} from '../campaign/run-drift.js'
import {runKills, type KillCase} from '../campaign/run-kills.js'
import type {StandingHub} from '../campaign/standing-hub.js'
import type {Served} from '../fakes/listen.js'
import {openBrowser} from './browser.js'
import {collectsAndSendsFiles} from './files-probes.js'
import {exchangesAnImage, forksServersOfAnImage, untilForked} from './image-fork-probes.js'
import {aGroupHasAnImage, everybodyPlotsADataFrame, runsKernelsOfConda} from './image-journey.js'
import {isCleanedAfterAKill, rehearsesAndLeavesNothing} from './rehearsal-probes.js'
import {realJhub, type RealJhub, type RealJhubOptions} from './real-jhub.js'
import {listensOn} from './machine-facts.js'
import {accountOfServer, isForked, type Inside} from './server-facts.js'
import {until} from './until.js'

interface UpAnswer {
  readonly url: string
  readonly passwords: Readonly<Record<string, string>>
  readonly changes: readonly {readonly summary: string}[]
}

interface AddAnswer {
  readonly users: readonly {readonly name: string; readonly account: string; readonly password?: string}[]
}

/** What differs from machine to machine. */
export interface Expected {
  /** Python that prints the limit of memory as the kernel of a person sees it, in bytes. */
  readonly memoryCode: string
  /** Whether limits of running servers change in place. */
  readonly changesLive: boolean
  /** What `attach` is told, where the hub does not stand among what jhub keeps of it. */
  readonly place?: readonly string[]
  /** How many modules of its packages a server imports before it answers, at most. */
  readonly serverModules?: number
  /** Images are tried: their packages come from the index. */
  readonly images?: true
  /** Images may have Debian packages: kernels of other languages are tried, besides. */
  readonly debianPackages?: true
  /** Makes a channel of conda that a build reaches, with the Python of the place where its packages are installed. */
  readonly condaChannel?: (hub: string) => Promise<Served>
  /** Looks at the machine as root, where servers of images are forked. */
  readonly forksOf?: (hub: string) => Inside
  /** A rehearsal is tried, with so many. */
  readonly madeUpPeople?: number
  /** Damages that one `up` repairs. */
  readonly drift?: readonly DriftCase[]
  /** Commands that are killed, at two points each; `npm run campaign` tries more of both. */
  readonly kills?: readonly KillCase[]
  readHome(jhub: RealJhub, account: string, file: string): Promise<string>
  /** What tells the one running server from another that took its place. */
  serverId(jhub: RealJhub): Promise<string>
  /** Everything of the hub that is still there but homes and the database. */
  leftovers(jhub: RealJhub): Promise<readonly string[]>
  dataLeft(jhub: RealJhub): Promise<readonly string[]>
}

/** What a hub must do from nothing to nothing, as a person sees it. The same for every account it runs as. */
export function hubJourney(title: string, options: RealJhubOptions, expected: Expected): void {
  describe(title, () => {
    let jhub: RealJhub
    let url = ''
    const passwords: Record<string, string> = {}
    const login = (name: string, password: string) => openBrowser(url).login(name, password)
    const password = (name: string) => passwords[name] ?? ''

    beforeAll(async () => {
      jhub = await realJhub(options)
    })
    afterAll(async () => {
      await jhub.dispose()
    })

    it('comes up from nothing, with an address and an admin who can log in', async () => {
      const answer = await jhub.json<UpAnswer>('up', '--port', String(options.port))
      url = answer.url
      Object.assign(passwords, answer.passwords)
      expect(Object.keys(answer.passwords)).toEqual(['admin'])
      expect(await login('admin', password('admin'))).toBe(true)
      expect(await login('admin', 'not the password')).toBe(false)
      expect(await login('stranger', 'whatever it is')).toBe(false)
      expect((await openBrowser(url).get('/hub/signup')).status).toBe(404)
    })

    it('changes nothing when it is brought up again', async () => {
      const before = await jhub.json<{services: readonly unknown[]}>('status')
      expect((await jhub.json<UpAnswer>('up')).changes).toEqual([])
      expect((await jhub.json<{services: readonly unknown[]}>('status')).services).toEqual(before.services)
      expect((await jhub.run('plan', '--exit-code')).exitCode).toBe(0)
    })

    it('adds people of all kinds of names at once, and each can log in', async () => {
      const names = ['ana', 'ben', 'Cleo.Doe@uni.example', '20251234', 'josé']
      const {users} = await jhub.json<AddAnswer>('user', 'add', ...names)
      for (const user of users) passwords[user.name] = user.password ?? ''
      expect(users.map(({name}) => name)).toEqual(['ana', 'ben', 'cleo.doe@uni.example', '20251234', 'josé'])
      for (const {name} of users) expect(await login(name, password(name)), name).toBe(true)
    })

    it('imports a table, and its cards let people in', async () => {
      const place = await mkdtemp(path.join(tmpdir(), 'jhub-cards-'))
      await chmod(place, 0o777)
      await writeFile(path.join(place, 'people.csv'), 'Vorname;Nachname;Kennung\nZoë;Nuñez;znunez\n')
      await jhub.json('user', 'import', path.join(place, 'people.csv'))
      const print = () =>
        jhub.json<{cards: readonly {login: string; state: string; password: string | null; loginUrl: string}[]}>(
          ...['cards', '--output', place, '--format', 'csv', '--address', url],
        )
      const card = async () => (await print()).cards.find((each) => each.login === 'znunez')
      const first = await card()
      expect(first?.loginUrl).toBe(`${url}/hub/login?username=znunez`)
      const browser = openBrowser(url)
      expect(await browser.login('znunez', first?.password ?? '')).toBe(true)
      await browser.get('/hub/change-password')
      const fields = {old_password: first?.password ?? '', new_password: 'a phrase of her own'}
      await browser.post('/hub/change-password', {...fields, new_password_confirmation: fields.new_password})
      expect(await login('znunez', fields.new_password)).toBe(true)
      expect(await card()).toMatchObject({state: 'chosen', password: null})
      await jhub.json('user', 'remove', 'znunez')
      await rm(place, {recursive: true})
    })

    it("starts a server, runs code in a kernel, holds it to the person's limit and keeps a file", async () => {
      await jhub.json('limits', 'set', '--user', 'ana', '--memory', '700M')
      await jhub.json('server', 'start', 'ana')
      const browser = openBrowser(url)
      expect(await browser.login('ana', password('ana'))).toBe(true)
      expect(await browser.runCode('ana', '5*4')).toBe('20')
      expect(await browser.runCode('ana', expected.memoryCode)).toBe(String(700 * 1024 ** 2))
      const {running} = await jhub.json<{
        running: readonly {user: string; inForce: {memoryBytes: number}; differs: boolean}[]
      }>('limits', 'show')
      expect(running).toMatchObject([{user: 'ana', inForce: {memoryBytes: 700 * 1024 ** 2}, differs: false}])
      // A cluster measures a new server after some seconds, its memory first.
      const memoryOf = async () => {
        const [server] = (await look(jhub)).servers
        return (server?.processes ?? null) === null ? 0 : (server?.memoryBytes ?? 0)
      }
      await until('the server is measured', async () => (await memoryOf()) > 20 * 1024 ** 2)
      const {servers, others} = await look(jhub)
      expect(servers).toMatchObject([{user: 'ana', memoryLimitBytes: 700 * 1024 ** 2, trouble: []}])
      expect(servers[0]?.processes).toBeGreaterThanOrEqual(1)
      expect(servers[0]?.cpuCores).toBeGreaterThanOrEqual(0)
      expect(servers[0]?.homeBytes).toBeGreaterThanOrEqual(0)
      const failed = [{kind: 'failed logins', count: 1, lastAt: expect.any(String) as string}]
      expect(others).toContainEqual({user: 'admin', name: null, trouble: failed})
      const written = await browser.api('ana', '/contents/diary.txt', {
        method: 'PUT',
        body: {type: 'file', format: 'text', content: 'dear diary'},
      })
      expect(written.status).toBe(201)
    })

    it('copies files to and from homes, whether their servers run or not, and follows no link out of one', async () => {
      const browser = openBrowser(url)
      expect(await browser.login('ana', password('ana'))).toBe(true)
      await collectsAndSendsFiles(jhub, 'ana', '20251234', browser)
    })

    it.skipIf(expected.serverModules === undefined)('imports no more for a server than its budget', async () => {
      const browser = openBrowser(url)
      expect(await browser.login('ana', password('ana'))).toBe(true)
      const imported = Number(await browser.runCode('ana', countModules))
      expect(imported).toBeGreaterThan(500)
      expect(imported).toBeLessThanOrEqual(expected.serverModules ?? 0)
    })

    it('keeps a running server, and its pages, when the hub restarts with a new configuration', async () => {
      const before = await expected.serverId(jhub)
      expect(before).not.toBe('')
      const file = (await jhub.json<{file: string}>('config', 'path')).file
      const source = await readFile(file, 'utf8')
      await writeFile(file, source.replace(/after: 1h/, 'after: 2h'))
      const answer = await jhub.json<UpAnswer>('up')
      expect(answer.changes.map(({summary}) => summary).join()).toMatch(/restart JupyterHub/)
      expect(await expected.serverId(jhub)).toBe(before)
      const browser = openBrowser(url)
      expect(await browser.login('ana', password('ana'))).toBe(true)
      expect((await browser.get('/user/ana/lab')).status).toBe(200)
      expect((await browser.api('ana', '/contents/diary.txt')).text).toContain('dear diary')
    })

    it('gives a new limit without a restart of the hub, at once where it can, and the file is still there', async () => {
      const hub = await serviceOf(jhub, 'hub')
      const answer = await jhub.json<Record<'mustRestart' | 'changedInPlace', readonly {user: string}[]>>(
        'limits',
        'set',
        '--user',
        'ana',
        '--memory',
        '800M',
      )
      const changed = expected.changesLive ? answer.changedInPlace : answer.mustRestart
      expect(changed.map(({user}) => user)).toEqual(['ana'])
      expect([...answer.changedInPlace, ...answer.mustRestart]).toHaveLength(1)
      if (!expected.changesLive) {
        await jhub.json('server', 'stop', 'ana')
        await jhub.json('server', 'start', 'ana')
      }
      const browser = openBrowser(url)
      expect(await browser.login('ana', password('ana'))).toBe(true)
      expect(await browser.runCode('ana', expected.memoryCode)).toBe(String(800 * 1024 ** 2))
      expect(await browser.runCode('ana', 'open("diary.txt").read()')).toBe("'dear diary'")
      expect(await serviceOf(jhub, 'hub')).toEqual(hub)
    })

    const imageJourney = () => ({
      jhub,
      name: '20251234',
      inside: expected.forksOf?.(jhub.name),
      async open(person: string) {
        const browser = openBrowser(url)
        expect(await browser.login(person, password(person))).toBe(true)
        return browser
      },
    })

    it.skipIf(expected.images !== true)('gives everybody, then a group, an image, and a notebook plots', async () => {
      const hub = await serviceOf(jhub, 'hub')
      await everybodyPlotsADataFrame(imageJourney())
      await aGroupHasAnImage(imageJourney(), 'ben')
      expect(await serviceOf(jhub, 'hub')).toEqual(hub)
    })

    it.skipIf(expected.condaChannel === undefined)("runs kernels of conda's packages", async () => {
      const channel = await expected.condaChannel?.(jhub.name)
      if (channel !== undefined) await runsKernelsOfConda(imageJourney(), channel)
    })

    it.skipIf(expected.images !== true)(
      'gives a person the packages of an image, and takes them away again',
      async () => {
        const hub = await serviceOf(jhub, 'hub')
        const build = (name: string) =>
          jhub.json<{build: string | null; packages: Record<string, string>; kernels: readonly string[]}>(
            ...['image', 'show', name],
          )
        await jhub.json('image', 'use', 'data', '--choose', '--user', '20251234')
        const chooser = openBrowser(url)
        await chooser.login('20251234', password('20251234'))
        const choicePage = await chooser.get('/hub/spawn')
        expect(choicePage.text.match(/type="radio"/g)).toHaveLength(2)
        expect(choicePage.text).toMatch(/Python 3\.\d+, pandas \d/)
        expect((await chooser.post('/hub/spawn', {image: '../data'})).status).toBe(403)
        expect((await chooser.post('/hub/spawn', {image: 'data'})).status).toBe(200)
        // Waits for the server that the page started.
        await jhub.json('server', 'start', '20251234')
        const run = async (code: string, kernel?: string) => {
          const browser = openBrowser(url)
          await browser.login('20251234', password('20251234'))
          return browser.runCode('20251234', code, kernel)
        }
        const code = 'import pandas; print(pandas.DataFrame({"a": [1, 2]}).a.sum())'
        expect(await run(code)).toBe('3')
        const {images, outdated} = await jhub.json<{images: unknown; outdated: unknown}>('image', 'list')
        expect(images).toMatchObject([{name: 'data', isBuilt: true, running: ['20251234']}])
        expect(outdated).toEqual([])
        await jhub.json('image', 'use', 'data', '--user', '20251234')
        await jhub.json('image', 'unset', '--choose', '--user', '20251234')
        expect(Object.keys((await build('data')).packages)).toContain('pandas')
        const inside = expected.forksOf?.(jhub.name)
        if (inside !== undefined) await forksServersOfAnImage({jhub, inside, name: '20251234', image: 'data'})

        const before = await build('data')
        const refused = await jhub.run('image', 'add', 'data', '--package', 'jupyterhub==5.0.0')
        expect(refused.exitCode).toBe(3)
        expect(refused.stderr).toMatch(/(?:jhub itself needs|k8s-singleuser-sample:\S+ has) jupyterhub==/)
        expect(await build('data')).toEqual(before)
        expect((await jhub.json<{changes: unknown}>('plan')).changes).toEqual([])

        const languages =
          expected.debianPackages === true ? ['--package', 'bash_kernel', '--apt', 'r-cran-irkernel'] : []
        const exchange = () => jhub.json('image', 'add', 'data', '--package', 'tabulate', ...languages)
        const hasTabulate = () => run('import importlib.util as u; print(u.find_spec("tabulate") is not None)')
        if (inside === undefined) await exchange()
        else await exchangesAnImage({jhub, inside, name: '20251234', image: 'data'}, exchange)
        expect(await hasTabulate()).toBe('False')
        expect(await run(code)).toBe('3')
        await jhub.json('server', 'restart', '--outdated')
        if (inside !== undefined) {
          const account = await accountOfServer(inside, jhub.name, '20251234')
          expect(await isForked(inside, jhub.name, account)).toBe(true)
        }
        if (expected.debianPackages === true) {
          expect((await build('data')).kernels).toEqual(['bash', 'ir', 'python3'])
          expect(await run('cat(mean(c(1, 2, 6)))', 'ir')).toBe('3')
          expect(await run('echo $((6 * 7))', 'bash')).toBe('42')
        }
        expect(await run('import tabulate; print(len(tabulate.tabulate([[7]])) > 0)')).toBe('True')
        await jhub.json('image', 'rollback', 'data')
        expect((await build('data')).build).toBe(before.build)
        await jhub.json('server', 'restart', '20251234')
        expect(await run('import importlib.util as u; print(u.find_spec("tabulate"))')).toBe('None')

        await jhub.json('image', 'unset', '--user', '20251234')
        expect((await jhub.run('image', 'remove', 'data')).stderr).toContain('the running server of 20251234')
        await jhub.json('server', 'stop', '20251234')
        await jhub.json('image', 'remove', 'data')
        if (inside !== undefined) await untilForked(jhub, [])
        expect(await serviceOf(jhub, 'hub')).toEqual(hub)
        expect((await jhub.json<{changes: unknown}>('plan')).changes).toEqual([])
      },
    )

    it.skipIf(expected.madeUpPeople === undefined)(
      'rehearses with made-up people and leaves nothing of them, also of a rehearsal that was killed',
      async () => {
        const looking = {jhub, people: expected.madeUpPeople ?? 0, readHome: expected.readHome.bind(expected)}
        await rehearsesAndLeavesNothing(looking)
        await isCleanedAfterAKill(looking)
      },
    )

    it('takes admin rights back at once and for good', async () => {
      await jhub.json('user', 'set', 'ben', '--admin')
      const asAdmin = openBrowser(url)
      await asAdmin.login('ben', password('ben'))
      expect((await asAdmin.get('/hub/admin')).status).toBe(200)
      await jhub.json('user', 'set', 'ben', '--no-admin')
      expect((await asAdmin.get('/hub/admin')).status).toBe(403)
      const again = openBrowser(url)
      expect(await again.login('ben', password('ben'))).toBe(true)
      expect((await again.get('/hub/admin')).status).toBe(403)
    })

    it('resets a password: pages of a server that stays keep working, and of one that is stopped they end', async () => {
      await jhub.json('server', 'start', 'ben')
      const open = openBrowser(url)
      await open.login('ben', password('ben'))
      const {closed} = await open.openKernel('ben')
      let isClosed = false
      void closed.then(() => (isClosed = true))
      const isAnswered = async () => (await open.api('ben', '/status')).text.includes('last_activity')
      expect((await jhub.run('user', 'password', 'ben')).exitCode).toBe(2)
      expect(await login('ben', password('ben'))).toBe(true)
      const kept = await jhub.json<{server: string}>('user', 'password', 'ben', '--keep-server')
      expect([kept.server, await isAnswered(), isClosed]).toEqual(['runs on', true, false])
      const stopped = await jhub.json<{server: string; password: string}>('user', 'password', 'ben', '--yes')
      expect([stopped.server, await isAnswered()]).toEqual(['stopped', false])
      await closed
      passwords['ben'] = stopped.password
    })

    it('resets a password at once: the old one and open logins end', async () => {
      const open = openBrowser(url)
      await open.login('ben', password('ben'))
      const {password: fresh} = await jhub.json<{password: string}>('user', 'password', 'ben')
      expect(await login('ben', password('ben'))).toBe(false)
      expect(await login('ben', fresh)).toBe(true)
      expect(new URL((await open.get('/hub/home')).url).pathname).toBe('/hub/login')
      const own = await jhub.runWithInput('a long enough phrase\n', 'user', 'password', 'ben', '--password-file', '-')
      expect(own.exitCode).toBe(0)
      expect(await login('ben', 'a long enough phrase')).toBe(true)
    })

    it('removes a person at once: server, sessions and password; the home stays', async () => {
      const open = openBrowser(url)
      await open.login('ana', password('ana'))
      await jhub.json('user', 'remove', 'ana')
      expect(await login('ana', password('ana'))).toBe(false)
      expect(new URL((await open.get('/hub/home')).url).pathname).toBe('/hub/login')
      expect((await jhub.json<{servers: readonly unknown[]}>('server', 'list')).servers).toEqual([])
      expect(await expected.readHome(jhub, 'ana', 'diary.txt')).toBe('dear diary')
    })

    it.skipIf(expected.place === undefined)('is found again when all that jhub kept of it here is lost', async () => {
      const kept = ['CONFIG', 'STATE'].map((name) => jhub.environment[`JHUB_${name}_DIR`] ?? '')
      for (const directory of kept) await rename(directory, `${directory}.lost`)
      const {users} = await jhub.json<{users: number}>('attach', ...(expected.place ?? []))
      expect(users).toBe(5)
      expect((await jhub.json<UpAnswer>('up')).passwords).toEqual({})
      expect((await jhub.run('plan', '--exit-code')).exitCode).toBe(0)
      const added = await jhub.json<AddAnswer>('user', 'add', 'found')
      expect(await login('found', added.users[0]?.password ?? '')).toBe(true)
      await jhub.json('user', 'remove', 'found')
    })

    it('belongs to its settings file: another of the same name removes nobody', async () => {
      const other = path.join(jhub.directory, 'other.yaml')
      expect((await jhub.run('init', '--file', other)).exitCode).toBe(0)
      for (const words of [['user', 'add', 'zoe', '--dry-run'], ['plan'], ['down', '--yes']]) {
        const refused = await jhub.run(...words, '--file', other)
        expect(refused).toMatchObject({exitCode: 5, stdout: ''})
        expect(refused.stderr).toContain('Code:  JHUB-E404')
      }
      expect((await jhub.json<{changes: unknown[]}>('plan')).changes).toEqual([])
    })

    const standing = (): StandingHub => ({
      jhub,
      url,
      passwords: {admin: password('admin'), ben: 'a long enough phrase'},
      diary: () => expected.readHome(jhub, 'ana', 'diary.txt'),
    })
    for (const drift of expected.drift ?? [])
      it(`${drift.name}: plan and doctor say so, and one up repairs it`, async () => {
        expect((await runDrift(standing(), drift)).failures).toEqual([])
      })

    for (const kill of expected.kills ?? [])
      it(`killed in the middle of ${kill.title ?? kill.words.join(' ')}, it converges`, async () => {
        expect(
          (await runKills(() => Promise.resolve(standing()), kill, {points: 2, looks: 'at the end'})).failures,
        ).toEqual([])
        await jhub.json('up')
      }, 1_800_000)

    it('goes away without a trace but homes and accounts, and finds them again', async () => {
      await jhub.json('server', 'start', 'ben')
      const asked = await jhub.run('down')
      expect(asked).toMatchObject({exitCode: 2, stdout: ''})
      expect(asked.stderr).toContain(`1 server is running on ${jhub.name}: ben.`)
      await jhub.json('down', '--yes')
      expect(await expected.leftovers(jhub)).toEqual([])
      expect(await listensOn(options.port)).toBe(false)
      const answer = await jhub.json<UpAnswer>('up')
      expect(answer.passwords).toEqual({})
      expect(await login('ben', 'a long enough phrase')).toBe(true)
      expect(await login('ana', password('ana'))).toBe(false)
    })

    it('deletes data only when it is told so by name', async () => {
      const refused = await jhub.run('down', '--delete-data')
      expect(refused.exitCode).toBe(2)
      expect(refused.stderr).toContain(`--confirm ${jhub.name}`)
      expect((await jhub.run('down', '--delete-data', '--confirm', jhub.name)).exitCode).toBe(0)
      expect(await expected.dataLeft(jhub)).toEqual([])
      expect(await expected.leftovers(jhub)).toEqual([])
    })
  })
}

interface TopAnswer {
  readonly servers: readonly {
    readonly memoryBytes: number
    readonly cpuCores: number
    readonly processes: number
    readonly homeBytes: number
  }[]
  readonly others: readonly unknown[]
}

function look(jhub: RealJhub): Promise<TopAnswer> {
  return jhub.json<TopAnswer>('top')
}

async function serviceOf(jhub: RealJhub, name: string): Promise<unknown> {
  const {services} = await jhub.json<{services: readonly {name: string}[]}>('status')
  return services.find((service) => service.name === name)
}

/** Counts what a server's start imports from the packages of its environment, none of a person's own. */
const countModules = `
import subprocess, sys
code = """
import sys
import jupyterhub.singleuser.extension, jupyterlab.labapp
print(sum((getattr(module, "__file__", None) or "").startswith(sys.prefix) for module in list(sys.modules.values())))
"""
print(subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout.strip())`
