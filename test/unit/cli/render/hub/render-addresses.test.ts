import {describe, expect, it} from 'vitest'
import {renderAddressList, renderLoginPlace, renderReady} from '../../../../../src/cli/render/hub/render-addresses.js'

const here = 'http://127.0.0.1:8000'
const room = 'http://192.168.1.20:8000'
const domain = 'https://hub.example.org'

describe('addresses in words', () => {
  it.each([
    [
      'this computer alone',
      {here, others: [], isOpen: false},
      `Ready: ${here}\nOnly this computer can open it.`,
      `${here} (only this computer)`,
      `They log in at ${here}, on this computer only.`,
    ],
    [
      'the room too',
      {here, others: [room], isOpen: true},
      `Ready.\nOn this computer:        ${here}\nFor people in the room:  ${room}`,
      `${here} (this computer)\n${room} (people in the room)`,
      `They log in at ${room}`,
    ],
    [
      'a machine with a public address',
      {here, others: ['http://203.0.113.7:8000'], isOpen: true},
      `Ready.\nOn this computer:  ${here}\nFor everybody:     http://203.0.113.7:8000`,
      `${here} (this computer)\nhttp://203.0.113.7:8000 (everybody)`,
      'They log in at http://203.0.113.7:8000',
    ],
    [
      'one address for all',
      {here: domain, others: [domain], isOpen: true},
      `Ready: ${domain}`,
      domain,
      `They log in at ${domain}`,
    ],
    [
      'another machine',
      {here: null, others: [domain], isOpen: true},
      `Ready: ${domain}`,
      domain,
      `They log in at ${domain}`,
    ],
    [
      'another machine alone',
      {here: null, others: [], isOpen: false},
      'Ready. It listens on its own machine only. To open it here:\n\n    jhub open',
      'on its own machine only; to open it here: jhub open',
      'To open the hub here: jhub open',
    ],
    [
      'a computer on no network',
      {here, others: [], isOpen: true},
      `Ready: ${here}\nOther computers could open it too, but this one is not on a network now.`,
      `${here} (only this computer)`,
      `They log in at ${here}, on this computer only.`,
    ],
  ])('%s', (_, addresses, ready, list, place) => {
    expect(renderReady('Ready', addresses).join('\n')).toBe(ready)
    expect(renderAddressList(addresses).join('\n')).toBe(list)
    expect(renderLoginPlace(addresses)).toBe(place)
  })
})
