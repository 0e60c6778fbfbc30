import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterEach, describe, expect, it, vi} from 'vitest'
import {networkEnvironment} from '../../../../src/engines/images/network-environment.js'
import {proxyAddresses, proxyNames, specificProxies} from '../../../../src/host/network/proxies.js'
import {readJson} from '../../../../src/host/network/read-json.js'
import {realCommands} from '../../../../src/host/processes/real-commands.js'

const proxy = 'http://me:secret@proxy.example:3128'

afterEach(() => {
  vi.unstubAllEnvs()
})

const only = (variables: Readonly<Record<string, string>>) => {
  for (const name of proxyNames) vi.stubEnv(name, variables[name])
}

describe('the proxies of a company', () => {
  it.each(['ALL_PROXY', 'all_proxy'])('named by %s alone count for programs that do not read it', (name) => {
    expect(specificProxies({[name]: proxy})).toEqual({HTTPS_PROXY: proxy, HTTP_PROXY: proxy})
    expect(networkEnvironment({[name]: proxy})).toEqual({[name]: proxy, HTTPS_PROXY: proxy, HTTP_PROXY: proxy})
  })

  it('stay as they are where a name is set, in any case', () => {
    expect(specificProxies({ALL_PROXY: proxy, https_proxy: 'http://other', HTTP_PROXY: 'http://other'})).toEqual({})
    expect(specificProxies({ALL_PROXY: proxy, https_proxy: 'http://other'})).toEqual({HTTP_PROXY: proxy})
    expect(specificProxies({ALL_PROXY: 'socks://proxy.example'})).toEqual({})
  })

  it.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'])(
    'that %s names are let through the rules of the network, without a password',
    (name) => {
      expect(proxyAddresses({[name]: proxy, NO_PROXY: 'uni.example'})).toEqual(['//proxy.example:3128'])
    },
  )

  it('that ALL_PROXY names reach helm and kind, as any other program', async () => {
    only({ALL_PROXY: proxy})
    const {stdout} = await realCommands.run(['sh', '-c', 'echo $HTTPS_PROXY $HTTP_PROXY'])
    expect(stdout).toBe(`${proxy} ${proxy}`)
    const own = await realCommands.run(['sh', '-c', 'echo $HTTPS_PROXY'], {env: {HTTPS_PROXY: 'http://own'}})
    expect(own.stdout).toBe('http://own')
  })

  it('that ALL_PROXY names are asked by jhub itself', async () => {
    const asked: (string | undefined)[] = []
    const server = createServer()
    server.on('connect', ({url}, socket) => {
      asked.push(url)
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    only({ALL_PROXY: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`})
    await expect(readJson('https://issuer.invalid/', {signal: new AbortController().signal})).rejects.toThrow()
    server.close()
    expect(asked).toEqual(['issuer.invalid:443'])
  })
})
