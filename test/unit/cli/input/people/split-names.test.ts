import {describe, expect, it} from 'vitest'
import {splitNames} from '../../../../../src/cli/input/people/split-names.js'

describe('a list of login names', () => {
  it.each([
    'Anmeldename',
    'المستخدم',
    'Nazwa użytkownika',
    'Identifiant',
    'Usuario',
    'ユーザー名',
    'اسم المستخدم',
    'Логин',
    'Adres e-mail',
  ])('is a table where its first line is the heading %s', (heading) => {
    expect(() => splitNames(`${heading}\nana\n`, 'people.txt')).toThrow(`looks like a table: line 1 is "${heading}"`)
  })

  it.each(['class', 'student', 'ad', 'nim', 'gruppe'])('may begin with somebody called %s', (name) => {
    expect(splitNames(`${name}\nana\n`, 'people.txt').names).toEqual([name, 'ana'])
  })
})

describe('columns that were pasted from a spreadsheet', () => {
  it('are a table, also with cells that are empty', () => {
    expect(() => splitNames('ana\tteacher\nben\t\nclara\n', 'people.txt')).toThrow('looks like a table: line 1 is')
    expect(() => splitNames('ana\nben\tteacher\n', 'people.txt')).toThrow('looks like a table: line 2 is')
    expect(splitNames('ana\tben\tclara\n', 'people.txt').names).toEqual(['ana', 'ben', 'clara'])
    expect(splitNames('ana\t\nben\t\n', 'people.txt').names).toEqual(['ana', 'ben'])
  })
})
