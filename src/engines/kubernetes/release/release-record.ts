import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Values} from '../chart/chart-values.js'
import type {KubeApi, KubeObject} from '../api/kube-api.js'
import {chartAnnotation, chartDigestAnnotation, hubLabel, releaseConfigMap} from '../clusters/names.js'
import {namespaceOf} from '../clusters/namespace.js'

/** What a release was made from, kept beside it. No secret is in it. */
export interface ReleaseRecord {
  readonly values?: Values
  readonly chart?: DeployedChart
}

export interface DeployedChart {
  /** In words: `jupyterhub 4.4.0 from https://…`. */
  readonly source: string
  /** Of a chart in one file, as `sha256:…`. */
  readonly digest?: string
}

interface RecordObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

const key = 'values.json'

export function releaseRecordRef(namespace: string) {
  return {apiVersion: 'v1', kind: 'ConfigMap', name: releaseConfigMap, namespace}
}

export async function readReleaseRecord(api: KubeApi, namespace: string): Promise<ReleaseRecord> {
  const found = await api.read<RecordObject>(releaseRecordRef(namespace))
  const text = found?.data?.[key]
  const {[chartAnnotation]: source, [chartDigestAnnotation]: digest} = found?.metadata.annotations ?? {}
  return {
    ...(text === undefined ? {} : {values: JSON.parse(text) as Values}),
    ...(source === undefined ? {} : {chart: {source, ...(digest === undefined ? {} : {digest})}}),
  }
}

export async function writeReleaseRecord(
  api: KubeApi,
  spec: HubSpec,
  {values, chart}: Required<ReleaseRecord>,
): Promise<void> {
  const {namespace, name, ...ref} = releaseRecordRef(namespaceOf(spec))
  const annotations = {
    [chartAnnotation]: chart.source,
    ...(chart.digest === undefined ? {} : {[chartDigestAnnotation]: chart.digest}),
  }
  const object: RecordObject = {
    ...ref,
    metadata: {name, namespace, labels: {[hubLabel]: spec.name}, annotations},
    data: {[key]: JSON.stringify(values, undefined, 2)},
  }
  await api.apply(object)
}
