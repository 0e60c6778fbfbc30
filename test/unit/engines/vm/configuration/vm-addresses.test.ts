import {describe, expect, it} from 'vitest'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {vmAddresses} from '../../../../../src/engines/vm/configuration/vm-addresses.js'

const local = {network: {roomAddresses: () => ['192.168.1.20', '10.0.0.2']}}
const remote = {
  network: {
    roomAddresses: () => ['lab.example.org'],
    forward: () => Promise.resolve({url: '', closed: Promise.resolve()}),
  },
}
const at = (access: string, machine: Parameters<typeof vmAddresses>[0] = local, names: readonly string[] = []) =>
  vmAddresses(machine, parseHubSpec(`version: 1\nname: a\nmode: vm\naccess: ${access}\n`).access, names)

describe('the addresses of a hub on one machine', () => {
  it.each([
    ['{}', 'http://127.0.0.1:8000', [], false],
    ['{port: 80}', 'http://127.0.0.1', [], false],
    ['{baseUrl: jupyter}', 'http://127.0.0.1:8000/jupyter', [], false],
    [
      '{lan: true, baseUrl: /a/b/}',
      'http://127.0.0.1:8000/a/b',
      ['http://192.168.1.20:8000/a/b', 'http://10.0.0.2:8000/a/b'],
      true,
    ],
    [
      '{baseUrl: /jupyter/, lan: true, https: {domain: hub.example.org, email: a@example.org}}',
      'https://hub.example.org/jupyter',
      ['https://hub.example.org/jupyter'],
      true,
    ],
    ['{lan: true}', 'http://127.0.0.1:8000', ['http://192.168.1.20:8000', 'http://10.0.0.2:8000'], true],
    ['{lan: true, address: "::"}', 'http://[::1]:8000', ['http://192.168.1.20:8000', 'http://10.0.0.2:8000'], true],
    ['{lan: true, address: 10.0.0.2}', 'http://10.0.0.2:8000', ['http://10.0.0.2:8000'], true],
    [
      '{lan: true, https: {internal: true}}',
      'https://127.0.0.1:8000',
      ['https://192.168.1.20:8000', 'https://10.0.0.2:8000'],
      true,
    ],
    [
      '{lan: true, https: {domain: hub.example.org, email: a@example.org}}',
      'https://hub.example.org',
      ['https://hub.example.org'],
      true,
    ],
  ])('%s here', (access, here, others, isOpen) => {
    expect(at(access)).toEqual({here, others, isOpen})
  })

  it('are by the name of a given certificate', () => {
    const access = '{lan: true, https: {cert: a.pem, key: b.pem}}'
    expect(at(access, local, ['hub.example.org', '*.example.org'])).toEqual({
      here: 'https://hub.example.org:8000',
      others: ['https://hub.example.org:8000'],
      isOpen: true,
    })
  })

  it('are by the name of a given certificate, with the path', () => {
    const access = '{lan: true, baseUrl: /jupyter, https: {cert: a.pem, key: b.pem}}'
    expect(at(access, local, ['hub.example.org']).here).toBe('https://hub.example.org:8000/jupyter')
  })

  it.each([
    ['{}', null, [], false],
    ['{lan: true}', 'http://lab.example.org:8000', ['http://lab.example.org:8000'], true],
  ])('%s behind ssh: its loopback address is none of ours', (access, here, others, isOpen) => {
    expect(at(access, remote)).toEqual({here, others, isOpen})
  })
})
