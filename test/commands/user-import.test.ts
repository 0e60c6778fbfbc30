import {writeFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {zipSync} from 'fflate'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {ImportedPerson} from '../../src/hub-spec/import/people/assign-logins.js'
import {parseHubSpec} from '../../src/hub-spec/parse-hub-spec.js'
import {newPerson, type Person} from './person.js'
import {atTerminal} from './terminal.js'

const place = (file: string) => fileURLToPath(new URL(`../fixtures/${file}`, import.meta.url))
const spec = 'version: 1\nname: jhub\nmode: vm\nvm: {machine: process}\nusers:\n  teacher: {admin: true}\n'

let person: Person
beforeEach(async () => {
  person = await newPerson()
  await person.writeSpec(spec)
})
afterEach(() => person.leave())

async function importFile(file: string, flags = '') {
  const said = await person.type(`user import ${place(file)} ${flags}`)
  const {users, groups} = parseHubSpec(await person.readSpec())
  const people = [...users]
    .filter(([login]) => login !== 'teacher')
    .map(([login, {name, email, groups: memberOf}]): ImportedPerson => ({
      login,
      ...(name === undefined ? {} : {name}),
      ...(email === undefined ? {} : {email}),
      groups: memberOf,
    }))
  return {said, people, groups: [...groups.keys()]}
}

const one = (login: string, name?: string, email?: string, ...groups: string[]) => ({
  login,
  ...(name === undefined ? {} : {name}),
  ...(email === undefined ? {} : {email}),
  groups,
})

const byLogin = (people: readonly ImportedPerson[]) => people.toSorted((a, b) => (a.login < b.login ? -1 : 1))

describe('a list of people', () => {
  it.each([
    [
      'cases/roster/30-moodle.csv',
      [
        one('20251234', 'Ana López García', 'ana.lopez@uni.example', 'lab-a'),
        one('20251235', "Bén O'Neill", 'ben.oneill@uni.example', 'lab-b'),
        one('20251236', "Chloé d'Arc, de la", 'chloe@uni.example', 'lab-a', 'tutors'),
      ],
    ],
    [
      'cases/roster/31-excel-semicolon-cp1252.csv',
      [
        one('jmueller', 'Jörg Müller', 'joerg.mueller@uni.example'),
        one('agross', 'Anna Groß', 'anna.gross@uni.example'),
      ],
    ],
    ['cases/roster/01-header.csv', [one('ana', 'ana', 'ana@uni.example')]],
    ['cases/roster/02-fullnames.csv', [one('1', 'Ana López'), one('2', 'Ben Q. Smith')]],
    [
      'cases/roster/40-one-column-heading.csv',
      [one('ana', undefined, 'ana@uni.example'), one('ben', undefined, 'ben@uni.example')],
    ],
    ['cases/roster/42-tabs.tsv', [one('ana', undefined, undefined, 'ta'), one('ben', undefined, undefined, 'ta')]],
    [
      'people/excel-de.xlsx',
      [
        one('20251234', 'Jörg Müller', 'joerg.mueller@uni.example'),
        one('00731', 'Anna Groß', 'anna.gross@uni.example'),
        one('20251236', 'Bén O’Neill'),
      ],
    ],
    ['people/canvas-gradebook.csv', [one('alopez', 'Ana López García'), one('bsmith', 'Ben Smith')]],
    [
      'people/google-classroom.csv',
      [one('ana.lopez', 'Ana López', 'ana.lopez@uni.example'), one('b.smith', 'Ben Smith', 'b.smith@other.example')],
    ],
    [
      'people/excel-unicode-fr.txt',
      [
        one('chloe', 'Chloé d’"Arc', 'chloe@uni.example', 'equipe-1'),
        one('zoe', 'Zoé Noël', 'zoe@uni.example', 'equipe-2'),
      ],
    ],
    ['people/excel-zh.tsv', [one('20260001', '王小明'), one('20260002', '李雷', 'lilei@uni.example')]],
    [
      'people/moodle-es.csv',
      [one('omj+x', 'María José Núñez', "o'mj+x@uni.example"), one('inaki.ore.luk', 'Iñaki Øre Łuk')],
    ],
    [
      'cases/roster/60-sep-line-cp1252.csv',
      [
        one('joerg.mueller', 'Jörg Müller', 'joerg.mueller@schule.example', '7a'),
        one('zoe.gross', 'Zoë Groß', 'zoe.gross@schule.example', '7b'),
      ],
    ],
    ['cases/roster/61-headings-on-two-lines.csv', [one('ana', 'Ana Maria Lopez', 'ana@x.example')]],
    [
      'cases/roster/62-two-lists-in-one.csv',
      [one('ana', 'Ana Lopez', 'ana@x.example'), one('ben', 'Ben Neil', 'ben@x.example')],
    ],
    ['cases/roster/65-euc-kr.csv', [one('kim', '김철수', 'kim@x.example')]],
    [
      'cases/roster/66-mac-roman.csv',
      [one('joerg', 'Jörg Müller', 'joerg@x.example'), one('elodie', 'Élodie Çelik', 'elodie@x.example')],
    ],
    ['cases/roster/67-cp1250.csv', [one('zaneta', 'Žaneta Dvořáková', 'zaneta@x.example')]],
    ['cases/roster/68-odd-headings.csv', [one('a123', 'Ana Lopez', 'ana@x.example')]],
    ['cases/roster/70-typographic-quotes.csv', [one('ana', 'Ana Lopez', 'ana@x.example')]],
    ['cases/roster/71-dos.csv', [one('joerg', 'Jörg Müller', 'joerg@x.example')]],
    ['cases/roster/72-total.csv', [one('ana', 'Ana Lopez', 'ana@x.example')]],
    ['cases/roster/73-both-names-in-one.csv', [one('0012', 'Jörg Müller', 'jm@x.example')]],
    ['cases/roster/74-both-names-in-one-es.csv', [one('inigo', 'Íñigo Núñez', 'inigo@x.example')]],
    [
      'people/same-people.csv',
      [
        one('sam', 'Sam One', 'sam@uni.example'),
        one('sam-2', 'Sam Two', 'sam@other.example'),
        one('sam-3', 'Sam Three', 'sam@uni.example'),
        one('sam.one', 'Sam One'),
        one('sam.one-2', 'Sam One'),
      ],
    ],
  ])('%s gives everybody a login, and the same ones the second time', async (file, expected) => {
    const {said, people, groups} = await importFile(file)
    expect(said.exitCode, said.stderr).toBe(0)
    expect(byLogin(people)).toEqual(byLogin(expected))
    expect(new Set(groups)).toEqual(new Set(expected.flatMap((each) => each.groups)))
    for (const {login} of expected) expect(said.stdout).toContain(login)
    const before = await person.readSpec()
    const again = await importFile(file)
    expect(again.said.stdout).toMatch(/^Nothing to do/)
    expect(await person.readSpec()).toBe(before)
  })

  it.each([
    ['cases/roster/41-last-first.txt', 'jhub knows none of the columns'],
    ['cases/roster/04-bom-crlf.txt', 'no heading that jhub knows; its first line is "ana"'],
    ['cases/roster/64-nul.csv', 'has NUL bytes in it'],
    ['cases/roster/69-page.xls', 'is a web page, not a table'],
    ['cases/roster/47-picture.txt', 'has NUL bytes in it'],
    ['cases/roster/18-blank.txt', '18-blank.txt is empty'],
    ['none.csv', 'There is no file'],
  ])('%s is refused: %s', async (file, words) => {
    const {said} = await importFile(file)
    expect(said.stderr).toContain(words)
    expect([2, 4]).toContain(said.exitCode)
    expect(await person.readSpec()).toBe(spec)
  })

  it.each([
    ['J\uFFFDrg M\uFFFDller', 'line 2: the name has "\uFFFD" where a letter was lost'],
    ['JÃ¶rg MÃ¼ller', '"JÃ¶rg" stands for "Jörg"'],
  ])('of %s, which lost its letters, is refused', async (name, words) => {
    await writeFile(`${person.directory}/list.csv`, `login,name\njm,${name}\n`)
    const said = await person.type(`user import ${person.directory}/list.csv`)
    expect(said.stderr).toContain(words)
    expect(said.exitCode).toBe(2)
    expect(await person.readSpec()).toBe(spec)
  })

  it.each([
    ['J?rg M?ller', 'Line 2: "J?rg M?ller" has "?" where letters may have been lost'],
    ['J&ouml;rg M&#252;ller', 'Line 2: "J&ouml;rg M&#252;ller" has letters written as a web page writes them'],
  ])('of %s is taken, and it is said', async (name, words) => {
    await writeFile(`${person.directory}/list.csv`, `login|name\njm|${name}\n`)
    const said = await person.type(`user import ${person.directory}/list.csv`)
    expect(said.exitCode, said.stderr).toBe(0)
    expect(said.stderr).toContain(words)
  })

  it.each([
    [
      'login,Kontakt\nana,ana@x.example\n',
      'Column 2, "Kontakt", has e-mail addresses and was not read: --email-column 2',
    ],
    ['Name,name,Email\nAna,Lopez,ana@x.example\n', '"name" is there twice; column 2 was not read.'],
  ])('of %j names the column that was not read', async (text, words) => {
    await writeFile(`${person.directory}/list.csv`, text)
    const said = await person.type(`user import ${person.directory}/list.csv`)
    expect(said.exitCode, said.stderr).toBe(0)
    expect(said.stderr).toContain(words)
  })

  it('with headings alone is refused', async () => {
    await writeFile(`${person.directory}/list.csv`, 'First name,Last name,Email\n')
    const said = await person.type(`user import ${person.directory}/list.csv`)
    expect(said.stderr).toContain('has headings, and nobody under them')
    expect(said.exitCode).toBe(2)
  })

  it('says that an address is there for several people', async () => {
    const {said} = await importFile('people/same-people.csv')
    expect(said.stderr).toMatch(/Lines \d+, \d+ have one address, sam@uni\.example, and are different people/)
  })

  it('refuses a workbook that would unpack to fill the memory', async () => {
    const file = `${person.directory}/people.xlsx`
    const sheet = Buffer.alloc(400_000_000)
    await writeFile(file, zipSync({'xl/worksheets/sheet1.xml': [sheet, {level: 1}]}))
    const said = await person.type(`user import ${file} --dry-run`)
    expect(said.stderr).toContain('It unpacks to more than 300 MB')
  })

  it('says what spreadsheets do to ids', async () => {
    const {said} = await importFile('people/excel-de.xlsx')
    expect(said.stderr).toContain('are numbers, and a spreadsheet drops leading zeros')
    expect(said.stderr).toContain('the sheet Kurs was read; Notizen was not')
    await writeFile(`${person.directory}/short.csv`, 'ID;Name\n"=""007""";Bond\n2,02512E+07;Ana\n')
    const refused = await person.type(`user import ${person.directory}/short.csv`)
    expect(refused.stderr).toContain('line 3: "2,02512E+07" is a number that the spreadsheet shortened')
    await writeFile(`${person.directory}/short.csv`, 'ID;Name\n"=""007""";Bond\n')
    await person.type(`user import ${person.directory}/short.csv`)
    expect(parseHubSpec(await person.readSpec()).users.get('007')).toMatchObject({name: 'Bond'})
  })

  it('gives no login to two people, and none of an admin or of another person', async () => {
    await writeFile(`${person.directory}/list.csv`, 'login,name\nana,Ana\nANA,Anne\n')
    const said = await person.type(`user import ${person.directory}/list.csv`)
    expect(said.stderr).toContain('ana: line 2 (Ana), line 3 (Anne)')
    expect(await person.readSpec()).toBe(spec)
    await writeFile(`${person.directory}/list.csv`, 'email,name\nteacher@uni.example,Tea Cher\nana@uni.example,Ana\n')
    await person.writeSpec(`${spec}  ana: {name: Ana María}\n`)
    await person.type(`user import ${person.directory}/list.csv`)
    expect([...parseHubSpec(await person.readSpec()).users.keys()]).toEqual(['teacher', 'ana', 'teacher-2', 'ana-2'])
  })

  it('takes the columns that are named', async () => {
    const file = 'cases/roster/30-moodle.csv'
    const {people} = await importFile(file, '--login-column "Email address" --group Class-A --group-column 4')
    expect(people[0]).toEqual(
      one('ana.lopez@uni.example', 'Ana López García', undefined, 'class-a', 'ana.lopez-uni.example'),
    )
    const wrong = await importFile(file, '--login-column Kennung')
    expect(wrong.said.stderr).toContain('has no column "Kennung"; it has "First name", "Last name"')
  })

  it('changes nothing with --dry-run, and shows everybody once with their logins', async () => {
    const rows = Array.from({length: 30}, (_, index) => `p${String(index)}@uni.example`)
    await writeFile(`${person.directory}/list.csv`, `Email\n${rows.join('\n')}\n`)
    const said = await person.type(`user import ${person.directory}/list.csv --dry-run`)
    expect(said.exitCode).toBe(0)
    expect(said.stderr).toMatch(/30 people; e-mail from "Email"/)
    expect(`${said.stdout}${said.stderr}`.match(/^p4 /gm)).toHaveLength(1)
    expect(said.stdout).toMatch(/^p29 /m)
    expect(await person.readSpec()).toBe(spec)
  })

  it.each([
    [5, {asked: 5, after: 0}],
    [7, {asked: 5, after: 7}],
  ])('of %i people shows %j to somebody who is asked', async (count, {asked, after}) => {
    const rows = Array.from({length: count}, (_, index) => `p${String(index)}@uni.example`)
    await writeFile(`${person.directory}/list.csv`, `Email\n${rows.join('\n')}\n`)
    const said = await atTerminal('y\r', () => person.type(`user import ${person.directory}/list.csv`))
    expect(said.exitCode).toBe(0)
    expect(said.stderr.match(/^p\d /gm)).toHaveLength(asked)
    expect(said.stdout.match(/^p\d /gm) ?? []).toHaveLength(after)
  })

  it('says of no column that logins come from it where it is empty', async () => {
    await writeFile(`${person.directory}/list.csv`, 'Name,ID number,Email\nAna,,ana@uni.example\n')
    const said = await person.type(`user import ${person.directory}/list.csv --dry-run`)
    expect(said.stderr).toMatch(/1 person; e-mail from "Email", name from "Name"\./)
  })

  it('removes the absent of the group after a yes, never an admin', async () => {
    const hub = await person.startHub()
    await person.writeSpec(
      `${spec}  ana: {groups: [class-a]}\n  ben: {groups: [class-a]}\n  cleo: {}\n  tutor: {admin: true, groups: [class-a]}\ngroups: {class-a: {}}\n`,
    )
    for (const name of ['teacher', 'ana', 'ben', 'cleo', 'tutor'])
      hub.state.users.set(name, {admin: ['teacher', 'tutor'].includes(name), server: undefined})
    await writeFile(`${person.directory}/list.csv`, 'login,name\nana,Ana\n')
    const line = `user import ${person.directory}/list.csv --group class-a --remove-absent`
    const unasked = await person.type(line)
    expect(unasked.exitCode).toBe(2)
    expect(unasked.stderr).toContain('This removes ben')
    expect(hub.state.users.has('ben')).toBe(true)
    const said = await person.type(`${line} --yes`)
    expect(said.stdout).toContain('Removed ben; their files were kept.')
    expect([...hub.state.users.keys()]).toEqual(['teacher', 'ana', 'cleo', 'tutor'])
    expect((await person.type(`${line} --yes`)).stdout).toMatch(/^Nothing to do/)
  })

  it('gives passwords at once on a running hub, and shows names in user list', async () => {
    const hub = await person.startHub()
    const {said} = await importFile('cases/roster/31-excel-semicolon-cp1252.csv')
    expect(said.stdout).toContain(hub.state.passwords.get('agross') ?? 'no password')
    const list = await person.type('user list')
    expect(list.stdout).toMatch(/LOGIN +NAME +E-MAIL/)
    expect(list.stdout).toMatch(/jmueller +Jörg Müller +joerg\.mueller@uni\.example/)
    expect((await person.type('user show agross')).stdout).toContain('Name:      Anna Groß')
  })

  it('takes three thousand people', async () => {
    const rows = Array.from(
      {length: 3000},
      (_, index) => `Ana,Núm${String(index % 7)},a${String(index % 2900)}@uni.example`,
    )
    await writeFile(`${person.directory}/list.csv`, `Vorname,Name,Mail\n${rows.join('\n')}\n`)
    const said = await person.type(`user import ${person.directory}/list.csv`)
    expect(said.exitCode, said.stderr).toBe(0)
    expect(parseHubSpec(await person.readSpec()).users.size).toBe(3001)
    expect((await person.type(`user import ${person.directory}/list.csv`)).stdout).toMatch(/^Nothing to do/)
  })
})
