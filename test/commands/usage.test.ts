import {afterEach, beforeEach, expect, it} from 'vitest'
import {newPerson, type Person} from './person.js'

let person: Person
beforeEach(async () => {
  person = await newPerson()
})
afterEach(() => person.leave())

it.each([
  ['user add', 'NAMES is missing: names, or - for standard input'],
  ['image add', 'NAME is missing: the name of the image, for example data'],
  [
    'auth set',
    'METHOD is missing: how people sign in: password, shared-password, oidc, github, google, gitlab, microsoft, cilogon, ldap, lti or class',
  ],
  [
    'auth set gihtub',
    '"gihtub" is not one of password, shared-password, oidc, github, google, gitlab, microsoft, cilogon, ldap, lti or class',
  ],
  ['files collect x', '--to is missing'],
  ['rehearse', 'One of --clean and --people is missing'],
  ['status --nmae x', 'There is no flag --nmae; did you mean --name?'],
  ['user set ana --add-group ta', 'There is no flag --add-group; did you mean --group?'],
  ['user set ana', 'Nothing to change was named'],
  ['status --frobnicate', 'There is no flag --frobnicate'],
  ['status --name', '--name needs a value'],
  ['up --mode', '--mode needs a value: vm or k8s'],
  ['up --mode lxc', '--mode must be vm or k8s; it is lxc'],
  ['up --port 99999', '--port must be a whole number, at most 65535; it is 99999'],
  ['up --port x', '--port must be a whole number; it is x'],
  ['limits set --user a --group b --memory 1G', '--user and --group cannot be used together'],
  ['top --once --html', '--once and --html cannot be used together'],
])('%s: %s', async (line, message) => {
  const said = await person.type(line)
  expect(said).toMatchObject({exitCode: 2, stdout: ''})
  expect(said.stderr).toContain(`Error: ${message}
Try:   jhub `)
})

it('a file that is not there is told once, in words', async () => {
  const said = await person.type('import z2jh nothing.yaml')
  expect(said.stderr).toBe('Error: There is no file nothing.yaml\nTry:   ls .\nCode:  JHUB-E301   (jhub help errors)\n')
})

it('a value that we refuse is told with its flag, in words', async () => {
  expect((await person.type('cards --format docx')).stderr).toBe(
    'Error: --format: "docx" is not a card format\nTry:   One or more of: html, pdf, csv\nCode:  JHUB-E100   (jhub help errors)\n',
  )
})

it('help of an answer that cannot be used says who may have given it, and what to type', async () => {
  const {stdout} = await person.type('help errors JHUB-E210')
  expect(stdout).toContain('a program that jhub runs')
  expect(stdout).toContain('`jhub doctor`')
})
