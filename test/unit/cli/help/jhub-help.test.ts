import {fileURLToPath} from 'node:url'
import {Config, type Command} from '@oclif/core'
import {expect, it} from 'vitest'
import JhubHelp from '../../../../src/cli/help/jhub-help.js'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

class HelpAsText extends JhubHelp {
  readonly said: string[] = []

  protected override log(...texts: string[]): void {
    this.said.push(...texts)
  }

  textOf(command: Command.Loadable): string {
    return this.formatCommand(command).replaceAll('\uE000', ' ')
  }
}

const config = await Config.load(root)
const ours = config.commands.filter(({pluginName}) => pluginName === config.name)

it('has our commands', () => {
  expect(ours.length).toBeGreaterThan(50)
})

it.each([60, 100])('in %i columns no line is longer, and none ends within a word or before a value', (maxWidth) => {
  const help = new HelpAsText(config, {maxWidth, stripAnsi: true})
  for (const command of ours) {
    const text = help.textOf(command)
    const lines = text.split('\n').map((line) => line.trim())
    expect(text.split('\n').filter((line) => line.length > maxWidth)).toEqual([])
    const usage = lines.slice(lines.indexOf('USAGE'), lines.indexOf('GLOBAL FLAGS'))
    expect(usage.filter((line) => /\[--?[\w-]+$/.test(line))).toEqual([])
    const words = new Set(text.split(/[\s()<>|,]+/))
    for (const flag of [...Object.values(command.flags), ...Object.values(command.args)])
      for (const option of 'options' in flag ? (flag.options ?? []) : [])
        expect(words, `${command.id}: ${option}`).toContain(option)
  }
})

it('does not repeat under DESCRIPTION the sentence that the page begins with', () => {
  const help = new HelpAsText(config, {maxWidth: 1000, stripAnsi: true})
  for (const command of ours) {
    expect(command.summary, command.id).toMatch(/\.$/)
    expect(help.textOf(command), command.id).not.toContain(command.summary)
  }
})
