import path from 'node:path'
import type {ClusterManifest} from '../../../bundle/manifest.js'
import {chartName, clusterImagesName} from '../../../bundle/part-names.js'
import type {UnpackedBundle} from '../../../bundle/read-bundle.js'
import {JhubError} from '../../../errors.js'
import {copyFile} from '../../../host/files/copy-file.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Step} from '../../../steps/step.js'
import {chartDirectory, chartSource, findChart, readChart} from '../chart/chart.js'
import type {Cluster, OwnCluster} from '../clusters/cluster.js'

type ClusterBundle = UnpackedBundle<ClusterManifest>

/** What stood in the place of a chart. */
interface Before {
  readonly chart?: {readonly path: string; readonly bytes: Uint8Array}
}

/** The chart of a bundle, to where one that comes over the network is kept. */
export function takeChart(
  {files, layout, checksums}: Cluster,
  {manifest, directory}: ClusterBundle,
  spec: HubSpec,
): Step {
  const source = chartSource(spec)
  const place = chartDirectory(layout, source)
  const {chart} = manifest
  const isHere = async () => (await findChart({files, layout, checksums}, spec))?.digest === chart?.digest
  const keepBefore = async (): Promise<Before> => {
    const before = await readChart({files, layout, checksums}, source)
    if (before === undefined) return {}
    const {sizeBytes = 0} = (await files.stat(before.path)) ?? {}
    return {chart: {path: before.path, bytes: await files.readBytes(before.path, 0, sizeBytes)}}
  }
  let before: Before | undefined
  return {
    title: 'Take the chart of the bundle',
    async check() {
      if (chart === undefined || place === undefined || (await isHere())) return undefined
      return {summary: `take ${chart.source} from the bundle`, disturbs: 'live'}
    },
    async apply({signal}) {
      if (place === undefined) return
      before = await keepBefore()
      await files.remove(place)
      await files.makeDirectory(place, {mode: 0o700})
      const from = {from: files, file: path.join(directory, chartName)}
      await copyFile(from, {to: files, file: path.join(place, chartName)}, signal)
    },
    async undo() {
      if (before === undefined || place === undefined) return
      await files.remove(place)
      if (before.chart === undefined) return
      await files.makeDirectory(place, {mode: 0o700})
      await files.appendBytes(before.chart.path, before.chart.bytes)
    },
  }
}

/** The images of a bundle, into this computer's Docker. `needed` is every image that nodes run, as soon as that can be known. */
export function loadImages(
  {archives}: OwnCluster,
  {manifest: {images, nodeImage}, directory}: ClusterBundle,
  needed: () => Promise<readonly string[] | undefined>,
): Step {
  const names = [...Object.keys(images), nodeImage]
  const others = async () => {
    const here = new Map((await archives.here(names)).map(({name, contents}) => [name, contents]))
    return names.filter((name) => !here.has(name) || (images[name] !== undefined && here.get(name) !== images[name]))
  }
  return {
    title: 'Load the images of the bundle',
    async check() {
      const count = (await others()).length
      return count === 0 ? undefined : {summary: `load ${String(count)} images from the bundle`, disturbs: 'live'}
    },
    async apply(context) {
      const absent = ((await needed()) ?? []).filter((name) => images[name] === undefined)
      if (absent.length > 0)
        throw new JhubError('JHUB-E231', `The bundle lacks images that this hub needs: ${absent.join(', ')}`, {
          fix: 'jhub bundle create   # on a computer with internet, with this settings file',
        })
      context.report('docker load')
      await archives.load(path.join(directory, clusterImagesName), context.signal)
      const here = (await archives.here(names)).map(({name}) => name)
      const left = names.filter((name) => !here.includes(name))
      if (left.length > 0)
        throw new JhubError('JHUB-E213', `Docker did not load these images of the bundle: ${left.join(', ')}`)
    },
  }
}
