import {mkdir, writeFile} from 'node:fs/promises'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {newPerson, type Person} from './person.js'
import {quietPort} from '../fakes/quiet-port.js'

let person: Person
beforeEach(async () => {
  person = await newPerson()
})
afterEach(() => person.leave())

const spec = 'version: 1\nname: jhub\nmode: vm\nvm: {machine: process}\n# the class\nusers:\n  ana: {admin: true}\n'

describe('without a spec', () => {
  it.each(['plan', 'status', 'user list', 'limits show', 'config show', 'down', 'user add ana'])(
    '%s says so and what to type',
    async (line) => {
      const said = await person.type(line)
      expect(said.exitCode).toBe(4)
      expect(said.stdout).toBe('')
      expect(said.stderr).toContain(`Error: There is no settings file at ${person.directory}/config/jhub.yaml`)
      expect(said.stderr).toContain('Try:   jhub up\nTry:   jhub init\nCode:  JHUB-E301')
    },
  )

  it('up --dry-run says what it would do and does nothing', async () => {
    const port = await quietPort()
    const said = await person.type(`up --dry-run --port ${String(port)}`)
    expect(said.exitCode).toBe(0)
    expect(said.stdout).toContain('~ install')
    expect(said.stdout).toContain('~ start JupyterHub\n')
    expect(said.stdout).not.toContain('[live]')
    expect((await person.json('config path')) as object).toMatchObject({exists: false})
  })

  it('doctor looks at the machine', async () => {
    await person.writeSpec(spec)
    const answer = (await person.json('doctor')) as {findings: {check: string}[]}
    expect(answer.findings.map(({check}) => check)).toEqual(
      expect.arrayContaining(['machine', 'memory', 'hub', 'python']),
    )
  })

  it.each([
    ['', 'config/jhub.yaml', 'jhub', ''],
    ['--name physics', 'config/physics.yaml', 'physics', ' --name physics'],
    ['--file FILE --name physics', 'class.yaml', 'physics', ' --file FILE'],
  ])('init %s writes %s, once, where every verb finds it', async (flags, place, name, again) => {
    const file = `${person.directory}/${place}`
    const words = flags.replace('FILE', file)
    expect((await person.type(`init ${words} --port 8100`)).stdout).toBe(
      `Wrote ${file}\nNext:  jhub config edit${again} · jhub up${again}\n`.replaceAll('FILE', file),
    )
    expect(await person.type(`init ${words}`)).toMatchObject({exitCode: 5, stdout: ''})
    expect((await person.type(`config show ${words}`)).stdout).toContain(`name: ${name}\n`)
  })
})

