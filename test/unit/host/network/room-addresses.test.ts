import {describe, expect, it} from 'vitest'
import {defaultRouteCard, roomAddresses, type CardAddress} from '../../../../src/host/network/room-addresses.js'

const four = (address: string): CardAddress => ({address, family: 'IPv4', internal: false})
const six = (address: string): CardAddress => ({address, family: 'IPv6', internal: false})
const loopback = {lo: [{address: '127.0.0.1', family: 'IPv4', internal: true}]}

describe('addresses for the room', () => {
  it.each([
    ['a card', {eth0: [four('192.168.1.20')]}, undefined, ['192.168.1.20']],
    [
      'the card with the way out first',
      {eth0: [four('10.0.0.2')], wlan0: [four('192.168.1.20')]},
      'wlan0',
      ['192.168.1.20', '10.0.0.2'],
    ],
    [
      'none of Docker, kind, Kubernetes, machines and VPNs',
      {
        docker0: [four('172.17.0.1')],
        'br-0123456789ab': [four('172.18.0.1')],
        virbr0: [four('192.168.122.1')],
        cni0: [four('10.42.0.1')],
        'flannel.1': [four('10.42.0.0')],
        tailscale0: [four('100.64.0.7')],
        utun3: [four('10.8.0.2')],
        wg0: [four('10.9.0.2')],
        bridge100: [four('192.168.64.1')],
        wlp2s0: [four('192.168.1.20')],
      },
      'tun0',
      ['192.168.1.20'],
    ],
    [
      'a bridge that a person made for machines is a card',
      {br0: [four('192.168.1.20')], eno1: []},
      'br0',
      ['192.168.1.20'],
    ],
    ['no link-local one', {eth0: [four('169.254.3.4'), six('fe80::1')]}, 'eth0', []],
    ['IPv6 only where nothing else is', {eth0: [six('2001:db8::7')]}, 'eth0', ['2001:db8::7']],
    ['no IPv6 beside IPv4', {eth0: [six('2001:db8::7'), four('192.168.1.20')]}, 'eth0', ['192.168.1.20']],
    ['a computer on no network', {}, undefined, []],
  ] as const)('%s', (_, cards, main, expected) => {
    expect(roomAddresses({...loopback, ...cards}, main)).toEqual(expected)
  })

  it('reads the card of the default route, the cheapest of several', () => {
    const head = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n'
    const route = (card: string, destination: string, metric: number, mask: string) =>
      `${card}\t${destination}\t0101A8C0\t0003\t0\t0\t${String(metric)}\t${mask}\t0\t0\t0\n`
    const out = (card: string, metric: number) => route(card, '00000000', metric, '00000000')
    expect(defaultRouteCard(head + out('wlan0', 600) + out('eth0', 100))).toBe('eth0')
    expect(defaultRouteCard(head + route('docker0', '000011AC', 0, '0000FFFF'))).toBeUndefined()
  })
})
