import {gunzipSync} from 'node:zlib'
import type {KubeApi, KubeObject} from '../api/kube-api.js'
import {fingerprintLabel} from '../clusters/names.js'
import {isSecrets, type Secrets} from '../../secrets.js'

export interface Revision {
  readonly secretName: string
  readonly number: number
  readonly status: string
  readonly fingerprint: string | undefined
}

/** Every revision that helm keeps of a release, the newest first, read from the secrets in which it keeps them. */
export async function readRevisions(api: KubeApi, namespace: string, release: string): Promise<readonly Revision[]> {
  const secrets = await api.list<KubeObject>({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace,
    labels: `owner=helm,name=${release}`,
  })
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
    readonly services?: {readonly jhub?: {readonly apiToken?: unknown}}
  }
}

/** What opens the hub, as the values of the deployed revision have it; `undefined` when jhub did not make them. */
export async function readReleaseSecrets(
  api: KubeApi,
  namespace: string,
  release: string,
): Promise<Secrets | undefined> {
  const [deployed] = await api.list<ReleaseSecret>({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace,
    labels: `owner=helm,name=${release},status=deployed`,
  })
  const encoded = deployed?.data?.release
  if (encoded === undefined) return undefined
  // Zipped and encoded by helm, and encoded again as every secret is.
  const zipped = Buffer.from(Buffer.from(encoded, 'base64').toString(), 'base64')
  const {config} = JSON.parse(gunzipSync(zipped).toString()) as {readonly config?: ReleaseValues}
  const secrets = {
    apiToken: config?.hub?.services?.jhub?.apiToken,
    proxyToken: config?.proxy?.secretToken,
    cookieSecret: config?.hub?.cookieSecret,
  }
  return isSecrets(secrets) ? secrets : undefined
}
