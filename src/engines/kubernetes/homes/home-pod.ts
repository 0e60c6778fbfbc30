import {definedOnly} from '../../../defined-only.js'
import {hubLabel, homePodComponent} from '../clusters/names.js'
import type {KubeObject} from '../api/kube-api.js'
import type {ServerPlace} from './server-place.js'

export const homeContainer = 'home'
/** Where the container has the home. */
export const homeMount = '/jhub-home'

export interface HomePodOptions {
  readonly name: string
  readonly namespace: string
  readonly hubName: string
  readonly claim: string
  /** Where the home is in use: many volumes can be on one node alone. */
  readonly node?: string
  readonly place: ServerPlace
  readonly pullSecrets: readonly unknown[]
}

/** Ends when nothing else has run in its container for a minute: a jhub that was killed leaves no pod that holds a volume. */
const waitingRoom = `
import os, time
idle = 0
while idle < 60:
    time.sleep(1)
    idle = 0 if any(name.isdigit() and name != str(os.getpid()) for name in os.listdir("/proc")) else idle + 1
`

/**
 * A pod that has one person's home and nothing else. It runs as that person's server does, with the image of servers, which
 * its node has; no program of the person runs in it.
 */
export function homePod(wanted: HomePodOptions): KubeObject {
  const {name, namespace, hubName, claim, node, place, pullSecrets} = wanted
  const {image, securityContext, fsGroup, nodeSelector, tolerations, subPath} = place
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, namespace, labels: {[hubLabel]: hubName, component: homePodComponent}},
    spec: {
      ...(node === undefined ? {nodeSelector} : {nodeName: node}),
      tolerations,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...(fsGroup === undefined ? {} : {securityContext: {fsGroup}}),
      ...(pullSecrets.length === 0 ? {} : {imagePullSecrets: pullSecrets.map(toReference)}),
      volumes: [{name: 'home', persistentVolumeClaim: {claimName: claim}}],
      containers: [
        {
          name: homeContainer,
          image,
          command: ['python3', '-I', '-S', '-c', waitingRoom],
          workingDir: '/',
          securityContext,
          resources: {requests: {cpu: '10m', memory: '64Mi'}, limits: {cpu: '1', memory: '512Mi'}},
          volumeMounts: [{name: 'home', mountPath: homeMount, ...definedOnly({subPath})}],
        },
      ],
    },
  }
  return pod
}

/** A name, or an object that has it: the chart takes both. */
function toReference(secret: unknown): unknown {
  return typeof secret === 'string' ? {name: secret} : secret
}
