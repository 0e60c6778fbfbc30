import {fileURLToPath} from 'node:url'
import {afterEach, beforeEach, expect, it, vi} from 'vitest'
import {HubCommand} from '../../src/cli/hub-command.js'
import {agreeOr, requireTypedName} from '../../src/cli/input/ask/ask.js'
import {askForMany, askToStop} from '../../src/cli/input/ask/ask-new-passwords.js'
import {atTerminal} from './terminal.js'

class Question extends HubCommand {
  async run(): Promise<void> {
    const {flags} = await this.parse(Question)
    const who = this.asker(flags)
    await agreeOr(who, {yes: false, signal: this.signal})('Go on? `jhub down` removes it.')
  }
}

class Facts extends HubCommand {
  async run(): Promise<void> {
    const {flags} = await this.parse(Facts)
    await agreeOr(this.asker(flags), {yes: false, signal: this.signal})('+ ana can sign in.\n- ben cannot.\nContinue?')
  }
}

class TypedName extends HubCommand {
  async run(): Promise<void> {
    const {flags} = await this.parse(TypedName)
    const loss = 'This deletes files. `jhub cards` keeps none.'
    await requireTypedName(this.asker(flags), {name: 'a', given: undefined, loss, signal: this.signal})
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url))
let written = ''
beforeEach(() => {
  written = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    written += String(chunk)
    return true
  })
})
afterEach(() => vi.restoreAllMocks())

it.each<readonly [typeof Question, string, string[], string]>([
  [Question, 'y\r', ['--name', 'physics'], '`jhub down --name physics`'],
  [Question, 'y\r', ['--file', 'my.yaml'], '`jhub down --file my.yaml`'],
  [Question, 'y\r', [], '`jhub down`'],
  [TypedName, 'a\r', ['--name', 'physics'], '`jhub cards --name physics`'],
])('%o, answered by %j, with %j: names %s', async (command, keys, words, expected) => {
  await atTerminal(keys, () => command.run(words, root))
  expect(written.replace(/\s+/g, ' ')).toContain(expected)
})

it.each([
  ['\r', false],
  ['y\r', true],
  ['n\r', false],
])("a person's server is stopped by a yes alone: %j", async (keys, isStopped) => {
  const {signal} = new AbortController()
  const ask = askToStop({isInteractive: true}, {keepServer: false, yes: false, signal})
  let answer: boolean | undefined
  await atTerminal(keys, async () => {
    answer = await ask('ana')
  })
  expect(answer).toBe(isStopped)
  expect(written).toContain('(y/N)')
})

it.each([
  [['ana'], '(y/N)'],
  [[], '(Y/n)'],
])('new passwords for a group, with servers of %j running, are asked for with %s', async (running, choice) => {
  const {signal} = new AbortController()
  const ask = askForMany({isInteractive: true}, {keepServer: false, yes: false, signal})
  await atTerminal('y\r', async () => {
    expect(await ask(['ana', 'ben'], running)).toEqual({stop: running.length > 0})
  })
  expect(written).toContain(choice)
})

it('says what a question is about once, in lines of its own', async () => {
  await atTerminal('y\r', () => Facts.run([], root))
  expect(written.startsWith('+ ana can sign in.\n- ben cannot.\n')).toBe(true)
  expect(written.split('ben cannot').length).toBe(2)
  expect(written).toContain('? Continue?')
})
