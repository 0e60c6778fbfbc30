import type {StopResult} from '../../../hub/stop.js'
import {renderNext} from '../text/render-next.js'
import {renderRemoval} from './render-removal.js'

export function renderStop({hub, isThere, changes}: StopResult, {dryRun}: {dryRun: boolean}): string {
  if (dryRun) return renderRemoval(changes, `Nothing to do: ${hub} is not running.`)
  if (!isThere) return [`There is no hub ${hub}; nothing to stop.`, ...renderNext(['jhub up'])].join('\n')
  return [
    changes.length === 0 ? `${hub} was not running.` : `${hub} is stopped; people, passwords and files are kept.`,
    'Next:  jhub start',
  ].join('\n')
}
