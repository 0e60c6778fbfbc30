import {expect, it} from 'vitest'
import type {Engine} from '../../../../../src/engines/engine.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {clearImages} from '../../../../../src/hub/session/steps/clear-images.js'
import {newFault} from '../../../../fakes/fault.js'
import {memoryFiles} from '../../../../fakes/memory-files.js'

it('finds the lock of an image that is gone beside the settings file, wherever the command is typed', async () => {
  const files = memoryFiles(newFault())
  const lock = '# The packages of an image\n# recipe: 0123456789ab\n# python: 3.13\nsix==1.17.0\n'
  const ours = '/home/ana/spec/images/class/data.vm.lock'
  const copy = `${process.cwd()}/images/class/data.vm.lock`
  for (const place of [ours, copy]) await files.write(place, lock)
  const spec = (images: string) =>
    parseHubSpec(`version: 1\nname: class\nmode: vm\nusers: [ana]\n${images}`, 'jhub.yaml')
  const steps = clearImages({
    file: '/home/ana/spec/jhub.yaml',
    files,
    engine: {} as Engine,
    before: spec('images: {data: {packages: [six]}}\n'),
    next: spec(''),
  })
  for (const step of steps)
    if ((await step.check()) !== undefined)
      await step.apply({signal: new AbortController().signal, report: () => undefined, note: () => undefined})
  expect([await files.read(ours), await files.read(copy)]).toEqual([undefined, lock])
})
