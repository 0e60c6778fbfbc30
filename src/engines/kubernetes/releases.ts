import type {KubeApi, KubeObject} from './kube-api.js'
import {fingerprintLabel} from './names.js'

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
