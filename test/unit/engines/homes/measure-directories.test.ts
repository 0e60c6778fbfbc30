import {mkdir, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {measureDirectories, measureDisk, parseDisk} from '../../../../src/engines/homes/measure-directories.js'
import {JhubError} from '../../../../src/errors.js'
import {realCommands} from '../../../../src/host/processes/real-commands.js'

const run = (argv: readonly string[], options = {}) => realCommands.run(argv, options)
const {signal} = new AbortController()

describe('what directories hold', () => {
  let place: string
  beforeEach(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'jhub-measure-'))
    await mkdir(path.join(place, 'ana', 'deep'), {recursive: true})
    await mkdir(path.join(place, 'ben'))
    await writeFile(path.join(place, 'ana', 'deep', 'big'), Buffer.alloc(3 * 1024 ** 2, 1))
    await symlink(path.join(place, 'ana'), path.join(place, 'ben', 'link'))
  })
  afterEach(() => rm(place, {recursive: true}))

  it('is measured in each, without following links', async () => {
    const [ana, ben] = ['ana', 'ben'].map((name) => path.join(place, name)) as [string, string]
    const measured = await measureDirectories(run, [ana, ben, path.join(place, 'nobody')], signal)
    expect([...measured.keys()].toSorted()).toEqual([ana, ben])
    expect(measured.get(ana)).toBeGreaterThanOrEqual(3 * 1024 ** 2)
    expect(measured.get(ben)).toBeLessThan(1024 ** 2)
  })

  it('is not looked for once nobody waits for it', async () => {
    expect(await measureDirectories(run, [place], AbortSignal.abort())).toEqual(new Map())
  })

  it('leaves out what cannot be counted in time', async () => {
    const slow = (argv: readonly string[]) =>
      argv.includes('slow')
        ? Promise.reject(new JhubError('JHUB-E501', 'took too long'))
        : Promise.resolve({stdout: '12\tquick\n', stderr: '', exitCode: 0})
    expect(await measureDirectories(slow, ['slow', 'quick'], signal)).toEqual(new Map([['quick', 12 * 1024]]))
  })

  it('is on a disk of some size', async () => {
    const disk = await measureDisk(run, place)
    expect(disk?.totalBytes).toBeGreaterThan(disk?.freeBytes ?? Infinity)
  })

  it.each([
    [
      'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 1000 400 600 40% /\n',
      {totalBytes: 1000, freeBytes: 600},
    ],
    [
      'Filesystem 1024-blocks Used Available Capacity Mounted on\nmap auto 12 home 50 10 40 20% /my home\n',
      {totalBytes: 50, freeBytes: 40},
    ],
    ['df: no such directory\n', undefined],
  ])('is read from df', (text, kibibytes) => {
    const bytes =
      kibibytes === undefined
        ? undefined
        : {totalBytes: kibibytes.totalBytes * 1024, freeBytes: kibibytes.freeBytes * 1024}
    expect(parseDisk(text)).toEqual(bytes)
  })
})
