import {mkdir, mkdtemp, readFile, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {parse} from 'csv-parse/sync'
import pMap from 'p-map'
import {openBrowser, type Browser} from '../e2e/browser.js'
import {serveCourse, type CourseRepository} from '../e2e/course-repository.js'
import {realJhub, type RealJhub, type RealJhubOptions} from '../e2e/real-jhub.js'
import {readCodes} from '../fakes/fake-phone.js'
import {messageOf} from '../../src/errors.js'
import {moodleExport, participants} from './day-people.js'
import type {Outcome} from './run-drift.js'

/** A place for the day of a workshop. */
export interface DayPlace {
  /** The hub itself is brought up by the day. */
  readonly hub: RealJhubOptions & {readonly spec: string}
  readonly people: number
  /** What `up` leaves to be looked at after `down --delete-data`. */
  readonly leftovers: (jhub: RealJhub) => Promise<readonly string[]>
}

/** A moment of the day, in seconds since its beginning. */
export interface Moment {
  readonly at: number
  readonly took: number
  readonly what: string
}

export interface Day extends Outcome {
  readonly timeline: readonly Moment[]
}

/** What the settings file of a workshop says beside where its hub stands. */
export const workshopSpec = `files: {materials: ./materials}
workshop: {title: "Data for everybody", wifi: "Guest, password: welcome"}
limits: {default: {memory: 512M, cpu: 1}}
`

/** Ends in a message that says what was not as it must be. */
function require(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new Error(otherwise)
}

/** The whole day of a workshop, from the table of the school to `down`; a part that fails ends it. */
export async function runDay(place: DayPlace, say: (line: string) => void): Promise<Day> {
  const directory = await mkdtemp(path.join(tmpdir(), 'jhub-course-'))
  const course = await serveCourse(directory)
  const jhub = await realJhub({...place.hub, spec: place.hub.spec + course.settings})
  const started = Date.now()
  const seconds = () => (Date.now() - started) / 1000
  const timeline: Moment[] = []
  const part: Part = async (title, action) => {
    const at = seconds()
    const found = await action().catch((error: unknown) => {
      throw new Error(`${title}: ${messageOf(error)}`, {cause: error})
    })
    const moment = {at, took: seconds() - at, what: `${title}: ${found.said}`}
    timeline.push(moment)
    say(renderMoment(moment))
    return found.value
  }
  const failures: string[] = []
  try {
    await runParts({...place, course}, jhub, part)
  } catch (error) {
    failures.push(messageOf(error))
  } finally {
    await jhub.dispose()
    await course.stop()
    await rm(directory, {recursive: true, force: true})
  }
  return {name: `the day of a workshop with ${String(place.people)} people`, failures, seconds: seconds(), timeline}
}

export function renderMoment({at, took, what}: Moment): string {
  const [minutes, rest] = [Math.floor(at / 60), Math.floor(at % 60)]
  const clock = [minutes, rest].map((each) => String(each).padStart(2, '0')).join(':')
  return `${clock}  ${`${took.toFixed(0)} s`.padStart(6)}  ${what}`
}

type Part = <T>(title: string, action: () => Promise<{readonly said: string; readonly value: T}>) => Promise<T>

interface Prepared extends DayPlace {
  readonly course: CourseRepository
}

async function runParts(place: Prepared, jhub: RealJhub, part: Part): Promise<void> {
  await prepare(place, jhub, part)
  const cards = await printCards(place, jhub, part)
  const {url} = await jhub.json<{url: string}>('up')
  const inside = await part('people log in by their cards', async () => {
    const browsers = await Promise.all(cards.map((card) => enter(url, card)))
    return {said: `${String(browsers.length)} people, all in, servers started by themselves`, value: browsers}
  })
  await part('people work', async () => {
    await pMap(
      inside,
      async ({browser, login}) => {
        const said = await browser.runCode(login, homework)
        require(said === 'lesson 1', `${login} read "${said}" in place of the materials`)
      },
      {concurrency: 6},
    )
    return {said: `${String(inside.length)} read the materials and wrote hw1.txt`, value: undefined}
  })
  await openContent(jhub, inside, part)
  await lateArrival(jhub, url, part)
  await crash(jhub, inside, part)
  await evening(place, jhub, part)
}

/** The evening before: people, software, materials, and a rehearsal. */
async function prepare({people, course}: Prepared, jhub: RealJhub, part: Part): Promise<void> {
  const configuration = jhub.environment['JHUB_CONFIG_DIR'] ?? ''
  const materials = path.join(configuration, 'materials')
  await mkdir(materials, {recursive: true})
  await writeFile(path.join(materials, 'lesson.txt'), 'lesson 0')
  const file = path.join(jhub.directory, 'participants.csv')
  await writeFile(file, moodleExport(participants(people)))
  await part('jhub up', async () => {
    const {url} = await jhub.json<{url: string}>('up')
    return {said: url, value: undefined}
  })
  await part('jhub user import', async () => {
    const words = ['user', 'import', file, '--group', 'class', '--yes'] as const
    const {passwords} = await jhub.json<{passwords: Readonly<Record<string, string>>}>(...words)
    const count = Object.keys(passwords).length
    require(count === people, `${String(count)} passwords were made for ${String(people)} people`)
    const again = await jhub.json<{changes: readonly unknown[]}>(...words)
    require(again.changes.length === 0, 'the same file again is not without changes')
    return {said: `${String(people)} people of a Moodle export; the same file again changes nothing`, value: undefined}
  })
  await part('jhub image add, use', async () => {
    await jhub.json('image', 'add', 'course', '--package', 'humanize')
    await jhub.json('image', 'use', 'course', '--group', 'class')
    return {said: 'the class has an image with humanize', value: undefined}
  })
  await part('jhub files push', async () => {
    await writeFile(path.join(materials, 'lesson.txt'), 'lesson 1')
    await jhub.json('files', 'push')
    return {said: 'lesson.txt, as it is now', value: undefined}
  })
  await part('the repository of the course', async () => {
    await course.stop()
    return {said: 'copied by jhub up; from now on its address does not answer', value: undefined}
  })
  await part('jhub rehearse', async () => {
    const count = String(people)
    const seen = await jhub.json<Rehearsed>('rehearse', '--people', count, '--over', '60s', '--yes')
    const {finished, stages, room} = seen
    require(finished === people, `${String(finished)} of ${count} made-up people finished: ${JSON.stringify(seen)}`)
    const times = (['login', 'server', 'first cell'] as const).map(
      (stage) => `${stage} ${((stages[stage]?.p95Ms ?? 0) / 1000).toFixed(1)} s`,
    )
    return {
      said: `${count} made-up people; p95: ${times.join(', ')}; ${room.people === null ? 'room is not known' : `room for ${String(room.people)} people`}`,
      value: undefined,
    }
  })
}

interface Rehearsed {
  readonly finished: number
  readonly stages: Readonly<Record<string, {readonly p95Ms: number} | null>>
  readonly room: {readonly people: number | null}
}

interface Card {
  readonly login: string
  readonly password: string
}

/** Cards whose codes are read as a phone reads them; gives what stands on them. */
async function printCards({people}: DayPlace, jhub: RealJhub, part: Part): Promise<readonly Card[]> {
  return part('jhub cards', async () => {
    const to = path.join(jhub.directory, 'cards')
    const words = ['--group', 'class', '--format', 'html,csv', '--output', to, '--address', 'http://192.0.2.7:8000']
    await jhub.json('cards', ...words)
    const rows = parse(await readFile(path.join(to, 'cards.csv'), 'utf8'), {
      bom: true,
      columns: (names: readonly string[]) => names.map((name) => name.toLowerCase()),
    }) as readonly Readonly<Record<string, string>>[]
    const cards = rows.map(({login = '', password = ''}) => ({login, password}))
    require(cards.length === people && cards.every(({password}) => password !== ''), 'a card lacks its password')
    const read = readCodes(await readFile(path.join(to, 'cards.html'), 'utf8'))
    const wanted = cards.map(({login}) => `http://192.0.2.7:8000/hub/login?username=${encodeURIComponent(login)}`)
    require(JSON.stringify(read) === JSON.stringify(wanted), `a code leads elsewhere: ${read.join(' ')}`)
    return {said: `${String(read.length)} cards, each code read`, value: cards}
  })
}

interface Inside {
  readonly login: string
  readonly browser: Browser
}

const homework = `
text = open("materials/lesson.txt").read()
open("course/lesson-1.ipynb").close()
import humanize
open("hw1.txt", "w").write(text + ", done")
print(text)
`

/** Signs in with what the card says, and opens the server as the pages of the hub do. */
async function enter(url: string, {login, password}: Card): Promise<Inside> {
  const browser = openBrowser(url)
  require(await browser.login(login, password), `${login} cannot log in with the card`)
  await browser.get(`/hub/spawn/${encodeURIComponent(login)}`)
  const deadline = Date.now() + 600_000
  while (Date.now() < deadline) {
    const page = await browser.get(`/user/${encodeURIComponent(login)}/lab`)
    if (page.status === 200 && new URL(page.url).pathname.startsWith('/user/')) return {login, browser}
    await delay(2000)
  }
  throw new Error(`the server of ${login} did not start within 10 minutes`)
}

/** The link of a slide leads everybody who is inside to what the repository of the course opens. */
async function openContent(jhub: RealJhub, [first]: readonly Inside[], part: Part): Promise<void> {
  await part('jhub open --content', async () => {
    const {url} = await jhub.json<{url: string}>('open', '--content')
    const {pathname, search} = new URL(url)
    const page = await first?.browser.get(`${pathname}${search}`)
    const isThere = page?.status === 200 && new URL(page.url).pathname === `/user/${first?.login ?? ''}/git-pull`
    require(isThere, `${url} leads to ${page?.url ?? 'nowhere'} (${String(page?.status)})`)
    return {said: 'the link leads to the page that updates the repository', value: undefined}
  })
}

/** Somebody who is not in the table comes when all others work. */
async function lateArrival(jhub: RealJhub, url: string, part: Part): Promise<void> {
  await part('a late arrival', async () => {
    const {users} = await jhub.json<{users: readonly {password?: string}[]}>('user', 'add', 'late', '--group', 'class')
    const {browser} = await enter(url, {login: 'late', password: users[0]?.password ?? ''})
    require((await browser.runCode('late', homework)) === 'lesson 1', 'who came late does not see the materials')
    return {said: 'added, in, and at work while the others work', value: undefined}
  })
}

const tooMuch = 'data = []\nwhile True: data.append(bytearray(b"x") * 50_000_000)'

/** A notebook that takes more memory than there is ends alone, and `top` says why. */
async function crash(jhub: RealJhub, [first, second]: readonly Inside[], part: Part): Promise<void> {
  await part('a crash by memory', async () => {
    require(first !== undefined && second !== undefined, 'nobody is inside')
    const died = await first.browser.runCode(first.login, tooMuch)
    require(died === 'the kernel died' || died.startsWith('MemoryError'), `the kernel said "${died}"`)
    const {servers} = await jhub.json<{servers: readonly {user: string; trouble: readonly {kind: string}[]}[]}>('top')
    const trouble = servers.find(({user}) => user === first.login)?.trouble.map(({kind}) => kind) ?? []
    require(trouble.includes('out of memory'), `top says of ${first.login}: ${trouble.join(', ')}`)
    require((await second.browser.runCode(second.login, '1 + 1')) === '2', 'the neighbour was disturbed')
    require((await first.browser.runCode(first.login, '1 + 1')) === '2', 'a new kernel does not start')
    return {said: `${first.login}: "${died}"; top says out of memory; the neighbour works on`, value: undefined}
  })
}

/** Work is collected, homes are emptied, and nothing of the hub is left. */
async function evening({people, leftovers}: DayPlace, jhub: RealJhub, part: Part): Promise<void> {
  await part('jhub files collect', async () => {
    const to = path.join(jhub.directory, 'hw1')
    const {people: all} = await jhub.json<{people: readonly {login: string; state: string}[]}>(
      ...(['files', 'collect', 'hw1.txt', '--group', 'class', '--to', to] as const),
    )
    const handedIn = all.filter(({state}) => state === 'handed in').length
    require(handedIn === people + 1, `${String(handedIn)} of ${String(people + 1)} handed in`)
    const directories = (await readdir(to, {withFileTypes: true})).filter((each) => each.isDirectory())
    require(directories.length === handedIn, `there are ${String(directories.length)} directories`)
    require((await readFile(path.join(to, 'late', 'hw1.txt'), 'utf8')) ===
      'lesson 1, done', 'late wrote something else')
    return {said: `${String(handedIn)} directories and a table`, value: undefined}
  })
  await part('jhub server stop --all, files reset', async () => {
    await jhub.json('server', 'stop', '--all', '--yes')
    const to = path.join(jhub.directory, 'archives')
    const {people: all} = await jhub.json<{people: readonly {state: string}[]}>(
      ...(['files', 'reset', '--group', 'class', '--to', to, '--confirm', 'class'] as const),
    )
    const emptied = all.filter(({state}) => state === 'emptied').length
    require(emptied === people + 1, `${String(emptied)} of ${String(people + 1)} homes were emptied`)
    return {said: `${String(emptied)} homes archived and emptied`, value: undefined}
  })
  await part('jhub down', async () => {
    await jhub.json('down', '--delete-data', '--confirm', jhub.name)
    const left = await leftovers(jhub)
    require(left.length === 0, `there is still: ${left.join(', ')}`)
    return {said: 'nothing of it is left', value: undefined}
  })
}
