import {createHash} from 'node:crypto'
import {lstat, mkdir, readFile, readdir, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {execa} from 'execa'
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {wireContext} from '../../src/cli/wire.js'
import {JhubError} from '../../src/errors.js'
import {importTljh} from '../../src/hub/import/import-tljh.js'
import {newPerson, type Person} from './person.js'

let person: Person
let tljh: string
let python: string
beforeEach(async () => {
  // Python leaves compiled files behind, unless it is told not to.
  vi.stubEnv('PYTHONDONTWRITEBYTECODE', undefined)
  person = await newPerson()
  tljh = path.join(person.directory, 'opt tljh%')
  python = (await execa('python3', ['-c', 'import sys; print(sys.executable)'])).stdout
  await installTljh()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await person.leave()
})

const config = `users:
  admin: [ana]
  allowed: [ben, 20251234]
auth: {type: firstuseauthenticator.FirstUseAuthenticator}
limits: {memory: 2G}
`

/** A tree as TLJH's installer leaves it: a virtual environment with code that wants to run, and a database. */
async function installTljh(): Promise<void> {
  for (const place of ['config/jupyterhub_config.d', 'config/traefik_config.d', 'state/rules', 'hub/bin'])
    await mkdir(path.join(tljh, place), {recursive: true})
  await execa(python, ['-m', 'venv', '--without-pip', path.join(tljh, 'hub')])
  await execa(path.join(tljh, 'hub', 'bin', 'python3'), [
    '-c',
    'import pathlib, sysconfig; packages = pathlib.Path(sysconfig.get_path("purelib")); (packages / "hook.py").write_text(""); (packages / "hook.pth").write_text("import hook\\n")',
  ])
  await writeFile(path.join(tljh, 'config', 'config.yaml'), config)
  await writeFile(path.join(tljh, 'config', 'jupyterhub_config.d', 'ours.py'), 'c.JupyterHub.x = 1\n')
  for (const name of ['rules.toml', 'dynamic.toml', 'grafana.toml'])
    await writeFile(path.join(tljh, 'state', 'rules', name), '')
  await execa(python, [
    '-c',
    `import sqlite3, sys
hub = sqlite3.connect(sys.argv[1])
hub.execute("create table users (id integer primary key, name varchar(255), admin boolean)")
hub.executemany("insert into users (name, admin) values (?, ?)", [("ana", True), ("cleo", False), ("o''hara", False)])
hub.commit()`,
    database(),
  ])
}

/** As pip and conda note what they install. */
async function installForServers(name: string, installer: string, address?: string): Promise<void> {
  const place = path.join(tljh, 'user', 'lib', 'python3.12', 'site-packages', `${name}.dist-info`)
  await mkdir(place, {recursive: true})
  await writeFile(path.join(place, 'INSTALLER'), `${installer}\n`)
  if (address !== undefined) await writeFile(path.join(place, 'direct_url.json'), JSON.stringify({url: address}))
}

const database = () => path.join(tljh, 'state', 'jupyterhub.sqlite')

/** Everything in a tree: kind, mode, time of change and content of each. */
async function look(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory, {recursive: true})).sort()
  return Promise.all(
    names.map(async (name) => {
      const file = path.join(directory, name)
      const facts = await lstat(file)
      const content = facts.isFile()
        ? createHash('sha256')
            .update(await readFile(file))
            .digest('hex')
        : ''
      return `${name} ${String(facts.mode)} ${String(facts.mtimeMs)} ${content}`
    }),
  )
}

const importing = (words = '') =>
  person.type(`import tljh --from "${tljh}" --to ${person.directory}/jhub.yaml ${words}`)
const spec = () => readFile(path.join(person.directory, 'jhub.yaml'), 'utf8')

