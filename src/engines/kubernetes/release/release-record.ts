import {definedOnly, ifDefined} from '../../../defined-only.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Values} from '../chart/chart-values.js'
import type {KubeApi} from '../api/kube-api.js'
import {
  chartAnnotation,
  chartDigestAnnotation,
  fingerprintLabel,
  ownFilesAnnotation,
  releaseRecordName,
} from '../clusters/names.js'
import {namespaceOf} from '../clusters/namespace.js'
import {readRecord, writeRecord} from './record-secret.js'

/** What a release was made from, kept beside it, without what opens the hub. */
export interface ReleaseRecord {
  readonly values?: Values
  readonly chart?: DeployedChart
  readonly fingerprint?: string
  /** As in `WantedRelease`; absent where an older jhub wrote the record. */
  readonly shipped?: string
  /** How objects differed from the chart's right after helm: the cluster's own way of writing them. */
  readonly accepted?: readonly string[]
}

export interface DeployedChart {
  /** In words: `jupyterhub 4.4.0 from https://…`. */
  readonly source: string
  /** Of a chart in one file, as `sha256:…`. */
  readonly digest?: string
}

const valuesKey = 'values.json'
const acceptedKey = 'accepted.json'

export async function readReleaseRecord(api: KubeApi, namespace: string): Promise<ReleaseRecord> {
  const {data = {}, annotations = {}} = (await readRecord(api, namespace, releaseRecordName)) ?? {}
  const {[valuesKey]: values, [acceptedKey]: accepted} = data
  const {[chartAnnotation]: source, [chartDigestAnnotation]: digest} = annotations
  const {[fingerprintLabel]: fingerprint, [ownFilesAnnotation]: shipped} = annotations
  return definedOnly({
    values: ifDefined(values, (text) => JSON.parse(text) as Values),
    chart: ifDefined(source, (named) => ({source: named, ...definedOnly({digest})})),
    fingerprint,
    shipped,
    accepted: ifDefined(accepted, (text) => JSON.parse(text) as readonly string[]),
  })
}

export async function writeReleaseRecord(
  api: KubeApi,
  spec: HubSpec,
  {values, chart, fingerprint, shipped, accepted}: Required<ReleaseRecord>,
): Promise<void> {
  await writeRecord(api, {
    hubName: spec.name,
    name: releaseRecordName,
    namespace: namespaceOf(spec),
    annotations: {
      [chartAnnotation]: chart.source,
      ...definedOnly({[chartDigestAnnotation]: chart.digest}),
      [fingerprintLabel]: fingerprint,
      [ownFilesAnnotation]: shipped,
    },
    data: {
      [valuesKey]: JSON.stringify(values, undefined, 2),
      ...(accepted.length === 0 ? {} : {[acceptedKey]: JSON.stringify(accepted)}),
    },
  })
}
