import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {inContainer, whyNoDocker} from '../e2e/docker-machine.js'
import {realJhub, type RealJhub} from '../e2e/real-jhub.js'
import {percentile, runQuietly, timeOf, type Comparison} from './measure.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const script = path.join(root, 'test', 'bench', 'by-hand-docker.sh')
const port = 18_790
const name = 'vmbench'
const keeper = 'vmbench-image'

/** `up` and `down` on the docker machine against the same by hand, the image there already; then one server and twenty. */
export async function* bench(say: (line: string) => void): AsyncIterable<Comparison> {
  const reason = await whyNoDocker()
  if (reason !== undefined) return say(`skipped: ${reason}`)
  const jhub = await realJhub({port, name, machine: 'docker'})
  try {
    const up = () => jhub.json('up', '--port', String(port))
    say(`up with the image still to be built: ${seconds(await timeOf(up))}`)
    const image = await newestImage()
    // Another that stands on the image: `down` leaves it, and both begin with it.
    await execa('docker', ['create', '--name', keeper, image])
    await jhub.json('down', '--yes')
    const environment = {PORT: String(port + 1), ROOT: root, IMAGE: image}
    const otherwiseMs = await timeOf(() => runQuietly(['bash', script, 'up', 'vmbench-hand'], environment))
    const downMs = await timeOf(() => runQuietly(['bash', script, 'down', 'vmbench-hand'], environment))
    yield {what: 'up', oursMs: await timeOf(up), otherwise: 'by hand', otherwiseMs, hold: '1.0'}
    yield {what: 'up again', oursMs: await timeOf(up), otherwise: 'two seconds', otherwiseMs: 2000, hold: '1.0'}
    yield* people(jhub, say)
    const down = () => jhub.json('down', '--yes')
    yield {what: 'down', oursMs: await timeOf(down), otherwise: 'docker rm', otherwiseMs: downMs, hold: '1.5'}
  } finally {
    await execa('bash', [script, 'down', 'vmbench-hand'], {reject: false})
    await execa('docker', ['rm', keeper], {reject: false})
    await jhub.dispose()
  }
}

async function* people(jhub: RealJhub, say: (line: string) => void): AsyncIterable<Comparison> {
  const list = () => jhub.run('user', 'list')
  await list()
  const bareMs = await timeOf(() => runQuietly([process.execPath, '-e', '0']))
  yield {
    what: 'user list on a running hub',
    oursMs: await timeOf(list),
    otherwise: 'node -e 0',
    otherwiseMs: bareMs,
    hold: `+ 150 ms, here ${((bareMs + 150) / bareMs).toFixed(2)}`,
  }
  const names = Array.from({length: 20}, (_, index) => `s${String(index)}`)
  await jhub.json('user', 'add', 'one', ...names)
  say(`one server, until it is ready: ${seconds(await timeOf(() => jhub.json('server', 'start', 'one')))}`)
  const times = await Promise.all(names.map((user) => timeOf(() => jhub.json('server', 'start', user))))
  say(`twenty at once: p50 ${seconds(percentile(times, 0.5))}, p95 ${seconds(percentile(times, 0.95))}`)
  for (const unit of [`${name}.hub`, `${name}.proxy`, `${name}.one.server`]) {
    const words = ['systemctl', 'show', `jhub-${unit}`, '--property=MemoryCurrent', '--value']
    const bytes = Number(await inContainer(`jhub-${name}`, ...words))
    say(`memory of ${unit}: ${(bytes / 1024 ** 2).toFixed(0)} MB`)
  }
  // By hand, nobody's server runs when the machine is removed.
  await jhub.json('server', 'stop', 'one', ...names)
}

async function newestImage(): Promise<string> {
  const {stdout} = await execa('docker', ['images', 'jhub-machine', '--format', '{{.Repository}}:{{.Tag}}'])
  return stdout.split('\n')[0] ?? ''
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
