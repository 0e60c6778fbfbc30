import {createRequire} from 'node:module'
import path from 'node:path'
import type {UnpackedBundle} from '../../../bundle/read-bundle.js'
import type {Host} from '../../../host/host.js'
import {hubsBeside} from './hub-recovery.js'
import {machineLayout} from './layout.js'
import {processServers} from '../servers/process-servers.js'
import {detachedSupervisor} from '../services/detached/detached-supervisor.js'
import {readAsset} from '../../read-assets.js'
import type {Machine, MachineFacts} from './machine.js'
import {bundleEnvironment} from '../bundle/bundle-environment.js'
import {networkEnvironment} from '../../images/network-environment.js'
import {networkNames} from './network-names.js'
import {ifDefined} from '../../../defined-only.js'

/** This machine, without Docker and without systemd: the hub and the servers are processes of our own account. */
export function processMachine(
  host: Host,
  directories: {readonly root: string; readonly data: string; readonly assets: string},
  hubName: string,
  bundle?: UnpackedBundle,
): Machine {
  const {system, files} = host
  const layout = machineLayout(directories.root, directories.data)
  const facts: MachineFacts = {
    platform: system.platform === 'darwin' ? 'darwin' : 'linux',
    architecture: system.architecture,
    uid: system.uid,
    userName: system.userName,
    keepsPackages: true,
    networkEnvironment: {
      ...networkEnvironment(system.environment),
      ...ifDefined(bundle, (unpacked) => bundleEnvironment(path.join(unpacked.directory, 'packages'))),
    },
  }
  const run: Machine['run'] = (argv, options) => host.commands.run(argv, options)
  return {
    title: 'process',
    layout,
    files,
    supervisor: detachedSupervisor({
      host,
      layout,
      keeper: () => readAsset(files, path.join(directories.assets, 'vm', 'keep-running.sh')),
      holder: () => readAsset(files, path.join(directories.assets, 'vm', 'hold-ports.py')),
    }),
    servers: processServers({files, facts, run, layout}, hubName),
    facts,
    run,
    hubNames: () => hubsBeside({files, layout}),
    size: () => Promise.resolve({cores: system.cores, memoryBytes: system.memoryBytes}),
    network: {
      portState: (port, address) => host.processes.portState(port, address),
      freePort: (wanted) => host.processes.freePort(wanted),
      lookUp: (name) => host.names.lookUp(name),
      listenAddress: ({address}) => address,
      reach: (url) => Promise.resolve(url),
      roomAddresses: () => system.roomAddresses,
      otherNames: () => networkNames(system),
    },
    proxy: {
      place: async () => ({
        node: system.nodePath,
        module: path.dirname(createRequire(import.meta.url).resolve(proxyPackage)),
      }),
    },
  }
}

const proxyPackage = 'configurable-http-proxy/package.json'
