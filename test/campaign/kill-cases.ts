import path from 'node:path'
import {olderJhub, runFrom} from '../e2e/other-jhub.js'
import {typedBy, type RealJhub} from '../e2e/real-jhub.js'
import type {KillCase} from './run-kills.js'
import {addEverybody, type StandingHub} from './standing-hub.js'

const people = async (jhub: RealJhub) =>
  (await jhub.json<{users: readonly {name: string; in: string}[]}>('user', 'list')).users

/** `up` from nothing but homes, accounts and the spec. */
export const killedUp: KillCase = {
  words: ['up'],
  prepare: ({jhub}) => jhub.json('down', '--yes'),
  reached: () => Promise.resolve([]),
}

/** So many people at once, who are removed again first. */
export function killedUserAdd(count: number): KillCase {
  const group = Array.from({length: count}, (_, index) => `s${String(index + 1).padStart(3, '0')}`)
  return {
    words: ['user', 'add', ...group],
    title: `user add of ${String(count)}`,
    async prepare({jhub}) {
      const there = new Set((await people(jhub)).map(({name}) => name))
      const names = group.filter((name) => there.has(name))
      if (names.length > 0) await jhub.json('user', 'remove', ...names)
    },
    async reached({jhub}) {
      const inBoth = new Set((await people(jhub)).filter((user) => user.in === 'both').map(({name}) => name))
      const missing = group.filter((name) => !inBoth.has(name))
      return missing.length === 0
        ? []
        : [`${String(missing.length)} of ${String(count)} are not there: ${missing[0] ?? ''}, …`]
    },
  }
}

/** Other limits for everybody, in the settings file and on the hub. */
export const killedLimits: KillCase = {
  words: ['limits', 'set', '--memory', '600M'],
  title: 'limits set',
  prepare: ({jhub}) => jhub.json('limits', 'set', '--memory', '700M'),
  async reached({jhub}) {
    const shown = await jhub.json<{default: {memoryBytes?: number}}>('limits', 'show')
    return shown.default.memoryBytes === 600 * 1024 ** 2 ? [] : [`limits say ${JSON.stringify(shown.default)}`]
  },
}

/** `down`, of which nothing may be left; then the hub comes back with everybody. */
export function killedDown(leftovers: (jhub: RealJhub) => Promise<readonly string[]>): KillCase {
  return {
    words: ['down', '--yes'],
    title: 'down',
    prepare: ({jhub}) => jhub.json('up'),
    async reached(hub) {
      const left = await leftovers(hub.jhub)
      await hub.jhub.json('up')
      return left.map((name) => `left: ${name}`)
    },
  }
}

/**
 * `upgrade` of a hub that an older jhub made, with a database of another schema. Between two kills the older jhub brings its
 * hub up again, from the copy of its database that `putBack` puts in place; the first time `forget` removes the accounts of the
 * newer one. Homes stay.
 */
export function killedUpgrade(
  forget: (jhub: RealJhub) => Promise<unknown>,
  putBack: (jhub: RealJhub) => Promise<unknown>,
): KillCase {
  let standsIn = ''
  return {
    words: ['upgrade', '--yes'],
    title: 'upgrade',
    async prepare({jhub, passwords}) {
      const product = path.join(jhub.directory, 'older')
      if (standsIn !== jhub.directory) await olderJhub(product)
      const older = typedBy((_input, ...words) => runFrom(product, jhub, ...words))
      if (standsIn === jhub.directory) {
        await jhub.json('stop', '--yes')
        await putBack(jhub)
        await older.json('up')
        return
      }
      await jhub.json('stop', '--yes')
      await forget(jhub)
      await jhub.json('down', '--yes')
      Object.assign(passwords, await addEverybody(jhub, older))
      standsIn = jhub.directory
    },
    reached: isCurrent,
  }
}

export async function isCurrent({jhub}: StandingHub): Promise<readonly string[]> {
  const {outcome} = await jhub.json<{outcome: string}>('upgrade')
  return outcome === 'current' ? [] : [`upgrade says ${outcome}`]
}
