import {existsSync} from 'node:fs'
import {chmod, chown, mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {Readable} from 'node:stream'
import {text} from 'node:stream/consumers'
import {zstdDecompressSync} from 'node:zlib'
import {extract} from 'tar-stream'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {wireContext} from '../../src/cli/wire.js'
import type {Home} from '../../src/engines/homes/homes-keeper.js'
import type {HubContext} from '../../src/hub/session/hub-context.js'
import {resetFiles, type ResetResult} from '../../src/hub/files/reset.js'
import {newPerson, type Person} from '../commands/person.js'
import {newFault, type Fault} from '../fakes/fault.js'

const numbers = new Map([
  ['ana', 200_001],
  ['ben', 200_002],
])
const wanted = new Map([
  ['hw1.ipynb', 'by '],
  ['work/deep/a.txt', 'deep in the home of '],
  ['work/b.txt', 'beside it, of '],
])

let person: Person
let homes: string
let run: number
beforeEach(async () => {
  person = await newPerson()
  run = 0
  await person.writeSpec(
    'version: 1\nname: jhub\nmode: vm\nvm: {machine: process}\nusers:\n  ana: {groups: [class]}\n  ben: {groups: [class]}\ngroups: {class: {}}\n',
  )
  homes = path.join(person.directory, 'data', 'jhub', 'homes')
  await mkdir(homes, {recursive: true})
  for (const place of [homes, path.dirname(homes), path.join(person.directory, 'data')]) await chmod(place, 0o711)
  await person.startHub()
  await fill()
})
afterEach(() => person.leave())

async function fill(): Promise<void> {
  for (const [name, number] of numbers) {
    for (const [file, words] of wanted) {
      await mkdir(path.join(homes, name, path.dirname(file)), {recursive: true})
      await writeFile(path.join(homes, name, file), words + name)
    }
    if (process.getuid?.() !== 0) continue
    for (const file of ['', ...(await readdir(path.join(homes, name), {recursive: true}))])
      await chown(path.join(homes, name, file), number, number)
  }
}

/** A jhub that can be killed before each of its changes: of its own files, of an archive, and of a home. */
function killable(fault: Fault): HubContext {
  const context = wireContext({
    root: process.cwd(),
    command: 'files reset',
    signal: new AbortController().signal,
    lockTimeoutMs: 1000,
    onEvent: () => undefined,
    agree: async () => false,
  })
  const {files, archives} = context.host
  run++
  const changing =
    <Words extends readonly unknown[], T>(what: string, change: (...words: Words) => Promise<T>) =>
    async (...words: Words): Promise<T> => {
      fault.beforeChange(what)
      return change(...words)
    }
  /** Its programs are killed with it, half way through a home. */
  const killableHome = (home: Home, user: string): Home => ({
    ...home,
    async empty() {
      fault.beforeChange('empty')
      await rm(path.join(homes, user, 'work', 'deep'), {recursive: true, force: true})
      fault.beforeChange('empty the rest')
      await home.empty()
    },
  })
  return {
    ...context,
    host: {
      ...context.host,
      files: {
        ...files,
        write: changing('write', files.write.bind(files)),
        makeDirectory: changing('make a directory', files.makeDirectory.bind(files)),
        remove: changing('remove', files.remove.bind(files)),
      },
      archives: {
        ...archives,
        async create(file, partial) {
          fault.beforeChange('begin an archive')
          const made = await archives.create(file, partial)
          return {
            addFile: changing('add a file', (entry, content) => made.addFile(entry, content)),
            addDirectory: changing('add a directory', (entry) => made.addDirectory(entry)),
            addLink: changing('add a link', (entry) => made.addLink(entry)),
            close: changing('close an archive', (whole) =>
              made.close(async () => {
                await whole()
                fault.beforeChange('name an archive')
              }),
            ),
            async abandon() {
              await made.abandon()
              if (fault.isKilled()) await writeFile(partial, 'half of it')
            },
          }
        },
      },
    },
    async chooseEngine(...words) {
      const choice = await context.chooseEngine(...words)
      const {files: keeper} = choice.engine.homes
      if (keeper === undefined) return choice
      const visit: typeof keeper.visit = (visited, work) =>
        keeper.visit(visited, (home) => work(killableHome(home, visited.user)))
      return {...choice, engine: {...choice.engine, homes: {...choice.engine.homes, files: {...keeper, visit}}}}
    },
  }
}

const out = (...parts: string[]) => path.join(person.directory, ...parts)

async function reset(fault: Fault, directory?: string): Promise<ResetResult> {
  return resetFiles(killable(fault), {
    group: 'class',
    directory: directory === undefined ? undefined : out(directory),
    newDirectory: out(`reset-${String(run)}`),
    most: {files: 100, bytes: 2 ** 30, filesEver: 100},
    dryRun: false,
    confirm: async () => undefined,
    keep: async () => undefined,
  })
}

/** The tests' own process does not end with the jhub that was killed: what it left is as of one that did. */
async function die(): Promise<void> {
  for (const place of await places())
    for (const name of await readdir(out(place)))
      if (name.endsWith('.part'))
        await rename(out(place, name), out(place, name.replace(/^(\.jhub-[\da-f]{8}-\d+-)[\da-f]{8}/, '$100000000')))
}

const places = async () => (await readdir(person.directory)).filter((name) => /^reset-|^out$/.test(name))

/** Whose home is archived, and as it was. */
async function resetKilledBeforeItEmpties(): Promise<string> {
  const fault = newFault()
  const beforeChange = (what: string) => {
    if (what === 'empty') fault.killAt = 0
    fault.beforeChange(what)
  }
  await reset({...fault, beforeChange}, 'out').catch(() => undefined)
  await die()
  const [name = ''] = (await readdir(out('out'))).filter((each) => each.endsWith('.tar.zst'))
  return path.basename(name, '.tar.zst')
}

async function archived(file: string): Promise<ReadonlyMap<string, string>> {
  const tar = extract()
  Readable.from([zstdDecompressSync(await readFile(file))]).pipe(tar)
  const found = new Map<string, string>()
  for await (const entry of tar) {
    const body = await text(entry)
    if (entry.header.type === 'file') found.set(entry.header.name, body)
  }
  return found
}

/** One archive for each person, with all that they had, in one directory; empty homes, and nothing that was begun. */
async function expectDone(when: string): Promise<void> {
  const archives = (
    await Promise.all(
      (await places()).map(async (place) => (await readdir(out(place))).map((name) => path.join(place, name))),
    )
  ).flat()
  expect(archives.map((name) => path.basename(name)).toSorted(), when).toEqual(['ana.tar.zst', 'ben.tar.zst'])
  for (const file of archives) {
    const name = path.basename(file, '.tar.zst')
    const all = new Map([...wanted].map(([each, words]) => [each, words + name]))
    expect(new Map([...(await archived(out(file)))].toSorted()), when).toEqual(new Map([...all].toSorted()))
    expect(await readdir(path.join(homes, name)), when).toEqual([])
  }
  const kept = (await readdir(out('state', 'jhub'))).filter((name) => name.startsWith('reset-'))
  expect(kept, when).toEqual([])
}

describe('a reset that was killed', () => {
  it.each([undefined, 'out'])(
    'before any change has one archive of each person in the end (--to %s)',
    async (to) => {
      const whole = newFault()
      await reset(whole, to)
      await expectDone('not killed')
      expect(whole.changes).toContain('empty the rest')
      for (let change = 0; change < whole.changes.length; change++) {
        const when = `killed before ${String(change)}: ${whole.changes[change] ?? ''}`
        for (const name of await readdir(person.directory))
          if (/^reset-|^out$/.test(name)) await rm(out(name), {recursive: true})
        await fill()
        const fault = newFault()
        fault.killAt = change
        await reset(fault, to).catch(() => undefined)
        await die()
        await reset(newFault(), to)
        await expectDone(when)
      }
    },
    240_000,
  )

  it('archives once more what somebody changed in the meantime, and loses nothing', async () => {
    const who = await resetKilledBeforeItEmpties()
    const name = `${who}.tar.zst`
    await writeFile(path.join(homes, who, 'hw1.ipynb'), 'changed')
    await reset(newFault(), 'out')
    expect((await archived(out('out', name))).get('hw1.ipynb')).toBe(`by ${who}`)
    expect((await archived(out('out', `${who}~2.tar.zst`))).get('hw1.ipynb')).toBe('changed')
  })

  it('takes no other file of that name for its archive', async () => {
    const who = await resetKilledBeforeItEmpties()
    const name = `${who}.tar.zst`
    await writeFile(out('out', name), 'of yesterday')
    await reset(newFault(), 'out')
    expect((await archived(out('out', `${who}~2.tar.zst`))).size).toBe(wanted.size)
    expect(existsSync(path.join(homes, who, 'hw1.ipynb'))).toBe(false)
  })
})
