import path from 'node:path'
import {JhubError} from '../../../../errors.js'
import type {UnpackedBundle} from '../../../../bundle/read-bundle.js'
import type {Host} from '../../../../host/host.js'
import {plainUrl, portOf} from '../../configuration/endpoint.js'
import {machineLayout} from '../layout.js'
import {readAsset} from '../../../read-assets.js'
import {agentOver} from '../../remote/agent.js'
import {remoteFiles} from '../../remote/remote-files.js'
import type {Machine} from '../machine.js'
import {foreignListener} from '../require-own-listener.js'
import {networkEnvironment} from '../../../images/network-environment.js'
import {rootFacts} from '../root-facts.js'
import {parseSshAddress, sshCommand} from './ssh-command.js'
import {openTunnel, type Tunnel, type TunnelOptions} from './ssh-tunnel.js'
import {commonRoot, systemdBase, type SeenMachine} from '../systemd-base.js'
import {systemdMachine} from '../systemd-machine.js'

export interface SshMachineOptions {
  /** `ssh://user@host:port`. */
  readonly address: `ssh://${string}`
  readonly hubName: string
  readonly assets: string
  readonly bundle?: UnpackedBundle
}

const systemCertificates = '/etc/ssl/certs/ca-certificates.crt'

/** A machine behind the person's own ssh: their configuration, agent and jump hosts count. */
export async function sshMachine(host: Host, {address, hubName, assets, bundle}: SshMachineOptions): Promise<Machine> {
  const {commands, files: local, processes} = host
  const target = parseSshAddress(address)
  const sockets = await privateDirectory(host)
  const layout = machineLayout(`${commonRoot}/${hubName}`, `${commonRoot}/${hubName}.data`)
  const agent = agentOver({
    where: address,
    program: () => readAsset(local, path.join(assets, 'vm', 'jhub_agent.py')),
    open: (argv, listener) => Promise.resolve(commands.converse(sshCommand(target, argv, sockets), listener)),
  })
  const seen = await look(agent, address)
  // What that machine trusts, a company's own certificates included; uv by itself would not look.
  const hasCertificates = (await remoteFiles(agent).stat(systemCertificates)) !== undefined
  const trusted = hasCertificates ? {SSL_CERT_FILE: systemCertificates} : {}
  const forwards = new Map<string, Promise<Tunnel & {readonly url: string}>>()
  const tunnelTo = async (url: string, choosePort: TunnelOptions['choosePort']) => {
    const there = new URL(url)
    const to = `${there.hostname}:${String(portOf(url))}`
    const tunnel = await openTunnel({commands, target, address, to, choosePort})
    void tunnel.closed.then(() => forwards.delete(url))
    return {
      ...tunnel,
      url: plainUrl(new URL(there.pathname, `${there.protocol}//127.0.0.1:${String(tunnel.port)}`)),
    }
  }
  return systemdMachine({
    title: `ssh (${target.host})`,
    host,
    agent,
    hubName,
    layout,
    assets,
    facts: rootFacts({
      architecture: seen.architecture,
      layout,
      network: {...trusted, ...networkEnvironment(seen.environment)},
      isBundled: bundle !== undefined,
    }),
    runsSystemd: () => Promise.resolve(seen.hasSystemd),
    size: () => Promise.resolve({cores: seen.cores, memoryBytes: seen.memoryBytes}),
    network: {
      listenAddress: (access) => access.address,
      async reach(url) {
        const there = {port: portOf(url), address: new URL(url).hostname.replace(/^\[|\]$/g, '')}
        if ((await agent.ask('hasForeignListener', there)) === true) throw foreignListener(url)
        const open = forwards.get(url) ?? tunnelTo(url, () => processes.freePort())
        forwards.set(url, open)
        open.catch(() => forwards.delete(url))
        const {url: here, conversation} = await open
        conversation.holdOpen(false)
        return here
      },
      roomAddresses: () => [target.host],
      otherNames: () => [target.host],
      async forward(url, signal) {
        const wanted = portOf(url)
        const isFree = (await processes.portState(wanted, '127.0.0.1')).state === 'free'
        const tunnel = await tunnelTo(url, async (isFirst) => (isFirst && isFree ? wanted : processes.freePort()))
        signal.addEventListener('abort', () => tunnel.conversation.close(), {once: true})
        return tunnel
      },
    },
    base: () => systemdBase({agent, files: remoteFiles(agent), layout, hubName}),
  })
}

/** Where a shared connection's socket may stand: a place that is this account's alone. */
async function privateDirectory({files, system}: Host): Promise<string | undefined> {
  const own = [system.environment['XDG_RUNTIME_DIR'], path.join(system.homeDirectory, '.ssh')]
  for (const directory of own) {
    const facts = directory === undefined || directory === '' ? undefined : await files.stat(directory)
    if (facts?.kind === 'directory' && facts.uid === system.uid && (facts.mode & 0o077) === 0) return directory
  }
  return undefined
}

async function look(agent: ReturnType<typeof agentOver>, address: string): Promise<SeenMachine> {
  try {
    return (await agent.ask('facts')) as SeenMachine
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    throw new JhubError('JHUB-E215', `${address} cannot be reached, or has no python3 or no sudo without a password`, {
      cause: error.cause,
      fix: [`ssh ${address.replace('ssh://', '')} sudo -n python3 --version   # must answer`],
    })
  }
}
