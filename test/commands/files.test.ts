import {execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {
  chmod,
  chown,
  link,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import path from 'node:path'
import {Readable} from 'node:stream'
import {setTimeout} from 'node:timers/promises'
import {text} from 'node:stream/consumers'
import {zstdDecompressSync} from 'node:zlib'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {writeCollectedCsv} from '../../src/cli/files/collected-csv.js'
import {wireContext} from '../../src/cli/wire.js'
import {JhubError} from '../../src/errors.js'
import {newPartFile} from '../../src/host/files/part-files.js'
import {realHost} from '../../src/host/real-host.js'
import {collect as collectFiles, type CollectResult} from '../../src/hub/files/collect.js'
import {resetFiles, type ResetResult} from '../../src/hub/files/reset.js'
import type {SendResult} from '../../src/hub/files/send.js'
import {atTerminal} from './terminal.js'
import {newPerson, type Person} from './person.js'

const isRoot = process.getuid?.() === 0
const numbers = new Map([
  ['ana', 200_001],
  ['ben', 200_002],
])

let person: Person
let homes: string
beforeEach(async () => {
  person = await newPerson()
  await person.writeSpec(
    'version: 1\nname: jhub\nmode: vm\nvm: {machine: process}\nusers:\n  boss: {admin: true}\n  ana: {name: Ana López, groups: [class]}\n  ben: {groups: [class]}\n  mia@uni.example: {}\ngroups: {class: {}}\n',
  )
  homes = path.join(person.directory, 'data', 'jhub', 'homes')
  await mkdir(homes, {recursive: true})
  for (const place of [homes, path.dirname(homes), path.join(person.directory, 'data')]) await chmod(place, 0o711)
  for (const name of numbers.keys()) await mkdir(home(name), {mode: 0o700})
  await give('ana', '.')
  await give('ben', '.')
})
afterEach(() => person.leave())

const home = (name: string, ...parts: string[]) => path.join(homes, name, ...parts)
const here = (...parts: string[]) => path.join(person.directory, 'out', ...parts)
const give = async (name: string, file: string) => {
  const number = numbers.get(name) ?? 0
  if (isRoot) await chown(home(name, file), number, number)
}
const put = async (name: string, file: string, text: string) => {
  const directory = path.dirname(file)
  await mkdir(home(name, directory), {recursive: true})
  await writeFile(home(name, file), text)
  for (let each = directory; each !== '.'; each = path.dirname(each)) await give(name, each)
  await give(name, file)
}
const collect = (pattern = "'hw1.ipynb'") => person.type(`files collect ${pattern.replaceAll("'", '')} --to ${here()}`)
const contextFor = (command: string, signal: AbortSignal) =>
  wireContext({
    root: process.cwd(),
    command,
    signal,
    lockTimeoutMs: 1000,
    onEvent: () => undefined,
    agree: async () => false,
  })
const csvOf = async () => {
  const name = (await readdir(here())).find((each) => each.endsWith('.csv')) ?? ''
  return readFile(here(name), 'utf8')
}

describe('files collect', () => {
  it('makes a directory for each person and a table of who handed in what', async () => {
    await put('ana', 'hw1.ipynb', 'by ana')
    await put('ben', 'work/hw1.ipynb', 'too deep')
    const said = await collect()
    expect(said.exitCode, said.stderr).toBe(0)
    expect(await readFile(here('ana', 'hw1.ipynb'), 'utf8')).toBe('by ana')
    expect(await readdir(here())).toHaveLength(2)
    expect(said.stdout).toContain('Collected 1 file from 1 person')
    expect(said.stdout).toContain('No matching file: ben')
    expect(said.stdout).toContain('Never had a server: mia@uni.example')
    const csv = await csvOf()
    expect(csv).toMatch(/^ana,Ana López,handed in,hw1\.ipynb,6,\d{4}-.*,ana\/hw1\.ipynb\r$/m)
    expect(csv).toMatch(/^ben,ben,nothing,/m)
    expect(csv).toMatch(/^mia@uni\.example,mia@uni\.example,no home,/m)
    expect(csv).not.toContain('boss')
  })

  it('makes a directory that nobody else on this computer may enter, and leaves one that is there as it is', async () => {
    await put('ana', 'hw1.ipynb', 'by ana')
    await person.type(`files collect hw1.ipynb --to ${here('class', 'hw1')}`)
    expect((await stat(here('class'))).mode & 0o777).toBe(0o700)
    expect((await stat(here('class', 'hw1'))).mode & 0o777).toBe(0o700)
    await chmod(here(), 0o750)
    await collect()
    expect((await stat(here())).mode & 0o777).toBe(0o750)
  })

  it('goes on where it stopped, and puts a later version beside the earlier one', async () => {
    await put('ana', 'hw1.ipynb', 'first')
    await collect()
    const before = await stat(here('ana', 'hw1.ipynb'))
    const again = (await person.json(`files collect hw1.ipynb --to ${here()}`)) as CollectResult
    expect(again.people[0]?.files[0]?.state).toBe('here')
    expect((await stat(here('ana', 'hw1.ipynb'))).ino).toBe(before.ino)
    // The time that a person can set is the same; the one that only the system sets is not.
    const {mtime, atime} = await stat(home('ana', 'hw1.ipynb'))
    await writeFile(home('ana', 'hw1.ipynb'), 'other')
    await utimes(home('ana', 'hw1.ipynb'), atime, mtime)
    await utimes(here('ana', 'hw1.ipynb'), 1, 1)
    const later = (await person.json(`files collect hw1.ipynb --to ${here()}`)) as CollectResult
    const [file] = later.people[0]?.files ?? []
    expect(file?.state).toBe('beside')
    expect(path.basename(file?.local ?? '')).toMatch(/^hw1 \(\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\)\.ipynb$/)
    expect(await readFile(file?.local ?? '', 'utf8')).toBe('other')
    expect(await readFile(here('ana', 'hw1.ipynb'), 'utf8')).toBe('first')
  })

  it('follows no link out of a home, and waits for nothing that is not a file', async () => {
    await put('ben', 'secret/hw1.ipynb', 'what ben wrote')
    await put('ana', 'fine/hw1.ipynb', 'by ana')
    await writeFile(path.join(person.directory, 'outside.ipynb'), 'of the teacher')
    await symlink(path.join(person.directory, 'outside.ipynb'), home('ana', 'hw1.ipynb'))
    await symlink(home('ben', 'secret'), home('ana', 'linked'))
    await symlink('/etc', home('ana', 'etc'))
    execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', home('ana', 'hw1.fifo')])
    if (isRoot) execFileSync('mknod', [home('ana', 'hw1.null'), 'c', '1', '3'])
    await mkdir(home('ana', 'hw1.closed'), {mode: 0})
    await give('ana', 'hw1.closed')
    const said = await person.type(`files collect **/hw1* --to ${here()}`)
    expect(said.exitCode, said.stderr).toBe(0)
    expect(await readdir(here('ana'))).toEqual(['fine'])
    expect(said.stdout).toContain('ana: hw1.ipynb: it is a link')
    expect(said.stdout).toContain('ana: hw1.fifo: it is not a file')
    expect(await readFile(here('ben', 'secret', 'hw1.ipynb'), 'utf8')).toBe('what ben wrote')
    for (const pattern of ['linked/hw1.ipynb', 'linked', 'etc/passwd', 'etc/**']) {
      expect((await person.type(`files collect ${pattern} --to ${here('again')}`)).exitCode).toBe(0)
    }
    expect(existsSync(here('again', 'ana'))).toBe(false)
    expect((await person.type(`files collect ../ben/** --to ${here()}`)).stderr).toContain('is not a path below a home')
  })

  it('says which files their owner closed, and takes the others', async () => {
    await put('ana', 'closed.ipynb', 'by ana')
    await put('ana', 'open.ipynb', 'by ana')
    await chmod(home('ana', 'closed.ipynb'), 0)
    const said = await collect('*.ipynb')
    expect(said.exitCode, said.stderr).toBe(0)
    expect(said.stdout).toContain('ana: closed.ipynb: permission denied')
    expect(await readdir(here('ana'))).toEqual(['open.ipynb'])
    expect(await csvOf()).toMatch(/^ana,Ana López,not read: permission denied,closed\.ipynb,/m)
  })

  it('gives every name a place that this computer takes', async () => {
    const names = [
      '=cmd()|x.ipynb',
      'a\nb\u001B[31m.ipynb',
      'CON.ipynb',
      'naïve – 作业.ipynb',
      'A.ipynb',
      'a.ipynb',
      'x:y?.ipynb',
    ]
    for (const name of names) await put('ana', name, name)
    await put('ana', `${'long'.repeat(60)}.ipynb`, 'long')
    execFileSync('sh', ['-c', `printf x > '${home('ana')}/'$(printf 'bad\\377.ipynb')`])
    const said = await person.type(`files collect *.ipynb --to ${here()}`)
    expect(said.exitCode, said.stderr).toBe(0)
    const found = await readdir(here('ana'))
    expect(found).toHaveLength(names.length + 2)
    expect(found).toEqual(
      expect.arrayContaining([
        '=cmd()_x.ipynb',
        '_CON.ipynb',
        'naïve – 作业.ipynb',
        'A.ipynb',
        'a~2.ipynb',
        'x_y_.ipynb',
      ]),
    )
    for (const name of found) expect(name).toMatch(/^[^\p{Cc}<>:"/\\|?*]{1,210}$/u)
    // Excel runs no formula that a student wrote.
    expect(await csvOf()).toContain(`,'=cmd()|x.ipynb,`)
  })

  it('collects from the others, whatever one person made of a file that is here already', async () => {
    await put('ana', 'project', 'a file')
    await put('ben', 'project/hw1.ipynb', 'by ben')
    await collect('project')
    await rm(home('ana', 'project'))
    await rm(home('ben', 'project'), {recursive: true})
    await put('ana', 'project/deep/hw1.ipynb', 'by ana')
    await put('ben', 'project', 'now a file')
    const said = await collect('project')
    expect(said.exitCode, said.stderr).toBe(0)
    expect(await readFile(here('ana', 'project'), 'utf8')).toBe('a file')
    expect(await readFile(here('ana', 'project~2', 'deep', 'hw1.ipynb'), 'utf8')).toBe('by ana')
    expect(await readFile(here('ben', 'project', 'hw1.ipynb'), 'utf8')).toBe('by ben')
    expect((await readdir(here('ben'))).filter((name) => name.startsWith('project ('))).toHaveLength(1)
    const again = (await person.json(`files collect project --to ${here()}`)) as CollectResult
    expect(again.people.flatMap(({files}) => files.map(({state}) => state))).toEqual(['here', 'here'])
  })

  it('collects from the others where this computer has no room for the files of one, or may not write them', async () => {
    await put('ben', 'hw1.bin', 'by ben')
    await put('ana', 'hw1.bin', '')
    await truncate(home('ana', 'hw1.bin'), 2 ** 42)
    const large = await person.type(`files collect hw1.bin --to ${here()} --max-size 8192G`)
    expect(large.exitCode, large.stderr).toBe(7)
    expect(large.stdout).toMatch(/this computer has room for only \S+ \(jhub leaves 64M free\)/)
    expect(await readFile(here('ben', 'hw1.bin'), 'utf8')).toBe('by ben')
    await truncate(home('ana', 'hw1.bin'), 3)
    await writeFile(here('ana'), 'a file in the way')
    const closed = await person.type(`files collect hw1.bin --to ${here()}`)
    expect(closed.exitCode, closed.stderr).toBe(7)
    expect(closed.stdout).toMatch(/^ana .*a file is in the way$/m)
    expect(closed.stderr).toContain('Look at the notes above, then run the same command again')
    expect(closed.stderr).not.toContain('narrower pattern')
    expect(await csvOf()).toMatch(/^ben,ben,handed in,hw1\.bin,/m)
  })

  it('shows what was found also where its table cannot be written', async () => {
    const said = await person.type('files collect none.ipynb --to /proc/self/task')
    expect(said.exitCode).not.toBe(0)
    expect(said.stdout).toContain('No matching file: ana, ben')
  })

  it('stops at the limits, with that person alone', async () => {
    await put('ben', 'hw1.txt', 'by ben')
    for (let n = 0; n < 12; n++) await put('ana', `hw${String(n)}.txt`, 'x')
    const many = await person.type(`files collect *.txt --to ${here()} --max-files 10`)
    expect(many.exitCode).toBe(7)
    expect(many.stdout).toContain('more than 10 files: narrow the pattern')
    expect(many.stderr).toContain('Choose fewer files with a narrower pattern')
    expect(many.stderr).not.toContain('Run the same command again')
    expect(existsSync(here('ana'))).toBe(false)
    expect(await readFile(here('ben', 'hw1.txt'), 'utf8')).toBe('by ben')
    const large = await person.type(`files collect *.txt --to ${here()} --max-size 8`)
    expect(large.exitCode).toBe(7)
    expect(large.stdout).toContain('narrow the pattern, or raise --max-size')
  })

  it('takes large files whole and empty ones too, and writes nothing in a dry run', async () => {
    await put('ana', 'big.bin', 'x'.repeat(9 * 1024 * 1024 + 7))
    await put('ana', 'empty.bin', '')
    const dry = await person.type(`files collect *.bin --to ${here()} --dry-run`)
    expect(dry.stdout).toContain('Would collect 2 files from 1 person')
    expect(existsSync(here())).toBe(false)
    await person.type(`files collect *.bin --to ${here()}`)
    expect((await stat(here('ana', 'big.bin'))).size).toBe(9 * 1024 * 1024 + 7)
    expect((await stat(here('ana', 'empty.bin'))).size).toBe(0)
    expect(await readdir(here('ana'))).toEqual(['big.bin', 'empty.bin'])
  })
})

/** What a killed jhub leaves in a directory. */
const leavePart = async (directory: string) => {
  const {processes, ...host} = realHost()
  const killed = {...processes, startTime: () => Promise.resolve('before the last start of this computer')}
  const part = await newPartFile({...host, processes: killed}, directory)
  await mkdir(directory, {recursive: true})
  await writeFile(part, 'half of it')
}

describe('what a killed command left', () => {
  it('is removed by the next one', async () => {
    await person.startHub()
    await put('ana', 'hw1.ipynb', 'by ana')
    await leavePart(here('ana'))
    await collect()
    expect(await readdir(here('ana'))).toEqual(['hw1.ipynb'])
    await leavePart(here('archives'))
    const reset = `files reset --group class --to ${here('archives')} --confirm class`
    await person.type(`${reset} --dry-run`)
    expect(await readdir(here('archives'))).toHaveLength(1)
    await person.type(reset)
    expect(await readdir(here('archives'))).toEqual(['ana.tar.zst'])
  })
})

describe('a collect that ends early', () => {
  it.each(['Ctrl-C', 'a full disk'])('keeps a table of what is here (%s)', async (why) => {
    await put('ana', 'hw1.ipynb', 'by ana')
    await put('ben', 'hw1.ipynb', 'by ben')
    const interrupt = new AbortController()
    const context = contextFor('files collect', interrupt.signal)
    const failing = {
      ...context.host.files,
      appendBytes: async (file: string, bytes: Uint8Array) => {
        if (!Buffer.from(bytes).includes('ben')) return context.host.files.appendBytes(file, bytes)
        await expect.poll(() => existsSync(here('ana', 'hw1.ipynb'))).toBe(true)
        if (why === 'a full disk') throw new JhubError('JHUB-E209', 'There is no room left')
        interrupt.abort(new JhubError('JHUB-E130', 'Interrupted'))
        interrupt.signal.throwIfAborted()
      },
    }
    const keeping: CollectResult[] = []
    const collecting = collectFiles(
      {...context, host: {...context.host, files: failing}},
      {
        pattern: '*.ipynb',
        of: {group: 'class'},
        directory: here(),
        most: {files: 10, bytes: 1000, filesEver: 10},
        dryRun: false,
        keep: async (result) => {
          keeping.push(result)
          await writeCollectedCsv(context, result)
        },
      },
    )
    await expect(collecting).rejects.toMatchObject({code: why === 'a full disk' ? 'JHUB-E209' : 'JHUB-E130'})
    expect(keeping.map(({people}) => people.map(({login, state}) => [login, state]))).toEqual([
      [
        ['ana', 'handed in'],
        ['ben', 'not finished'],
      ],
    ])
    expect(await csvOf()).toMatch(/^ana,Ana López,handed in,hw1\.ipynb,/m)
    expect(await csvOf()).toMatch(/^ben,ben,not finished,/m)
    expect(await readdir(here('ana'))).toEqual(['hw1.ipynb'])
  })
})

describe('files reset', () => {
  const archive = (name: string) => path.join(person.directory, 'out', `${name}.tar.zst`)
  const reset = (more = '--confirm class') => person.type(`files reset --group class --to ${here()} ${more}`)
  const unpack = async (file: string) => {
    const entries = new Map<string, {readonly type: string; readonly text: string; readonly link: string | null}>()
    const {extract} = await import('tar-stream')
    const tar = extract()
    Readable.from([zstdDecompressSync(await readFile(file))]).pipe(tar)
    for await (const entry of tar) {
      const {name, type, linkname} = entry.header
      const body = await text(entry)
      entries.set(name, {type, text: body, link: linkname})
    }
    return entries
  }

  it('archives all that is in the homes of a group, and empties them', async () => {
    await person.startHub()
    await put('ana', 'work/deep/hw1 作业.ipynb', 'x'.repeat(5 * 1024 * 1024 + 3))
    await put('ana', '.hidden', 'h')
    await put('ana', 'empty.txt', '')
    await put('ben', 'hw1.ipynb', 'by ben')
    await symlink('/etc/passwd', home('ana', 'link'))
    execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', home('ana', 'pipe')])
    execFileSync('sh', ['-c', `printf x > '${home('ana')}/'$(printf 'bad\\377.ipynb')`])
    const dry = await reset('--dry-run')
    expect(dry.stdout).toContain('Would empty 2 homes.')
    expect(existsSync(here())).toBe(false)
    expect((await reset('--confirm other')).exitCode).toBe(2)
    const asked = await atTerminal('other\r', () => reset(''))
    expect(asked.stderr.replace(/\s+/g, ' ')).toContain(`in the homes of ana, ben in ${here()}, and then removes it.`)
    expect(await readFile(home('ben', 'hw1.ipynb'), 'utf8')).toBe('by ben')

    const said = await reset()
    expect(said.exitCode, said.stderr + said.stdout).toBe(0)
    expect(said.stdout).toContain(`Emptied 2 homes.\nWhat was in them: ${here()}`)
    expect(said.stdout).toContain('\nLook into one:\n  tar --zstd -tf ')
    expect(await readdir(home('ana'))).toEqual([])
    expect(await readdir(home('ben'))).toEqual([])
    expect((await stat(archive('ana'))).mode & 0o777).toBe(0o600)
    const entries = await unpack(archive('ana'))
    expect(entries.get('work/deep/hw1 作业.ipynb')?.text).toBe('x'.repeat(5 * 1024 * 1024 + 3))
    expect(entries.get('.hidden')?.text).toBe('h')
    expect(entries.get('empty.txt')).toMatchObject({type: 'file', text: ''})
    expect(entries.get('link')).toMatchObject({type: 'symlink', link: '/etc/passwd'})
    expect(entries.get('bad%FF.ipynb')?.text).toBe('x')
    expect(entries.get('work/deep')?.type ?? entries.get('work/deep/')?.type).toBe('directory')
    expect((await unpack(archive('ben'))).get('hw1.ipynb')?.text).toBe('by ben')
    const again = await reset()
    expect(again.stdout).toContain('Emptied 0 homes.')
  })

  it('removes nothing that cannot be archived or is more than was allowed, and writes over no archive', async () => {
    await person.startHub()
    await put('ana', 'closed/hw1.ipynb', 'by ana')
    await put('ben', 'hw1.ipynb', 'by ben')
    await chmod(home('ana', 'closed'), 0)
    const closed = await reset()
    expect(closed.exitCode).toBe(7)
    if (isRoot) expect(closed.stdout).toContain('closed cannot be archived (permission denied), so nothing was removed')
    await chmod(home('ana', 'closed'), 0o755)
    await chmod(home('ana', 'closed', 'hw1.ipynb'), 0)
    expect((await reset()).stdout).toContain(
      'closed/hw1.ipynb cannot be archived (permission denied), so nothing was removed',
    )
    await chmod(home('ana', 'closed', 'hw1.ipynb'), 0o644)
    expect(await readFile(home('ana', 'closed', 'hw1.ipynb'), 'utf8')).toBe('by ana')
    expect(await readdir(home('ben'))).toEqual([])
    expect((await reset('--confirm class --max-size 3')).stdout).toContain('raise --max-size')
    await writeFile(archive('ana'), 'an archive of yesterday')
    expect((await reset()).exitCode).toBe(0)
    expect(await readFile(archive('ana'), 'utf8')).toBe('an archive of yesterday')
    expect((await stat(archive('ana~2'))).size).toBeGreaterThan(0)
    expect(await readdir(home('ana'))).toEqual([])
  })

  it('after Ctrl-C in the middle of an archive leaves none of it, and tells what was emptied', async () => {
    await person.startHub()
    await put('ana', 'hw1.bin', 'x'.repeat(9 * 1024 * 1024))
    await put('ben', 'hw1.ipynb', 'by ben')
    const interrupt = new AbortController()
    const context = contextFor('files reset', interrupt.signal)
    const {archives} = context.host
    const interrupted: typeof archives.create = async (file, partial) => {
      const made = await archives.create(file, partial)
      if (!file.includes('ana')) return made
      return {...made, addFile: (entry, content) => made.addFile(entry, untilInterrupted(content))}
    }
    async function* untilInterrupted(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of content) {
        yield chunk
        await expect.poll(() => readdir(home('ben'))).toEqual([])
        // Turns of the event loop, in which ben is noted as done.
        for (let turn = 0; turn < 20; turn += 1) await setTimeout(50)
        interrupt.abort(new JhubError('JHUB-E130', 'Interrupted'))
        interrupt.signal.throwIfAborted()
      }
    }
    const told: ResetResult[] = []
    const resetting = resetFiles(
      {...context, host: {...context.host, archives: {...archives, create: interrupted}}},
      {
        group: 'class',
        directory: here(),
        newDirectory: here(),
        most: {files: 10, bytes: 2 ** 30, filesEver: 10},
        dryRun: false,
        confirm: async () => undefined,
        keep: async (result) => void told.push(result),
      },
    )
    await expect(resetting).rejects.toMatchObject({code: 'JHUB-E130'})
    expect(told.flatMap(({people}) => people.map(({login, state}) => [login, state]))).toEqual([
      ['ana', 'not finished'],
      ['ben', 'emptied'],
    ])
    expect(await readdir(here())).toEqual(['ben.tar.zst'])
    expect(await readdir(home('ana'))).toEqual(['hw1.bin'])
  })

  it('is refused while somebody works, and says how to stop the servers', async () => {
    const hub = await person.startHub()
    hub.state.users.set('ana', {admin: false, server: 'running'})
    await put('ana', 'hw1.ipynb', 'by ana')
    const said = await reset()
    expect(said.exitCode).toBe(3)
    expect(said.stderr).toContain('jhub server stop --group class')
    expect(await readFile(home('ana', 'hw1.ipynb'), 'utf8')).toBe('by ana')
  })
})

describe('files send', () => {
  const local = async (name: string, text: string) => {
    await mkdir(path.dirname(path.join(person.directory, name)), {recursive: true})
    await writeFile(path.join(person.directory, name), text)
    return path.join(person.directory, name)
  }

  it('gives everybody a copy of their own, also who never had a server', async () => {
    const file = await local('hw1.ipynb', 'the task')
    const said = await person.type(`files send ${file} --all`)
    expect(said.exitCode, said.stderr).toBe(0)
    expect(said.stdout).toBe('Sent 1 file to 3 people.\n')
    for (const name of ['ana', 'ben']) {
      expect(await readFile(home(name, 'hw1.ipynb'), 'utf8')).toBe('the task')
      if (isRoot) expect((await stat(home(name, 'hw1.ipynb'))).uid).toBe(numbers.get(name))
    }
    expect(await readdir(homes)).toHaveLength(3)
    const again = await person.type(`files send ${file} --all`)
    expect(again.stdout).toBe('Nothing to change.\nAlready have it: ana, ben, mia@uni.example\n')
    expect(await readdir(home('ana'))).toEqual(['hw1.ipynb'])
  })

  it('never takes the place of what a person has', async () => {
    await put('ana', 'hw1.ipynb', 'my answers')
    await put('ana', 'hw1-Copy1.ipynb', 'my other answers')
    const file = await local('hw1.ipynb', 'the task')
    const said = await person.type(`files send ${file} --to ana --to ben`)
    expect(said.stdout).toContain('Had another file of that name')
    expect(said.stdout).toContain('ana: hw1.ipynb as hw1-Copy2.ipynb')
    expect(await readFile(home('ana', 'hw1.ipynb'), 'utf8')).toBe('my answers')
    expect(await readFile(home('ana', 'hw1-Copy1.ipynb'), 'utf8')).toBe('my other answers')
    expect(await readFile(home('ana', 'hw1-Copy2.ipynb'), 'utf8')).toBe('the task')
    expect((await person.type(`files send ${file} --group class`)).stdout).toContain('Nothing to change')
    expect((await readdir(home('ana'))).sort()).toEqual(['hw1-Copy1.ipynb', 'hw1-Copy2.ipynb', 'hw1.ipynb'])
  })

  it('writes through no link, and says where one is in the way', async () => {
    await put('ben', 'task/hw1.ipynb', 'what ben wrote')
    await symlink(home('ben', 'task'), home('ana', 'task'))
    await symlink(home('ben', 'new.txt'), home('ana', 'notes.txt'))
    await symlink('/dev/null', home('ana', 'data.csv'))
    await local('task/hw1.ipynb', 'the task')
    await local('task/.git/config', '[core]')
    await local('notes.txt', 'notes')
    await local('data.csv', '')
    const words = ['task', 'notes.txt', 'data.csv'].map((name) => path.join(person.directory, name)).join(' ')
    const said = await person.type(`files send ${words} --to ana`)
    expect(said.exitCode).toBe(7)
    expect(said.stdout).toContain('ana: task/hw1.ipynb: a link or a file is where a directory is needed')
    expect(said.stdout).toContain('Left out (hidden, a link, or not a file)')
    expect(await readFile(home('ben', 'task', 'hw1.ipynb'), 'utf8')).toBe('what ben wrote')
    expect(existsSync(home('ben', 'new.txt'))).toBe(false)
    expect(await readlink(home('ana', 'notes.txt'))).toBe(home('ben', 'new.txt'))
    expect(await readFile(home('ana', 'notes-Copy1.txt'), 'utf8')).toBe('notes')
    expect(await readFile(home('ana', 'data-Copy1.csv'), 'utf8')).toBe('')
  })

  it('sends directories and large files whole, with their right to be run', async () => {
    await local('task/deep/er/big.bin', 'y'.repeat(5 * 1024 * 1024 + 1))
    await chmod(await local('task/run.sh', '#!/bin/sh'), 0o755)
    const said = (await person.json(`files send ${path.join(person.directory, 'task')} --to ana`)) as SendResult
    expect(said.people[0]?.files.map(({as, state}) => [as, state])).toEqual([
      ['task/deep/er/big.bin', 'sent'],
      ['task/run.sh', 'sent'],
    ])
    expect((await stat(home('ana', 'task/deep/er/big.bin'))).size).toBe(5 * 1024 * 1024 + 1)
    expect((await stat(home('ana', 'task/run.sh'))).mode & 0o777).toBe(0o755)
    if (isRoot) expect((await stat(home('ana', 'task/deep'))).uid).toBe(200_001)
    expect(await readdir(home('ana', 'task/deep/er'))).toEqual(['big.bin'])
  })

  it('writes nothing in a dry run, and is refused where it does not say to whom', async () => {
    const file = await local('hw1.ipynb', 'the task')
    expect((await person.type(`files send ${file} --all --dry-run`)).stdout).toContain('Would send 1 file to 3 people')
    expect(await readdir(homes)).toEqual(['ana', 'ben'])
    expect(await readdir(home('ana'))).toEqual([])
    expect((await person.type(`files send ${file}`)).stderr).toContain('Nobody is named: give --to, --group or --all')
    expect((await person.type(`files send ${file} --to zoe`)).stderr).toContain('There is no user "zoe"')
    expect((await person.type(`files send ${file}.not --all`)).stderr).toContain('There is no file')
  })

  it.runIf(isRoot)('does nothing as root in a home that is not of one of the people', async () => {
    await chown(home('ana'), 0, 0)
    const file = await local('hw1.ipynb', 'the task')
    const said = await person.type(`files send ${file} --all`)
    expect(said.exitCode).toBe(7)
    expect(said.stdout).toContain("uid 0, which is not one of this hub's people")
    expect(await readdir(home('ana'))).toEqual([])
    expect(await readFile(home('ben', 'hw1.ipynb'), 'utf8')).toBe('the task')
  })
})

describe('files push', () => {
  it('takes a link to a directory as the directory', async () => {
    await mkdir(path.join(person.directory, 'lessons'))
    await symlink(path.join(person.directory, 'lessons'), path.join(person.directory, 'link'))
    const push = async (name: string) => (await person.type(`files push ${path.join(person.directory, name)}`)).stderr
    expect(await push('link')).toContain('has not been started yet')
    expect(await push('none')).toContain('There is no directory')
  })
})

describe('files list', () => {
  it('shows sizes for everybody and the files of one', async () => {
    await put('ana', 'work/hw1.ipynb', 'x'.repeat(2048))
    await put('ana', '.hidden', 'x')
    await link(home('ana', 'work/hw1.ipynb'), home('ana', 'again.ipynb'))
    const all = await person.type('files list')
    expect(all.stdout).toMatch(/^ana +2 +4\.0 K/m)
    expect(all.stdout).toMatch(/^mia@uni\.example .*never had a server$/m)
    const one = await person.type('files list ana')
    expect(one.stdout).toMatch(/2\.0 K .*again\.ipynb\n2\.0 K .*work\/hw1\.ipynb\n$/)
  })
})
