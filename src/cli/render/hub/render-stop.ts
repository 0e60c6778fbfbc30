import type {StopResult} from '../../../hub/stop.js'
import {renderRemoval} from './render-removal.js'

export function renderStop({hub, changes}: StopResult, {dryRun}: {dryRun: boolean}): string {
  if (dryRun) return renderRemoval(changes, `Nothing to do: ${hub} is not running.`)
  return [
    changes.length === 0 ? `${hub} was not running.` : `${hub} is stopped; people, passwords and files are kept.`,
    'Next:  jhub start',
  ].join('\n')
}
