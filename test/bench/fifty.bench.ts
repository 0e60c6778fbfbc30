import type {RehearsalResult} from '../../src/hub/rehearse/rehearsal-result.js'
import type {Spread} from '../../src/load/statistics.js'
import {whyNoDocker} from '../e2e/docker-machine.js'
import {realJhub} from '../e2e/real-jhub.js'
import {Skipped, type Comparison} from './measure.js'

const port = 18_540
const people = 50
const spec = `version: 1
name: fifty
mode: vm
vm: {machine: docker}
access: {port: ${String(port)}}
users: {admin: {admin: true}}
limits: {default: {memory: 512M, cpu: 1}, total: {memory: 14G, cpu: 2, servers: 60}}
`

/** Fifty people who log in within ten seconds, on two cores for all their servers: who got one, and how long the pages took. */
export async function* bench(say: (line: string) => void): AsyncIterable<Comparison> {
  const reason = await whyNoDocker()
  if (reason !== undefined) throw new Skipped(reason)
  const jhub = await realJhub({port, name: 'fifty', machine: 'docker', spec})
  try {
    await jhub.json('up')
    // People without a server are a result too, with an exit code of its own.
    const {stdout} = await jhub.run('rehearse', '--people', String(people), '--over', '10s', '--json')
    const result = JSON.parse(stdout) as RehearsalResult | {readonly error: {readonly message: string}}
    if ('error' in result) throw new Error(result.error.message)
    const {stages, loginPage, ready} = result
    say(`${String(result.finished)} of ${String(people)} got a server and ran a cell; to hold: all`)
    for (const {stage, cause, people: whom} of result.failures) say(`${String(whom.length)} at ${stage}: ${cause}`)
    for (const [what, spread] of Object.entries({...stages, 'arrival to first cell': ready}))
      if (spread !== null) say(`${what}: ${inWords(spread)}`)
    if (loginPage === null) return
    yield {
      what: 'The slowest login page meanwhile',
      ours: loginPage.mostMs,
      otherwise: 'one second',
      theirs: 1000,
      hold: {ms: 1000},
    }
  } finally {
    await jhub.dispose()
  }
}

function inWords({p50Ms, p95Ms, mostMs}: Spread): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`
  return `p50 ${seconds(p50Ms)}, p95 ${seconds(p95Ms)}, slowest ${seconds(mostMs)}`
}