describe('several hubs', () => {
  const named = (name: string) => spec.replace('name: jhub', `name: ${name}`)
  const write = (name: string) => writeFile(`${person.directory}/config/${name}.yaml`, named(name))

  it.each([
    ['user add Ben cleo ana', 'add ben, cleo to the settings file'],
    ['user remove ana', 'remove ana from the settings file'],
    ['user set ana --no-admin', 'save it in the settings file'],
  ])('%s --dry-run names the people who come and go', async (line, words) => {
    await person.writeSpec(spec)
    expect(await person.type(`${line} --dry-run`)).toMatchObject({
      exitCode: 0,
      stdout: `~ ${words}; the hub is not running: \`jhub up\` applies it\n`,
    })
  })

  it('the only one is taken by every verb, and a new one is still made under its own name', async () => {
    expect((await person.type('list')).stdout).toBe('There is no hub here yet.\nNext:  jhub up\n')
    await person.type('init --name physics --machine process')
    expect((await person.json('status')) as object).toMatchObject({hub: 'physics', state: 'stopped'})
    expect((await person.json('up --dry-run')) as object).toMatchObject({hub: 'physics'})
    expect((await person.json('user add ben')) as object).toMatchObject({outcome: 'saved'})
    expect((await person.type('list')).stdout).toMatch(
      /^NAME +STATE +ADDRESS +COMMAND\nphysics +not set up +- +jhub status\n$/,
    )
    expect((await person.type('init')).stdout).toContain('/config/jhub.yaml')
    expect((await person.json('status')) as object).toMatchObject({hub: 'jhub'})
    expect((await person.json('list')) as object).toMatchObject({
      hubs: [
        {hub: 'jhub', flags: ''},
        {hub: 'physics', flags: '--name physics'},
      ],
    })
  })

  it('is in every command to type, in text and in JSON', async () => {
    await person.type('init --name physics')
    expect(await person.json('server list --name physics')).toMatchObject({error: {fix: ['jhub up --name physics']}})
    expect((await person.type('server list --name physics')).stderr).toContain('Try:   jhub up --name physics\n')
    expect((await person.type('status --name physics')).stdout).toContain('Next:     jhub up --name physics\n')
  })

  it('of several, none is taken, and all are named', async () => {
    await person.type('init --name physics')
    await write('chemistry')
    for (const line of ['status', 'down', 'up', 'user list', 'config path']) {
      const said = await person.type(line)
      expect(said, line).toMatchObject({exitCode: 4, stdout: ''})
      expect(said.stderr, line).toMatch(
        /^Error: There are several hubs here: chemistry, physics\nTry: {3}Run the same command with --name chemistry\nTry: {3}Run the same command with --name physics\nTry: {3}jhub list\n/,
      )
    }
    expect((await person.json('user list --name chemistry')) as object).toMatchObject({users: [{name: 'ana'}]})
  })

  it('one with a damaged settings file does not hide the others, and a draft is none', async () => {
    await person.type('init --name physics --machine process')
    await writeFile(`${person.directory}/config/broken.yaml`, 'name: [')
    await writeFile(`${person.directory}/config/.physics.draft.yaml`, 'name: [')
    await mkdir(`${person.directory}/state/elsewhere`, {recursive: true})
    const {hubs} = (await person.json('list')) as {hubs: {hub: string; state: string; problem: string | null}[]}
    expect(hubs).toMatchObject([
      {hub: 'broken', state: 'unknown', problem: expect.stringContaining('broken.yaml') as string},
      {hub: 'physics', state: 'stopped', problem: null},
      {hub: 'elsewhere', spec: null},
    ])
    expect((await person.type('list')).stdout).toContain('- elsewhere: its settings file is somewhere else')
    const file = `${person.directory}/class.yaml`
    await writeFile(file, named('elsewhere'))
    await writeFile(
      `${person.directory}/state/elsewhere/owner.json`,
      JSON.stringify({id: 'a', file, computer: 'laptop'}),
    )
    expect((await person.type('list')).stdout).toContain(`jhub status --file ${file}`)
  })
})

