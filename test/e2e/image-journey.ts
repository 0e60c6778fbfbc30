import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect} from 'vitest'
import type {ImageShowResult} from '../../src/hub/image/image-show.js'
import type {Served} from '../fakes/listen.js'
import type {Browser} from './browser.js'
import type {RealJhub} from './real-jhub.js'
import type {Inside} from './server-facts.js'

export interface ImageJourney {
  readonly jhub: RealJhub
  /** Whose server has the image. It does not run. */
  readonly name: string
  /** Looks at the machine as root, where there is one. */
  readonly inside: Inside | undefined
  /** A browser in which a person has logged in. */
  readonly open: (person: string) => Promise<Browser>
}

/** On a machine all people read the same files. */
async function nobodyCanChangeImages({jhub, inside}: Pick<ImageJourney, 'jhub' | 'inside'>): Promise<void> {
  if (inside === undefined) return
  const environments = await inside('find', '/opt/jhub', '-type', 'd', '-path', `*/${jhub.name}/env`)
  expect(environments).not.toBe('')
  expect(await inside('find', environments, '!', '-type', 'l', '-perm', '-002')).toBe('')
}

const plot = 'import pandas\npandas.DataFrame({"hours": [1, 4, 9]}).plot()'
/** What uv leaves where packages are installed, and whoever can open it could hold. */
const locks = 'import glob, sys; print(glob.glob(sys.prefix + "/.lock") + glob.glob("/tmp/uv-*.lock"))'
const has = (module: string) => `import importlib.util as u; print(u.find_spec("${module}") is not None)`

/** The way of the first page of a course: three commands, and a notebook of everybody plots a data frame. Leaves the image `data`. */
export async function everybodyPlotsADataFrame({jhub, name, inside, open}: ImageJourney): Promise<void> {
  await jhub.json('image', 'add', 'data', '--package', 'pandas', '--package', 'matplotlib')
  await nobodyCanChangeImages({jhub, inside})
  expect((await jhub.json<{outcome: string}>('image', 'use', 'data')).outcome).toBe('applied')
  await jhub.json('server', 'start', name)
  const pictures = await (await open(name)).pictures(name, plot)
  expect(pictures).toHaveLength(1)
  const [picture = Buffer.alloc(0)] = pictures
  expect(picture.subarray(1, 4).toString()).toBe('PNG')
  expect(picture.readUInt32BE(16)).toBeGreaterThan(300)
  expect(await (await open(name)).runCode(name, locks)).toBe('[]')
  const {outdated} = await jhub.json<{outdated: readonly string[]}>('image', 'unset')
  expect(outdated).toContain(name)
}

/** A group's image is had by its members and by nobody else. The group is gone again, and no server of theirs runs. */
export async function aGroupHasAnImage({jhub, name, open}: ImageJourney, other: string): Promise<void> {
  await jhub.json('group', 'add', 'курс-1')
  await jhub.json('user', 'set', name, '--group', 'курс-1')
  await jhub.json('image', 'use', 'data', '--group', 'курс-1')
  const {images} = await jhub.json<{images: readonly {use: {groups: readonly string[]}}[]}>('image', 'list')
  expect(images.map(({use}) => use.groups)).toEqual([['курс-1']])
  await jhub.json('server', 'restart', name)
  await jhub.json('server', 'start', other)
  const found = [name, other].map(async (person) => (await open(person)).runCode(person, has('pandas')))
  expect(await Promise.all(found)).toEqual(['True', 'False'])
  await jhub.json('server', 'stop', name, other)
  await jhub.json('image', 'unset', '--group', 'курс-1')
  await jhub.json('user', 'set', name, '--no-group', 'курс-1')
  await jhub.json('group', 'remove', 'курс-1')
}

/** Kernels of other languages run, which come from Debian. The image is gone again. */
export async function runsKernelsOfDebian({jhub, name, inside, open}: ImageJourney): Promise<void> {
  await jhub.json('image', 'add', 'r', '--package', 'bash_kernel', '--apt', 'r-cran-irkernel')
  await nobodyCanChangeImages({jhub, inside})
  const {kernels} = await jhub.json<{kernels: readonly string[]}>('image', 'show', 'r')
  expect(kernels).toEqual(['bash', 'ir', 'python3'])
  await jhub.json('image', 'use', 'r', '--user', name)
  await jhub.json('server', 'start', name)
  const browser = await open(name)
  expect(await browser.runCode(name, 'cat(mean(c(1, 2, 6)))', 'ir')).toBe('3')
  expect(await browser.runCode(name, 'echo $((6 * 7))', 'bash')).toBe('42')
  await jhub.json('server', 'stop', name)
  await jhub.json('image', 'unset', '--user', name)
  await jhub.json('image', 'remove', 'r')
  expect((await jhub.json<{changes: unknown}>('plan')).changes).toEqual([])
}

/** Kernels of conda's packages run beside the standard server. The image is gone again. */
export async function runsKernelsOfConda({jhub, name, inside, open}: ImageJourney, channel: Served): Promise<void> {
  const file = path.join(jhub.directory, 'environment.yml')
  const write = (version: string) =>
    writeFile(
      file,
      `channels: ["${channel.url}"]\ndependencies: [python, greeting=${version}]\nvariables: {COURSE: geo}\n`,
    )
  const run = async (code: string, kernel?: string) => (await open(name)).runCode(name, code, kernel)
  const greet = 'import os, greeting; print(greeting.said, os.environ["COURSE"])'
  await write('1')
  await jhub.json('image', 'add', 'geo', '--environment', file)
  await nobodyCanChangeImages({jhub, inside})
  const {packages, kernels, sizeBytes} = await jhub.json<ImageShowResult>('image', 'show', 'geo')
  expect([packages, kernels]).toMatchObject([{greeting: '1.0'}, expect.arrayContaining(['geo', 'python3'])])
  expect(sizeBytes).toBeGreaterThan(50 * 1024 ** 2)
  await jhub.json('image', 'use', 'geo', '--user', name)
  await jhub.json('server', 'start', name)
  expect(await run(greet, 'geo')).toBe('1.0 geo')
  expect(await run(has('jupyterhub'), 'geo')).toBe('False')
  expect(await run(has('greeting'))).toBe('False')
  await channel.stop()
  await write('2')
  const refused = await jhub.run('image', 'build', 'geo')
  expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('does not answer')])
  await write('1')
  await jhub.json('server', 'restart', name)
  expect(await run(greet, 'geo')).toBe('1.0 geo')
  await jhub.json('server', 'stop', name)
  await jhub.json('image', 'unset', '--user', name)
  await jhub.json('image', 'remove', 'geo')
  expect((await jhub.json<{changes: unknown}>('plan')).changes).toEqual([])
}
