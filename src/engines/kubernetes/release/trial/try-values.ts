import {JhubError, messageOf} from '../../../../errors.js'
import {readYamlMap} from '../../../../hub-spec/document/yaml-text.js'
import {explainSchema} from '../../chart/explain-schema.js'
import type {Cluster} from '../../clusters/cluster.js'
import type {WantedRelease} from '../wanted-release.js'

/** The manifest that the chart makes of the values. Throws `JHUB-E214` with what the chart refuses, by the keys of the settings file, or helm's own words. */
export async function tryValues(cluster: Cluster, next: WantedRelease, signal?: AbortSignal): Promise<string> {
  try {
    return await cluster.helm.render(next.release, signal)
  } catch (error) {
    if (signal?.aborted === true || !(error instanceof JhubError) || error.code !== 'JHUB-E201') throw error
    const known = await readDefaults(cluster, next, signal)
    throw new JhubError('JHUB-E214', 'The chart refuses the values', {
      cause: new Error(explainSchema(messageOf(error.cause ?? error), known)),
      fix: 'jhub config edit   # look at k8s.values',
    })
  }
}

/** The chart's own values; nothing where helm cannot show them, since they only help to explain. */
async function readDefaults(cluster: Cluster, {release}: WantedRelease, signal?: AbortSignal): Promise<unknown> {
  try {
    return readYamlMap(await cluster.helm.defaults(release, signal), 'values.yaml', {mayBeEmpty: true})
  } catch (error) {
    if (error instanceof JhubError) return undefined
    throw error
  }
}
