import {describe, expect, it} from 'vitest'
import {importRows} from './import-rows.js'

const ana = 'ana | Ana López | ana@uni.example | '
const tina = 'tina | Tina Okafor | tina@uni.example | '

describe('what people do to lists', () => {
  it('is a title above a second list, which is nobody', async () => {
    const headings = 'First name,Last name,Email'
    const {people, notes} = await importRows(
      `${headings}\nAna,López,ana@uni.example\n\n,,\nTutors,,\n${headings}\nTina,Okafor,tina@uni.example\n`,
    )
    expect(people).toEqual([ana, tina])
    expect(notes).toContain('Line 5 is not a person ("Tutors") and was left out.')
  })

  it.each([
    'Email\nana@uni.example\nEmail\ntina@uni.example\n',
    'Name\nAna\nName\nTina\n',
    'Login,Group\nana,\nLogin,Group\ntina,\n',
  ])('is one person alone above a second list, who stays: %j', async (list) => {
    const {people} = await importRows(list)
    expect(people.map((each) => each.split(' | ')[0])).toEqual(['ana', 'tina'])
  })

  it('is a cell of a group for all rows below it, of which only the first has it', async () => {
    const rows = 'A,ana@uni.example\n,ben@uni.example\nB,cleo@uni.example\n,dan@uni.example\n,eve@uni.example\n'
    expect((await importRows(`Group,Email\n${rows}`)).notes).toEqual([
      'Lines 3, 5, 6 have no group, and every group stands on one line alone. If cells were joined there, write the group on each line.',
    ])
  })

  it.each(['A,ana@uni.example\n,ben@uni.example\nA,cleo@uni.example\n', ',ana@uni.example\nA,ben@uni.example\n'])(
    'is no joined cell where people have no group: %j',
    async (rows) => {
      expect((await importRows(`Group,Email\n${rows}`)).notes).toEqual([])
    },
  )

  it.each(['', '  \n\n', ',,\n,,\n', '\uFEFF \t\n'])('is a file with nothing in it: %j', async (list) => {
    await expect(importRows(list)).rejects.toThrow('is empty')
  })

  it('is a quotation mark that nobody closed, which is named with its line', async () => {
    const rows = 'Ana,"López,ana@uni.example\nTina,Okafor,tina@uni.example\n'
    await expect(importRows(`First name,Last name,Email\n${rows}`)).rejects.toThrow(
      'cannot be read as a table: a quotation mark in row 2 is not closed',
    )
  })

  it.each(['Adresse électronique', 'Courrier électronique', 'Adresse de messagerie'])(
    'is a French heading of addresses: %s',
    async (heading) => {
      expect((await importRows(`Nom;Prénom;${heading}\nLópez;Ana;ana@uni.example\n`)).people).toEqual([ana])
    },
  )
})
