import {mkdir, mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {execa} from 'execa'
import {afterEach, beforeEach, expect, it} from 'vitest'
import {packContent} from '../../../../../src/engines/vm/bundle/pack-content.js'
import type {Machine} from '../../../../../src/engines/vm/machines/machine.js'
import {ensureContent} from '../../../../../src/engines/vm/steps/software/ensure-content.js'
import {realHost} from '../../../../../src/host/real-host.js'
import {toContent} from '../../../../../src/hub-spec/content-spec.js'

const {files, commands} = realHost()
const {signal} = new AbortController()
const context = {signal, report: () => undefined, note: () => undefined}
const content = toContent({git: 'https://git.invalid/team/course', branch: 'main', open: undefined})
const program = () => Promise.resolve('#')

let place = ''
beforeEach(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'jhub-content-'))
})
afterEach(() => rm(place, {recursive: true, force: true}))

/** A machine of this computer, as far as a repository needs one. */
const machineAt = (name: string) =>
  ({
    files,
    layout: {root: path.join(place, name), content: path.join(place, name, 'content')},
    facts: {networkEnvironment: {}},
    run: (words: readonly string[], options: object) => commands.run(words, options),
  }) as unknown as Machine

const git = async (...words: readonly string[]) =>
  (await execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...words])).stdout

async function makeSource(): Promise<string> {
  const source = path.join(place, 'source')
  await mkdir(source)
  await git('init', '--quiet', '--initial-branch', 'main', source)
  await writeFile(path.join(source, 'lesson.txt'), 'one')
  await git('-C', source, 'add', '.')
  await git('-C', source, 'commit', '--quiet', '-m', 'one')
  return source
}

it('the repository of a course is carried in one file to a machine that reaches no network', async () => {
  const source = await makeSource()
  const [here, there] = [machineAt('here'), machineAt('there')]
  await git('clone', '--quiet', '--mirror', source, path.join(here.layout.content, 'mirror.git'))
  await git('-C', source, 'commit', '--quiet', '--allow-empty', '-m', 'new since then')
  const carried = path.join(place, 'content.gitbundle')
  await packContent(here, {to: files, file: carried}, signal)
  expect(await readdir(here.layout.content)).toEqual(['mirror.git'])

  const step = ensureContent({machine: there, content, program, bundled: {local: files, file: carried}})
  expect((await step.check())?.summary).toContain('from the bundle')
  await step.apply(context)
  expect(await step.check()).toBeUndefined()
  const mirror = path.join(there.layout.content, 'mirror.git')
  expect(await git('-C', mirror, 'rev-parse', 'main')).toBe(await git('-C', source, 'rev-parse', 'main'))
  expect(await git('-C', mirror, 'remote', 'get-url', 'origin')).toBe('https://git.invalid/team/course/')
  expect((await readdir(there.layout.content)).toSorted()).toEqual(['gitconfig', 'jhub_content.py', 'mirror.git'])

  const home = path.join(place, 'home')
  const env = {GIT_CONFIG_SYSTEM: path.join(there.layout.content, 'gitconfig')}
  await execa('git', ['clone', '--quiet', 'https://git.invalid/team/course/', home], {env})
  expect(await readdir(home)).toContain('lesson.txt')
})

it('a repository that was not copied yet is said to be missing', async () => {
  const target = {to: files, file: path.join(place, 'x')}
  await expect(packContent(machineAt('none'), target, signal)).rejects.toMatchObject({code: 'JHUB-E204'})
})
