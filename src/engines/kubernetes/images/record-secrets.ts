import {renderImageRecords, type ImageRecords} from '../../../hub-spec/images/image-records.js'
import type {ImageRecordStore} from '../../images/record-images.js'
import type {KubeApi} from '../api/kube-api.js'
import type {Cluster} from '../clusters/cluster.js'
import {hubLabel} from '../clusters/names.js'
import {requireKube, tryKube} from '../api/require-kube.js'
import {readRecord, recordRef, writeRecord} from '../release/record-secret.js'
import {JhubError} from '../../../errors.js'

const prefix = 'jhub-image-'
const key = 'locks.json'
/** A Secret holds a mebibyte; what is around the text takes some of it. */
const mostBytes = 900_000

/** Secrets of the hub's namespace, one for each image, which hold what it is made of and was made of before. */
export function imageRecordSecrets(cluster: Cluster, namespace: string, hubName: string): ImageRecordStore {
  const names = async (api: KubeApi) => {
    const found = await api.listSecretsWithoutData(namespace, `${hubLabel}=${hubName}`)
    return found.map(({metadata}) => metadata.name).filter((name) => name.startsWith(prefix))
  }
  return {
    async read() {
      const api = await tryKube(cluster)
      if (api === undefined || api instanceof JhubError) return new Map()
      const there = await names(api)
      if (there.length === 0) return new Map()
      const {parseImageRecords} = await import('../../../hub-spec/images/parse-image-records.js')
      const found = await Promise.all(
        there.map(async (name) => {
          const records = parseImageRecords((await readRecord(api, namespace, name))?.data[key])
          const image = name.slice(prefix.length)
          return [image, records.get(image) ?? []] as const
        }),
      )
      return new Map(found.filter(([, locks]) => locks.length > 0))
    },
    async write(records) {
      const api = await requireKube(cluster)
      const wanted = new Map([...records].filter(([, locks]) => locks.length > 0))
      for (const name of await names(api))
        if (!wanted.has(name.slice(prefix.length))) await api.remove(recordRef('Secret', name, namespace))
      for (const [image] of wanted) {
        const [name, text] = [`${prefix}${image}`, fitting(wanted, image)]
        if ((await readRecord(api, namespace, name))?.data[key] !== text)
          await writeRecord(api, {hubName, name, namespace, annotations: {}, data: {[key]: text}})
      }
    },
  }
}

/** The newest of an image's locks, as many as a Secret holds. */
function fitting(records: ImageRecords, image: string): string {
  const locks = records.get(image) ?? []
  const text = renderImageRecords(new Map([[image, locks]]))
  return text.length <= mostBytes || locks.length <= 1 ? text : fitting(new Map([[image, locks.slice(0, -1)]]), image)
}
