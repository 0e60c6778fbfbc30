import {randomBytes} from 'node:crypto'
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {inContainer, whyNoDocker} from '../e2e/docker-machine.js'
import {realJhub, type RealJhub} from '../e2e/real-jhub.js'
import {until} from '../e2e/until.js'
import {renderCrowd, startAtOnce, type Crowd} from './crowd.js'
import {hubAt} from './hub-by-hand.js'
import {Skipped, timeOf, type Comparison, type Bound} from './measure.js'
import {oneServer, type OneServer} from './one-server.js'
import {restedDisk} from './rested-disk.js'
import {listPeople, upAgain} from './small-verbs.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const script = path.join(root, 'test', 'bench', 'by-hand-docker.sh')
const port = 18_790
const name = 'vmbench'
const handName = 'vmbench-hand'
const keeper = 'vmbench-image'
const crowd = Array.from({length: 20}, (_, index) => `s${String(index)}`)

interface Servers extends OneServer {
  readonly crowd: Crowd
}

/**
 * `up` and `down` on the docker machine against the same by hand, the image there already; then one server, twenty at once and
 * what an idle one takes: by hand, in the ordinary way and forked.
 */
export async function* bench(say: (line: string) => void): AsyncIterable<Comparison> {
  const reason = await whyNoDocker()
  if (reason !== undefined) throw new Skipped(reason)
  const jhub = await realJhub({port, name, machine: 'docker'})
  try {
    const up = () => jhub.json('up', '--port', String(port))
    say(`up with the image still to be built: ${seconds(await timeOf(up))}`)
    const image = await newestImage()
    // Another that stands on the image: `down` leaves it, and both begin with it.
    await execa('docker', ['create', '--name', keeper, image])
    await jhub.json('down', '--yes')
    await restedDisk(say)
    const hand = await byHand(image, say)
    yield {what: 'up', ours: await timeOf(up), otherwise: 'by hand', theirs: hand.upMs, hold: {times: 1}}
    yield await upAgain(jhub)
    yield await listPeople(jhub)
    await jhub.json('user', 'add', 'one', ...crowd)
    await untilForksAreReady(jhub)
    yield* compareServers(await serversOf(jhub, say, 'forked'), hand.servers, {
      how: 'forked',
      crowd: {times: 0.2},
      one: {ms: 600},
      kernel: {ms: 300},
      memory: {times: 0.45},
    })
    await turnForksOff(jhub)
    // What is left where nothing can be forked: never worse than by hand.
    yield* compareServers(await serversOf(jhub, say, 'in the ordinary way'), hand.servers, {
      how: 'started in the ordinary way (vm.prefork: false)',
      crowd: {times: 1},
      one: {times: 1},
      kernel: {times: 1},
      memory: {times: 1},
    })
    const ours = await timeOf(() => jhub.json('down', '--yes'))
    yield {what: 'down', ours, otherwise: 'docker rm', theirs: await hand.remove(), hold: {times: 1.5}}
  } finally {
    await execa('bash', [script, 'down', handName], {reject: false})
    await execa('docker', ['rm', keeper], {reject: false})
    await jhub.dispose()
  }
}

interface Holds {
  readonly how: string
  readonly crowd: Bound
  readonly one: Bound
  readonly kernel: Bound
  readonly memory: Bound
}

function* compareServers(ours: Servers, theirs: Servers, {how, ...hold}: Holds): Iterable<Comparison> {
  const otherwise = 'by hand'
  const twenty = {ours: ours.crowd.allMs, theirs: theirs.crowd.allMs, hold: hold.crowd}
  yield {what: `20 servers at once, ${how}`, otherwise, ...twenty}
  yield {what: `one server, ${how}`, otherwise, ours: ours.oneMs, theirs: theirs.oneMs, hold: hold.one}
  yield {what: `first kernel, ${how}`, otherwise, ours: ours.kernelMs, theirs: theirs.kernelMs, hold: hold.kernel}
  const memory = {ours: ours.idleBytes, theirs: theirs.idleBytes, hold: hold.memory}
  yield {what: `memory of an idle server, ${how}`, otherwise, ...memory, unit: 'bytes'}
}

/** Installs by hand, runs a class there, and ends it; `remove` starts it again and gives the milliseconds to take it away. */
async function byHand(image: string, say: (line: string) => void) {
  const token = randomBytes(16).toString('hex')
  const environment = {PORT: String(port + 1), TOKEN: token, ROOT: root, IMAGE: image}
  const type = (...words: string[]) => execa('bash', [script, ...words], {env: environment, timeout: 900_000})
  const upMs = await timeOf(() => type('up', handName))
  await type('class', handName, 'one', ...crowd)
  const hub = hubAt(port + 1, token)
  await hub.send('POST', '/users', {usernames: ['one', ...crowd]})
  const one = await oneServer(hub, 'one', async () => Number((await type('memory', handName, 'one')).stdout))
  const servers = {...one, crowd: await startAtOnce(hub, crowd)}
  say(`twenty at once by hand: ${renderCrowd(servers.crowd)}`)
  for (const each of ['one', ...crowd]) await hub.send('DELETE', `/users/${each}/server`)
  await type('pause', handName)
  return {
    upMs,
    servers,
    async remove() {
      await type('resume', handName)
      return timeOf(() => type('down', handName))
    },
  }
}

/** The same with ours, by the same REST API; nobody's server runs afterwards. */
async function serversOf(jhub: RealJhub, say: (line: string) => void, how: string): Promise<Servers> {
  const file = path.join(jhub.environment['JHUB_STATE_DIR'] ?? '', name, 'connection.json')
  const {token} = JSON.parse(await readFile(file, 'utf8')) as {token: string}
  const hub = hubAt(port, token)
  const words = ['systemctl', 'show', `jhub-${name}.one.server`, '--property=MemoryCurrent', '--value']
  const one = await oneServer(hub, 'one', async () => Number(await inContainer(`jhub-${name}`, ...words)))
  const servers = {...one, crowd: await startAtOnce(hub, crowd)}
  say(`twenty at once ${how}: ${renderCrowd(servers.crowd)}`)
  await jhub.json('server', 'stop', 'one', ...crowd)
  return servers
}

async function turnForksOff(jhub: RealJhub): Promise<void> {
  const {file} = await jhub.json<{file: string}>('config', 'path')
  await writeFile(file, (await readFile(file, 'utf8')).replace(/vm: \{([^}]*)\}/, 'vm: {$1, prefork: false}'))
  await jhub.json('up')
}

async function untilForksAreReady(jhub: RealJhub): Promise<void> {
  const isReady = async () => (await jhub.json<{forks?: {service: string}}>('status')).forks?.service === 'ready'
  await until('servers are forked', isReady)
}

async function newestImage(): Promise<string> {
  const {stdout} = await execa('docker', ['images', 'jhub-machine', '--format', '{{.Repository}}:{{.Tag}}'])
  return stdout.split('\n')[0] ?? ''
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
