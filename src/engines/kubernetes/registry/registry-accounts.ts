import {JhubError} from '../../../errors.js'
import type {RegistryLogin} from '../../../host/docker/docker-login.js'
import {registryHost, registryKey} from '../../../host/docker/registry-host.js'
import type {RegistryAccount} from '../../engine.js'
import {isRecord} from '../../../hub-spec/document/is-record.js'
import type {KubeApi} from '../api/kube-api.js'
import {tryKube} from '../api/require-kube.js'
import type {Cluster} from '../clusters/cluster.js'
import {pullSecretName} from '../clusters/names.js'
import {readRecord} from '../release/record-secret.js'

/** Name and password, by the host of their registry. */
export type Accounts = ReadonlyMap<string, RegistryAccount>

/** Accounts of registries that a hub was given: on this computer (0600), and in the cluster as the pull secret of servers. */
export interface RegistryAccounts {
  /** Those of both places; what was given here counts first. Throws `JHUB-E203` where the file here is damaged. */
  read(): Promise<Accounts>
  /** The account for the registry of a reference, as the Docker engine takes it; `undefined` where none was given. */
  loginFor(reference: string): Promise<RegistryLogin | undefined>
  give(host: string, account: RegistryAccount): Promise<void>
  /** Says whether there was one. */
  forget(host: string): Promise<boolean>
}

/** The key of the pull secret that Kubernetes reads. */
export const pullSecretKey = '.dockerconfigjson'

export function registryAccounts(cluster: Cluster, namespace: string): RegistryAccounts {
  const {files, layout} = cluster
  const file = layout.registryAccounts
  const here = async () => parseAccounts(file, await files.read(file))
  const there = async () => {
    const api = await tryKube(cluster)
    return api === undefined || api instanceof JhubError
      ? new Map<string, RegistryAccount>()
      : readPullSecret(api, namespace)
  }
  const write = async (accounts: Accounts) => {
    await files.makeDirectory(layout.root, {mode: 0o700})
    if (accounts.size === 0) await files.remove(file)
    else await files.write(file, `${JSON.stringify(Object.fromEntries(accounts))}\n`, {mode: 0o600})
  }
  const read = async () => {
    const [known, given] = await Promise.all([there(), here()])
    return new Map([...known, ...given])
  }
  return {
    read,
    async loginFor(reference) {
      const host = registryHost(reference)
      const account = (await read()).get(host)
      return account === undefined ? undefined : toLogin(host, account)
    },
    async give(host, account) {
      await write(new Map([...(await here()), [host, account]]))
    },
    async forget(host) {
      const [known, given] = await Promise.all([read(), here()])
      await write(new Map([...given].filter(([each]) => each !== host)))
      if (known.has(host)) await takeOut(cluster, namespace, host)
      return known.has(host)
    },
  }
}

/** As the Docker engine takes it. */
export function toLogin(host: string, {username, password}: RegistryAccount): RegistryLogin {
  return {serveraddress: registryKey(host), username, password}
}

/** The text of a pull secret with these accounts. */
export function renderPullSecret(accounts: Accounts): string {
  const auths = [...accounts].toSorted(byHost).map(([host, {username, password}]) => {
    const auth = Buffer.from(`${username}:${password}`).toString('base64')
    return [registryKey(host), {username, password, auth}] as const
  })
  return JSON.stringify({auths: Object.fromEntries(auths)})
}

function byHost([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}

/** Accounts of the pull secret in a namespace; what is in it besides is passed over. */
export async function readPullSecret(api: KubeApi, namespace: string): Promise<Accounts> {
  const text = (await readRecord(api, namespace, pullSecretName))?.data[pullSecretKey] ?? '{}'
  const auths = recordIn(parseJson(text), 'auths')
  return new Map(
    Object.entries(auths).flatMap(([key, entry]) => {
      const host = registryHost(`${key.replace(/^https:\/\/|\/v1\/$/g, '')}/image`)
      return isAccount(entry) ? [[host, {username: entry.username, password: entry.password}] as const] : []
    }),
  )
}

async function takeOut(cluster: Cluster, namespace: string, host: string): Promise<void> {
  const api = await tryKube(cluster)
  if (api === undefined || api instanceof JhubError) return
  const left = new Map([...(await readPullSecret(api, namespace))].filter(([each]) => each !== host))
  const data = {[pullSecretKey]: Buffer.from(renderPullSecret(left)).toString('base64')}
  await api.patch({apiVersion: 'v1', kind: 'Secret', name: pullSecretName, namespace}, {data})
}

function parseAccounts(file: string, text: string | undefined): Accounts {
  if (text === undefined) return new Map()
  const found = parseJson(text)
  if (!isRecord(found) || !Object.values(found).every(isAccount))
    throw new JhubError('JHUB-E203', `The accounts of registries in ${file} are damaged`, {
      fix: [`rm ${file}`, 'jhub image login REGISTRY   # once more for each'],
    })
  return new Map(Object.entries(found as Readonly<Record<string, RegistryAccount>>))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function recordIn(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const found = isRecord(value) ? value[key] : undefined
  return isRecord(found) ? found : {}
}

function isAccount(value: unknown): value is RegistryAccount {
  return isRecord(value) && typeof value['username'] === 'string' && typeof value['password'] === 'string'
}
