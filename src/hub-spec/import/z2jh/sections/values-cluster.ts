import type {Importing} from '../importing.js'
import {isRecord} from '../../../document/is-record.js'

type Path = readonly string[]

/** What only the cluster of the values has; a kind cluster would wait for it for ever, or does not need it. */
export function cloudSigns({look}: Pick<Importing, 'look'>): readonly Path[] {
  const isFilled = (value: unknown) =>
    isRecord(value) &&
    Object.values(value).some((each) => each !== null && !(isRecord(each) && Object.keys(each).length === 0))
  const words: readonly Path[] = [
    ['proxy', 'service', 'type'],
    ['proxy', 'service', 'loadBalancerIP'],
    ['singleuser', 'storage', 'dynamic', 'storageClass'],
    ['singleuser', 'storage', 'static', 'pvcName'],
    ['singleuser', 'serviceAccountName'],
    ['hub', 'db', 'pvc', 'storageClassName'],
  ]
  const maps: readonly Path[] = [
    ['proxy', 'service', 'annotations'],
    ['singleuser', 'nodeSelector'],
    ['singleuser', 'extraResource'],
    ['hub', 'nodeSelector'],
    ['scheduling', 'userPods', 'nodeAffinity'],
  ]
  const switches: readonly Path[] = [
    ['ingress', 'enabled'],
    ['httpRoute', 'enabled'],
    ['proxy', 'https', 'enabled'],
  ]
  const volumes = [
    ['singleuser', 'storage', 'extraVolumes'],
    ['hub', 'extraVolumes'],
  ].filter((path) => claimsVolume(look(...path)))
  return [
    ...volumes,
    ...words.filter((path) => typeof look(...path) === 'string' && look(...path) !== ''),
    ...maps.filter((path) => isFilled(look(...path))),
    ...switches.filter((path) => look(...path) === true),
  ]
}

function claimsVolume(volumes: unknown): boolean {
  return (
    Array.isArray(volumes) && volumes.some((volume) => isRecord(volume) && isRecord(volume['persistentVolumeClaim']))
  )
}
