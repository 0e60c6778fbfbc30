import {readFileSync} from 'node:fs'
import {availableParallelism, homedir, hostname, networkInterfaces, totalmem, userInfo} from 'node:os'
import {defaultRouteCard, roomAddresses} from './network/room-addresses.js'
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
    roomAddresses: roomAddresses(networkInterfaces(), mainCard()),
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

/** The card with the way to the internet; unknown where the system does not say it in a file. */
function mainCard(): string | undefined {
  try {
    return defaultRouteCard(readFileSync('/proc/net/route', 'utf8'))
  } catch {
    return undefined
  }
}
