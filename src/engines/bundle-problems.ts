import {architectureName} from '../bundle/architecture-name.js'
import type {Manifest} from '../bundle/manifest.js'
import type {Finding} from '../findings/finding.js'

/** Where a bundle is to be used. */
export interface BundlePlace {
  readonly platform: string
  /** In the words of the system that answered. */
  readonly architecture: string
  /** The address of the repository of the course. */
  readonly content?: string
}

/** A reason why a bundle cannot be used: what it has, and what is needed. */
export type BundleProblem = readonly [found: string, needed: string]

/** What has to be right in every bundle, whichever engine uses it. */
export function placeProblems(manifest: Manifest, place: BundlePlace): readonly BundleProblem[] {
  const isFor = `${manifest.platform} ${manifest.architecture}`
  const isHere = `${place.platform} ${architectureName(place.architecture)}`
  const {content} = place
  return [
    ...(isFor === isHere ? [] : [[`it is for ${isFor}`, isHere] as const]),
    ...(content === undefined || content === manifest.content
      ? []
      : [[`it has no copy of ${content}`, 'the repository of content.git'] as const]),
  ]
}

/** The problems of a bundle as findings; with none, that it is fine and what it `holds`. */
export function bundleFindingsOf(
  {made}: Manifest,
  holds: string,
  problems: readonly BundleProblem[],
): readonly Finding[] {
  const check = 'bundle'
  if (problems.length === 0) return [{check, state: 'ok', found: `${holds}, made ${made}`}]
  const fix = 'jhub bundle create   # on a computer with internet, with this version of jhub and this settings file'
  return problems.map(([found, needed]) => ({check, state: 'problem', found, needed, fix}))
}
