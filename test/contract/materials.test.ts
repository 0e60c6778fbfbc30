import {execFileSync} from 'node:child_process'
import {chmod, mkdir, mkdtemp, readFile, readlink, realpath, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {vmCommonFiles} from '../../src/engines/vm/homes/common-files.js'
import {machineLayout} from '../../src/engines/vm/machines/layout.js'
import {realChecksums} from '../../src/host/files/real-checksums.js'
import {realCommands} from '../../src/host/processes/real-commands.js'
import {realFiles} from '../../src/host/files/real-files.js'
import type {HubSpec} from '../../src/hub-spec/hub-spec.js'
import {parseHubSpec} from '../../src/hub-spec/parse-hub-spec.js'
import {planSteps, runSteps, type StepEvent} from '../../src/steps/run-steps.js'
import type {Step} from '../../src/steps/step.js'
import {assets} from '../fakes/fake-context.js'
import {fakeMachine} from '../fakes/fake-machine.js'

// Linux alone says where an open file is.
const exchanges = ['a link', 'a pipe', ...(process.platform === 'linux' ? ['a link above it'] : [])]

let directory: string
let source: string
let events: StepEvent[]
let asked: string[]
/** How many more requests are answered. */
let answers: number
beforeEach(async () => {
  directory = await realpath(await mkdtemp(path.join(tmpdir(), 'jhub-materials-')))
  source = path.join(directory, 'materials')
  events = []
  asked = []
  answers = Infinity
  await mkdir(path.join(source, 'Übung 1'), {recursive: true})
  await writeFile(path.join(source, 'a.ipynb'), '{}')
  await writeFile(path.join(source, 'Übung 1', 'データ.csv'), '1,2')
  await mkdir(path.join(directory, 'hub'))
})
afterEach(() => rm(directory, {recursive: true, force: true}))

const layout = () => machineLayout(path.join(directory, 'hub'), path.join(directory, 'data'))
const seen = (...parts: string[]) => path.join(layout().materials, 'current', ...parts)
const isThere = async (file: string) => (await realFiles.stat(file)) !== undefined

function files(local = realFiles, checksums = realChecksums) {
  const {machine} = fakeMachine(8000)
  return vmCommonFiles({
    machine: {
      ...machine,
      files: realFiles,
      layout: layout(),
      async run(argv, options) {
        const request = JSON.parse(options?.stdin?.split('\n')[1] ?? '') as {do: string}
        if (answers-- <= 0) throw new Error('the line broke')
        asked.push(request.do)
        return realCommands.run(argv, options)
      },
    },
    local,
    checksums,
    assets,
    python: async () => 'python3',
  })
}

function specWith(wanted: Partial<HubSpec['files']>): HubSpec {
  const spec = parseHubSpec('version: 1\nname: fake\nmode: vm\n')
  return {...spec, files: {...spec.files, ...wanted}}
}

const materials = (local = realFiles) => files(local).materials(specWith({materials: source}))
const run = (step: Step) =>
  runSteps([step], {signal: new AbortController().signal, onEvent: (event) => events.push(event), keepOnFailure: true})
const planned = async (step: Step) => (await planSteps([step])).map(({summary}) => summary).join()
const notes = () => events.flatMap((event) => (event.type === 'note' ? [event.text] : [])).join('\n')

describe('the materials of a hub', () => {
  it('are copied, names in any script, and not again', async () => {
    expect(await planned(materials())).toBe(`copy the materials: 2 files of ${source}`)
    await run(materials())
    expect(await readFile(seen('Übung 1', 'データ.csv'), 'utf8')).toBe('1,2')
    expect(notes()).toContain('as "materials"')
    expect(await planned(materials())).toBe('')
    asked = []
    expect(await run(materials())).toEqual([])
    expect(asked).toEqual(['compare'])
  })

  it('are read once, not once to look and once to copy', async () => {
    const read: string[] = []
    const counting = {
      ...realChecksums,
      ofPlain: (file: string) => {
        read.push(path.basename(file))
        return realChecksums.ofPlain(file)
      },
    }
    await run(files(realFiles, counting).materials(specWith({materials: source})))
    expect(read.toSorted()).toEqual(['a.ipynb', 'データ.csv'])
  })

  it('are replaced whole, and only what is new is sent', async () => {
    await run(materials())
    const before = await readlink(seen())
    await writeFile(path.join(source, 'b.txt'), 'more')
    await rm(path.join(source, 'a.ipynb'))
    expect(await planned(materials())).toBe(`update the materials: 2 files of ${source}`)
    await run(materials())
    expect(await readlink(seen())).not.toBe(before)
    expect(await isThere(seen('a.ipynb'))).toBe(false)
    expect(await readFile(seen('b.txt'), 'utf8')).toBe('more')
  })

  it('follow no link, and say what they left out', async () => {
    await writeFile(path.join(directory, 'secret'), 'secret')
    await symlink(path.join(directory, 'secret'), path.join(source, 'outside'))
    await symlink(directory, path.join(source, 'up'))
    await writeFile(path.join(source, '.git'), 'hidden')
    await run(materials())
    for (const name of ['outside', 'up', '.git']) expect(await isThere(seen(name))).toBe(false)
    expect(notes()).toContain('outside')
    expect(notes()).toContain('.git')
  })

  it.each(exchanges)('do not show what takes the place of a file while they are read: %s', async (kind) => {
    const above = path.join(source, 'Übung 1')
    const file = path.join(above, 'データ.csv')
    const elsewhere = path.join(directory, 'elsewhere')
    await mkdir(elsewhere)
    await writeFile(path.join(elsewhere, 'データ.csv'), 'secret')
    const exchanging = {
      ...realFiles,
      stat: async (asked: string) => {
        const facts = await realFiles.stat(asked)
        if (asked !== file) return facts
        await rm(kind === 'a link above it' ? above : file, {recursive: true})
        if (kind === 'a link above it') await symlink(elsewhere, above)
        else if (kind === 'a link') await symlink(path.join(elsewhere, 'データ.csv'), file)
        else execFileSync('mkfifo', [file])
        return facts
      },
    }
    await expect(run(materials(exchanging))).rejects.toMatchObject({code: 'JHUB-E202'})
    expect(await isThere(seen())).toBe(false)
  })

  it('are refused where a file gets shorter while it is copied', async () => {
    const shortening = {
      ...realFiles,
      readPlainBytes: async (...asked: Parameters<typeof realFiles.readPlainBytes>) => {
        await writeFile(asked[0], '')
        return realFiles.readPlainBytes(...asked)
      },
    }
    const message = expect.stringMatching(/ changed while it was copied$/) as string
    await expect(run(materials(shortening))).rejects.toMatchObject({code: 'JHUB-E232', message})
    expect(await isThere(seen())).toBe(false)
  })

  it('may be named by a link', async () => {
    const link = path.join(directory, 'link')
    await symlink(source, link)
    const spec = specWith({materials: link})
    expect(await files().findings(spec)).toMatchObject([{state: 'ok'}])
    await run(files().materials(spec))
    expect(await readFile(seen('a.ipynb'), 'utf8')).toBe('{}')
    expect(await planned(files().materials(spec))).toBe('')
  })

  it.each([2, 4])('go on after the line broke at request %i, and people see those of before', async (count) => {
    await run(materials())
    await writeFile(path.join(source, 'a.ipynb'), 'x'.repeat(9 * 1024 ** 2))
    answers = count
    await expect(run(materials())).rejects.toThrow('the line broke')
    expect(await readFile(seen('a.ipynb'), 'utf8')).toBe('{}')
    answers = Infinity
    asked = []
    await run(materials())
    expect((await stat(seen('a.ipynb'))).size).toBe(9 * 1024 ** 2)
    // What came before the break is not sent again.
    expect(asked.filter((verb) => verb === 'write')).toHaveLength(3 - Math.max(0, count - 2))
    expect(await planned(materials())).toBe('')
  })

  it('are repaired where somebody changed them on the hub', async () => {
    await run(materials())
    await chmod(seen('a.ipynb'), 0o644)
    expect(await planned(materials())).toContain('update the materials')
    await run(materials())
    expect((await stat(seen('a.ipynb'))).mode & 0o777).toBe(0o444)
  })

  it('stay while the directory is not on this computer, and a new hub is refused', async () => {
    const spec = specWith({materials: source})
    await run(materials())
    await rm(source, {recursive: true})
    expect(await planned(materials())).toBe('')
    expect(await files().findings(spec)).toMatchObject([{check: 'materials', state: 'warning'}])
    await rm(layout().materials, {recursive: true})
    expect(await files().findings(spec)).toMatchObject([{state: 'problem', found: `there is no ${source}`}])
  })

  it('go when the settings file names none', async () => {
    await run(materials())
    await run(files().materials(specWith({})))
    expect(await isThere(layout().materials)).toBe(false)
    expect(await planned(files().materials(specWith({})))).toBe('')
  })

  it('are refused where the disk has no room, before anything is sent', async () => {
    await run(materials())
    const large = path.join(source, 'large.bin')
    await writeFile(large, '')
    const keeper = files().materials(specWith({materials: source}))
    const huge = {
      ...realFiles,
      stat: async (file: string) => {
        const facts = await realFiles.stat(file)
        return facts === undefined || file !== large ? facts : {...facts, sizeBytes: 2 ** 60}
      },
    }
    const {machine} = fakeMachine(8000)
    const full = vmCommonFiles({
      machine: {...machine, files: realFiles, layout: layout(), run: (...words) => realCommands.run(...words)},
      local: huge,
      checksums: realChecksums,
      assets,
      python: async () => 'python3',
    }).materials(specWith({materials: source}))
    await expect(run(full)).rejects.toMatchObject({code: 'JHUB-E209'})
    expect(await isThere(seen('large.bin'))).toBe(false)
    await run(keeper)
  })
})

describe('the shared directory of a hub', () => {
  it('is opened where the settings file says so, and closed with what is in it', async () => {
    const [open] = files().shared(specWith({shared: true}))
    const [close] = files().shared(specWith({}))
    if (open === undefined || close === undefined) throw new Error('a step is missing')
    await mkdir(layout().data)
    expect(await planned(close)).toBe('')
    expect(await planned(open)).toBe('make the directory that everybody can write to')
    await run(open)
    expect((await stat(layout().shared)).mode & 0o7777).toBe(0o1777)
    expect(await planned(open)).toBe('')
    await writeFile(path.join(layout().shared, 'x'), 'x')
    await run(close)
    expect((await stat(layout().shared)).mode & 0o7777).toBe(0o700)
    expect(await planned(close)).toBe('')
    await run(open)
    expect(await readFile(path.join(layout().shared, 'x'), 'utf8')).toBe('x')
  })
})
