import {describe, expect, it} from 'vitest'
import {describeUpgrade, renderUpgrade} from '../../../../../src/cli/render/hub/render-upgrade.js'
import {fitText} from '../../../../../src/cli/render/text/fit-text.js'
import type {UpgradeResult} from '../../../../../src/hub/upgrade.js'
import type {Disturbance} from '../../../../../src/steps/step.js'

describe('the question before an upgrade', () => {
  it.each<[readonly Disturbance[], string]>([
    [['live'], 'The hub and the servers keep running.'],
    [['live', 'hub restarts (servers keep running)'], 'The hub restarts; servers keep running.'],
    [
      ['servers restart', 'hub restarts (servers keep running)'],
      'The hub restarts, and running servers end; files stay.',
    ],
    [
      ['machine or cluster is recreated', 'live'],
      'The machine or cluster is recreated, and running servers end; files stay.',
    ],
  ])('with changes that are %j says: %s', (disturbances, sentence) => {
    const programs = [{name: 'JupyterHub', before: '5.4', after: '5.5'}]
    const changes = disturbances.map((disturbs) => ({step: 'a step', summary: 'a change', disturbs}))
    expect(describeUpgrade({hub: 'physics', isRepair: false, programs, changes})).toBe(
      `Upgrade physics: JupyterHub 5.4 → 5.5. ${sentence}`,
    )
  })

  it('says of a hub with the programs of this jhub what is wrong with it', () => {
    const programs = [{name: 'JupyterHub', before: '5.5', after: '5.5'}]
    const changes = [{step: 'a step', summary: 'a change', disturbs: 'live'}] as const
    expect(describeUpgrade({hub: 'physics', isRepair: true, programs, changes})).toBe(
      'Repair physics: it has the versions this jhub ships, but it was changed since. The hub and the servers keep running.',
    )
    expect(describeUpgrade({hub: 'physics', isRepair: true, programs: [], changes})).toBe(
      'Repair physics: it is too damaged to say which versions it has. The hub and the servers keep running.',
    )
  })
})

it('what needs no upgrade is told in words, which a narrow terminal breaks as words', () => {
  const programs = ['JupyterHub', 'JupyterLab', 'Notebook', 'Jupyter Server'].map((name) => ({
    name,
    before: '5.5',
    after: '5.5',
  }))
  const told: UpgradeResult = {
    hub: 'jhub',
    spec: 'jhub.yaml',
    outcome: 'current',
    backup: null,
    isRepair: false,
    programs,
    changes: [],
  }
  const said = renderUpgrade({...told, outcome: 'current'})
  expect(fitText(said, 40)).not.toContain('\\')
})
