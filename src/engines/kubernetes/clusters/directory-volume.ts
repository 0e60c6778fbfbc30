import path from 'node:path'
import {hubLabel, volumesInNode} from './names.js'
import type {KubeObject} from '../api/kube-api.js'

export interface DirectoryVolume {
  readonly name: string
  readonly hubName: string
  /** The claim that it is for; its directory is called by it. */
  readonly claim: {readonly namespace: string; readonly name: string}
  readonly size: string
  readonly storageClass: string
}

/** A volume that is a directory of every node of a kind cluster, for one claim and no other. */
export function directoryVolume({name, hubName, claim, size, storageClass}: DirectoryVolume): KubeObject {
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {name, labels: {[hubLabel]: hubName}},
    spec: {
      accessModes: ['ReadWriteOnce', 'ReadWriteMany'],
      capacity: {storage: size},
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: storageClass,
      hostPath: {path: path.posix.join(volumesInNode, directoryOf(claim)), type: 'Directory'},
      claimRef: claim,
    },
  }
  return volume
}

/** Below `layout.volumes`, as the provisioner calls those that it makes. */
export function directoryOf({namespace, name}: DirectoryVolume['claim']): string {
  return `${namespace}/${name}`
}
