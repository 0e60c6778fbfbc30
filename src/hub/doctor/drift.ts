import {definedOnly} from '../../defined-only.js'
import type {Finding} from '../../findings/finding.js'
import {JhubError} from '../../errors.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import {planSteps} from '../../steps/run-steps.js'
import {appliedFile} from '../session/spec/applied-spec.js'
import type {HubContext} from '../session/hub-context.js'
import {wholeSteps} from '../session/steps/hub-steps.js'
import type {OpenHub} from '../session/open-hub.js'
import {readStored} from '../session/spec/read-stored.js'
import {expectedOf} from '../session/steps/stopped-mark.js'

/**
 * How a hub that should run differs from what was last applied: whatever `up` would repair is a problem, and what another
 * jhub made is a warning. That the settings file was edited since is no fault of the hub, and only told. Nothing of a hub
 * that was stopped, or not started yet.
 */
export async function findDrift(context: HubContext, hub: OpenHub): Promise<readonly Finding[]> {
  if ((await expectedOf(context, hub.spec.name)) !== 'running') return []
  const source = await context.host.files.read(appliedFile(context, hub.spec.name))
  if (source === undefined) return []
  try {
    const applied = readStored(hub.file, source).spec
    const [changes, isOlder] = await Promise.all([
      planSteps(wholeSteps(context, {...hub, spec: applied}, applied).steps),
      hasOthersPrograms(hub, applied),
    ])
    const found = changes.map(({step, summary}): Finding => {
      const change = {check: step, found: summary.toLowerCase() === step.toLowerCase() ? 'not done yet' : summary}
      return isOlder
        ? {...change, state: 'warning', fix: 'jhub upgrade   # this jhub ships other versions'}
        : {...change, state: 'problem', needed: 'the hub as it was last applied', fix: 'jhub up'}
    })
    return source === hub.source ? found : [...found, edited(hub.file)]
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    const [fix] = error.suggestions
    return [{check: 'what was applied', state: 'problem', found: error.message, ...definedOnly({fix})}]
  }
}

/** A hub whose upgrade was killed at its end has the versions of its settings file, and not those last applied. */
async function hasOthersPrograms({engine, spec}: OpenHub, applied: HubSpec): Promise<boolean> {
  for (const wanted of [applied, spec]) if ((await engine.platform.programs(wanted))?.areOther !== true) return false
  return true
}

function edited(file: string): Finding {
  return {
    check: 'settings file',
    state: 'warning',
    found: `${file} was changed since it was last applied`,
    fix: 'jhub plan',
  }
}
