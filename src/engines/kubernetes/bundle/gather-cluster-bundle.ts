import path from 'node:path'
import {architectureName} from '../../../bundle/architecture-name.js'
import {chartName, clusterImagesName, contentName} from '../../../bundle/part-names.js'
import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import {contentAddress} from '../../../hub-spec/content-spec.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {copyFile} from '../../../host/files/copy-file.js'
import type {GatheredBundle, GatherOptions} from '../../bundle-keeper.js'
import {chartSource, describeChart, findChart} from '../chart/chart.js'
import type {Cluster, OwnCluster} from '../clusters/cluster.js'
import {requireGit} from '../clusters/require-git.js'
import {isByDigest, nameInBundle} from './image-names.js'

export interface ClusterBundleOptions {
  readonly cluster: Cluster
  readonly own: OwnCluster
  /** Every image that nodes run; `undefined` while that cannot be known. */
  readonly images: () => Promise<readonly string[] | undefined>
  /** On this computer. */
  readonly directory: string
}

/**
 * Gathers programs, chart and images of a hub that stands. Throws `JHUB-E204` while there is none, `JHUB-E100` for an image that
 * is named by its digest, `JHUB-E213` for one that is neither here nor in its registry.
 */
export async function gatherClusterBundle(
  {cluster, own, images: needed, directory}: ClusterBundleOptions,
  spec: HubSpec,
  {signal, report}: GatherOptions,
): Promise<GatheredBundle> {
  const [found, images] = [await own.inspect(), await needed()]
  if (!('settings' in found) || found.settings.nodeImage === undefined || images === undefined)
    throw new JhubError('JHUB-E204', 'There is no hub yet, and a bundle is made from what it runs', {
      fix: 'jhub up',
    })
  requireTags(spec, images)
  const files = new Map<string, string>()
  const place = (name: string) => {
    const file = path.join(directory, name)
    files.set(name, file)
    return file
  }
  for (const program of cluster.programs) {
    report(program.name)
    await program.copyTo(place(`programs/${program.name}`), signal)
  }
  const chart = await bundleChart(cluster, spec, signal, place)
  if (spec.content !== undefined) {
    report('the repository of the course')
    await (await requireGit(own)).copy(spec.content, place(contentName), signal)
  }
  const [node, named] = [nameInBundle(found.settings.nodeImage), images.map((name) => ({name, reference: name}))]
  report(`${String(named.length + 1)} images`)
  const archive = place(clusterImagesName)
  await own.archives.save([{name: node, reference: found.settings.nodeImage}, ...named], archive, signal)
  const here = await own.archives.here(images)
  const lost = images.filter((image) => !here.some(({name}) => name === image))
  if (lost.length > 0)
    throw new JhubError('JHUB-E213', `Docker does not know these images by their names: ${lost.join(', ')}`, {
      fix: 'docker image ls   # then: jhub bundle create',
    })
  return {
    mode: 'k8s',
    platform: own.archives.platform === 'darwin' ? 'darwin' : 'linux',
    architecture: architectureName((await cluster.builder.platform()).split('/').at(1) ?? ''),
    nodeImage: node,
    images: Object.fromEntries(here.map(({name, contents}) => [name, contents])),
    ...definedOnly({chart, content: spec.content === undefined ? undefined : contentAddress(spec.content)}),
    files,
  }
}

/** A chart that comes over the network; one of the person's own stands beside the settings file. */
async function bundleChart(cluster: Cluster, spec: HubSpec, signal: AbortSignal, place: (name: string) => string) {
  const source = chartSource(spec)
  if (source.kind === 'local') return undefined
  const chart = await findChart(cluster, spec)
  if (chart?.digest === undefined)
    throw new JhubError('JHUB-E204', 'The chart is not on this computer', {fix: 'jhub up'})
  await copyFile({from: cluster.files, file: chart.path}, {to: cluster.files, file: place(chartName)}, signal)
  return {source: describeChart(source), digest: chart.digest}
}

/** Docker forgets the digest of an image that comes from a file. Throws `JHUB-E100`. */
function requireTags({k8s}: HubSpec, images: readonly string[]): void {
  const named = [...images, ...(k8s.nodeImage === undefined ? [] : [k8s.nodeImage])].find(isByDigest)
  if (named === undefined) return
  throw new JhubError('JHUB-E100', `${named} is named by its digest, and the images of a bundle have only tags`, {
    fix: 'jhub config edit   # name it by a tag; of servers: jhub image add NAME --oci REFERENCE',
  })
}
