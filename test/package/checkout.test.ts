import {copyFile, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {afterEach, beforeEach, expect, it} from 'vitest'

const source = fileURLToPath(new URL('../../bin/jhub', import.meta.url))
let checkout = ''
beforeEach(async () => {
  checkout = await mkdtemp(path.join(tmpdir(), 'jhub-checkout-'))
  for (const directory of ['bin', 'src', 'commands', 'tools']) await mkdir(path.join(checkout, directory))
  await copyFile(source, path.join(checkout, 'bin/jhub'))
  for (const file of ['package.json', 'package-lock.json']) await writeFile(path.join(checkout, file), '{}')
  await writeFile(path.join(checkout, 'bin/run.js'), 'console.log("jhub runs")')
  await writeFile(path.join(checkout, 'tools/npm'), npm, {mode: 0o755})
})
afterEach(() => rm(checkout, {recursive: true, force: true}))

/** What npm does to a checkout, and a note of it; two at once are seen. */
const npm = `#!/bin/sh
set -eu
cd "$(dirname "$0")/.."
mkdir busy || { echo 'another npm works here' >&2; exit 1; }
echo "$1" >> npm.log
sleep 2
mkdir -p node_modules/.bin dist
case $1 in
  ci) ln -sf "$NODE" node_modules/.bin/node; touch node_modules/.package-lock.json ;;
  run) touch dist/.built ;;
esac
rmdir busy
`

const jhub = () =>
  execa('sh', [path.join(checkout, 'bin/jhub'), '--version'], {
    env: {PATH: `${path.join(checkout, 'tools')}:${process.env['PATH'] ?? ''}`, NODE: process.execPath},
    reject: false,
    all: true,
  })
const work = async () => (await readFile(path.join(checkout, 'npm.log'), 'utf8')).trim().split('\n')
const locks = async () => (await readdir(checkout)).filter((name) => name.startsWith('.preparing'))

it('several first runs in one checkout prepare it once, and all of them run', async () => {
  const runs = await Promise.all([jhub(), jhub(), jhub()])
  expect(runs.map(({stdout, exitCode}) => [stdout, exitCode])).toEqual(Array(3).fill(['jhub runs', 0]))
  expect(await work()).toEqual(['ci', 'run'])
  expect(await locks()).toEqual([])
})

it('a first run that was killed keeps nobody waiting', async () => {
  const ended = await execa('sh', ['-c', 'echo $$'])
  await symlink(ended.stdout, path.join(checkout, '.preparing'))
  expect(await jhub()).toMatchObject({stdout: 'jhub runs', exitCode: 0})
  expect(await work()).toEqual(['ci', 'run'])
  expect(await locks()).toEqual([])
})

it('a preparation that fails is told, and the next run tries again', async () => {
  await mkdir(path.join(checkout, 'busy'))
  const failed = await jhub()
  expect(failed.exitCode).toBe(3)
  expect(failed.all).toContain('another npm works here')
  expect(await locks()).toEqual([])
  await rm(path.join(checkout, 'busy'), {recursive: true})
  expect(await jhub()).toMatchObject({stdout: 'jhub runs', exitCode: 0})
})