describe('an installation of TLJH', () => {
  it('becomes a spec, with what is left out told, and is as it was', async () => {
    const before = await look(tljh)
    const said = await importing('--name physics')
    expect(said).toMatchObject({exitCode: 0, stderr: ''})
    expect(await look(tljh)).toEqual(before)
    expect(said.stdout).toMatch(
      new RegExp(`^Wrote ${person.directory}/jhub.yaml\n- config/jupyterhub_config.d \\(ours.py\\) is`),
    )
    expect(said.stdout).toContain('- state/rules (grafana.toml) is left out: jhub uses another proxy.')
    expect(said.stdout).toContain("- \"o''hara\" cannot be a user's name")
    expect(said.stdout).toContain(`\nNext:  jhub up --file ${person.directory}/jhub.yaml\n\nHomes stay where they are.`)
    expect(said.stdout).toContain(
      'copy /home/jupyter-20251234 /opt/jhub/physics.data/homes/u-20251234--5dc529cfedc131b0\n',
    )
    expect(await spec()).toContain('users:\n  ana: {admin: true}\n  ben: {}\n  "20251234": {}\n  cleo: {}\n')
    const shown = (await person.json(`config show --file ${person.directory}/jhub.yaml`)) as object
    expect(shown).toMatchObject({spec: {name: 'physics', vm: {machine: 'host'}}})
  })

  it('gives the packages of its servers as an image, without what jhub installs itself', async () => {
    await installForServers('pandas-2.2.3', 'pip')
    await installForServers('scikit_learn-1.5.0', 'pip')
    await installForServers('jupyterlab-3.0.0', 'pip')
    await installForServers('pip-24.0', 'pip')
    await installForServers('ours-1.0', 'pip', 'https://git.example/ours')
    await installForServers('GDAL-3.9.0', 'conda')
    const before = await look(tljh)
    const said = await importing()
    expect(said.exitCode).toBe(0)
    expect(await look(tljh)).toEqual(before)
    expect(await spec()).toMatch(/^image: tljh$/m)
    expect(await spec()).toContain('pandas==2.2.3')
    expect(await spec()).toContain('scikit-learn==1.5.0')
    expect(await spec()).not.toMatch(/jupyterlab==|pip==|ours==/)
    expect(said.stdout).toContain('Packages that conda installed are left out (gdal)')
    expect(said.stdout).toContain('Packages from an address or a file are left out (ours)')
  })

  it('takes what pip freeze wrote in their place', async () => {
    await installForServers('pandas-2.2.3', 'pip')
    const file = path.join(person.directory, 'freeze.txt')
    const freeze = [
      ...['numpy==1.26.4', 'jupyterhub==4.1.5', 'gdal @ file:///croot/gdal_1/work/gdal'],
      ...['-e git+https://git.example/a.git@0123#egg=ours', 'local @ file:///srv/local.whl', 'odd==not a version'],
    ]
    await writeFile(file, `${freeze.join('\n')}\n`)
    const said = await importing(`--requirements ${file}`)
    expect(said.exitCode).toBe(0)
    expect(await spec()).toContain('numpy==1.26.4')
    expect(await spec()).not.toContain('pandas')
    expect(said.stdout).toContain('conda installed are left out (gdal)')
    expect(said.stdout).toMatch(/an address or a file are left out \([^)]*local[^)]*ours/)
    const again = await importing(`--requirements ${file}`)
    expect(again.stderr).toContain(`--requirements ${file} --file ANOTHER`)
    const none = await person.type(`import tljh --from "${tljh}" --requirements ${file}.none`)
    expect(none.stderr).toContain('pip freeze > requirements.txt')
  })

  it('is told in JSON too', async () => {
    const answer = await person.json(`import tljh --from "${tljh}" --file ${person.directory}/jhub.yaml`)
    expect(answer).toEqual({
      spec: `${person.directory}/jhub.yaml`,
      hub: 'jhub',
      secret: null,
      notes: expect.arrayContaining([expect.stringContaining('Passwords cannot be imported')]) as string[],
      homes: expect.arrayContaining([{user: 'ana', from: '/home/jupyter-ana', account: 'ana'}]) as object[],
      copyHomes: expect.stringMatching(/^sudo sh -eu <<'END'\n[^]*\nEND$/) as string,
    })
  })

  it('is as it was also when its database keeps a log beside it', async () => {
    await execa(python, [
      '-c',
      'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("pragma journal_mode=wal")',
      database(),
    ])
    const before = await look(tljh)
    expect((await importing()).exitCode).toBe(0)
    expect(await spec()).toContain('cleo')
    expect(await look(tljh)).toEqual(before)
  })

  it.each<[string, () => Promise<unknown>, string]>([
    ['no database', () => rm(database()), 'There is no '],
    ['no Python of the hub', () => rm(path.join(tljh, 'hub'), {recursive: true}), 'was not read, because there is no '],
    [
      'a damaged database',
      () => writeFile(database(), 'not a database at all'),
      'file is not a database): only the people in',
    ],
  ])('with %s, gives those of config.yaml and says so', async (_, damage, words) => {
    await damage()
    const said = await importing()
    expect(said.exitCode).toBe(0)
    expect(said.stdout).toContain(words)
    expect(said.stdout).toContain('only the people in config.yaml are imported.')
    expect(await spec()).toContain('users:\n  ana: {admin: true}\n  ben: {}\n  "20251234": {}\n')
    expect(await spec()).not.toContain('cleo')
  })

  it('is never written over a spec', async () => {
    await importing()
    const before = await spec()
    const said = await importing('--name other')
    expect(said).toMatchObject({exitCode: 5, stdout: ''})
    expect(said.stderr).toContain('jhub.yaml already exists')
    expect(await spec()).toBe(before)
  })

  it('with a mistake in its configuration is refused with the line, and nothing is written', async () => {
    await writeFile(path.join(tljh, 'config', 'config.yaml'), 'users:\n  admin: [ana\nlimits: {}\n')
    const said = await importing()
    expect(said.exitCode).toBe(2)
    expect(said.stderr).toContain('config.yaml has a problem:\n  3:')
    expect(said.stderr).not.toContain('jhub config edit')
    await expect(spec()).rejects.toThrow('ENOENT')
  })

  it('that is not there is told', async () => {
    const said = await person.type(`import tljh --from ${person.directory}/none`)
    expect(said.exitCode).toBe(4)
    expect(said.stderr).toContain(`Error: The Littlest JupyterHub is not in ${person.directory}/none`)
    expect(said.stderr).toContain('Code:  JHUB-E303')
  })

  it('whose configuration is a directory is told so, and sudo is no help', async () => {
    await rm(path.join(tljh, 'config', 'config.yaml'))
    await mkdir(path.join(tljh, 'config', 'config.yaml'))
    const said = await importing()
    expect(said.stderr).toContain('config.yaml is a directory, not a file')
    expect(said.stderr).not.toMatch(/root|sudo/)
  })

  it.each<[string, Buffer, string]>([
    ['UTF-16', Buffer.from(`\uFEFF${config}`, 'utf16le'), ''],
    ['UTF-16 without a mark', Buffer.from(config, 'utf16le'), ''],
    [
      'Windows-1252',
      Buffer.from(`# für Österreich, schöne Grüße\n${config}`, 'latin1'),
      'is not UTF-8. It was read as',
    ],
  ])('whose configuration is in %s is read', async (_, bytes, words) => {
    await writeFile(path.join(tljh, 'config', 'config.yaml'), bytes)
    const said = await importing()
    expect(said.exitCode).toBe(0)
    expect(said.stderr).toContain(words)
    expect(await spec()).toContain('ben: {}')
  })

  it('whose configuration is no text is told so', async () => {
    await writeFile(path.join(tljh, 'config', 'config.yaml'), Buffer.from([0x75, 0, 0xd8, 0xff, 0x81, 0, 0x8d]))
    const said = await importing()
    expect(said.stderr).toMatch(/config\.yaml (?:has NUL bytes in it|is not UTF-8)/)
    expect(said.stderr).not.toMatch(/root|sudo/)
  })

  it('that may not be read asks for sudo', async () => {
    const context = wireContext({
      root: '/',
      command: 'jhub import tljh',
      signal: new AbortController().signal,
      lockTimeoutMs: 1000,
      onEvent: () => undefined,
      agree: () => Promise.resolve(false),
    })
    const read = () => Promise.reject(new JhubError('JHUB-E202', 'This account may not use that', {fix: 'ls'}))
    const closed = {...context, host: {...context.host, files: {...context.host.files, read}}}
    await expect(importTljh(closed, {from: tljh, decode: () => Promise.resolve('')})).rejects.toMatchObject({
      code: 'JHUB-E202',
      message: `Only root can read ${tljh}`,
      suggestions: [`sudo jhub import tljh --from '${tljh}'`],
    })
  })
})
