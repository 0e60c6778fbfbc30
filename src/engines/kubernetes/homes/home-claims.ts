import {definedOnly} from '../../../defined-only.js'
import {accountName} from '../../../hub-spec/people/user-name.js'
import type {KubeApi, KubeObject} from '../api/kube-api.js'

/** KubeSpawner writes the person's name on the claim of their home as it is, whatever the claim had to be called. */
const userAnnotation = 'hub.jupyter.org/username'

export interface HomeClaim extends KubeObject {
  readonly spec?: {readonly volumeName?: string}
}

/** The claims of people's homes, each with the person's name. */
export async function listHomeClaims(
  api: KubeApi,
  namespace: string,
): Promise<readonly {readonly user: string; readonly claim: HomeClaim}[]> {
  const found = await api.list<HomeClaim>({apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace})
  return found.flatMap((claim) => {
    const user = claim.metadata.annotations?.[userAnnotation]
    return user === undefined ? [] : [{user, claim}]
  })
}

export interface ClaimOptions {
  readonly namespace: string
  readonly user: string
  readonly size: string
  /** Absent: the cluster's own. */
  readonly storageClass?: string
  readonly accessModes: readonly string[]
}

/** As the chart has KubeSpawner call it. */
export function homeClaimName(user: string): string {
  return `claim-${accountName(user)}`
}

/** The claim that the hub makes at the first start of a server: it takes one of that name as the person's home. */
export function newHomeClaim({namespace, user, size, storageClass, accessModes}: ClaimOptions): KubeObject {
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: homeClaimName(user),
      namespace,
      labels: {app: 'jupyterhub', component: 'singleuser-storage'},
      annotations: {[userAnnotation]: user},
    },
    spec: {
      accessModes,
      resources: {requests: {storage: size}},
      ...definedOnly({storageClassName: storageClass}),
    },
  }
  return claim
}
