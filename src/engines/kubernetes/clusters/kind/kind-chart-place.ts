import {definedOnly} from '../../../../defined-only.js'
import type {HubSpec} from '../../../../hub-spec/hub-spec.js'
import type {ChartPlace} from '../../chart/chart-place.js'
import {publicPort, retainedStorageClass} from '../names.js'
import {hubNode} from './kind-config.js'

/** Volumes outlive the cluster, the endpoint is a port of its nodes, and one node has the images of hub and proxy. */
export function kindChartPlace({name, k8s}: Pick<HubSpec, 'name' | 'k8s'>): ChartPlace {
  return {
    storageClass: retainedStorageClass,
    service: {type: 'NodePort', nodePorts: {http: publicPort}},
    ...definedOnly({hubNode: k8s.nodes === 1 ? undefined : hubNode(name, k8s.nodes)}),
  }
}
