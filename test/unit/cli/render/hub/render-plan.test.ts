import {expect, it} from 'vitest'
import {renderPlan} from '../../../../../src/cli/render/hub/render-plan.js'
import type {Disturbance} from '../../../../../src/steps/step.js'

const planned = (summary: string, disturbs: Disturbance) => ({step: summary, summary, disturbs})

it('says whom each change disturbs, once one of them disturbs somebody', () => {
  const add = planned('add ana', 'live')
  expect(renderPlan([add, planned('start JupyterHub', 'live')])).toBe('~ add ana\n~ start JupyterHub')
  expect(renderPlan([add, planned('move the hub', 'servers restart')])).toBe(
    '~ add ana  [live]\n~ move the hub  [servers restart]',
  )
})
