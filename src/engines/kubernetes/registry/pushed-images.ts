import {JhubError} from '../../../errors.js'
import {isRecord} from '../../../hub-spec/document/is-record.js'
import {requireKube, tryKube} from '../api/require-kube.js'
import type {Cluster} from '../clusters/cluster.js'
import {pushedImagesName} from '../clusters/names.js'
import {readRecord, writeRecord} from '../release/record-secret.js'
import {parseJson} from '../../../hub-spec/document/parse-json.js'

/** By the name of a build here: the reference by which nodes download it. */
export type Pushed = ReadonlyMap<string, string>

/** Where nodes find what was built for a hub; kept with the hub, so that nobody has to trust a tag of the registry. */
export interface PushedImages {
  /** Nothing where the cluster cannot be asked. */
  read(): Promise<Pushed>
  write(pushed: Pushed): Promise<void>
}

const key = 'images.json'

export function pushedImages(cluster: Cluster, namespace: string, hubName: string): PushedImages {
  return {
    async read() {
      const api = await tryKube(cluster)
      if (api === undefined || api instanceof JhubError) return new Map()
      return parse((await readRecord(api, namespace, pushedImagesName))?.data[key])
    },
    async write(pushed) {
      const data = {[key]: JSON.stringify(Object.fromEntries(pushed))}
      await writeRecord(await requireKube(cluster), {
        hubName,
        name: pushedImagesName,
        namespace,
        annotations: {},
        data,
      })
    },
  }
}

/** A text that was damaged holds nothing: then everything is pushed again. */
function parse(text: string | undefined): Pushed {
  const found = parseJson(text)
  const entries = isRecord(found) ? Object.entries(found) : []
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
