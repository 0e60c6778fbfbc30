import {expect, it} from 'vitest'
import {realHelm} from '../../../../../src/engines/kubernetes/release/real-helm.js'
import type {CommandOptions} from '../../../../../src/host/processes/commands.js'
import {unscripted} from '../../../../fakes/fake-context.js'

it('renders the same chart with the same values once, until there is another chart', async () => {
  let asked = 0
  const run = async ([, verb]: readonly string[], {stdin = ''}: CommandOptions = {}) => {
    if (verb === 'template') asked += 1
    return {stdout: `${stdin}, asked ${String(asked)} times`, stderr: '', exitCode: 0}
  }
  const commands = {
    run,
    pipe: unscripted('pipe'),
    converse: unscripted('converse'),
    startDetached: unscripted('startDetached'),
  }
  const helm = realHelm(commands, async () => 'helm', {}, '/log')
  const wanted = (values: string) => ({release: 'physics', namespace: 'physics', chart: 'chart.tgz', values})
  expect(await helm.render(wanted('a'))).toBe('a, asked 1 times')
  expect(await helm.render(wanted('b'))).toBe('b, asked 2 times')
  expect(await helm.render(wanted('a'))).toBe('a, asked 1 times')
  await helm.pull('https://charts.example', '4.4.0', '/charts')
  expect(await helm.render(wanted('a'))).toBe('a, asked 3 times')
})
