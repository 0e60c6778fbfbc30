import type {RealJhub} from '../e2e/real-jhub.js'
import {medianOf, mediansInTurn, runQuietly, type Comparison} from './measure.js'
import {restartsNothing} from './restarts-nothing.js'

const runs = 25

/** The first word of a small verb on a running hub, against Node that does nothing. */
export async function listPeople(jhub: RealJhub): Promise<Comparison> {
  const list = () => jhub.run('user', 'list')
  await list()
  const [ours, theirs] = await mediansInTurn(runs, list, () => runQuietly([process.execPath, '-e', '0']))
  return {what: 'user list on a running hub', ours, otherwise: 'node -e 0', theirs, hold: {moreMs: 150}}
}

/** `up` where nothing is to be done. Throws where it restarts something. */
export async function upAgain(jhub: RealJhub): Promise<Comparison> {
  const ours = await restartsNothing(jhub, 'up', () => medianOf(3, () => jhub.json('up')))
  return {what: 'up again, nothing to do', ours, otherwise: 'second', theirs: 1000, hold: {ms: 1000}}
}
