import path from 'node:path'
import type {UnpackedBundle} from '../../../../bundle/read-bundle.js'
import type {Host} from '../../../../host/host.js'
import {machineLayout} from '../layout.js'
import {readAsset} from '../../../read-assets.js'
import {agentOver} from '../../remote/agent.js'
import {remoteFiles} from '../../remote/remote-files.js'
import type {Machine} from '../machine.js'
import {networkEnvironment} from '../../../images/network-environment.js'
import {networkNames} from '../network-names.js'
import {rootFacts} from '../root-facts.js'
import {systemdBase, commonRoot, type SeenMachine} from '../systemd-base.js'
import {systemdMachine} from '../systemd-machine.js'

/** This Linux machine itself, by its systemd; as root, or through sudo. */
export function hostMachine(host: Host, hubName: string, assets: string, bundle?: UnpackedBundle): Promise<Machine> {
  const {commands, files: local, system} = host
  const layout = machineLayout(`${commonRoot}/${hubName}`, `${commonRoot}/${hubName}.data`)
  const agent = agentOver({
    where: 'this machine, as root',
    program: () => readAsset(local, path.join(assets, 'vm', 'jhub_agent.py')),
    open: (argv, listener) =>
      Promise.resolve(commands.converse(system.uid === 0 ? argv : ['sudo', '-n', ...argv], listener)),
  })
  return systemdMachine({
    title: 'host',
    host,
    agent,
    hubName,
    layout,
    assets,
    facts: rootFacts({
      architecture: system.architecture,
      layout,
      network: networkEnvironment(system.environment),
      isBundled: bundle !== undefined,
    }),
    runsSystemd: async () => ((await agent.ask('facts')) as SeenMachine).hasSystemd,
    size: () => Promise.resolve({cores: system.cores, memoryBytes: system.memoryBytes}),
    network: {
      listenAddress: ({address}) => address,
      reach: (url) => Promise.resolve(url),
      roomAddresses: () => system.roomAddresses,
      otherNames: () => networkNames(system),
    },
    base: () => systemdBase({agent, files: remoteFiles(agent), layout, hubName}),
  })
}
