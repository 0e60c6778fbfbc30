import {expect, it} from 'vitest'
import {ensureLabPageConfig} from '../../../../../../src/engines/vm/steps/software/ensure-lab-page-config.js'
import type {Machine} from '../../../../../../src/engines/vm/machines/machine.js'
import {realHost} from '../../../../../../src/host/real-host.js'

it('a plan says of which image it turns the news off', async () => {
  const {files} = realHost()
  const step = ensureLabPageConfig(
    {files} as unknown as Machine,
    () => Promise.resolve('/nowhere/r'),
    ' of the image r',
  )
  expect((await step.check())?.summary).toBe("turn off JupyterLab's news and its check for updates of the image r")
})
