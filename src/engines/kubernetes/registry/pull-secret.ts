import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import {registryHost, registryKey} from '../../../host/docker/registry-host.js'
import {isRecord} from '../../../hub-spec/document/is-record.js'
import type {KubeApi, KubeObject} from '../api/kube-api.js'
import {hubLabel, pullSecretName} from '../clusters/names.js'
import {recordRef} from '../release/record-secret.js'
import {isAccount, type Accounts, type Withdrawn} from './accounts.js'
import {parseJson} from '../../../hub-spec/document/parse-json.js'

/** Which hub the Secret belongs to, and where it is. */
export interface PullSecretPlace {
  readonly namespace: string
  readonly hubName: string
}

interface PullSecret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

/** An annotation: when accounts were taken away, by the host of their registry. */
const withdrawnKey = 'io.github.jhub/withdrawn'
/** The key that Kubernetes reads. */
const textKey = '.dockerconfigjson'

/** Its text; `undefined` where there is none, or somebody else made it. */
export async function pullSecretText(api: KubeApi, place: PullSecretPlace): Promise<string | undefined> {
  return textIn(await findOurs(api, place))
}

export interface PullSecretContent {
  /** What is in it besides is passed over. */
  readonly accounts: Accounts
  /** When accounts were taken away, by host: one that another computer was given before that does not come back. */
  readonly withdrawn: Withdrawn
}

/** What it holds; nothing where there is none, or somebody else made it. */
export async function readPullSecret(api: KubeApi, place: PullSecretPlace): Promise<PullSecretContent> {
  const found = await findOurs(api, place)
  return {
    accounts: accountsIn(textIn(found) ?? '{}'),
    withdrawn: found === undefined ? new Map() : withdrawnIn(found),
  }
}

function accountsIn(text: string): Accounts {
  return new Map(
    Object.entries(authsIn(text)).flatMap(([key, entry]) => {
      if (!isAccount(entry)) return []
      const {username, password, given} = entry
      const host = registryHost(`${key.replace(/^https:\/\/|\/v1\/$/g, '')}/image`)
      return [[host, {username, password, ...definedOnly({given})}] as const]
    }),
  )
}

/**
 * Makes it hold these accounts alone; what was withdrawn before stays noted. Throws `JHUB-E403` where somebody else made a Secret
 * of its name.
 */
export async function writePullSecret(
  api: KubeApi,
  place: PullSecretPlace,
  accounts: Accounts,
  withdrawn: Withdrawn = new Map(),
): Promise<void> {
  const {namespace, hubName} = place
  const found = await find(api, place)
  if (found !== undefined && isForeign(found, place))
    throw new JhubError(
      'JHUB-E403',
      `The Secret ${pullSecretName} already exists in ${namespace}, and this hub did not make it`,
      {fix: `kubectl --namespace ${namespace} delete secret ${pullSecretName}   # when nobody needs it`},
    )
  const gone = [...(found === undefined ? [] : withdrawnIn(found)), ...withdrawn].filter(
    ([host]) => !accounts.has(host),
  )
  const annotations = gone.length === 0 ? {} : {annotations: {[withdrawnKey]: JSON.stringify(Object.fromEntries(gone))}}
  await api.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/dockerconfigjson',
    metadata: {name: pullSecretName, namespace, labels: {[hubLabel]: hubName}, ...annotations},
    data: {[textKey]: Buffer.from(renderPullSecret(accounts)).toString('base64')},
  } as PullSecret)
}

/** The text of a pull secret with these accounts. */
export function renderPullSecret(accounts: Accounts): string {
  const auths = [...accounts].toSorted(byHost).map(([host, account]) => {
    const auth = Buffer.from(`${account.username}:${account.password}`).toString('base64')
    return [registryKey(host), {...account, auth}] as const
  })
  return JSON.stringify({auths: Object.fromEntries(auths)})
}

function find(api: KubeApi, {namespace}: PullSecretPlace): Promise<PullSecret | undefined> {
  return api.read<PullSecret>(recordRef('Secret', pullSecretName, namespace))
}

async function findOurs(api: KubeApi, place: PullSecretPlace): Promise<PullSecret | undefined> {
  const found = await find(api, place)
  return found === undefined || isForeign(found, place) ? undefined : found
}

function textIn(found: PullSecret | undefined): string | undefined {
  const text = found?.data?.[textKey]
  return text === undefined ? undefined : Buffer.from(text, 'base64').toString()
}

function withdrawnIn({metadata}: PullSecret): Withdrawn {
  const found = parseJson(metadata.annotations?.[withdrawnKey] ?? '{}')
  const entries = isRecord(found) ? Object.entries(found) : []
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function isForeign({metadata}: PullSecret, {hubName}: PullSecretPlace): boolean {
  return metadata.labels?.[hubLabel] !== hubName
}

function byHost([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}

function authsIn(text: string): Readonly<Record<string, unknown>> {
  const found = parseJson(text)
  const auths = isRecord(found) ? found['auths'] : undefined
  return isRecord(auths) ? auths : {}
}
