import {readFile, writeFile} from 'node:fs/promises'
import {setTimeout as delay} from 'node:timers/promises'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {realJhub, type RealJhub} from './real-jhub.js'

describe('a server that nobody uses', () => {
  let jhub: RealJhub
  const running = async () => (await jhub.json<{servers: readonly {user: string}[]}>('server', 'list')).servers
  const setIdle = async (after: string) => {
    const {file} = await jhub.json<{file: string}>('config', 'path')
    await writeFile(file, (await readFile(file, 'utf8')).replace(/after: \w+/, `after: ${after}`))
    await jhub.json('up')
  }

  beforeAll(async () => {
    jhub = await realJhub({port: 18_450, name: 'idle'})
    await jhub.json('up', '--port', '18450')
  })
  afterAll(() => jhub.dispose())

  it('is stopped after the time of the spec, and not before it was asked for', async () => {
    await setIdle('never')
    await jhub.json('server', 'start', 'admin')
    await delay(5_000)
    expect(await running()).toMatchObject([{user: 'admin', state: 'running'}])
    await setIdle('3s')
    while ((await running()).length > 0) await delay(1_000)
    await jhub.json('server', 'start', 'admin')
  })
})
