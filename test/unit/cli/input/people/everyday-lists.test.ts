import {describe, expect, it} from 'vitest'
import {importRows} from './import-rows.js'

const ana = 'ana | Ana López | ana@uni.example | '
const ben = 'ben | Ben Okafor | ben@uni.example | '

describe('a login under the word for a user alone', () => {
  it.each([
    'Utilisateur',
    'Benutzer',
    'Gebruiker',
    'Käyttäjä',
    'Felhasználó',
    'Użytkownik',
    'Uživatel',
    'Användare',
    'Bruger',
    'Kullanıcı',
    'Пользователь',
    'Usuari',
  ])('%s', async (heading) => {
    expect((await importRows(`${heading};Name\nal1;Ana López\n`)).people).toEqual(['al1 | Ana López |  | '])
  })
})

describe('lists as people have them', () => {
  it.each([
    [
      'a Czech one with both names in a column',
      'Seznam studentů;;;\n;;;\nPoř.;Příjmení a jméno;Login;E-mail\n1;Novák Jiří;novakj;jiri@cvut.example\n;;;\nCelkem: 1;;;\n',
      ['novakj | Novák Jiří | jiri@cvut.example | '],
    ],
    [
      'a Hungarian one',
      'Vezetéknév és keresztnév;E-mail\nNagy Anna;anna@elte.example\n',
      ['anna | Nagy Anna | anna@elte.example | '],
    ],
    [
      "the contacts of Google's phones",
      'First Name,Middle Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Value\nAna,Maria,López,Class ::: * myContacts,* Home,ana@uni.example,Work,other@work.example,+34 600\n',
      [ana],
    ],
    [
      'an Arabic one with the family name beside the name, and its own digits',
      'الاسم,اللقب,البريد الإلكتروني,الرقم الجامعي\nأحمد,خليل,ahmad@jau.example,٢٠٢٤٠٠١\n',
      ['2024001 | أحمد خليل | ahmad@jau.example | '],
    ],
    ['a table of Markdown', '| Name | Email |\n|---|---|\n| Ana López | ana@uni.example |\n', [ana]],
    [
      "Outlook's contacts",
      '"Title","First Name","Last Name","E-mail Address","E-mail Display Name"\n"","Ana","López","ana@uni.example","Ana López (ana@uni.example)"\n',
      [ana],
    ],
    [
      'a table of Word',
      'No.\tName\tE-mail\n1.\tAna\u00A0López\tana@uni.example\u00A0\n2.\tBen  Okafor\t<ben@uni.example>\n',
      [ana, ben],
    ],
  ])('%s are read', async (_, text, expected) => {
    expect((await importRows(text)).people).toEqual(expected)
  })

  it('show the headings of a Markdown table without the line below them', async () => {
    expect((await importRows('| Name | Email |\n|---|---|\n| Ana López | ana@uni.example |\n')).columns).toEqual([
      'e-mail from Email',
      'name from Name',
    ])
  })

  it.each([
    [
      'of roles',
      'Name,Username,Role\nAna López,ana,Student\nTom Teacher,tom,Teacher\nBen Okafor,ben,Student\n',
      '"Role" was not read: it says Student, Teacher. Everybody in the file counts alike; take out the lines of those who should not.',
    ],
    [
      'of who may come',
      'First Name,Last Name,Email,Approval Status\nAna,López,ana@uni.example,approved\nBen,Okafor,ben@uni.example,denied\n',
      '"Approval Status" was not read: it says approved, denied. Everybody in the file counts alike; take out the lines of those who should not.',
    ],
    [
      'of passwords',
      'username,password,email\nana,Secret123!,ana@uni.example\n',
      '"password" was not read: jhub makes the passwords. To give people passwords of your own: jhub user add NAMES --password-file FILE',
    ],
    [
      'of digits of another script as the login',
      'الاسم,الرقم الجامعي\nأحمد,٢٠٢٤٠٠١\n',
      'Line 2: the login "٢٠٢٤٠٠١" is read as 2024001.',
    ],
  ])('say what becomes of a column %s', async (_, text, note) => {
    const {notes} = await importRows(text)
    expect(notes).toEqual([note])
    expect(notes.join()).not.toContain('Secret123!')
  })

  it.each([
    ['the same for everybody', 'Name,Username,Role\nAna López,ana,Student\nBen Okafor,ben,Student\n'],
    ['empty', 'username,password,email\nana,,ana@uni.example\n'],
  ])('say nothing of such a column that is %s', async (_, text) => {
    expect((await importRows(text)).notes).toEqual([])
  })

  it('of contacts are told from tables', async () => {
    await expect(importRows('BEGIN:VCARD\nVERSION:3.0\nFN:Ana López\nEND:VCARD\n')).rejects.toThrow(
      'list is a file of contacts (vCard), not a table',
    )
  })

  it('of a letter to all say how they can be read', async () => {
    const letter = 'Ana López <ana@uni.example>; Ben Okafor <ben@uni.example>\n'
    await expect(importRows(letter)).rejects.toMatchObject({
      suggestions: [expect.stringContaining('each person on a line') as string],
    })
  })
})
