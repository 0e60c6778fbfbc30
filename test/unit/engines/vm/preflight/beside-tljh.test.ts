import {describe, expect, it} from 'vitest'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {tljhPorts} from '../../../../../src/hub-spec/import/tljh-ports.js'
import {hostWorld} from '../../../../fakes/systemd-worlds.js'

const enabled = '/etc/systemd/system/multi-user.target.wants/traefik.service'
const config = '/opt/tljh/config/config.yaml'

async function findings(port: number, inside: Readonly<Record<string, string>>, more = '') {
  const world = hostWorld(18_970)
  try {
    for (const [file, text] of Object.entries(inside)) await world.homeFiles.write(file, text)
    const before = world.snapshot()
    const spec = parseHubSpec(
      `version: 1\nname: fake\nmode: vm\nvm: {machine: host}\naccess: {port: ${String(port)}${more}}\n`,
    )
    const found = await (await world.engine('fake')).preflight(spec)
    expect(world.snapshot()).toEqual(before)
    return found.filter(({check}) => check === 'The Littlest JupyterHub')
  } finally {
    await world.close()
  }
}

describe('on a machine with The Littlest JupyterHub', () => {
  it.each<[string, number, Readonly<Record<string, string>>]>([
    ['on another port', 8000, {[config]: '', [enabled]: ''}],
    ['on its port, once it is switched off', 80, {[config]: ''}],
    ['on port 80, where it has another', 80, {[config]: 'http: {port: 8080}\n', [enabled]: ''}],
    ['on port 443, where it has no HTTPS', 443, {[config]: '', [enabled]: ''}],
  ])('a hub may stand %s', async (_, port, inside) => {
    expect(await findings(port, inside)).toEqual([
      {
        check: 'The Littlest JupyterHub',
        state: 'ok',
        found: 'it is here too, in /opt/tljh; nothing is shared, and it is left as it is',
      },
    ])
  })

  it.each<[number, string]>([
    [80, ''],
    [8080, 'http: {port: 8080}\n'],
    [443, 'https: {enabled: true}\n'],
    [80, 'http: [broken\n'],
  ])('a hub may not take port %i, which is its own by %j', async (port, text) => {
    expect(await findings(port, {[config]: text, [enabled]: ''})).toEqual([
      expect.objectContaining({
        state: 'problem',
        found: `it is here too, in /opt/tljh, and takes port ${String(port)} whenever the machine starts`,
        fix: 'Set access.port in the settings file to another; or: sudo systemctl disable --now traefik jupyterhub',
      }),
    ])
  })

  it('a hub may not lead plain HTTP from its port either', async () => {
    const inside = {[config]: '', [enabled]: ''}
    expect(await findings(443, inside, ', lan: true, https: {internal: true}')).toMatchObject([
      {state: 'problem', fix: expect.stringContaining('Set access.https.redirect in the settings file') as string},
    ])
    expect(await findings(443, inside, ', lan: true, https: {internal: true, redirect: false}')).toMatchObject([
      {state: 'ok'},
    ])
  })

  it('nothing is said where it is not', async () => {
    expect(await findings(80, {})).toEqual([])
  })
})

describe('the ports of TLJH', () => {
  it.each([
    ['', [80]],
    ['http: {port: null}', [80]],
    ['http: {port: 8080}\nhttps: {enabled: true, port: 8443}', [8080, 8443]],
    ['https: {enabled: false, port: 8443}', [80]],
  ])('%j', (text, ports) => {
    expect(tljhPorts(text)).toEqual(ports)
  })
})
