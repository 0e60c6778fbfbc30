import {availableParallelism, homedir, hostname, networkInterfaces, totalmem, userInfo} from 'node:os'
import type {System} from './system.js'

export function realSystem(): System {
  const account = userInfo()
  const constrained = process.constrainedMemory()
  return {
    platform: process.platform,
    architecture: process.arch,
    uid: account.uid,
    userName: account.username,
    homeDirectory: homedir(),
    hostName: hostname(),
    addresses: outerAddresses(),
    environment: process.env,
    cores: availableParallelism(),
    memoryBytes: constrained > 0 ? Math.min(constrained, totalmem()) : totalmem(),
    nodePath: process.execPath,
  }
}

/** Link-local addresses of IPv6 name a network card too, so that no certificate can be for them. */
function outerAddresses(): readonly string[] {
  const cards = Object.values(networkInterfaces()).flatMap((card) => card ?? [])
  return cards.filter(({internal, address}) => !internal && !address.startsWith('fe80:')).map(({address}) => address)
}
