import {strToU8, zipSync} from 'fflate'
import {describe, expect, it} from 'vitest'
import {importRows} from './import-rows.js'

type Cell =
  string | number | {readonly value: number; readonly format: string} | {readonly is: boolean} | {readonly xml: string}

/** A workbook as Excel writes it, with these sheets. */
function workbook(sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>): Uint8Array {
  const names = Object.keys(sheets)
  const formats: string[] = []
  const cellXml = (cell: Cell, place: string) => {
    if (typeof cell === 'string') return `<c r="${place}" t="inlineStr"><is><t>${cell}</t></is></c>`
    if (typeof cell === 'number') return `<c r="${place}"><v>${String(cell)}</v></c>`
    if ('xml' in cell) return cell.xml.replace('<c', `<c r="${place}"`)
    if ('is' in cell) return `<c r="${place}" t="b"><v>${cell.is ? '1' : '0'}</v></c>`
    const style = formats.push(cell.format)
    return `<c r="${place}" s="${String(style)}"><v>${String(cell.value)}</v></c>`
  }
  const rowXml = (row: readonly Cell[], index: number) =>
    `<row r="${String(index + 1)}">${row.map((cell, column) => cellXml(cell, `${'ABCDEFG'[column] ?? ''}${String(index + 1)}`)).join('')}</row>`
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const parts = Object.fromEntries(
    Object.values(sheets).map((rows, index) => [
      `xl/worksheets/sheet${String(index + 1)}.xml`,
      `<worksheet ${main}><sheetData>${rows.map(rowXml).join('')}</sheetData></worksheet>`,
    ]),
  )
  const quoted = (text: string) => text.replaceAll('"', '&quot;')
  const all = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    'xl/workbook.xml': `<workbook ${main} xmlns:r="${relations}"><sheets>${names.map((name, index) => `<sheet name="${name}" sheetId="${String(index + 1)}" r:id="r${String(index + 1)}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${names.map((_, index) => `<Relationship Id="r${String(index + 1)}" Type="${relations}/worksheet" Target="worksheets/sheet${String(index + 1)}.xml"/>`).join('')}</Relationships>`,
    'xl/styles.xml': `<styleSheet ${main}><numFmts>${formats.map((format, index) => `<numFmt numFmtId="${String(164 + index)}" formatCode="${quoted(format)}"/>`).join('')}</numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats.map((_, index) => `<xf numFmtId="${String(164 + index)}" xfId="0"/>`).join('')}</cellXfs></styleSheet>`,
    ...parts,
  }
  return zipSync(Object.fromEntries(Object.entries(all).map(([name, xml]) => [name, strToU8(xml)])))
}

const listed = (id: Cell) =>
  workbook({
    List: [
      ['Student ID', 'Name'],
      [id, 'Ana López'],
    ],
  })

describe('a workbook', () => {
  it.each([
    ['00000', 731, '00731'],
    ['000-000', 12345, '012-345'],
    ['"A"0000', 42, 'a0042'],
    ['[$-407]0000;-0000', 42, '0042'],
    ['0000', 123456, '123456'],
  ])('with the format %s shows %d as %s', async (format, value, login) => {
    const {people, notes} = await importRows(listed({value, format}))
    expect(people).toEqual([`${login} | Ana López |  | `])
    expect(notes).toEqual([])
  })

  it.each(['#,##0', '0', '0.00', 'General', '0000.0', '@'])('with the format %s has the number', async (format) => {
    const {people, notes} = await importRows(listed({value: 20251234, format}))
    expect(people).toEqual(['20251234 | Ana López |  | '])
    expect(notes[0]).toContain('a spreadsheet drops leading zeros')
  })

  it('whose number has lost its end is refused', async () => {
    await expect(importRows(listed(12345678901234567000))).rejects.toThrow('is a number that the spreadsheet shortened')
  })

  it('in which a login is TRUE or a date says so', async () => {
    const {notes} = await importRows(listed({is: true}))
    expect(notes[0]).toContain('"Student ID" in ')
    expect(notes[0]).toContain('has dates or TRUE and FALSE')
    expect((await importRows(listed({value: 46_000, format: 'yyyy-mm-dd'}))).notes[0]).toContain('has dates')
  })

  it('with a title sheet is read from the sheet that has the list', async () => {
    const {people, notes} = await importRows(
      workbook({
        Title: [['Course'], ['As of: 1 October']],
        List: [
          ['Name', 'Email'],
          ['Ana López', 'ana@x.example'],
        ],
      }),
    )
    expect(people).toEqual(['ana | Ana López | ana@x.example | '])
    expect(notes[0]).toMatch(/the sheet List was read; Title was not/)
  })
})

describe('a formula', () => {
  const withName = (...cells: readonly string[]) =>
    workbook({List: [['Login', 'Name'], ...cells.map((xml, index) => [`p${String(index)}`, {xml}])]})

  it.each([
    '<c><f>A2</f></c>',
    '<c><f>A2</f><v></v></c>',
    '<c t="n"><f>A2</f><v /></c>',
    '<c><f t="shared" ref="B2:B3" si="0"/></c>',
  ])('without its result is read as empty, which is said: %s', async (xml) => {
    const {people, notes} = await importRows(withName(xml))
    expect(people).toEqual(['p0 |  |  | '])
    expect(notes[0]).toMatch(
      /^Cell B2 in .* has a formula without its result and was read as empty\. Open the file in a spreadsheet, save it,/,
    )
  })

  it('that is not the only one is counted with the others', async () => {
    const {notes} = await importRows(withName('<c><f>A2</f></c>', '<c><f>A3</f></c>', '<c><f>A4</f></c>'))
    expect(notes[0]).toMatch(/^Cell B2 and 2 more in .* have formulas without their results and were read as empty\./)
  })

  it.each(['<c t="str"><f>A2</f><v>Ana López</v></c>', '<c t="str"><f>A2</f><v></v></c>', '<c><f>1</f><v>7</v></c>'])(
    'with its result needs no word: %s',
    async (xml) => {
      expect((await importRows(withName(xml))).notes).toEqual([])
    },
  )
})
