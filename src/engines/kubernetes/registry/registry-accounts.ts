import {JhubError} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import type {RegistryLogin} from '../../../host/docker/docker-login.js'
import {registryHost, registryKey} from '../../../host/docker/registry-host.js'
import type {RegistryAccount} from '../../engine.js'
import {isRecord} from '../../../hub-spec/document/is-record.js'
import type {KubeApi} from '../api/kube-api.js'
import {requireKube, tryKube} from '../api/require-kube.js'
import type {Cluster} from '../clusters/cluster.js'
import {pullSecretName} from '../clusters/names.js'
import {isAccount, newestOf, stillGiven, type Accounts, type DatedAccount} from './accounts.js'
import {readPullSecret, writePullSecret, type PullSecretContent, type PullSecretPlace} from './pull-secret.js'
import {parseJson} from '../../../hub-spec/document/parse-json.js'

/** Accounts of registries that a hub was given: on this computer (0600), and in the cluster as the pull secret of servers. */
export interface RegistryAccounts {
  /** Those of both places; what was given last counts. Throws `JHUB-E203` where the file here is damaged. */
  read(): Promise<Accounts>
  /** The account for the registry of a reference, as the Docker engine takes it; `undefined` where none was given. */
  loginFor(reference: string): Promise<RegistryLogin | undefined>
  give(host: string, account: RegistryAccount): Promise<void>
  /**
   * Takes it out of both places; says whether there was one. Throws as `requireKube` does where the cluster cannot be asked
   * (then nothing is changed), and `JHUB-E210` where the cluster still has it.
   */
  forget(host: string): Promise<boolean>
}

export function registryAccounts(cluster: Cluster, clock: Clock, place: PullSecretPlace): RegistryAccounts {
  const {files, layout} = cluster
  const file = layout.registryAccounts
  const here = async () => parseAccounts(file, await files.read(file))
  const there = async (): Promise<PullSecretContent> => {
    const api = await tryKube(cluster)
    if (api === undefined || api instanceof JhubError) return {accounts: new Map(), withdrawn: new Map()}
    return readPullSecret(api, place)
  }
  const write = async (accounts: Accounts) => {
    await files.makeDirectory(layout.root, {mode: 0o700})
    if (accounts.size === 0) await files.remove(file)
    else await files.write(file, `${JSON.stringify(Object.fromEntries(accounts))}\n`, {mode: 0o600})
  }
  const read = async () => {
    const {accounts, withdrawn} = await there()
    return newestOf(accounts, stillGiven(await here(), withdrawn))
  }
  return {
    read,
    async loginFor(reference) {
      const host = registryHost(reference)
      const account = (await read()).get(host)
      return account === undefined ? undefined : toLogin(host, account)
    },
    async give(host, account) {
      const [{accounts, withdrawn}, own] = await Promise.all([there(), here()])
      const before = newestOf(accounts, stillGiven(own, withdrawn)).get(host)?.given
      // The clock of the computer that gave the one before, or took it away, may be ahead.
      const given = latest(new Date(clock.now()).toISOString(), before, withdrawn.get(host))
      await write(new Map([...own, [host, {...account, given}]]))
    },
    async forget(host) {
      const api = await requireKube(cluster)
      const [{accounts: known}, given] = await Promise.all([readPullSecret(api, place), here()])
      const before = latest(known.get(host)?.given ?? '', given.get(host)?.given)
      const after = before === '' ? before : new Date(Date.parse(before) + 1).toISOString()
      const at = latest(new Date(clock.now()).toISOString(), after)
      if (known.has(host)) await takeOut(api, place, {host, at})
      if (given.has(host)) await write(without(given, host))
      return known.has(host) || given.has(host)
    },
  }
}

/** As the Docker engine takes it. */
export function toLogin(host: string, {username, password}: RegistryAccount): RegistryLogin {
  return {serveraddress: registryKey(host), username, password}
}

function latest(first: string, ...others: readonly (string | undefined)[]): string {
  return others.reduce<string>((newest, each = '') => (each > newest ? each : newest), first)
}

interface Withdrawal {
  readonly host: string
  /** As `2026-11-26T18:00:00.000Z`. */
  readonly at: string
}

async function takeOut(api: KubeApi, place: PullSecretPlace, {host, at}: Withdrawal): Promise<void> {
  const left = without((await readPullSecret(api, place)).accounts, host)
  await writePullSecret(api, place, left, new Map([[host, at]]))
  if ((await readPullSecret(api, place)).accounts.has(host))
    throw new JhubError(
      'JHUB-E210',
      `The Secret ${pullSecretName} of ${place.namespace} still has the account for ${host} after jhub took it out`,
      {
        fix: `kubectl --namespace ${place.namespace} get secret ${pullSecretName} --show-managed-fields -o yaml   # who else writes it`,
      },
    )
}

function without(accounts: Accounts, host: string): Accounts {
  return new Map([...accounts].filter(([each]) => each !== host))
}

function parseAccounts(file: string, text: string | undefined): Accounts {
  if (text === undefined) return new Map()
  const found = parseJson(text)
  if (!isRecord(found) || !Object.values(found).every(isAccount))
    throw new JhubError('JHUB-E203', `The accounts of registries in ${file} are damaged`, {
      fix: [`rm ${file}`, 'jhub image login REGISTRY   # once more for each'],
    })
  return new Map(Object.entries(found as Readonly<Record<string, DatedAccount>>))
}
