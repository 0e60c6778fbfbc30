import {describe, expect, it} from 'vitest'
import {forSameHub} from '../../../src/cli/same-hub.js'

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
  ])('%s with %o is %s', (text, flags, expected) => {
    expect(forSameHub(text, flags, {JHUB_NAME: 'said by the environment'})).toBe(expected)
  })
})
