import type {Cluster} from './cluster.js'

/** What `up` needs after `down`, as a sentence. */
export function afterDown({own}: Pick<Cluster, 'own'>): string {
  return own === undefined
    ? '`jhub up` downloads the chart again, and helm where it is not on the PATH. Nodes download images that they no longer have.'
    : '`jhub up` downloads the chart again, and kind and helm where they are not on the PATH. Images that are still there are not.'
}
