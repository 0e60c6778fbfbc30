import type {UpgradeResult} from '../../../hub/upgrade.js'
import {listNames} from '../../../jupyterhub/list-names.js'
import {disturbances, type Disturbance} from '../../../steps/step.js'
import {renderPlan} from './render-plan.js'

type Told = Pick<UpgradeResult, 'hub' | 'isRepair' | 'programs' | 'changes'>

export function renderUpgrade(result: UpgradeResult): string {
  const {hub, outcome, programs, changes} = result
  switch (outcome) {
    case 'current':
      return `${hub} needs no upgrade. It has the versions this jhub ships (${listVersions(programs)}).`
    case 'planned':
      return `${describeUpgrade(result)}\n${renderPlan(changes)}`
    case 'upgraded':
      return `${hub} was upgraded: ${describeVersions(result)}. Running servers get theirs when they restart.`
    case 'repaired':
      return `${hub} was repaired: it has the versions this jhub ships (${listVersions(programs)}).`
  }
}

const disturbing: Readonly<Record<Disturbance, string>> = {
  live: 'The hub and the servers keep running.',
  'hub restarts (servers keep running)': 'The hub restarts; servers keep running.',
  'servers restart': 'The hub restarts, and running servers end; files stay.',
  'all servers end (files stay)': 'The hub restarts, and all servers end; files stay.',
  'machine or cluster is recreated': 'The machine or cluster is recreated, and running servers end; files stay.',
  "people's files are deleted": "People's files are deleted.",
}

/** What is about to happen, to say yes to. */
export function describeUpgrade(told: Told): string {
  const most = disturbances.findLast((each) => told.changes.some(({disturbs}) => disturbs === each)) ?? 'live'
  if (!told.isRepair) return `Upgrade ${told.hub}: ${describeVersions(told)}. ${disturbing[most]}`
  const seen =
    told.programs.length === 0
      ? 'it is too damaged to say which versions it has'
      : 'it has the versions this jhub ships, but it was changed since'
  return `Repair ${told.hub}: ${seen}. ${disturbing[most]}`
}

function listVersions(programs: Told['programs']): string {
  return listNames(programs.map(({name, before, after}) => `${name} ${before ?? after ?? 'none'}`))
}

function describeVersions({programs}: Pick<Told, 'programs'>): string {
  const changed = programs.filter(({before, after}) => before !== after)
  return changed.length === 0
    ? 'packages that these are made of'
    : listNames(changed.map(({name, before, after}) => `${name} ${before ?? 'none'} → ${after ?? 'none'}`))
}
