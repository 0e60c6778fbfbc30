import type {Cluster} from '../clusters/cluster.js'
import {chartImages} from '../clusters/kind/images/chart-images.js'
import {tryValues} from '../release/trial/try-values.js'
import {plainServerImages, trialRelease, wantedRelease, type ReleaseOptions} from '../release/wanted-release.js'

/** Every image that nodes run: those of the chart's own pods, of servers, and `builds`. `undefined` while helm or the chart is not here. */
export async function neededImages(
  cluster: Cluster,
  release: ReleaseOptions,
  builds: readonly string[],
): Promise<readonly string[] | undefined> {
  const {spec} = release
  const programs = await Promise.all(cluster.programs.map((program) => program.find()))
  if (programs.includes(undefined)) return undefined
  const next = (await wantedRelease(cluster, release)) ?? (await trialRelease(cluster, spec))
  if (next === undefined) return undefined
  return [...new Set([...chartImages(await tryValues(cluster, next)), ...plainServerImages(spec), ...builds])]
}
