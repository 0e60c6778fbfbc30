import {renderOwner, type HubOwner} from '../../../hub-spec/hub-owner.js'
import type {Step} from '../../../steps/step.js'
import type {Machine} from '../machines/machine.js'
import {keepText} from './keep-text.js'

/** The applied spec, and whose hub it is, on the machine too, unless it shares a disk with them. */
export function recordApplied({files, layout, facts}: Machine, source: string, owner: HubOwner): readonly Step[] {
  if (facts.keepsAppliedSpec !== true) return []
  return [
    keepText(files, {file: layout.applied, text: source, what: 'the settings file'}),
    keepText(files, {file: layout.owner, text: renderOwner(owner), what: 'the path of its settings file'}),
  ]
}
