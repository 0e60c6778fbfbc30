import path from 'node:path'
import type {HubSpec} from '../../spec/hub-spec.js'
import type {CgroupTree} from './cgroup.js'
import type {Layout} from './layout.js'

export interface InnerPorts {
  readonly proxyApi: number
  readonly hub: number
}

export interface HubSettingsInput {
  readonly spec: HubSpec
  readonly layout: Layout
  readonly ports: InnerPorts
  readonly userEnvironment: string
  readonly listenAddress: string
  /** What the spawner of this machine needs beyond the common ones. */
  readonly servers: Readonly<Record<string, unknown>>
  /** Each person has an account of their own; else all share ours. */
  readonly ownAccounts: boolean
  readonly cgroup: CgroupTree | undefined
  readonly extraConfigFile: string | undefined
}

/** What `assets/vm/jupyterhub_config.py` reads. The keys are its. */
export function hubSettings({
  spec,
  layout,
  ports,
  userEnvironment,
  listenAddress,
  servers,
  ownAccounts,
  cgroup,
  extraConfigFile,
}: HubSettingsInput): object {
  return {
    name: spec.name,
    bindUrl: `${schemeOf(spec.access)}://${listenAddress}:${String(spec.access.port)}`,
    proxyApiUrl: `http://127.0.0.1:${String(ports.proxyApi)}`,
    hubPort: ports.hub,
    databaseFile: path.posix.join(layout.database, 'jupyterhub.sqlite'),
    secretsFile: layout.secrets,
    homesDirectory: layout.homes,
    temporaryDirectory: layout.temporary,
    serverLogsDirectory: layout.serverLogs,
    userEnvironment,
    accounts: ownAccounts ? 'own' : 'shared',
    cgroup: cgroup ?? null,
    idleAfterSeconds: spec.idle.afterMs === undefined ? null : Math.round(spec.idle.afterMs / 1000),
    extraConfigFile: extraConfigFile ?? null,
    adminSudo: spec.vm.adminSudo,
    ...servers,
  }
}

/** The address at which this machine reaches the hub's door. */
export function localUrl(spec: Pick<HubSpec, 'access'>): string {
  const {address, port} = spec.access
  const host = address === '0.0.0.0' ? '127.0.0.1' : address.includes(':') ? `[${address}]` : address
  return `${schemeOf(spec.access)}://${host}:${String(port)}`
}

export function schemeOf({https}: HubSpec['access']): 'http' | 'https' {
  return https === undefined ? 'http' : 'https'
}
