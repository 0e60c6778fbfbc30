import {setTimeout as delay} from 'node:timers/promises'
import {afterEach, expect, it} from 'vitest'
import {sendTo} from '../../../../src/jupyterhub/requests/hub-request.js'
import {listen, makeServer, type Served} from '../../../fakes/listen.js'

let hub: Served | undefined
afterEach(async () => {
  await hub?.stop()
  hub = undefined
})

it('says once that the hub is slow, however many requests wait for it', async () => {
  const told: string[] = []
  const server = makeServer((_, response) => {
    // Whoever answers once it was told cannot be too early, on a computer of any speed.
    void (async () => {
      while (told.length === 0) await delay(50)
      await delay(500)
      response.end('{}')
    })()
  })
  hub = await listen(server)
  const send = sendTo(
    {url: hub.url, token: 'none'},
    {
      onWait: (text) => {
        told.push(text)
      },
    },
  )
  await Promise.all(['/users', '/groups', '/info'].map((path) => send(path)))
  expect(told).toEqual(['The hub is slow to answer. jhub is still waiting.'])
})
