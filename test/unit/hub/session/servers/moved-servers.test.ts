import {describe, expect, it} from 'vitest'
import type {HubContext} from '../../../../../src/hub/session/hub-context.js'
import {warnOfMovedServers} from '../../../../../src/hub/session/servers/moved-servers.js'
import type {OpenHub} from '../../../../../src/hub/session/open-hub.js'
import type {HubSpec} from '../../../../../src/hub-spec/hub-spec.js'

const specWith = (baseUrl?: string) => ({access: baseUrl === undefined ? {} : {baseUrl}}) as HubSpec
const hubWith = (servers: number, baseUrl?: string) =>
  ({
    spec: specWith(baseUrl),
    connect: async () => ({
      users: async () => Array.from({length: 3}, (_, index) => (index < servers ? {server: {}} : {})),
    }),
  }) as unknown as OpenHub

async function warnings(hub: OpenHub, applied: HubSpec | undefined): Promise<readonly string[]> {
  const said: string[] = []
  const onEvent: HubContext['onEvent'] = (event) => {
    if (event.type === 'warning') said.push(event.text)
  }
  await warnOfMovedServers({onEvent}, hub, applied)
  return said
}

describe('servers that run when the path of the hub changes', () => {
  it('are told of, with the command that moves them', async () => {
    const [said] = await warnings(hubWith(2, '/jupyter/'), specWith())
    expect(said).toMatch(/^The hub's path changes from \/ to \/jupyter\/\. 2 servers run and stay at the old path/)
    expect(said).toContain('jhub server restart --all')
  })

  it.each([
    ['the path stays', hubWith(2, '/jupyter/'), specWith('/jupyter/')],
    ['no server runs', hubWith(0, '/jupyter/'), specWith()],
    ['there was no hub before', hubWith(2, '/jupyter/'), undefined],
  ])('are no matter when %s', async (_, hub, applied) => {
    expect(await warnings(hub, applied)).toEqual([])
  })
})
