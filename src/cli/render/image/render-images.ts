import type {ImageChangeResult} from '../../../hub/image/image-change.js'
import type {ImageListResult} from '../../../hub/image/image-list.js'
import type {ImageShowResult} from '../../../hub/image/image-show.js'
import type {ImageUse, ImageUses} from '../../../hub-spec/images/resolve-image.js'
import {formatRoughMemory} from '../../../hub-spec/limits/rough-memory.js'
import {renderChange} from '../render-change.js'
import {renderNext} from '../text/render-next.js'
import {renderTable} from '../text/render-table.js'

export interface ImageChangeWords {
  /** One sentence of what people now have. */
  readonly done: string
  /** Said where there is nothing to change. */
  readonly nothing?: string
  /** Commands that can be typed next. */
  readonly next?: readonly string[]
}

/** What became of a change of images. */
export function renderImageChange(
  result: ImageChangeResult,
  {done, nothing = 'Nothing to change.', next = []}: ImageChangeWords,
): string {
  const idle = result.isFileChanged ? fileAlone(result) : nothing
  const packages = result.changes
    .map(({summary}) => summary)
    .filter((summary) => /^image [a-z][a-z0-9-]*: /.test(summary))
  return renderChange(
    result,
    [
      ...(result.changes.length === 0 ? [idle] : [done, ...packages.map((each) => `- ${each}`)]),
      ...renderOutdated(result.outdated),
      ...renderNext(next),
    ].join('\n'),
    idle,
  )
}

/** A description, say, is in the settings file and nowhere else. */
function fileAlone({outcome}: ImageChangeResult): string {
  return outcome === 'planned'
    ? 'Only the settings file would change.'
    : 'Saved in the settings file. The hub needs no change.'
}

function renderOutdated(outdated: readonly string[]): readonly string[] {
  if (outdated.length === 0) return []
  return [
    `Running servers that were started from something else: ${outdated.join(', ')}. They keep running.`,
    'To restart them with the current image: jhub server restart --outdated',
  ]
}

export function renderImageList({images, outdated}: ImageListResult): string {
  if (images.length === 0)
    return [
      'Everybody has JupyterLab and what jhub itself installs.',
      ...renderNext(['jhub image add data --package pandas']),
    ].join('\n')
  const rows = images.map(({name, recipe, isBuilt, use, running}) => [
    name,
    recipe,
    isBuilt ? 'built' : 'not built',
    renderUses(use),
    running.join(', '),
  ])
  return [renderTable(['name', 'packages', 'state', 'for', 'running'], rows), ...renderOutdated(outdated)].join('\n')
}

function renderUses({choose, ...given}: ImageUses): string {
  const choice = renderUse(choose)
  return [renderUse(given), ...(choice === '' ? [] : [`choice of ${choice}`])].filter((each) => each !== '').join('; ')
}

function renderUse({everybody, groups, users}: ImageUse): string {
  return [...(everybody ? ['everybody'] : []), ...groups.map((name) => `group ${name}`), ...users].join(', ')
}

const notLookedAt = "not known: this computer's Docker does not have the image. Its packages are those of its lock."

function renderDisk({sizeBytes, ownBytes}: ImageShowResult): string {
  if (sizeBytes === null) return ''
  const own = ownBytes === null ? '' : `, of which ${formatRoughMemory(ownBytes)} are for this image alone`
  return `${formatRoughMemory(sizeBytes)}${own}`
}

export function renderImage(result: ImageShowResult): string {
  const {image, recipe, description, use, running, build, isHubRunning, packages, kernels, earlier} = result
  const builder = isHubRunning ? `jhub image build ${image}` : 'jhub up'
  const facts = [
    ['Image', image],
    ...(description === null ? [] : [['About', description]]),
    ['Recipe', recipe],
    ['Build', build ?? `not built: \`${builder}\` builds it`],
    ['For', renderUse(use)],
    ['Can choose it', renderUse(use.choose)],
    ['Running', running.join(', ')],
    ['Kernels', kernels?.join(', ') ?? notLookedAt],
    ['Size', renderDisk(result)],
    ['Earlier builds', String(earlier)],
  ].map(([name = '', value = '']) => `${`${name}:`.padEnd(16)}${value === '' ? '-' : value}`)
  const listed = Object.entries(packages)
  return [...facts, ...(listed.length === 0 ? [] : ['', renderTable(['package', 'version'], listed)])].join('\n')
}
