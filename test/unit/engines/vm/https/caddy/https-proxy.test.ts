import {afterEach, describe, expect, it} from 'vitest'
import {certificateTrouble} from '../../../../../../src/engines/vm/https/certificate-trouble.js'
import {caddyConfig} from '../../../../../../src/engines/vm/https/caddy/caddy-config.js'
import {readCaddyLog} from '../../../../../../src/engines/vm/https/caddy/caddy-log.js'
import {portOf} from '../../../../../../src/engines/vm/configuration/endpoint.js'
import {publishedPorts} from '../../../../../../src/engines/vm/machines/docker/docker-ports.js'
import {ensureHttpsProxy} from '../../../../../../src/engines/vm/steps/https/ensure-https-proxy.js'
import {publicUrl} from '../../../../../../src/engines/vm/https/certificate-status.js'
import {renderUnit} from '../../../../../../src/engines/vm/services/systemd/units.js'
import type {Machine} from '../../../../../../src/engines/vm/machines/machine.js'
import type {JhubError} from '../../../../../../src/errors.js'
import {realClock} from '../../../../../../src/host/real-clock.js'
import type {AcmeSpec} from '../../../../../../src/hub-spec/access/https-spec.js'
import type {HubSpec} from '../../../../../../src/hub-spec/hub-spec.js'
import {parseHubSpec} from '../../../../../../src/hub-spec/parse-hub-spec.js'
import type {Step} from '../../../../../../src/steps/step.js'
import {runSteps} from '../../../../../../src/steps/run-steps.js'
import {fakeMachine, type FakeMachine} from '../../../../../fakes/fake-machine.js'

const accessOf = (text: string): HubSpec['access'] =>
  parseHubSpec(`version: 1\nname: fake\nmode: vm\naccess: {lan: true, ${text}}\n`).access
const https: AcmeSpec = {by: 'acme', domain: 'hub.example.org'}

describe('the configuration of Caddy', () => {
  const configOf = (spec: AcmeSpec, port = 443) =>
    JSON.parse(
      JSON.stringify(
        caddyConfig({
          https: spec,
          port,
          proxySocket: '/run/caddy.sock',
          storage: '/d',
          rootFile: undefined,
          awayPage: '<p>',
        }),
      ),
    ) as {
      admin: object
      apps: {
        http: {servers: Record<string, {listen: string[]; routes: object[]; errors?: {routes: object[]}}>}
        tls: {automation: {policies: [{issuers: [Record<string, unknown>]}]}}
      }
    }

  it('lets nobody change it, and asks the authority of the spec', () => {
    const {admin, apps} = configOf({...https, redirect: 80})
    expect(admin).toEqual({disabled: true, config: {persist: false}})
    // It is handed its ports, and hands requests on where nobody else can: a port of the machine is open to every account.
    expect(Object.values(apps.http.servers).map(({listen}) => listen)).toEqual([['fd/3'], ['fd/4']])
    expect(apps.http.servers['hub']?.routes).toEqual([
      {handle: [{handler: 'reverse_proxy', upstreams: [{dial: 'unix//run/caddy.sock'}]}]},
    ])
    expect(apps.tls.automation.policies[0].issuers).toEqual([
      {module: 'acme', ca: 'https://acme-v02.api.letsencrypt.org/directory'},
    ])
  })

  it('shows people a page while the hub does not answer', () => {
    expect(configOf(https).apps.http.servers['hub']?.errors?.routes).toMatchObject([
      {match: [{header: {Accept: ['*text/html*']}}], handle: [{handler: 'static_response', body: '<p>'}]},
    ])
  })

  it('answers no challenge by plain HTTP where it does not listen for it', () => {
    const {apps} = configOf({...https, email: 'a@b.org', directory: 'https://acme.lan/dir'}, 8443)
    expect(Object.keys(apps.http.servers)).toEqual(['hub'])
    expect(apps.tls.automation.policies[0].issuers).toEqual([
      {module: 'acme', ca: 'https://acme.lan/dir', email: 'a@b.org', challenges: {http: {disabled: true}}},
    ])
  })
})

