import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {imageAdd, imageGive} from '../../src/hub/image/image-change.js'
import {limitsSet} from '../../src/hub/limits/limits-change.js'
import {plan} from '../../src/hub/plan.js'
import {serverStart} from '../../src/hub/server/server-change.js'
import type {HubContext} from '../../src/hub/session/hub-context.js'
import {up} from '../../src/hub/up.js'
import {userAdd} from '../../src/hub/user/user-add.js'
import {fakeMachine} from '../fakes/fake-machine.js'
import {vmWorld} from './vm-world.js'
import type {World} from './world.js'
import {quietPort} from '../fakes/quiet-port.js'

const verbs: readonly (readonly [string, (context: HubContext) => Promise<unknown>])[] = [
  [
    'user add',
    (context) => userAdd(context, {names: ['zoe'], admin: false, groups: [], passwords: new Map(), dryRun: false}),
  ],
  ['limits set', (context) => limitsSet(context, {scope: {kind: 'default'}, values: {memory: '2G'}, dryRun: false})],
  ['image use', (context) => imageGive(context, {name: 'data', scope: {kind: 'default'}, dryRun: false})],
  ['server start', (context) => serverStart(context, ['admin'])],
]

describe('a hub that is restarted in the middle of a command', () => {
  let world: World
  beforeEach(async () => {
    const port = await quietPort()
    world = vmWorld(fakeMachine)(port)
    const options = {machine: 'process', port, admin: 'admin', mode: 'vm'} as const
    await up(world.context(), options)
    await imageAdd(world.context(), {name: 'data', packages: ['pandas'], dryRun: false})
  })
  afterEach(() => world.close())

  it.each(verbs)('is waited for by %s, which then does what it is for', async (_, verb) => {
    if (world.hubState === undefined) throw new Error('no hub')
    world.hubState.restartsAfter = 1
    await verb(world.context())
    expect(world.hubState.restartsAfter).toBeUndefined()
    expect((await plan(world.context())).changes).toEqual([])
  })
})
