import {createRequire} from 'node:module'
import path from 'node:path'
import type {Host} from '../../../host/host.js'
import {machineLayout} from '../layout.js'
import {detachedSupervisor} from './detached-supervisor.js'
import type {Machine} from './machine.js'
import {networkEnvironment} from './network-environment.js'

/** This machine, without Docker and without systemd: the hub and the servers are processes of our own account. */
export function processMachine(host: Host, directories: {readonly root: string; readonly data: string}): Machine {
  const {system} = host
  const layout = machineLayout(directories.root, directories.data)
  return {
    title: 'process',
    layout,
    files: host.files,
    supervisor: detachedSupervisor(host, layout),
    facts: {
      platform: system.platform === 'darwin' ? 'darwin' : 'linux',
      architecture: system.architecture,
      uid: system.uid,
      userName: system.userName,
      cores: system.cores,
      memoryBytes: system.memoryBytes,
      networkEnvironment: networkEnvironment(system.environment),
    },
    run: (argv, options) => host.commands.run(argv, options),
    portState: (port, address) => host.processes.portState(port, address),
    freePort: () => host.processes.freePort(),
    proxy: {node: system.nodePath, module: proxyModule()},
  }
}

function proxyModule(): string {
  return path.dirname(createRequire(import.meta.url).resolve('configurable-http-proxy/package.json'))
}
