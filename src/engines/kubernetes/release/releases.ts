import {gunzipSync} from 'node:zlib'
import type {KubeApi, KubeObject} from '../api/kube-api.js'
import {fingerprintLabel} from '../clusters/names.js'
import {renderedObjects} from '../chart/rendered-objects.js'
import {isSecrets, type Secrets} from '../../sign-in/secrets.js'
import {signInSecretName} from '../chart/chart-values.js'

export interface Revision {
  readonly secretName: string
  readonly number: number
  readonly status: string
  readonly fingerprint: string | undefined
}

/** Every revision that helm keeps of a release, the newest first, read from the secrets in which it keeps them. */
export async function readRevisions(api: KubeApi, namespace: string, release: string): Promise<readonly Revision[]> {
  const secrets = await api.listSecretsWithoutData(namespace, `owner=helm,name=${release}`)
  return secrets
    .map(({metadata}) => ({
      secretName: metadata.name,
      number: Number(metadata.labels?.['version']),
      status: metadata.labels?.['status'] ?? 'unknown',
      fingerprint: metadata.labels?.[fingerprintLabel],
    }))
    .toSorted((one, other) => other.number - one.number)
}

interface ReleaseSecret extends KubeObject {
  readonly data?: {readonly release?: string}
}

interface ReleaseValues {
  readonly proxy?: {readonly secretToken?: unknown}
  readonly hub?: {
    readonly cookieSecret?: unknown
    readonly extraFiles?: Readonly<Record<string, {readonly stringData?: unknown}>>
    readonly services?: {readonly jhub?: {readonly apiToken?: unknown}}
  }
}

interface Deployed {
  readonly config?: ReleaseValues
  /** The objects that helm made, as YAML. */
  readonly manifest?: string
}

/** What helm keeps of the deployed revision; `undefined` where none is. */
async function readDeployed(api: KubeApi, namespace: string, release: string): Promise<Deployed | undefined> {
  const deployed = await api.list<ReleaseSecret>({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace,
    labels: `owner=helm,name=${release},status=deployed`,
  })
  const encoded = deployed.at(-1)?.data?.release
  if (encoded === undefined) return undefined
  // Zipped and encoded by helm, and encoded again as every secret is.
  const zipped = Buffer.from(Buffer.from(encoded, 'base64').toString(), 'base64')
  return JSON.parse(gunzipSync(zipped).toString()) as Deployed
}

/**
 * What opens the hub, as the values of the deployed revision have it; `undefined` when jhub did not make them. A secret of the
 * sign-in is for `purpose`.
 */
export async function readReleaseSecrets(
  api: KubeApi,
  {namespace, release, purpose}: {readonly namespace: string; readonly release: string; readonly purpose: string},
): Promise<Secrets | undefined> {
  const {config} = (await readDeployed(api, namespace, release)) ?? {}
  const secrets = {
    apiToken: config?.hub?.services?.jhub?.apiToken,
    proxyToken: config?.proxy?.secretToken,
    cookieSecret: config?.hub?.cookieSecret,
  }
  if (!isSecrets(secrets)) return undefined
  const value = config?.hub?.extraFiles?.[signInSecretName]?.stringData
  return typeof value === 'string' ? {...secrets, signIn: {purpose, value}} : secrets
}

/** The objects of the deployed revision, as the chart made them. */
export async function readManifest(api: KubeApi, namespace: string, release: string): Promise<readonly KubeObject[]> {
  const {manifest = ''} = (await readDeployed(api, namespace, release)) ?? {}
  return readObjects(manifest)
}

/** The objects of a manifest as helm prints it. */
export function readObjects(manifest: string): readonly KubeObject[] {
  return renderedObjects(manifest) as readonly KubeObject[]
}

/**
 * Takes from a revision the mark of what it was made from, so that the next `up` runs helm whatever the mark says: what was
 * begun after this revision may have changed any of its objects.
 */
export async function distrustRevision(api: KubeApi, namespace: string, {secretName}: Revision): Promise<void> {
  const metadata = {name: secretName, namespace, labels: {[fingerprintLabel]: 'interrupted'}}
  await api.patch({apiVersion: 'v1', kind: 'Secret', name: secretName, namespace}, {metadata})
}
