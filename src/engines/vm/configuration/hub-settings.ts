import path from 'node:path'
import {basePath} from '../../../hub-spec/access/base-url.js'
import {contentSettings, firstPage} from '../../../hub-spec/content-spec.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {idleSeconds} from '../../../hub-spec/idle-seconds.js'
import type {CgroupTree} from '../servers/cgroups/cgroup-tree.js'
import {outwardNames} from '../../images/network-environment.js'
import {schemeOf} from './endpoint.js'
import type {InnerPorts} from './inner-ports.js'
import type {Layout} from '../machines/layout.js'

export interface HubSettingsOptions {
  readonly spec: HubSpec
  /** What the proxy listens for. */
  readonly access: HubSpec['access']
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
  /** How people sign in. */
  readonly signIn: object
}

/** What `assets/vm/jupyterhub_config.py` reads. The keys are its. */
export function hubSettings({
  spec,
  access,
  layout,
  ports,
  userEnvironment,
  listenAddress,
  servers,
  ownAccounts,
  cgroup,
  extraConfigFile,
  signIn,
}: HubSettingsOptions): object {
  return {
    name: spec.name,
    bindUrl: `${schemeOf(access)}://${listenAddress}:${String(access.port)}${basePath(access)}`,
    hubSocket: layout.hubSocket,
    proxyApiSocket: layout.proxyApiSocket,
    serverSocketsDirectory: layout.serverSockets,
    hubUrl: `http://127.0.0.1:${String(ports.hub)}`,
    databaseFile: path.posix.join(layout.database, 'jupyterhub.sqlite'),
    secretsFile: layout.secrets,
    homesDirectory: layout.homes,
    materialsDirectory: layout.materials,
    sharedDirectory: layout.shared,
    content: contentSettings(spec.content),
    contentDirectory: layout.content,
    firstPage: firstPage(spec.content),
    temporaryDirectory: layout.temporary,
    serverLogsDirectory: layout.serverLogs,
    userEnvironment,
    accounts: ownAccounts ? 'own' : 'shared',
    cgroup: cgroup ?? null,
    idleAfterSeconds: idleSeconds(spec),
    extraConfigFile: extraConfigFile ?? null,
    adminSudo: spec.vm.adminSudo,
    prefork: spec.vm.prefork,
    egress: spec.access.egress,
    signIn,
    serverVariables: ['LANG', 'LC_ALL', ...outwardNames],
    ...servers,
  }
}
