import {execFileSync} from 'node:child_process'
import {mkdtemp, open, readFile, readlink, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {zstdDecompressSync} from 'node:zlib'
import {afterEach, beforeEach, expect, it, vi} from 'vitest'
import type {FoundFile, Home} from '../../../../src/engines/homes/homes-keeper.js'
import {realHost} from '../../../../src/host/real-host.js'
import {archiveHome} from '../../../../src/hub/files/local/archive-home.js'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-archive-'))
})
afterEach(() => rm(directory, {recursive: true}))

const home: Pick<Home, 'read'> = {
  read: async (parts) => parts.map(({length}) => Buffer.alloc(length, 'x')),
}
const fileOf = (name: string, modified = 0): FoundFile => ({
  ...{path: name, size: 1, version: '1', executable: false, modified, changed: 0},
})
const archive = async (files: readonly FoundFile[]) => {
  const file = path.join(directory, 'ana.tar.zst')
  const found = {files, others: [], skipped: [], leftOut: 0, hasMore: false}
  const {signal} = new AbortController()
  await archiveHome(realHost(), {file, home: home as Home, found, whole: async () => undefined, signal})
  return zstdDecompressSync(await readFile(file))
}

it.runIf(process.platform === 'linux')('keeps the time of a file whatever its owner made of it', async () => {
  const [later, never] = [Date.UTC(2040, 0, 1), 1e20]
  const tar = await archive([
    fileOf('now', 1e12),
    fileOf('later', later),
    fileOf('never', never),
    fileOf('after', 2e12),
  ])
  const listed = execFileSync('tar', ['-tv', '--full-time', '-f', '-'], {
    input: tar,
    encoding: 'utf8',
    env: {TZ: 'UTC'},
  })
  expect(
    listed
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).slice(-3).join(' ')),
  ).toEqual([
    '2001-09-09 01:46:40 now',
    '2040-01-01 00:00:00 later',
    '9999-12-31 23:59:59 never',
    '2033-05-18 03:33:20 after',
  ])
})

it.runIf(process.platform === 'linux')('has each file where somebody chose names that come to the same', async () => {
  const digits = (number: number) => number.toString(2).padStart(8, '0')
  const names = Array.from({length: 256}, (_, number) =>
    digits(number).replaceAll('0', '%FF').replaceAll('1', '\uDCFF'),
  )
  const tar = await archive(names.map((name) => fileOf(name)))
  const listed = execFileSync('tar', ['-tf', '-'], {input: tar, encoding: 'utf8'}).trim().split('\n')
  expect(new Set(listed).size).toBe(names.length)
})

it.runIf(process.platform === 'linux')('is on the disk by its name when it is told to be whole', async () => {
  const probe = await open(directory, 'r')
  const handles = Object.getPrototypeOf(probe) as typeof probe
  await probe.close()
  const real: (this: typeof probe) => Promise<void> = Reflect.get(handles, 'sync')
  const synced: string[] = []
  const sync = vi.spyOn(handles, 'sync').mockImplementation(async function (this: typeof probe) {
    synced.push(await readlink(`/proc/self/fd/${String(this.fd)}`))
    await real.call(this)
  })
  await archive([fileOf('hw1.ipynb')])
  sync.mockRestore()
  expect(synced.at(-1)).toBe(directory)
})
