import type {DownResult, KeptData} from '../../../hub/down.js'
import {renderPlan} from './render-plan.js'

export function renderDown({hub, spec, changes, kept, afterDown}: DownResult, {dryRun}: {dryRun: boolean}): string {
  if (dryRun) {
    const plan = renderPlan(changes, `Nothing to remove: ${hub} is not there.`)
    return changes.length === 0 ? plan : `${plan}\n${afterDown}`
  }
  const gone =
    changes.length === 0
      ? `${hub} is not there; nothing to remove.`
      : `${hub} is gone: nothing of it runs, and its port is free.`
  return [gone, ...kept.flatMap(renderKept), `Kept:  the spec ${spec}`, afterDown].join('\n')
}

function renderKept({what, path, volume}: KeptData): readonly string[] {
  if (volume === undefined) return [`Kept:  ${what} in ${path}`]
  return [
    `Kept:  ${what} in the Docker volume ${volume.name}; to see them:`,
    `       docker run --rm -v ${volume.name}:${volume.mount}:ro debian:trixie-slim ls ${path}`,
  ]
}