describe('the log of Caddy', () => {
  const begin = '{"level":"info","ts":1,"msg":"using config from file","file":"/caddy.json"}'
  const failed =
    '{"level":"error","ts":2,"logger":"tls.obtain","msg":"will retry","error":"[hub.example.org] Obtain: [hub.example.org] solving challenges: DNS problem: NXDOMAIN (order=https://a/1) (ca=https://a)","attempt":1,"retrying_in":60}'
  const challenge =
    '{"level":"info","ts":2,"logger":"tls.issuance.acme.acme_client","msg":"trying to solve challenge","identifier":"hub.example.org","challenge_type":"http-01"}'
  const account =
    '{"level":"info","ts":2,"logger":"tls.issuance.acme","msg":"creating new account because no account for configured email is known to us","error":"open /d/ops.json: no such file or directory"}'
  const inUse =
    '{"level":"error","ts":2,"msg":"loading initial config: loading new config: http app module: start: listening on 0.0.0.0:443: listen tcp 0.0.0.0:443: bind: address already in use"}'

  it.each<[string, string[], object]>([
    ['nothing', [], {}],
    ['what is done', [begin, account, challenge], {last: 'trying to solve challenge (http-01)'}],
    ['what is no error of it', [begin, account], {last: expect.stringContaining('creating new account') as string}],
    [
      'an end',
      [begin, challenge, failed],
      {
        last: '[hub.example.org] solving challenges: DNS problem: NXDOMAIN',
        failure: '[hub.example.org] solving challenges: DNS problem: NXDOMAIN',
      },
    ],
    [
      'only what was since the last start',
      [begin, failed, begin, challenge],
      {last: 'trying to solve challenge (http-01)'},
    ],
    ['a port that is taken', [begin, inUse], {failure: expect.stringContaining('address already in use') as string}],
    ['lines of others', ['panic: no', 'jhub-x.front.service: Failed'], {}],
  ])('tells %s', (_, lines, expected) => {
    expect(readCaddyLog(lines)).toEqual(expected)
  })
})

describe('an authority that gives no certificate', () => {
  it.each([
    ['solving challenges: DNS problem: NXDOMAIN looking up A for hub.example.org', 'an A or AAAA record'],
    ['HTTP 400 urn:ietf:params:acme:error:connection - 203.0.113.7: Connection refused', 'at ports 80 and 443'],
    ['HTTP 403 urn:ietf:params:acme:error:unauthorized - Invalid response from http://hub', 'at ports 80 and 443'],
    ['HTTP 429 urn:ietf:params:acme:error:rateLimited - too many certificates', 'Wait until the time it names'],
    ['Get "https://acme.lan/directory": tls: failed to verify certificate: x509: unknown authority', 'access.https.ca'],
    [
      'registering account [] with server: provisioning client: performing request: Get "https://a/directory": dial tcp: lookup a: no such host',
      'curl -I https://acme-v02.api.letsencrypt.org/directory',
    ],
    ['listen tcp 0.0.0.0:443: bind: address already in use', 'jhub doctor'],
    ['something nobody has seen', 'jhub logs --of https'],
  ])('says %s, and what mends it', (said, fix) => {
    const error = certificateTrouble(https, said)
    expect(error).toMatchObject({code: 'JHUB-E219', message: "Let's Encrypt gave no certificate for hub.example.org"})
    expect((error.cause as Error).message).toBe(said)
    expect(error.suggestions.join()).toContain(fix)
  })
})

describe('the port of an address', () => {
  it.each([
    ['https://127.0.0.1:443', 443],
    ['https://127.0.0.1:8443', 8443],
    ['http://127.0.0.1:80', 80],
    ['http://[::1]:8000', 8000],
  ])('%s', (address, port) => {
    expect(portOf(address)).toBe(port)
  })
})

