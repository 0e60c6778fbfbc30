import {describe, expect, it} from 'vitest'
import {addressBeside, hostOf, localHost} from '../../../../src/hub-spec/access/ip-address.js'

describe('an address', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '0.0.0.0', '127.0.0.1'],
    ['::1', '[::1]', '[::1]'],
  ])('%s stands before a port as %s, and is reached here as %s', (address, host, reached) => {
    expect(hostOf(address)).toBe(host)
    expect(localHost(address)).toBe(reached)
    expect(new URL(`http://${localHost(address)}:8000`).port).toBe('8000')
  })

  it.each([
    ['127.0.0.1', '::1'],
    ['0.0.0.0', '::1'],
    ['::1', '127.0.0.1'],
    ['::', undefined],
    ['192.168.1.5', undefined],
  ])('%s leaves %s beside it', (address, beside) => {
    expect(addressBeside(address)).toBe(beside)
  })
})
