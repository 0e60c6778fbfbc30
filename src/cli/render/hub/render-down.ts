import type {DownResult, KeptData} from '../../../hub/down.js'
import {renderRemoval} from './render-removal.js'

export function renderDown(
  {hub, spec, changes, kept, deleted, afterDown}: DownResult,
  {dryRun}: {dryRun: boolean},
): string {
  if (dryRun) {
    const removal = renderRemoval(changes, `Nothing to remove: there is no hub ${hub}.`)
    return changes.length === 0 ? removal : `${removal}\n${afterDown}`
  }
  const gone =
    changes.length === 0
      ? `There is no hub ${hub}; nothing to remove.`
      : `${hub} was removed: nothing of it is running, and its port is free.`
  return [
    gone,
    ...(deleted.length === 0 ? [] : [`Deleted: ${deleted.join(', and ')}.`]),
    ...kept.flatMap(renderKept),
    `Kept:  the settings file ${spec}`,
    ...(changes.length === 0 ? [] : [afterDown]),
  ].join('\n')
}

function renderKept({what, path, volume}: KeptData): readonly string[] {
  if (volume === undefined) return [`Kept:  ${what} in ${path}`]
  return [
    `Kept:  ${what} in the Docker volume ${volume.name}; to see them:`,
    `       docker run --rm -v ${volume.name}:${volume.mount}:ro debian:trixie-slim ls ${path}`,
  ]
}