describe('the HTTPS proxy of a hub', () => {
  it.each([
    ['port: 8000', [{address: '0.0.0.0', port: 8000}]],
    [
      'port: 443, https: {internal: true}',
      [
        {address: '0.0.0.0', port: 443},
        {address: '0.0.0.0', port: 80},
      ],
    ],
    [
      'port: 8000, https: {domain: a.org}',
      [
        {address: '0.0.0.0', port: 8000},
        {address: '127.0.0.1', port: 8001, hostPort: 'any'},
      ],
    ],
  ])('is published by Docker: %s', (access, expected) => {
    expect(publishedPorts(accessOf(access))).toEqual(expected)
  })

  it('is at the name of the hub', () => {
    expect(publicUrl('https://127.0.0.1:8443', accessOf('port: 8443, https: {domain: a.org}'), [])).toBe(
      'https://a.org',
    )
  })

  it("is a unit that writes to one place, and has no rights over people's files", () => {
    const service = {argv: ['/c', 'run'], env: {}, cwd: '/', logFile: '/l', fingerprint: 'f'}
    const unit = renderUnit('x', {...service, name: 'https', writes: '/data/acme'}, '/env')
    expect(unit).toContain('\nReadWritePaths=/data/acme\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\n')
    expect(unit).toContain('\nProtectSystem=strict\n')
    expect(unit).not.toContain('PartOf')
    expect(renderUnit('x', {...service, name: 'proxy'}, '/env')).not.toMatch(/ReadWritePaths|CapabilityBoundingSet/)
  })
})

describe('an HTTPS proxy that gets no certificate', () => {
  let fake: FakeMachine | undefined
  afterEach(() => fake?.close())

  async function ready(used: boolean) {
    fake = fakeMachine(18_951)
    fake.httpsProxy().refusal = 'registering account: HTTP 429 rateLimited: too many new registrations'
    const machine: Machine = {
      ...fake.machine,
      network: {...fake.machine.network, portState: async () => (used ? {state: 'used'} : {state: 'free'})},
    }
    const access = accessOf('address: 127.0.0.1, port: 18951, https: {domain: hub.example.org}')
    const httpsProxy = {directory: '/f', files: new Map(), fingerprint: 'f', program: '/caddy', listeners: []}
    await fake.files.write(
      '/f/caddy.json',
      JSON.stringify(
        caddyConfig({https, port: access.port, proxySocket: '/s', storage: '/d', rootFile: undefined, awayPage: ''}),
      ),
    )
    return {
      fake,
      machine,
      step: ensureHttpsProxy({
        machine,
        clock: realClock,
        access,
        https,
        wanted: async () => ({httpsProxy, hubPython: '/python'}),
      }),
    }
  }
  const run = (step: Step) => runSteps([step], {signal: new AbortController().signal})

  it("ends with the authority's words, and is gone again", async () => {
    const {fake: world, machine, step} = await ready(false)
    const failure = run(step)
    await expect(failure).rejects.toMatchObject({code: 'JHUB-E219'})
    await expect(failure).rejects.toHaveProperty('cause.message', expect.stringContaining('too many new registrations'))
    expect([...world.services().keys()]).toEqual([])
    expect(await machine.files.stat(machine.layout.acme)).toBeUndefined()
    world.httpsProxy().refusal = undefined
    await run(step)
    expect(await step.check()).toBeUndefined()
  })

  it('says so when it stands where the hub itself was', async () => {
    const {fake: world, step} = await ready(true)
    const proxy = {name: 'proxy', argv: [], env: {}, cwd: '/', logFile: '/l', fingerprint: 'f'} as const
    await world.machine.supervisor.start(proxy)
    const failure = (await run(step).catch((error: unknown) => error)) as JhubError
    expect(failure.code).toBe('JHUB-E219')
    expect(failure.suggestions.at(-1)).toContain('With the earlier settings, jhub up opens it again')
    expect([...world.services().keys()]).toEqual([])
  })
})
