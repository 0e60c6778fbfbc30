import {request} from 'node:http'
import {describe, expect, it} from 'vitest'
import {servePage} from '../../../../src/cli/screen/serve-page.js'

interface Asked {
  readonly path?: string
  readonly host?: string
  readonly method?: string
}

const ask = (url: URL, {path = url.pathname, host = url.host, method = 'GET'}: Asked = {}) =>
  new Promise<{status: number; headers: Record<string, unknown>; body: string}>((resolve, reject) => {
    const asked = request({host: url.hostname, port: url.port, path, method, headers: {host}}, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (part: string) => (body += part))
      response.on('end', () => {
        resolve({status: response.statusCode ?? 0, headers: response.headers, body})
      })
    })
    asked.on('error', reject)
    asked.end()
  })

/** Serves samples until the work is done. */
async function whileServed(work: (url: URL) => Promise<void>, values: readonly number[] = [1, 2]): Promise<void> {
  const end = new AbortController()
  const ended = new Promise<void>((resolve) => {
    end.signal.addEventListener('abort', () => {
      resolve()
    })
  })
  async function* samples() {
    yield* values
    await ended
  }
  let worked: Promise<void> | undefined
  await servePage({
    samples: samples(),
    page: (nonce) => `page ${nonce}`,
    data: (value) => ({value}),
    signal: end.signal,
    onAddress: async (address) => {
      // The samples are read after the address was said.
      worked = new Promise((resolve) => setImmediate(resolve))
        .then(() => work(new URL(address)))
        .finally(() => {
          end.abort()
        })
      await Promise.resolve()
    },
  })
  await worked
}

describe('a live page', () => {
  it('shows the newest sample at its secret address', () =>
    whileServed(async (url) => {
      expect(url.hostname).toBe('127.0.0.1')
      const page = await ask(url)
      expect(page.status).toBe(200)
      const nonce = /^page (\S+)$/.exec(page.body)?.[1]
      expect(page.headers['content-security-policy']).toContain(`script-src 'nonce-${String(nonce)}'`)
      expect(page.headers).toMatchObject({'referrer-policy': 'no-referrer', 'cache-control': 'no-store'})
      expect(JSON.parse((await ask(url, {path: `${url.pathname}data`})).body)).toEqual({value: 2})
    }))

  it.each<[string, (url: URL) => Asked]>([
    ['the root', () => ({path: '/'})],
    ['a guess', () => ({path: `/${'A'.repeat(43)}/`})],
    ['a shorter path', (url) => ({path: `${url.pathname.slice(0, -2)}/`})],
    ['data without the secret', () => ({path: '/data'})],
    ['another page', (url) => ({path: `${url.pathname}other`})],
    ['more behind it', (url) => ({path: `${url.pathname}data/more`})],
    ["a name of somebody else's that leads here", (url) => ({host: `evil.example:${url.port}`})],
    ['another method', () => ({method: 'POST'})],
  ])('is not found by %s', (_, asked) =>
    whileServed(async (url) => {
      const {status, body} = await ask(url, asked(url))
      expect([status, body]).toEqual([404, 'Not found\n'])
    }),
  )

  it('has another address each time, of 256 bits', async () => {
    const paths: string[] = []
    for (let time = 0; time < 2; time++)
      await whileServed(async (url) => {
        paths.push(url.pathname)
        await Promise.resolve()
      })
    expect(new Set(paths).size).toBe(2)
    for (const each of paths) expect(Buffer.from(each.slice(1, -1), 'base64url')).toHaveLength(32)
  })
})
