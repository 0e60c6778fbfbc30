import type {Config} from '@oclif/core'
import {describe, expect, it} from 'vitest'
import {isCommand, noSuchCommand} from '../../../../src/cli/help/no-such-command.js'

const commands = ['up', 'help', 'user:add', 'user:list', 'limits:set'].map((id) => ({id, hidden: false}))
const topics = ['user', 'limits'].map((name) => ({name}))
const config = {commands, topics} as unknown as Config

describe('words that are no command', () => {
  it.each([
    [['hlep'], 'There is no command "hlep"', 'jhub help'],
    [['usr'], 'There is no command "usr"', 'jhub user --help'],
    [['usr', 'add'], 'There is no command "usr add"', 'jhub user add'],
    [['user', 'lsit'], 'There is no command "user lsit"', 'jhub user list'],
    [['user', 'ad', 'ana', 'ben o'], 'There is no command "user ad"', "jhub user add ana 'ben o'"],
    [['user', 'frobnicate', 'ana'], 'There is no command "user frobnicate"', 'jhub user --help'],
    [['up', 'ana'], 'jhub up takes no "ana"', 'jhub up --help'],
    [['user', 'list', 'ana'], 'jhub user list takes no "ana"', 'jhub user list --help'],
    [['frobnicate'], 'There is no command "frobnicate"', 'jhub --help'],
  ])('%j: %s', (words, message, fix) => {
    const {message: said, suggestions, exitCode} = noSuchCommand(words, config)
    expect({said, suggestions, exitCode}).toEqual({said: message, suggestions: [fix], exitCode: 2})
  })

  it.each([
    [['user'], true],
    [['user', 'add', 'ana'], true],
    [['up'], true],
    [['user', 'lsit'], false],
    [['usr'], false],
  ])('%j: is a command: %s', (words, expected) => {
    expect(isCommand(words, config)).toBe(expected)
  })
})