describe('without a running hub', () => {
  beforeEach(() => person.writeSpec(spec))

  it.each([
    ['--port 8001', 'says access.port: 8000, and --port says 8001', 'jhub config edit'],
    ['--machine docker', 'says vm.machine: process, and --machine says docker', 'jhub config edit'],
    ['--mode k8s', 'says mode: vm, and --mode says k8s', 'jhub config edit'],
    ['--admin ben', '--admin is for a new hub', 'jhub user add ben --admin'],
  ])('up %s does not pass over what the spec says', async (flags, why, fix) => {
    const said = await person.type(`up ${flags} --dry-run`)
    expect(said.exitCode).toBe(2)
    expect(said.stderr).toContain(why)
    expect(said.stderr).toContain(`Try:   ${fix}\n`)
    const same = await person.type('up --dry-run --port 8000 --machine process --mode vm --admin ana')
    expect(same.exitCode, same.stderr).not.toBe(2)
  })

  it('up --lan is told before it is done, and the spec is only changed by doing it', async () => {
    const before = await person.readSpec()
    expect((await person.type('up --lan --dry-run --port 8000')).exitCode).toBe(0)
    expect(await person.json('up --lan --dry-run')).toMatchObject({
      url: 'http://127.0.0.1:8000',
      addresses: {here: 'http://127.0.0.1:8000', isOpen: true},
    })
    expect(await person.json('up --dry-run')).toMatchObject({addresses: {others: [], isOpen: false}})
    expect(await person.readSpec()).toBe(before)
  })

  it('one that was never brought up is not called stopped, and `start` makes none', async () => {
    expect((await person.type('list')).stdout).toMatch(/^jhub +not set up +- +jhub status$/m)
    expect((await person.type('status')).stdout).toContain('Hub:      jhub, not set up\n')
    expect((await person.type('stop')).stdout).toBe('There is no hub jhub; nothing to stop.\nNext:  jhub up\n')
    const said = await person.type('start')
    expect([said.exitCode, said.stdout]).toEqual([4, ''])
    expect(said.stderr).toContain(
      'The hub jhub was never started here, or it was removed\nTry:   jhub up   # starts it from its settings file\n',
    )
  })

  it('people, groups and limits are saved for the next up, comments kept', async () => {
    expect((await person.type('group add ta')).stdout).toBe('Saved. The hub is not running: `jhub up` applies it.\n')
    expect((await person.type('group add ta')).stdout).toContain('Nothing to save.')
    expect(await person.json('group add ta --dry-run')).toMatchObject({outcome: 'unchanged', changes: []})
    expect((await person.type('limits set --cpu 0.12345')).stderr).toBe('0.12345 cores were rounded to 0.123.\n')
    for (const cpu of ['0.123', '500m', '.5']) expect((await person.type(`limits set --cpu ${cpu}`)).stderr).toBe('')
    await person.type('limits unset cpu')
    const lost = await person.type('user add Ben --group tas')
    expect(lost.stderr).toContain(
      'did you mean ta?\nTry:   Run the same command with ta\nTry:   jhub group add tas   # then the same command again',
    )
    await person.type('user add Ben ana@uni.example --group ta')
    await person.type('limits set --group ta --memory 2G')
    await person.type('limits set --user ben --cpu 500m')
    const text = await person.readSpec()
    expect(text).toContain(spec.trimEnd())
    expect((await person.type('user list')).stdout).toMatchInlineSnapshot(`
      "NAME              ACCOUNT                            ADMIN   GROUPS   SERVER   LAST ACTIVITY
      ana               ana                                yes     -        -        -
      ana@uni.example   ana-uni-exampl--fe751352998e2fe7   -       ta       -        -
      ben               ben                                -       ta       -        -
      The hub is not running: this is what the settings file says.
      "
    `)
    expect((await person.type('limits show --user ben')).stdout).toContain('memory 2G (group ta), cpu 0.5 (user)')
    expect((await person.type('group list')).stdout).toContain('ta     ben,ana@uni.example   memory 2G')
    await person.type('group set ta --remove ben')
    await person.type('limits unset --user ben')
    await person.type('user remove ana@uni.example')
    expect((await person.json('user list')) as object).toMatchObject({
      running: false,
      users: [{name: 'ana'}, {name: 'ben', groups: []}],
    })
  })

  it.each([
    ['server list', 3, 'JHUB-E204'],
    ['server start ana', 3, 'JHUB-E204'],
    ['user password ana', 3, 'JHUB-E204'],
    ['open', 3, 'JHUB-E204'],
    ['user show nobody', 4, 'JHUB-E302'],
    ['user remove annna', 4, 'did you mean ana?\nTry:   Run the same command with ana\n'],
    ['user show an', 4, 'Try:   Run the same command with ana\n'],
    ['group set tas --add ana', 4, 'There is no group tas'],
    ['group set tas --add ana', 4, 'jhub group add tas'],
    ['group remove tas', 4, 'the settings file has no groups\nTry:   jhub group list'],
    ['user add a/b', 2, 'JHUB-E103'],
    ['limits set', 2, 'No limit was named'],
    ['limits set --memory lots', 2, 'JHUB-E102'],
    ['limits set --memory 1G --memory-guarantee 2G', 2, '--memory-guarantee 2G is more than --memory 1G'],
    ['limits set --cpu 500m --cpu-guarantee 1', 2, '--cpu-guarantee 1 is more than --cpu 500m'],
    ['limits set --memory 5', 2, '5 bytes is not enough memory: a server needs 96M to start'],
    ['limits set --user ana --memory 60M', 2, '60M is not enough memory: a server needs 96M to start'],
    ['limits set --total --memory 60M', 2, '60M is not enough memory'],
    ['limits set --cpu 0.001', 2, '0.001 cores are too few'],
    ['limits unset colour', 2, '"colour" is not a limit'],
    ['user add', 2, 'JHUB-E100'],
    ['limits set --user a --group b --memory 1G', 2, 'JHUB-E100'],
    ['down --delete-data', 2, '--confirm jhub'],
    ['down --delete-data --confirm other', 2, 'nothing was changed'],
    ['user set ana --group nobody', 4, 'Try:   jhub group add nobody'],
    ['user add ben --group nobody', 4, 'Try:   jhub group add nobody'],
    ['config edit', 2, 'An editor needs a terminal'],
    ['help errors JHUB-E999', 4, 'There is no error'],
    ['limits show --user nobdy', 4, 'There is no user "nobdy"'],
    ['up --port zero', 2, 'JHUB-E100'],
    ['status --lock-timeout soon', 2, 'JHUB-E102'],
  ])('%s ends with %i', async (line, exitCode, words) => {
    const before = await person.readSpec()
    const said = await person.type(line)
    expect(said).toMatchObject({exitCode, stdout: ''})
    expect(said.stderr).toContain(words)
    expect(await person.readSpec()).toBe(before)
    const json = await person.type(`${line} --json`)
    expect(json.exitCode).toBe(exitCode)
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: {exitCode, code: expect.stringMatching(/^JHUB-E\d{3}$/) as string},
    })
  })

  it('a spec with mistakes is refused whole, each mistake with its line', async () => {
    await person.writeSpec('version: 1\nname: jhub\nmode: vm\nusres: {}\nlimits: {default: {memory: lots}}\n')
    const said = await person.type('up')
    expect(said.exitCode).toBe(2)
    expect(said.stderr).toContain('4:1  usres: there is no key "usres" here (did you mean "users"?)')
    expect(said.stderr).toContain('5:28  limits.default.memory: "lots" is not an amount of memory')
  })

  it('status and plan tell that nothing runs', async () => {
    expect((await person.type('status')).stdout).toContain('Hub:      jhub, not set up')
    expect((await person.type('plan --exit-code')).exitCode).toBe(8)
    expect(await person.type('logs')).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('There is no log of the hub yet.') as string,
    })
  })

  it('a password cannot be kept by a hub that does not run', async () => {
    const file = `${person.directory}/passwords`
    await writeFile(file, 'a long enough one\n')
    const before = await person.readSpec()
    expect(await person.type(`user add zoe --password-file ${file}`)).toMatchObject({exitCode: 3})
    expect(await person.readSpec()).toBe(before)
  })
})

describe('help', () => {
  it('explains every error, exit code and variable', async () => {
    expect((await person.type('help errors')).stdout).toContain('JHUB-E205  (exit 3)')
    expect((await person.type('help errors jhub-e401')).stdout).toBe(
      'JHUB-E401  (exit 5)\n  Another jhub is working on this hub and did not finish in time.\n',
    )
    expect((await person.type('help exit-codes')).stdout).toContain('130  Interrupted.')
    expect((await person.type('help environment')).stdout).toContain('JHUB_STATE_DIR')
  })

  it('prints the JSON Schema', async () => {
    expect(JSON.parse((await person.type('schema')).stdout)).toMatchObject({
      title: 'jhub.yaml',
      additionalProperties: false,
    })
  })
})
