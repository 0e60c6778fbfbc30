import path from 'node:path'
import type {UnpackedBundle} from '../../../../bundle/read-bundle.js'
import {definedOnly} from '../../../../defined-only.js'
import type {Host} from '../../../../host/host.js'
import {plainUrl, portOf} from '../../configuration/endpoint.js'
import {machineLayout} from '../layout.js'
import {readAsset} from '../../../read-assets.js'
import {agentOver} from '../../remote/agent.js'
import {dockerBase} from './docker-base.js'
import {ownerLabel, portLabel} from './docker-labels.js'
import {containerProxyPort} from './docker-ports.js'
import type {Machine, MachineFacts} from '../machine.js'
import {networkEnvironment} from '../../../images/network-environment.js'
import {networkNames} from '../network-names.js'
import {rootFacts} from '../root-facts.js'
import {systemdMachine} from '../systemd-machine.js'

const certificates = '/etc/ssl/certs/ca-certificates.crt'
const stateMount = '/opt/jhub/state'
const dataMount = '/opt/jhub/data'

/** A machine that runs systemd, in one container of the Docker engine here. */
export function dockerMachine(host: Host, hubName: string, assets: string, bundle?: UnpackedBundle): Promise<Machine> {
  const {docker, files: local, system} = host
  const container = `jhub-${hubName}`
  const layout = machineLayout(`${stateMount}/${hubName}`, `${dataMount}/${hubName}`)
  const agent = agentOver({
    where: `container ${container}`,
    program: () => readAsset(local, path.join(assets, 'vm', 'jhub_agent.py')),
    open: async (argv, listener) =>
      (await docker.findContainer(container))?.isRunning === true
        ? docker.converse(container, argv, listener)
        : undefined,
  })
  const network = Object.entries(networkEnvironment(system.environment))
  const facts: MachineFacts = {
    ...rootFacts({
      architecture: system.architecture,
      layout,
      network: {
        ...Object.fromEntries(network.filter(([name]) => name !== 'SSL_CERT_DIR')),
        SSL_CERT_FILE: certificates,
      },
      isBundled: bundle !== undefined,
    }),
    isSlowToReach: true,
  }
  return systemdMachine({
    title: 'docker',
    host,
    agent,
    hubName,
    layout,
    facts,
    assets,
    async hubNames() {
      const names = await docker.listContainers(ownerLabel)
      return names.flatMap((each) => /^jhub-(.+)$/.exec(each)?.[1] ?? [])
    },
    async size() {
      const seen = await docker.look()
      return 'silent' in seen ? {cores: system.cores, memoryBytes: system.memoryBytes} : seen
    },
    network: {
      async portState(port, address) {
        const found = await docker.findContainer(container)
        const isOurs = found?.isRunning === true && found.labels[portLabel]?.split(',').includes(String(port)) === true
        return isOurs ? {state: 'own'} : host.processes.portState(port, address)
      },
      lookUp: (name) => host.names.lookUp(name),
      // The engine forwards to it from the spec's address on this machine.
      listenAddress: () => '0.0.0.0',
      portBehindHttps: containerProxyPort,
      async reach(url) {
        const here = (await docker.findContainer(container))?.ports.get(portOf(url))
        if (here === undefined) return url
        const address = new URL(url)
        address.port = String(here)
        return plainUrl(address)
      },
      roomAddresses: () => system.roomAddresses,
      otherNames: () => networkNames(system),
    },
    inContainer: true,
    base: (run) =>
      dockerBase({
        host,
        agent,
        run,
        container,
        volumes: {state: `${container}-state`, data: `${container}-data`},
        mounts: {state: stateMount, data: dataMount},
        assets,
        environment: facts.networkEnvironment,
        ...definedOnly({bundle}),
      }),
  })
}
