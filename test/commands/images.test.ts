import {mkdir, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {execa} from 'execa'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {newPerson, type Person} from './person.js'

const spec = `version: 1
name: jhub
mode: vm
vm: {machine: process}
users:
  ana: {admin: true}
  ben: {groups: [ta]}
groups: {ta: {}}
images:
  data: {packages: [pandas], description: Data frames}
  course: {requirements: course.txt}
`

let person: Person
beforeEach(async () => {
  person = await newPerson()
  await person.writeSpec(spec)
  await writeFile(path.join(person.directory, 'week1.txt'), 'pandas\n')
  await writeFile(path.join(person.directory, 'nothing.txt'), '# later\n')
  await writeFile(path.join(person.directory, 'odd.txt'), '-e .\n')
  for (const place of ['empty', 'unlocked']) await mkdir(path.join(person.directory, place), {recursive: true})
  await writeFile(path.join(person.directory, 'unlocked', 'pyproject.toml'), '[project]\nname = "x"\n')
})
afterEach(() => person.leave())

const typeHere = (line: string) => person.type(line.replace('HERE', person.directory))

describe('images of a hub that does not run', () => {
  const saved = 'Saved. The hub is not running: `jhub up` applies it.\n'

  it.each([
    ['--requirements /dev/zero', '/dev/zero is a pipe, a socket or a device, not a file'],
    ['--requirements HERE/zero', 'HERE/zero is a pipe, a socket or a device, not a file'],
    ['--environment HERE/pipe', 'HERE/pipe is a pipe, a socket or a device, not a file'],
    ['--requirements HERE/course', 'HERE/course is a directory, not a file'],
    ['--requirements HERE/round', 'HERE/round is a link that points at itself'],
    ['--requirements HERE/nowhere', 'HERE/nowhere is a link, and there is no file behind it'],
    ['--project HERE/pipe', 'HERE/pipe is not a directory'],
    ['--build HERE/week1.txt', 'HERE/week1.txt is not a directory'],
  ])('image add x %s is refused before anything of it is read', async (flags, sentence) => {
    const at = (name: string) => path.join(person.directory, name)
    await mkdir(at('course'))
    await symlink('/dev/zero', at('zero'))
    await symlink('round', at('round'))
    await symlink('no-file', at('nowhere'))
    await execa('mkfifo', [at('pipe')])
    const said = await typeHere(`image add x ${flags}`)
    expect(said.stderr).toContain(`Error: ${sentence.replace('HERE', person.directory)}\n`)
    expect(await person.readSpec()).toBe(spec)
  })

  it.each([
    ['image add r --package scipy --package "numpy>=2"', '  r:\n    packages: [scipy, numpy>=2]\n'],
    ['image add data --package seaborn', 'packages: [pandas, seaborn]'],
    ['image add week1 --requirements HERE/week1.txt --description Tables', 'description: Tables\n'],
    ['image use data', '\nimage: data\n'],
    ['image use data --group ta', 'ta: {image: data}'],
    ['image use course --user ana', 'ana: {admin: true, image: course}'],
    ['image use course --choose', '\nchoose: [course]\n'],
    ['image use course --choose --group ta', 'ta: {choose: [course]}'],
  ])('%s is saved', async (line, text) => {
    expect(await typeHere(line)).toMatchObject({exitCode: 0, stdout: saved})
    expect(await person.readSpec()).toContain(text)
  })

  it('typed again have nothing to save, and --dry-run says what it would do', async () => {
    const later = 'save it in the settings file; the hub is not running: `jhub up` applies it'
    expect((await person.type('image use data --dry-run')).stdout).toBe(`~ ${later}\n`)
    await person.type('image use data')
    const stdout = 'Nothing to save. The hub is not running: `jhub up` applies the settings file.\n'
    for (const line of ['image use data', 'image use data --dry-run'])
      expect(await person.type(line)).toEqual({exitCode: 0, stdout, stderr: ''})
  })

  it('are shown with what builds them', async () => {
    expect((await person.type('image show data')).stdout).toContain('not built: `jhub up` builds it')
  })

  it('are taken away again, also out of a choice', async () => {
    await person.type('image use data --group ta')
    expect(await person.json('image unset --group ta')).toMatchObject({image: null, outcome: 'saved', outdated: []})
    await person.type('image use data --choose')
    await person.type('image use course --choose')
    expect(await person.json('image unset data --choose')).toMatchObject({image: 'data', isGiven: false})
    expect(await person.readSpec()).toContain('choose: [course]')
    await person.type('image unset --choose')
    expect(await person.readSpec()).toBe(spec)
    expect(await person.json('image remove course')).toMatchObject({image: 'course', isGiven: false, outcome: 'saved'})
  })

  it.each(['image rollback data', 'image update data', 'image update', 'image build', 'image build data --dry-run'])(
    '%s waits for `jhub up`',
    async (line) => {
      const said = await person.type(line)
      expect([said.exitCode, said.stdout]).toEqual([3, ''])
      expect(said.stderr).toContain('The hub jhub is not running')
      expect(said.stderr).toContain('jhub up')
      expect(await person.readSpec()).toBe(spec)
    },
  )

  it.each([
    ['image add', 2, 'name'],
    ['image add r', 2, 'The image r is made of one thing'],
    ['image add r --package pandas --requirements r.txt', 2, '--requirements'],
    ['image add r --package git+https://example.org/a.git', 2, 'comes from an address'],
    ['image add r --apt r-cran-irkernel', 2, 'is not for the process machine'],
    ['image add r --apt --reinstall', 2, '--apt'],
    ['image add r --apt python3-', 2, '--apt "python3-" cannot be the name of a Debian package'],
    ['image add ../r --package pandas', 2, 'cannot be the name of an image'],
    ['image add standard --package pandas', 2, 'it is the software that jhub itself installs; take another name'],
    ['image add data --requirements HERE/week1.txt', 5, 'There is an image data already, with another recipe'],
    ['image add r --requirements HERE/week2.txt', 4, 'jhub image add r --requirements PATH   # one that is there'],
    ['image add r --environment HERE/week2.yml', 4, 'There is no file'],
    ['image add r --build HERE/week2', 4, 'There is no directory'],
    ['image add r --build HERE/empty', 4, 'There is no Dockerfile in'],
    ['image add r --project HERE/empty', 4, 'names the project HERE/empty, and it has no pyproject.toml'],
    ['image add r --project HERE/unlocked', 4, 'and it has no uv.lock\nTry:   uv lock --directory HERE/unlocked'],
    ['image add r --project HERE/unlocked --dry-run', 4, 'and it has no uv.lock'],
    ['image add r --requirements HERE/nothing.txt', 2, 'nothing.txt lists no packages'],
    ['image add r --requirements HERE/odd.txt', 2, 'has lines that the image r cannot use:\n  1: '],
    ['image use dat', 4, 'did you mean data?\nTry:   Run the same command with data\n'],
    ['image use dat --choose', 4, 'did you mean data?'],
    ['image use data --user nobody', 4, 'nobody'],
    ['image use data --user ana --group ta', 2, '--group'],
    ['image unset data', 2, 'Give a name only with --choose'],
    ['image unset dat --choose', 4, 'did you mean data?'],
    ['image remove dat', 4, 'did you mean data?'],
    ['image show dat', 4, 'did you mean data?'],
    ['image update dat', 4, 'did you mean data?'],
    ['image rollback dat', 4, 'did you mean data?'],
    ['image build dat', 4, 'did you mean data?'],
    [
      'image remove nope',
      4,
      'There is no image nope in the settings file; it has data, course\nTry:   jhub image list\nCode:',
    ],
    ['image use nope', 4, 'Try:   jhub image add nope --package pandas'],
    ['image use standard', 4, 'Try:   jhub image unset'],
  ])('%s ends with %i and changes nothing', async (line, exitCode, sentence) => {
    const said = await typeHere(line)
    expect([said.exitCode, said.stdout]).toEqual([exitCode, ''])
    expect(said.stderr).toContain(sentence.replaceAll('HERE', person.directory))
    expect(await person.readSpec()).toBe(spec)
  })

  it('are not removed while somebody has them or can choose them', async () => {
    await person.type('image use data --group ta')
    await person.type('image use data --choose')
    const before = await person.readSpec()
    const said = await person.type('image remove data')
    expect(said.exitCode).toBe(5)
    expect(said.stderr).toContain('The image data is in use: the group ta has it; everybody can choose it')
    expect(said.stderr).toContain('jhub image unset data --choose')
    expect(await person.readSpec()).toBe(before)
    await person.type('image use data')
    const more = await person.type('image remove data')
    expect(more.stderr).toContain('The image data is in use: everybody and the group ta have it')
  })

  it('are planned by --dry-run, and the file stays', async () => {
    const said = await person.type('image use data --choose --dry-run')
    expect(said.exitCode).toBe(0)
    expect(await person.readSpec()).toBe(spec)
  })
})

it('without any image, one to remove is not there', async () => {
  await person.writeSpec(spec.slice(0, spec.indexOf('images:')))
  const said = await person.type('image remove nope')
  expect(said.stderr).toContain(
    'There is no image nope: the settings file has no images\nTry:   jhub image list\nCode:',
  )
})

describe('images of a hub that runs', () => {
  it('are listed and shown with who has them, who can choose them, and whose server is older', async () => {
    await person.writeSpec(`${spec}image: data\nchoose: [course]\n`)
    const {state} = await person.startHub()
    state.users.set('ana', {admin: true, server: 'running', image: ['course', 'image-course-0123456789ab']})
    expect(await person.json('image list')).toEqual({
      images: [
        {
          name: 'data',
          recipe: 'pandas',
          description: 'Data frames',
          isBuilt: false,
          use: {everybody: true, groups: [], users: [], choose: {everybody: false, groups: [], users: []}},
          running: [],
        },
        {
          name: 'course',
          recipe: expect.stringContaining('course.txt') as string,
          description: null,
          isBuilt: false,
          use: {everybody: false, groups: [], users: [], choose: {everybody: true, groups: [], users: []}},
          running: ['ana'],
        },
      ],
      outdated: ['ana'],
    })
    const {stdout} = await person.type('image list')
    expect(stdout).toMatch(/data +pandas +not built +everybody/)
    expect(stdout).toContain('choice of everybody')
    expect(stdout).toContain('jhub server restart --outdated')
    expect((await person.type('image show course')).stdout).toMatch(/Can choose it: +everybody\nRunning: +ana\n/)
    expect(await person.json('image show course')).toMatchObject({image: 'course', build: null, running: ['ana']})
  })

  it('that are not there yet are told with the way to the first', async () => {
    await person.writeSpec('version: 1\nname: jhub\nmode: vm\nvm: {machine: process}\n')
    expect((await person.type('image list')).stdout).toContain('jhub image add data --package pandas')
    expect(await person.json('image list')).toEqual({images: [], outdated: []})
  })

  describe('and needs no build', () => {
    beforeEach(async () => {
      await person.writeSpec(spec.replace(/images:\n(?: {2}.*\n)+/, ''))
      await person.startHub()
      // Brings people and limits to the hub, after which it is as its settings file says.
      await person.type('image build')
    })

    it.each(['image update --dry-run', 'image update'])('%s speaks of the images', async (line) => {
      expect(await person.type(line)).toMatchObject({
        exitCode: 0,
        stdout: 'Nothing to change: all images have the newest packages that their recipes allow.\n',
      })
    })

    it.each(['image unset --choose --group ta', 'image unset --user ben', 'image build --dry-run'])(
      '%s changes nothing',
      async (line) => {
        expect(await person.type(line)).toMatchObject({exitCode: 0, stdout: 'Nothing to change.\n'})
      },
    )
  })
})
