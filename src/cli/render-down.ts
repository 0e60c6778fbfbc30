import type {DownResult} from '../hub/down.js'
import {renderPlan} from './render-plan.js'

export function renderDown({hub, spec, changes, kept}: DownResult, {dryRun}: {dryRun: boolean}): string {
  if (dryRun) return renderPlan(changes)
  const gone =
    changes.length === 0
      ? `${hub} was not there; nothing is left of it.`
      : `${hub} is gone: nothing of it runs, no port is taken.`
  return [
    gone,
    ...kept.map(({what, path}) => `Kept:  ${what} in ${path}`),
    `Kept:  the spec ${spec}. \`jhub up\` brings it back.`,
  ].join('\n')
}
