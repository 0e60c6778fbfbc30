import {mkdir, mkdtemp, readFile, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect, it} from 'vitest'
import {localProgram} from '../../../../../src/engines/kubernetes/tools/local-program.js'
import {helmWanted} from '../../../../../src/engines/kubernetes/tools/helm-program.js'
import {kindWanted} from '../../../../../src/engines/kubernetes/clusters/kind/kind-program.js'
import {pinnedHelm} from '../../../../../src/engines/kubernetes/tools/helm-program.js'
import {pinnedKind} from '../../../../../src/engines/kubernetes/clusters/kind/kind-program.js'
import {JhubError} from '../../../../../src/errors.js'
import type {Download} from '../../../../../src/host/network/downloads.js'
import {realHost} from '../../../../../src/host/real-host.js'
import {fakeSystem, unscripted} from '../../../../fakes/fake-context.js'
import {memoryFiles} from '../../../../fakes/memory-files.js'

function onMachine(version: string | undefined, platform: NodeJS.Platform = 'linux') {
  const files = memoryFiles({beforeChange: () => undefined})
  const brought: Download[] = []
  const program = localProgram(
    {
      files,
      system: {...fakeSystem, platform},
      commands: {
        run: async ([name]) => {
          if (version === undefined) throw new JhubError('JHUB-E201', `${name ?? ''} is not there`)
          return {stdout: `${name ?? ''} ${version} go1.26`, stderr: '', exitCode: 0}
        },
        startDetached: unscripted('startDetached'),
        pipe: unscripted('pipe'),
        converse: unscripted('commands.converse'),
      },
      downloads: {
        async fetch(wanted) {
          brought.push(wanted)
          await files.write(wanted.path, 'program')
        },
      },
    },
    kindWanted,
    {tools: '/state/tools'},
  )
  return {program, brought, files}
}

const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}

it('a program on the PATH that is new enough is taken as it is', async () => {
  const {program, brought} = onMachine('v0.27.1')
  expect(await program.require()).toBe('kind')
  expect(await program.install().check()).toBeUndefined()
  expect(await program.finding()).toMatchObject({state: 'ok', found: 'v0.27.1'})
  expect(brought).toEqual([])
})

it.each([
  ['missing', undefined, 'not on the PATH; jhub will download v0.30.0'],
  ['too old', 'v0.20.0', 'v0.20.0, which is too old; jhub will download v0.30.0'],
])('one that is %s is brought once, by its sum, and taken away again', async (_, version, found) => {
  const {program, brought, files} = onMachine(version)
  expect(await program.finding()).toMatchObject({state: 'ok', found})
  await expect(program.require()).rejects.toThrow('There is no kind here')
  const step = program.install()
  expect((await step.check())?.summary).toBe('install kind 0.30.0, for this hub only')
  await step.apply(context)
  expect(brought).toEqual([{...pinnedKind.files['linux-x64'], path: '/state/tools/kind-0.30.0/kind'}])
  expect(await program.require()).toBe('/state/tools/kind-0.30.0/kind')
  expect(await program.install().check()).toBeUndefined()
  await step.undo?.()
  expect(await files.list('/state/tools/kind-0.30.0')).toBeUndefined()
})

it('where there is no release for the platform, the person is told how to install one', async () => {
  const {program} = onMachine(undefined, 'freebsd')
  expect(await program.finding()).toMatchObject({state: 'problem', needed: '0.27 or newer', fix: kindWanted.install})
})

it.each([
  [pinnedKind, kindWanted],
  [pinnedHelm, helmWanted],
])('what is pinned is new enough, and each file names its version and has a sum', ({version, files}, {oldest}) => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  expect(major > oldest[0] || (major === oldest[0] && minor >= oldest[1])).toBe(true)
  expect(Object.keys(files).sort()).toEqual(['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64'])
  for (const {url, sha256} of Object.values(files)) {
    expect(url).toContain(`v${version}`)
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
  }
  expect(new Set(Object.values(files).map(({sha256}) => sha256)).size).toBe(4)
})

it.each([
  ['is the program itself', 'kind', '\x7fELF', '\x7fELF'],
  ['links to it under a longer name', 'kind-linux-amd64', '\x7fELF', '\x7fELF'],
  ['is a script around it', 'kind', '#!/bin/sh', 'program'],
  ['links to the program of snap or mise', 'mise', '\x7fELF', 'program'],
])('one on the PATH that %s is carried as what starts on another computer', async (_, target, content, carried) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'jhub-program-'))
  try {
    const place = path.join(directory, 'kind')
    await mkdir(path.join(directory, 'real'))
    await writeFile(path.join(directory, 'real', target), content)
    await symlink(path.join('real', target), place)
    const host = realHost()
    const program = localProgram(
      {
        files: host.files,
        system: fakeSystem,
        commands: {
          ...host.commands,
          run: async ([name]) => ({stdout: name === 'sh' ? place : 'kind v0.30.0', stderr: '', exitCode: 0}),
        },
        downloads: {fetch: (wanted) => host.files.write(wanted.path, 'program')},
      },
      kindWanted,
      {tools: path.join(directory, 'tools')},
    )
    const copy = path.join(directory, 'carried')
    await program.copyTo(copy, context.signal)
    expect(await readFile(copy, 'utf8')).toBe(carried)
  } finally {
    await rm(directory, {recursive: true})
  }
})
