import path from 'node:path'
import {definedOnly} from '../../../defined-only.js'
import {readExtraConfig} from '../../extra-config.js'
import type {LocalFiles} from '../../../host/files/files.js'
import type {EndpointTrust} from '../../../jupyterhub/hub-connection.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {proxyAccess} from './endpoint.js'
import {httpsProxyConfiguration, type HttpsProxyConfiguration} from '../https/caddy/https-proxy-configuration.js'
import {hubSettings} from './hub-settings.js'
import {readInnerPorts} from './inner-ports.js'
import type {ShippedFiles} from './shipped-files.js'
import {proxyFilesIn, proxyListeners} from './proxy-files.js'
import type {Listener} from '../services/supervisor.js'
import {plainHub, readHubLock, type HubLock} from '../packages/locks/hub-lock.js'
import {readLockFile, shortHash} from '../packages/locks/lock-files.js'
import type {Machine, ProxyPlace} from '../machines/machine.js'
import {findSecrets} from '../../sign-in/secrets.js'
import {authorityName, readAuthority} from '../../../jupyterhub/tls/sign-in-authority.js'
import {signInSettings} from '../../sign-in/sign-in-settings.js'
import {environmentPath} from '../packages/environments.js'
import {readEndpointCertificate} from '../https/endpoint-certificate.js'
import {withoutIndexes} from './without-indexes.js'

/** All that the hub and its proxy read, in a directory named after it: the old one stays until the new one runs. */
export interface Configuration {
  readonly directory: string
  /** File name and text. */
  readonly files: ReadonlyMap<string, string>
  /** The proxy runs on, and may start anew, from a place of its own when the hub's configuration changes. */
  readonly proxyDirectory: string
  readonly proxyFiles: ReadonlyMap<string, string>
  readonly hubFingerprint: string
  readonly proxyFingerprint: string
  /** The ports at which the proxy listens. */
  readonly listeners: readonly Listener[]
  readonly hubPython: string
  /** Changes with the files that jhub ships for the hub and its proxy. */
  readonly shipped: string
  readonly proxyProgram: ProxyPlace
  /** What the proxy listens for. */
  readonly access: HubSpec['access']
  /** By what a proxy of HTTPS is known. */
  readonly trust?: EndpointTrust
  readonly httpsProxy?: HttpsProxyConfiguration
}

/** Where jhub itself and the spec stand, which may be on another machine than the hub. */
export interface ShippedFrom {
  readonly local: LocalFiles
  /** The directory of files shipped with jhub. */
  readonly assets: string
  readonly shipped: () => Promise<ShippedFiles>
  /** Which packages the hub has. Default: those of a hub where people have passwords. */
  readonly hubLock?: HubLock
}

/**
 * `undefined` while the secrets, the inner ports or the certificate are not there yet. Throws `JHUB-E301` when a file that the
 * spec names is not there.
 */
export async function wantedConfiguration(
  machine: Machine,
  shippedFrom: ShippedFrom,
  spec: HubSpec,
): Promise<Configuration | undefined> {
  const {files, layout, facts} = machine
  const {local, assets, hubLock: packages = plainHub} = shippedFrom
  const [secrets, ports] = await Promise.all([findSecrets(files, layout.secrets), readInnerPorts(machine)])
  if (secrets.state !== 'whole' || ports === undefined) return undefined
  const access = proxyAccess(spec.access, machine.network.portBehindHttps?.(spec.access) ?? ports.proxy)
  const {https} = access
  const endpoint = https === undefined ? undefined : await readEndpointCertificate(machine, local, https)
  if (https !== undefined && endpoint === undefined) return undefined
  const httpsProxy = await httpsProxyConfiguration(machine, shippedFrom, spec.access)

  const shipped = await shippedFrom.shipped()
  const texts = new Map(shipped.hub.texts)
  const extra = await readExtraConfig(local, spec)
  if (extra !== undefined) texts.set('extra_config.py', extra)
  const authority = await readAuthority(local, spec.auth)
  if (authority !== undefined) texts.set(authorityName, authority)
  const hubLock = await readHubLock(local, assets, packages)
  const hubEnvironment = environmentPath(machine, 'hub', hubLock)
  const userEnvironment = environmentPath(machine, 'user', await readLockFile(local, assets, 'user'))
  const cgroup = await machine.servers.ownGroups?.()

  const settingsIn = (directory: string) =>
    JSON.stringify(
      hubSettings({
        spec,
        access,
        layout,
        ports,
        userEnvironment,
        listenAddress: machine.network.listenAddress(access),
        servers: machine.servers.settings,
        cgroup,
        ownAccounts: facts.uid === 0,
        signIn: signInSettings(spec.auth, path.posix.join(directory, authorityName)),
        extraConfigFile: extra === undefined ? undefined : path.posix.join(directory, 'extra_config.py'),
      }),
      undefined,
      2,
    )
  const hubFingerprint = shortHash(
    JSON.stringify([
      shipped.hub.digest,
      extra ?? null,
      authority ?? null,
      settingsIn(''),
      hubLock.hash,
      shortHash(secrets.text),
      withoutIndexes(facts.networkEnvironment),
    ]),
  )
  const directory = path.posix.join(layout.configurations, hubFingerprint)
  texts.set('settings.json', `${settingsIn(directory)}\n`)
  const proxyProgram = await machine.proxy.place()
  const proxy = {machine, access, ports, pair: endpoint, isBehindCaddy: httpsProxy !== undefined}
  const proxyFingerprint = shortHash(
    JSON.stringify([shipped.proxy.digest, proxyProgram, secrets.secrets.proxyToken, ...proxyFilesIn('', proxy)]),
  )
  const proxyDirectory = path.posix.join(layout.configurations, `proxy-${proxyFingerprint}`)
  return {
    directory,
    files: texts,
    hubFingerprint,
    proxyDirectory,
    proxyFiles: new Map([...shipped.proxy.texts, ...proxyFilesIn(proxyDirectory, proxy)]),
    proxyFingerprint,
    proxyProgram,
    listeners: proxyListeners(proxy),
    hubPython: path.posix.join(hubEnvironment, 'bin', 'python'),
    shipped: shipped.digest,
    access,
    ...definedOnly({trust: endpoint?.trust, httpsProxy}),
  }
}
