import {describe, expect, it} from 'vitest'
import {importRows} from './import-rows.js'

const ana = 'ana | Ana López | ana@x.example | '

describe('answers to a form', () => {
  it.each([
    [
      'What is your name?,What is your e-mail address?,Which group are you in?\nAna López,Ana@x.example,Lab A\n',
      [`${ana}lab-a`],
    ],
    ['Wie heißt du?,Deine E-Mail-Adresse,In welcher Klasse bist du?\nAna López,ana@x.example,7a\n', [`${ana}7a`]],
    ['¿Cómo te llamas?;Tu correo electrónico\nAna López;ana@x.example\n', [ana]],
    ['Quel est votre nom complet ?;Votre adresse e-mail\nAna López;ana@x.example\n', [ana]],
    ['Email Address,First Name (as you want to be called),Last Name / Surname\nana@x.example,Ana,López\n', [ana]],
    ['Preferred name,Legal first name,Last name,Email\nAnnie,Ana,López,ana@x.example\n', [ana]],
    ['What would you like to learn?,Name,Email\nPython,Ana López,ana@x.example\n', [ana]],
  ])('%j is read by its questions', async (text, people) => {
    expect(await importRows(text)).toMatchObject({people, notes: []})
  })

  it('is not known by the number of an answer', async () => {
    const {people, notes} = await importRows('ID,Name,Email\n1,Ana López,ana@x.example\n2,Ben,ben@x.example\n')
    expect(people).toEqual([ana, 'ben | Ben | ben@x.example | '])
    expect(notes).toEqual(['"ID" counts the lines and is not the login. If it should be: --login-column 1'])
    expect(await importRows('ID,Name,Email,Your student number\n1,Ana López,ana@x.example,0012\n')).toMatchObject({
      people: ['0012 | Ana López | ana@x.example | '],
      notes: [],
    })
    expect(await importRows('ID,Name,Email\n2,Ana López,ana@x.example\n1,Ben,ben@x.example\n')).toMatchObject({
      people: ['2 | Ana López | ana@x.example | ', '1 | Ben | ben@x.example | '],
    })
  })
})

describe('a list', () => {
  it.each([
    [
      "of GitHub Classroom's",
      '"identifier","github_username","github_id","name"\n"s01","analopez","123","Ana López"\n"s02","","",""\n',
      ['s01 | Ana López |  | ', 's02 |  |  | '],
    ],
    ['with classes', 'Name;Vorname;Klasse\nMüller;Jörg;7a\n', ['jorg.muller | Jörg Müller |  | 7a']],
    [
      'with several columns of groups',
      'Name,Email,Group 1,Group 2,Cohort\nAna López,ana@x.example,Lab A,,"Tutors, Lab A"\n',
      [`${ana}lab-a tutors`],
    ],
    ['with a group that ends in a dot', 'Name,Email,Team\nAna López,ana@x.example,Blue & Co.\n', [`${ana}blue-co`]],
  ])('%s gives logins, names and groups', async (_, text, people) => {
    expect(await importRows(text)).toMatchObject({people, notes: []})
  })

  it('with sections asks whether they are groups', async () => {
    const {people, notes} = await importRows('Name,Email,Section\nAna López,ana@x.example,S1\n')
    expect(people).toEqual([ana])
    expect(notes).toEqual(['"Section" was not read. If it says who is in which group: --group-column 3'])
  })

  it('with a comma in a name that is not in quotes is refused', async () => {
    await expect(importRows('Name,Email\nLópez, Ana,ana@x.example\nBen,ben@x.example\n')).rejects.toThrow(
      'line 2: more fields than headings; put a name with a comma in it in "quotes"',
    )
    expect(await importRows('Email\nana@x.example;\n')).toMatchObject({people: ['ana |  | ana@x.example | ']})
  })

  it('of names alone says who has the same', async () => {
    const {people, notes} = await importRows('First name,Last name\nAna,López\nBen,Smith\nAna,López\n')
    expect(people).toEqual([
      'ana.lopez | Ana López |  | ',
      'ben.smith | Ben Smith |  | ',
      'ana.lopez-2 | Ana López |  | ',
    ])
    expect(notes).toEqual([
      'Lines 2, 4 have one name, Ana López, and each gets a login. If they are one person, keep one line.',
    ])
  })
})
