import {globSync, readFileSync} from 'node:fs'
import {expect, it} from 'vitest'

const asking = /\b(?:requireYes|requireTypedName|agreeOr|askNewHub|askForMany|askToStop|agreeToImport)\(/

it('every command that can ask takes --yes', () => {
  const texts = globSync('commands/**/*.ts').map((file) => ({file, text: readFileSync(file, 'utf8')}))
  const commands = texts.filter(({text}) => asking.test(text))
  expect(commands.length).toBeGreaterThan(4)
  expect(commands.filter(({text}) => !/\byes: yesFlag\b/.test(text)).map(({file}) => file)).toEqual([])
})
