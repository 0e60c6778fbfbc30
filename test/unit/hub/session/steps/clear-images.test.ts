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
  const others = ['/home/ana/spec/images/other/data.vm.lock', '/home/ana/spec/images/class/data.k8s.lock']
  const kept = '/home/ana/spec/images/class/stats.vm.lock'
  for (const place of [ours, copy, kept, ...others]) await files.write(place, lock)
  const note = '/home/ana/spec/images/class/mine.vm.lock'
  await files.write(note, 'not a lock of ours')
  const spec = parseHubSpec(
    'version: 1\nname: class\nmode: vm\nusers: [ana]\nimages: {stats: {packages: [six]}}\n',
    'jhub.yaml',
  )
  const steps = clearImages({
    file: '/home/ana/spec/jhub.yaml',
    files,
    engine: {} as Engine,
    spec,
  })
  for (const step of steps)
    if ((await step.check()) !== undefined)
      await step.apply({signal: new AbortController().signal, report: () => undefined, note: () => undefined})
  expect(await files.read(ours)).toBeUndefined()
  for (const place of [copy, kept, ...others]) expect(await files.read(place), place).toBe(lock)
  expect(await files.read(note)).toBe('not a lock of ours')
})
