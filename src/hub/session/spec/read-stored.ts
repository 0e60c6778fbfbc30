import path from 'node:path'
import type {HttpsSpec} from '../../../hub-spec/access/https-spec.js'
import type {ProviderSpec} from '../../../hub-spec/auth/auth-provider.js'
import {imageSeenFrom} from '../../../hub-spec/images/images-spec.js'
import {parseHubSpec} from '../../../hub-spec/parse-hub-spec.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'

export interface StoredSpec {
  readonly file: string
  readonly source: string
  readonly spec: HubSpec
}

/** What a text says as the spec of a file; relative paths in it are seen from that file. */
export function readStored(file: string, source: string): StoredSpec {
  const spec = parseHubSpec(source, file)
  const {extraConfig} = spec.hub
  const {chart} = spec.k8s
  const {https} = spec.access
  const {provider} = spec.auth
  const {materials} = spec.files
  const seenFromFile = (relative: string) => path.resolve(path.dirname(file), relative)
  return {
    file,
    source,
    spec: {
      ...spec,
      access: https === undefined ? spec.access : {...spec.access, https: seenFrom(https, seenFromFile)},
      auth: provider === undefined ? spec.auth : {...spec.auth, provider: providerSeenFrom(provider, seenFromFile)},
      images: new Map([...spec.images].map(([name, image]) => [name, imageSeenFrom(image, seenFromFile)])),
      files: materials === undefined ? spec.files : {...spec.files, materials: seenFromFile(materials)},
      hub: extraConfig === undefined ? spec.hub : {...spec.hub, extraConfig: seenFromFile(extraConfig)},
      k8s: chart === undefined || !isPath(chart) ? spec.k8s : {...spec.k8s, chart: seenFromFile(chart)},
    },
  }
}

function seenFrom(https: HttpsSpec, seen: (relative: string) => string): HttpsSpec {
  if (https.by === 'files') return {...https, cert: seen(https.cert), key: seen(https.key)}
  return https.by === 'acme' && https.ca !== undefined ? {...https, ca: seen(https.ca)} : https
}

function providerSeenFrom(provider: ProviderSpec, seen: (relative: string) => string): ProviderSpec {
  const found = provider.ca === undefined ? provider : {...provider, ca: seen(provider.ca)}
  return found.family === 'class' && found.requirements !== undefined
    ? {...found, requirements: seen(found.requirements)}
    : found
}

/** Neither a version nor an address. */
function isPath(chart: string): boolean {
  return !/^(?:\d+\.\d+\.\d+|oci:\/\/|https?:\/\/)/.test(chart)
}
