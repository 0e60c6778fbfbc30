import type {UpgradeResult} from '../../hub/upgrade.js'
import {listNames} from '../../jupyterhub/list-names.js'
import {renderPlan} from './render-plan.js'

type Told = Pick<UpgradeResult, 'hub' | 'programs'>

export function renderUpgrade(result: UpgradeResult): string {
  const {hub, outcome, programs, changes} = result
  switch (outcome) {
    case 'current':
      return `Nothing to upgrade: ${hub} has what this jhub brings (${listNames(programs.map(({name, before}) => `${name} ${before ?? 'none'}`))}).`
    case 'planned':
      return `${describeUpgrade(result)}\n${renderPlan(changes)}`
    case 'upgraded':
      return `${hub} is upgraded: ${describeVersions(result)}. Servers that run take theirs when they are started anew.`
  }
}

/** What is about to happen, to say yes to. */
export function describeUpgrade(told: Told): string {
  return `Upgrade ${told.hub}: ${describeVersions(told)}. The hub restarts; servers keep running.`
}

function describeVersions({programs}: Told): string {
  const changed = programs.filter(({before, after}) => before !== after)
  return changed.length === 0
    ? 'packages that these are made of'
    : listNames(changed.map(({name, before, after}) => `${name} ${before ?? 'none'} → ${after ?? 'none'}`))
}
