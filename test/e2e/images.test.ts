import {chmod, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {execa} from 'execa'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {openBrowser} from './browser.js'
import {serveCondaChannel} from './conda-channel.js'
import {inContainer, withLittleMemory} from './docker-machine.js'
import {everybodyPlotsADataFrame, runsKernelsOfConda, runsKernelsOfDebian, type ImageJourney} from './image-journey.js'
import type {Inside} from './server-facts.js'
import {realJhub, type RealJhub} from './real-jhub.js'
import {
  addAdmin,
  jhubInside,
  mountsFor,
  openSsh,
  startSystemdContainer,
  whyNoSystemdImage,
} from './systemd-container.js'
import {untilDoneBy} from './until.js'

const reason = await whyNoSystemdImage()

interface ImageWorld {
  readonly container: string
  readonly port: number
  readonly make: () => Promise<RealJhub>
  /** What is tried here: each image once, beside the hub in a container, which has them all. */
  readonly tries: (images: TriedImages) => void
  /** What `up` is told besides. */
  readonly upWords?: readonly string[]
  /** Leads the address of the hub here, where nothing else does; gives what ends that. */
  readonly lead?: (jhub: RealJhub) => Promise<() => void>
}

interface TriedImages {
  readonly container: string
  readonly jhub: () => RealJhub
  readonly inside: Inside
  readonly journey: () => ImageJourney
}

/** Room for a hub, and little more. */
const disk = ['--tmpfs', '/opt/jhub:exec,size=2g']

function imagesOn(title: string, {container, port, make, tries, upWords = [], lead}: ImageWorld): void {
  describe(title, () => {
    let jhub: RealJhub
    let stop: (() => void) | undefined
    let password = ''
    const inside = (...argv: string[]) => inContainer(container, ...argv)
    const journey = () => ({
      jhub,
      name: 'admin',
      inside,
      async open(person: string) {
        const browser = openBrowser(`http://127.0.0.1:${String(port)}`)
        expect(await browser.login(person, password)).toBe(true)
        return browser
      },
    })
    beforeAll(async () => {
      jhub = await make()
      const {passwords} = await jhub.json<{passwords: Record<string, string>}>('up', '--port', String(port), ...upWords)
      password = passwords['admin'] ?? ''
      stop = await lead?.(jhub)
    })
    afterAll(async () => {
      stop?.()
      await jhub.dispose()
      await execa('docker', ['rm', '-f', '-v', container], {reject: false})
    })

    tries({container, jhub: () => jhub, inside, journey})
  })
}

/** Images that cannot be made. */
function faultsOfImages({container, jhub, inside}: TriedImages): void {
  const settings = async () => readFile((await jhub().json<{file: string}>('config', 'path')).file, 'utf8')
  /** What a failed change must leave. */
  const facts = async () => ({
    settings: await settings(),
    images: await jhub().json('image', 'list'),
    planned: (await jhub().json<{changes: unknown}>('plan')).changes,
    environments: await inside('sh', '-c', 'ls -d /opt/jhub/*/env/* /opt/jhub/*/*/env/* 2>/dev/null; true'),
  })

  it('whose packages do not fit on the disk leave everything as it was', async () => {
    const before = await facts()
    await inside(
      'sh',
      '-ec',
      'fallocate -l $(($(df --output=avail -B1 /opt/jhub | tail -n 1) - 20000000)) /opt/jhub/filler',
    )
    const said = await jhub().run('image', 'add', 'data', '--package', 'pandas')
    expect(said).toMatchObject({exitCode: 3, stdout: ''})
    expect(said.stderr).toContain('No space left on the disk while installing the image data')
    expect(said.stderr).toContain('Code:  JHUB-E209')
    await inside('rm', '/opt/jhub/filler')
    expect(await facts()).toEqual(before)
  })

  it('whose packages need more memory than there is leave everything as it was, and the hub runs on', async () => {
    const before = await facts()
    const hub = () => inside('systemctl', 'show', `jhub-${jhub().name}.hub`, '--property=MainPID', '--value')
    const pid = await hub()
    const packages = ['pandas', 'scipy', 'scikit-learn'].flatMap((each) => ['--package', each])
    const said = await withLittleMemory(container, () => jhub().run('image', 'add', 'data', ...packages))
    expect(said).toMatchObject({exitCode: 3, stdout: ''})
    // Which program the kernel ends is its choice: what installs, or one that looks before.
    expect(said.stderr).toMatch(
      /Memory ran out while installing the image data[^]*Code: {2}JHUB-E240|When memory runs out, Linux ends programs so[^]*Code: {2}JHUB-E201/,
    )
    expect(await hub()).toBe(pid)
    expect(await facts()).toEqual(before)
  })

  it('of which the index sends other files than the lock names are not installed', async () => {
    await jhub().json('image', 'add', 'data', '--package', 'tabulate')
    const {file} = await jhub().json<{file: string}>('config', 'path')
    const lock = path.join(path.dirname(file), 'images', jhub().name, 'data.vm.lock')
    const locked = await readFile(lock, 'utf8')
    await writeFile(
      lock,
      locked.replace(/^tabulate==(?:.*\\\n)+.*$/m, (lines) => lines.replace(/[0-9a-f]{64}/g, '0'.repeat(64))),
    )
    const said = await jhub().run('image', 'build', 'data')
    expect(said).toMatchObject({exitCode: 3, stdout: ''})
    expect(said.stderr).toContain('The package index sent another file than the lock names (hash mismatch)')
    expect(said.stderr).toContain('Code:  JHUB-E205')
    await writeFile(lock, locked)
    expect((await jhub().json<{changes: unknown}>('plan')).changes).toEqual([])
    await jhub().json('image', 'remove', 'data')
  })

  it('that does not exist is named, with the command that was meant', async () => {
    const before = await facts()
    const said = await jhub().run('image', 'add', 'data', '--package', 'pandsa')
    expect(said.exitCode).toBe(3)
    expect(said.stderr).toContain('did you mean pandas?')
    expect(said.stderr).toMatch(/Try: +jhub image add data --package pandas\b/)
    expect(await facts()).toEqual(before)
  })
}

/** The first page of a course, and kernels of conda's packages. */
function plotsAndConda({container, jhub, journey}: TriedImages): void {
  it('everybody can have, and a notebook plots a data frame', async () => {
    await everybodyPlotsADataFrame(journey())
    await jhub().json('server', 'stop', 'admin')
    await jhub().json('image', 'remove', 'data')
  })

  it("have kernels of conda's packages", async () => {
    await runsKernelsOfConda(journey(), await serveCondaChannel(['exec', '-i', container]))
  })
}

if (reason !== undefined) {
  describe('images on a machine with systemd', () => it.skip(`skipped: ${reason}`, () => undefined))
} else {
  let directory = ''
  afterAll(() => rm(directory, {recursive: true, force: true}))
  imagesOn('images on this host', {
    container: 'imghost',
    port: 20_762,
    async make() {
      directory = await mkdtemp(path.join(tmpdir(), 'jhub-e2e-host-images-'))
      await chmod(directory, 0o777)
      await startSystemdContainer('imghost', ['-p', '127.0.0.1:20762:20762', ...mountsFor(directory), ...disk])
      await addAdmin('imghost')
      return jhubInside('imghost', {port: 20_762, name: 'imghost', directory})
    },
    upWords: ['--lan'],
    tries(images) {
      faultsOfImages(images)
      it("have kernels of Debian's packages", () => runsKernelsOfDebian(images.journey()))
    },
  })
  imagesOn('images on a rented machine behind ssh', {
    container: 'imgssh',
    port: 20_761,
    async make() {
      await startSystemdContainer('imgssh', disk)
      await addAdmin('imgssh')
      const keys = await mkdtemp(path.join(tmpdir(), 'jhub-e2e-ssh-'))
      const {address, path: PATH} = await openSsh('imgssh', keys)
      return realJhub({port: 20_761, name: 'imgssh', machine: address, environment: {PATH}})
    },
    tries: plotsAndConda,
    async lead(jhub) {
      const opened = execa(process.execPath, [...jhub.program, 'open', '--no-input'], {
        env: jhub.environment,
        reject: false,
      })
      const page = 'http://127.0.0.1:20761'
      await untilDoneBy(
        opened,
        'the page opens',
        async () => (await openBrowser(page).get('/hub/login')).status === 200,
      )
      return () => void opened.kill()
    },
  })
}
