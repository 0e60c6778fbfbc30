import {mkdtemp, readdir, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {renderCollect} from '../../../../src/cli/render/files/render-files.js'
import {writeCollectedCsv} from '../../../../src/cli/files/collected-csv.js'
import type {FoundFile, Home} from '../../../../src/engines/homes/homes-keeper.js'
import {realHost} from '../../../../src/host/real-host.js'
import type {CollectResult} from '../../../../src/hub/files/collect.js'
import {compareWithHere, fetchFiles, type FetchedFile} from '../../../../src/hub/files/local/fetch-files.js'
import {localNames} from '../../../../src/hub/files/local/local-names.js'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-collected-'))
})
afterEach(() => rm(directory, {recursive: true}))

describe('two collects into one directory', () => {
  it('leave every copy whole', async () => {
    const size = 9 * 1024 * 1024
    const file: FoundFile = {path: 'a.bin', size, version: '1', executable: false, modified: 1000, changed: 1000}
    let others = 0
    let bothAsked = () => {}
    const both = new Promise<void>((resolve) => (bothAsked = resolve))
    const home: Pick<Home, 'read'> = {
      async read(parts) {
        if (++others === 4) bothAsked()
        const [first] = parts
        if (first !== undefined && first.offset > 0) await both
        return parts.map(({length, offset}) => Buffer.alloc(length, offset === 0 ? 'a' : 'b'))
      },
    }
    const collect = async () => {
      const target = {host: realHost(), home: home as Home, directory, signal: new AbortController().signal}
      return fetchFiles(target, await compareWithHere(target, [file], new Map([['a.bin', 'a.bin']])))
    }
    await Promise.all([collect(), collect()])
    const wanted = Buffer.concat([Buffer.alloc(4 * 1024 * 1024, 'a'), Buffer.alloc(5 * 1024 * 1024, 'b')])
    for (const name of await readdir(directory))
      expect(Buffer.compare(await readFile(path.join(directory, name)), wanted)).toBe(0)
    expect(await readdir(directory)).toContain('a.bin')
  })
})

describe('what is told of files that changed while they were read', () => {
  const fileOf = (name: string, state: FetchedFile['state']): FetchedFile => ({
    path: name,
    local: path.join(directory, 'ana', name),
    sizeBytes: 1,
    modified: new Date(0).toISOString(),
    changed: new Date(0).toISOString(),
    state,
  })
  const resultOf = (outcome: CollectResult['outcome'], ...files: FetchedFile[]): CollectResult => ({
    outcome,
    directory,
    people: [{login: 'ana', name: 'Ana', state: 'failed', files, skipped: [], problem: 'b changed'}],
  })

  it('counts what is here, and no more', async () => {
    const result = resultOf('collected', fileOf('a', 'new'), fileOf('b', 'changed'))
    expect(renderCollect(result)).toContain('Collected 1 file from 1 person')
    const csv = await readFile(await writeCollectedCsv({host: realHost()}, result), 'utf8')
    expect(csv).toMatch(/^ana,Ana,handed in,a,.*,ana\/a\r$/m)
    expect(csv).toMatch(/^ana,Ana,changed while it was read,b,.*,\r$/m)
  })

  it('names in the table what was not read', async () => {
    const skipped = [{path: 'hw1.ipynb', why: 'it is a link'}]
    const people = [{login: 'ana', name: 'Ana', state: 'nothing', files: [], skipped}] as const
    const csv = await readFile(
      await writeCollectedCsv({host: realHost()}, {outcome: 'collected', directory, people}),
      'utf8',
    )
    expect(csv).toMatch(/^ana,Ana,nothing,,.*\r$/m)
    expect(csv).toMatch(/^ana,Ana,not read: it is a link,hw1\.ipynb,.*\r$/m)
  })

  it('counts in a dry run what is missing', () => {
    expect(renderCollect(resultOf('dry run', fileOf('a', 'new'), fileOf('b', 'here')))).toContain(
      'Would collect 1 file from 1 person',
    )
  })
})

describe('names on this computer', () => {
  it('are told apart where a system does not tell large and small letters apart', () => {
    const names = [...localNames(['straße', 'STRASSE', 'ſ', 's']).values()]
    expect(new Set(names.map((name) => name.toUpperCase())).size).toBe(4)
  })

  it.each(['COM¹.txt', 'lpt³', 'CONIN$', 'conout$.txt', 'nul .txt'])('are none of a device: %s', (name) => {
    expect(localNames([name]).get(name)).toBe(`_${name}`)
  })

  it.each([' ', '.'])('do not end in "%s" where they were cut either', (sign) => {
    const long = `${'x'.repeat(199)}${sign}${'y'.repeat(30)}`
    expect(localNames([long]).get(long)).toMatch(/^x{199}_?$/)
  })

  it.each([
    ['signs that a system cannot have', (digits: string) => digits.replaceAll('0', '<').replaceAll('1', '>')],
    ['an end that is too long', (digits: string) => `${'x'.repeat(230)}${digits}`],
  ])('are all different where somebody chose many that come to the same: %s', (_what, nameOf) => {
    const chosen = Array.from({length: 20_000}, (_, number) => nameOf(number.toString(2).padStart(20, '0')))
    expect(new Set(localNames(chosen).values()).size).toBe(chosen.length)
  })
})
