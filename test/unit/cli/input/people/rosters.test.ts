import {describe, expect, it} from 'vitest'
import {importRows} from './import-rows.js'

const ana = 'ana | Ana López | ana@uni.example | '

describe('headings', () => {
  it.each([
    ['with one over several', 'Student,,Contact\nFirst name,Last name,Email\nAna,López,ana@uni.example\n', [ana]],
    ['cut in two lines', 'First,Last,E-mail\nname,name,address\nAna,López,ana@uni.example\n', [ana]],
    [
      'that span two lines',
      'Kennung;Name;;E-Mail\n;Vorname;Nachname;\nana;Ana;López;ana@uni.example\n',
      ['ana | Ana López | ana@uni.example | '],
    ],
    ['in two languages', 'First name,Last name,Email\nVorname,Nachname,E-Mail\nAna,López,ana@uni.example\n', [ana]],
    [
      'under a title with a name of its own',
      'Name:,Kurs 1\n\nVorname,Nachname,E-Mail\nAna,López,ana@uni.example\n',
      [ana],
    ],
    [
      'under an address of the teacher',
      'Teacher,t@uni.example,\nFirst name,Last name,Email\nAna,López,ana@uni.example\n',
      [ana],
    ],
    ['with a part beside the whole', 'Vorname,Full name,Email\nAna,Ana López,ana@uni.example\n', [ana]],
    [
      'of a list without addresses, one of whom has the name of a heading',
      'Name\nAna López\nNom\n',
      ['ana.lopez | Ana López |  | ', 'nom | Nom |  | '],
    ],
  ])('%s are found', async (_, text, expected) => {
    expect((await importRows(text)).people).toEqual(expected)
  })

  it('of two lines are shown joined', async () => {
    const {columns} = await importRows('First,Last,E-mail\nname,name,address\nAna,López,ana@uni.example\n')
    expect(columns).toContain('first name from First name')
    expect(columns).toContain('e-mail from E-mail address')
  })
})
