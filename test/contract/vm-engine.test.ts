import {fakeMachine} from '../fakes/fake-machine.js'
import {dockerWorld, hostWorld} from '../fakes/systemd-worlds.js'
import {engineContract} from './engine-contract.js'
import {vmWorld} from './vm-world.js'

engineContract('the vm engine, servers as processes', vmWorld(fakeMachine))
engineContract('the vm engine, systemd in a container', vmWorld(dockerWorld), {every: 2})
engineContract('the vm engine, systemd on a host', vmWorld(hostWorld))

const behindHttps = (port: number) =>
  `address: 127.0.0.1, port: ${String(port)}, lan: true, https: {domain: hub.example.org, email: ops@example.org}`
engineContract('the vm engine, behind an HTTPS proxy', vmWorld(fakeMachine, behindHttps), {every: 3})
engineContract('the vm engine, behind an HTTPS proxy by systemd', vmWorld(hostWorld, behindHttps), {every: 3})
