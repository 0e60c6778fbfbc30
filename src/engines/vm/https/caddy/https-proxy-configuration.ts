import path from 'node:path'
import {JhubError} from '../../../../errors.js'
import type {Files} from '../../../../host/files/files.js'
import type {HubSpec} from '../../../../hub-spec/hub-spec.js'
import {publicPorts} from '../../configuration/endpoint.js'
import {hubAwayPage} from '../../configuration/proxy-files.js'
import {namesOnMachine, type Listener} from '../../services/supervisor.js'
import {readLockFile, shortHash} from '../../packages/locks/lock-files.js'
import {readAsset} from '../../../read-assets.js'
import type {Machine} from '../../machines/machine.js'
import {caddyConfig} from './caddy-config.js'

/** What Caddy is started with, in a directory named after it. */
export interface HttpsProxyConfiguration {
  readonly directory: string
  readonly files: ReadonlyMap<string, string>
  readonly fingerprint: string
  readonly program: string
  /** The ports that Caddy is handed, in this order. */
  readonly listeners: readonly Listener[]
}

export const caddyFile = 'caddy.json'
const rootFile = 'root.crt'

/** Where Caddy is installed. */
export async function caddyDirectory({layout}: Pick<Machine, 'layout'>, local: Files, assets: string): Promise<string> {
  return path.posix.join(layout.tools, `caddy-${(await readLockFile(local, assets, 'caddy')).hash}`)
}

/** `undefined` where no HTTPS proxy is wanted. Throws `JHUB-E301` when the root that the spec names is not there. */
export async function httpsProxyConfiguration(
  machine: Pick<Machine, 'layout' | 'network'>,
  {local, assets}: {readonly local: Files; readonly assets: string},
  access: HubSpec['access'],
): Promise<HttpsProxyConfiguration | undefined> {
  const {https, port} = access
  if (https?.by !== 'acme') return undefined
  const {layout} = machine
  const root = https.ca === undefined ? undefined : await readRoot(local, https.ca)
  const awayPage = await readAsset(local, path.join(assets, 'vm', hubAwayPage))
  const configIn = (directory: string) =>
    `${JSON.stringify(
      caddyConfig({
        https,
        port,
        proxySocket: layout.caddySocket,
        storage: layout.acme,
        rootFile: root === undefined ? undefined : path.posix.join(directory, rootFile),
        awayPage,
      }),
      undefined,
      2,
    )}\n`
  const program = path.posix.join(await caddyDirectory(machine, local, assets), 'bin', 'caddy')
  const address = machine.network.listenAddress(access)
  const listeners = publicPorts(access).map((each) => ({address, port: each}))
  const fingerprint = shortHash(JSON.stringify([program, configIn(''), root, listeners]))
  const directory = path.posix.join(layout.configurations, `${namesOnMachine.https}-${fingerprint}`)
  return {
    directory,
    files: new Map([[caddyFile, configIn(directory)], ...(root === undefined ? [] : [[rootFile, root] as const])]),
    fingerprint,
    program,
    listeners,
  }
}

async function readRoot(local: Files, file: string): Promise<string> {
  const text = await local.read(file)
  if (text !== undefined) return text
  throw new JhubError('JHUB-E301', `In the settings file, access.https.ca names ${file}, and there is no such file`, {
    fix: 'jhub config edit',
  })
}
