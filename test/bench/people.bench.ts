import {setTimeout as delay} from 'node:timers/promises'
import {realJhub, type RealJhub} from '../e2e/real-jhub.js'
import {renderCrowd, startAtOnce} from './crowd.js'
import {hubOf, type Hub} from './hub-by-hand.js'
import {runQuietly, timeOf, type Comparison} from './measure.js'
import {restartsNothing} from './restarts-nothing.js'

const port = 18_510
const crowd = 1000
const servers = 20

/** Many people at once, against the hub's own REST API with the same token. */
export async function* bench(say: (line: string) => void): AsyncIterable<Comparison> {
  const jhub = await realJhub({port})
  try {
    await jhub.json('up', '--port', String(port))
    const hub = await hubOf(jhub)
    yield await addCrowd(jhub, hub)
    yield await startClass(jhub, hub, say)
    yield await changeLimits(jhub)
  } finally {
    await jhub.dispose()
  }
}

async function addCrowd(jhub: RealJhub, hub: Hub): Promise<Comparison> {
  const names = (prefix: string) => Array.from({length: crowd}, (_, index) => `${prefix}${String(index)}`)
  const plain = names('plain-')
  const theirs = await timeOf(() => hub.send('POST', '/users', {usernames: plain}))
  for (const name of plain) await hub.send('DELETE', `/users/${name}`)
  const ours = await timeOf(async () => {
    const {exitCode, stderr} = await jhub.runWithInput(names('person-').join('\n'), 'user', 'add', '-')
    if (exitCode !== 0) throw new Error(stderr)
  })
  return {
    what: `${String(crowd)} people added, each with a password`,
    ours,
    otherwise: 'one bulk POST without passwords',
    theirs,
    hold: {times: 1.3},
  }
}

async function startClass(jhub: RealJhub, hub: Hub, say: (line: string) => void): Promise<Comparison> {
  const first = Array.from({length: servers}, (_, index) => `person-${String(index)}`)
  const second = Array.from({length: servers}, (_, index) => `person-${String(index + servers)}`)
  const crowded = await startAtOnce(hub, first)
  for (const name of first) await hub.send('DELETE', `/users/${name}/server`)
  while ((await jhub.json<{servers: readonly unknown[]}>('server', 'list')).servers.length > 0) await delay(200)
  const ours = await timeOf(() => jhub.json('server', 'start', ...second))
  const {servers: running} = await jhub.json<{servers: readonly {state: string}[]}>('server', 'list')
  const failed = servers - running.filter(({state}) => state === 'running').length
  say(`${String(servers)} servers at once: ${renderCrowd(crowded)}; ${String(failed)} failed`)
  return {
    what: `${String(servers)} servers started at once`,
    ours,
    otherwise: 'as many POSTs',
    theirs: crowded.allMs,
    hold: {times: 1.3},
  }
}

/** While the servers of the class run. Throws where it restarts something. */
async function changeLimits(jhub: RealJhub): Promise<Comparison> {
  const set = () => jhub.json('limits', 'set', '--memory', '2G')
  return {
    what: `limits set while ${String(servers)} servers run`,
    ours: await restartsNothing(jhub, 'limits set', () => timeOf(set)),
    otherwise: 'node -e 0',
    theirs: await timeOf(() => runQuietly([process.execPath, '-e', '0'])),
  }
}
