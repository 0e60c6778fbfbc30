import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {expect, it} from 'vitest'
import {checkRoom} from '../../../../src/hub/doctor/check-room.js'

const here = 'http://localhost:8000'

it('a hub for this computer alone has no other computers', async () => {
  expect(await checkRoom({here, others: [], isOpen: false})).toEqual([])
})

it('an address that answers says what can still be in the way', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  const [own] = await checkRoom({here, others: [url], isOpen: true})
  const [elsewhere] = await checkRoom({here: null, others: [url], isOpen: true})
  await new Promise((resolve) => server.close(resolve))
  expect(own).toMatchObject({
    state: 'ok',
    found: expect.stringMatching(/client isolation.*Keep this computer awake/) as string,
  })
  expect(elsewhere?.found).not.toContain('awake')

  const [closed] = await checkRoom({here, others: [url], isOpen: true})
  expect(closed).toMatchObject({
    state: 'problem',
    found: `${url} does not answer, not even from here`,
    fix: expect.stringContaining('firewall') as string,
  })
})
