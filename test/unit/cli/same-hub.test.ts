import {describe, expect, it} from 'vitest'
import {forSameHub, resultForSameHub, suggestionForSameHub, type HubFlags} from '../../../src/cli/same-hub.js'

const sameHub = (flags: HubFlags) => ({
  flags,
  commands: new Set(['up', 'down', 'plan', 'cards', 'auth', 'user']),
  environment: {JHUB_NAME: 'said by the environment'},
})

describe('what is typed next', () => {
  it.each([
    ['Next:  jhub up', {}, 'Next:  jhub up'],
    ['Next:  jhub up', {name: 'physics'}, 'Next:  jhub up --name physics'],
    ['Next:  jhub up', {file: 'my class.yaml', name: 'physics'}, "Next:  jhub up --file 'my class.yaml'"],
    ['Next:  jhub plan · jhub up', {name: 'a'}, 'Next:  jhub plan --name a · jhub up --name a'],
    ['Try:   jhub down   # again', {name: 'a'}, 'Try:   jhub down --name a   # again'],
    ['Try:   jhub up --name b   # another', {name: 'a'}, 'Try:   jhub up --name b   # another'],
    ['Try:   docker rm a', {name: 'a'}, 'Try:   docker rm a'],
    ['jhub is ready\nNext:  jhub up', {name: 'a'}, 'jhub is ready\nNext:  jhub up --name a'],
    ['Next:  jhub up', {name: 'said by the environment'}, 'Next:  jhub up'],
    ['To print them: jhub cards', {name: 'a'}, 'To print them: jhub cards --name a'],
    ['Remove them:  jhub user remove ana', {name: 'a'}, 'Remove them:  jhub user remove ana --name a'],
    ['Saved. `jhub up` applies it.', {name: 'a'}, 'Saved. `jhub up --name a` applies it.'],
    ['Try:   jhub up   # or `jhub plan`', {name: 'a'}, 'Try:   jhub up --name a   # or `jhub plan`'],
    ['Error: jhub cannot reach it', {name: 'a'}, 'Error: jhub cannot reach it'],
    ['Try:   jhub up --help', {name: 'a'}, 'Try:   jhub up --help'],
    ['Code:  x   (jhub help errors)', {name: 'a'}, 'Code:  x   (jhub help errors)'],
    ['More: jhub help errors', {name: 'a'}, 'More: jhub help errors'],
  ])('%s with %o is %s', (text, flags, expected) => {
    expect(forSameHub(text, sameHub(flags))).toBe(expected)
  })

  it('is a suggestion with nothing before it, too', () => {
    expect(suggestionForSameHub('jhub up   # again', sameHub({name: 'a'}))).toBe('jhub up --name a   # again')
  })

  it('is the advice in a result, and nothing else of it', () => {
    const result = {lines: ['say: jhub up'], findings: [{fix: 'jhub plan', found: 'jhub up'}], how: ['jhub up']}
    expect(resultForSameHub(result, sameHub({name: 'a'}))).toEqual({
      lines: ['say: jhub up'],
      findings: [{fix: 'jhub plan --name a', found: 'jhub up'}],
      how: ['jhub up --name a'],
    })
  })
})
