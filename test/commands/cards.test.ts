import {readFile, stat, writeFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {findBrowser} from '../../src/cli/cards/find-browser.js'
import type {FakeHub} from '../fakes/fake-hub.js'
import {listen} from '../fakes/listen.js'
import {readCodes} from '../fakes/fake-phone.js'
import {newPerson, type Person} from './person.js'

const spec = `version: 1
name: jhub
mode: vm
vm: {machine: process}
workshop: {title: "Data & <Ethics>", wifi: "Guest, password: welcome"}
users:
  teacher: {admin: true}
`

let person: Person
let hub: FakeHub
beforeEach(async () => {
  person = await newPerson()
  await person.writeSpec(spec)
  hub = await person.startHub()
  hub.state.users.set('teacher', {admin: true, server: undefined})
  hub.state.passwords.set('teacher', 'the teacher chose this')
})
afterEach(() => person.leave())

const page = () => readFile(`${person.directory}/out/cards.html`, 'utf8')
const cards = (flags = '') =>
  person.type(`cards --output ${person.directory}/out --address http://192.0.2.7:8000 ${flags}`)

describe('cards', () => {
  it('show the password that was made, and a code that fills in the login', async () => {
    await person.type('user add ana 王小明 ben@uni.example')
    const said = await cards()
    expect(said.exitCode, said.stderr).toBe(0)
    expect(said.stdout).toMatch(/^Wrote 3 cards for http:\/\/192\.0\.2\.7:8000:/)
    expect(said.stdout).toContain(`rm ${person.directory}/out/cards.html`)
    const html = await page()
    const logins = ['ana', '王小明', 'ben@uni.example']
    for (const login of logins) expect(html).toContain(hub.state.passwords.get(login))
    expect(html).not.toContain('the teacher chose this')
    expect(said.stdout).not.toContain(hub.state.passwords.get('ana'))
    expect(html).toContain('Data &amp; &lt;Ethics&gt;')
    expect(html).toContain('Guest, password: welcome')
    expect(readCodes(html)).toEqual(
      logins.map((login) => `http://192.0.2.7:8000/hub/login?username=${encodeURIComponent(login)}`),
    )
    expect((await stat(`${person.directory}/out/cards.html`)).mode & 0o777).toBe(0o600)
    expect((await stat(`${person.directory}/state/jhub/passwords.json`)).mode & 0o777).toBe(0o600)
  })

  it('show no password of a person who chose one, and never change it', async () => {
    await person.type('user add ana ben')
    hub.state.passwords.set('ana', 'a phrase of my own')
    const said = await cards('--new-passwords --yes')
    expect(said.stdout).toContain('Chose their own password, so their cards show none: ana.')
    expect(await page()).toContain('your own, as you chose it')
    expect(hub.state.passwords.get('ana')).toBe('a phrase of my own')
    expect(await readFile(`${person.directory}/state/jhub/passwords.json`, 'utf8')).not.toContain('"ana"')
  })

  it('give a new password for one that was made elsewhere, when asked to', async () => {
    await person.type('user add ana')
    const old = hub.state.passwords.get('ana')
    await writeFile(`${person.directory}/state/jhub/passwords.json`, '{}')
    expect((await cards()).stdout).toContain('are not known here: ana')
    expect((await cards('--new-passwords')).exitCode).toBe(2)
    expect(hub.state.passwords.get('ana')).toBe(old)
    expect((await cards('--new-passwords --yes')).exitCode).toBe(0)
    expect(hub.state.passwords.get('ana')).not.toBe(old)
    expect(await page()).toContain(hub.state.passwords.get('ana'))
  })

  it('as a PDF leave the page of another time as it is', async () => {
    await person.type('user add ana')
    await cards()
    await writeFile(`${person.directory}/out/cards.html`, 'the cards of another group')
    const said = await cards('--format pdf')
    expect(await page()).toBe('the cards of another group')
    const isPrinted = (await findBrowser()) !== undefined
    expect(said.exitCode, said.stderr).toBe(isPrinted ? 0 : 3)
    if (isPrinted) expect((await readFile(`${person.directory}/out/cards.pdf`)).subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('follow a reset, and forget a password that the operator gave', async () => {
    await person.type('user add ana')
    await person.type('user password ana')
    await cards()
    expect(await page()).toContain(hub.state.passwords.get('ana'))
    await writeFile(`${person.directory}/given`, 'a given long one\n')
    await person.type(`user password ana --password-file ${person.directory}/given`)
    await expect(readFile(`${person.directory}/state/jhub/passwords.json`, 'utf8')).rejects.toThrow('ENOENT')
    await cards()
    expect(await page()).not.toContain('a given long one')
  })

  it('of a group are a table that no spreadsheet runs', async () => {
    await person.writeSpec(`${spec}  ana: {name: "=cmd()", groups: [a]}\n  ben: {}\ngroups: {a: {}}\n`)
    await person.type('user add cleo')
    const said = await cards('--group a --format csv')
    expect(said.exitCode, said.stderr).toBe(0)
    const table = await readFile(`${person.directory}/out/cards.csv`, 'utf8')
    expect(table.split('\r\n')).toHaveLength(3)
    expect(table).toContain(",'=cmd(),a,")
    expect((await cards('--group b')).stderr).toContain('There is no group b')
    expect((await cards('--format gif')).stderr).toContain('"gif" is not a card format')
  })

  it('are those of the people who are named', async () => {
    await person.type('user add ana ben cleo')
    const said = await cards('cleo Ana --format csv')
    expect(said.stdout).toMatch(/^Wrote 2 cards/)
    const table = await readFile(`${person.directory}/out/cards.csv`, 'utf8')
    expect(table.split('\r\n').map((line) => line.split(',')[0])).toEqual(['\ufefflogin', 'cleo', 'ana', ''])
    expect((await cards('cleo')).stdout).toMatch(/^Wrote 1 card /)
    expect((await cards('clea')).stderr).toContain('There is no user "clea"; did you mean cleo?')
    expect((await cards('cleo --group a')).stderr).toContain('names and --group cannot be used together')
  })

  it('that show an address of another network are told as old, until there are new ones', async () => {
    await person.type('user add ana ben')
    const print = (words: string) => person.type(`cards --output ${person.directory}/out ${words}`)
    const printed = await print('ana ben --address http://127.0.0.1:9')
    expect(printed.exitCode, printed.stderr).toBe(0)
    expect(printed.stderr).not.toContain('does not answer')
    const old = 'the cards of ana, ben show http://127.0.0.1:9, where this hub does not answer now'
    expect((await person.type('status')).stdout).toContain(`Cards:    ${old}`)
    expect((await person.type('doctor')).stdout).toContain(`cards: ${old}`)
    expect((await person.type('top --once')).stdout).toContain(old)
    const late = await print(`ana --address ${hub.url}`)
    expect(late.stderr).toContain('The card of ben shows http://127.0.0.1:9, where this hub does not answer now')
    await print(`ben --address ${hub.url}`)
    expect((await person.type('status')).stdout).not.toContain('Cards:')
  })

  it('are told as old where another computer has their address now', async () => {
    await person.type('user add ana')
    const other = await listen(createServer((_, response) => response.end('a printer')))
    await person.type(`cards --output ${person.directory}/out --address ${other.url}`)
    expect((await person.type('status')).stdout).toContain(`the card of ana shows ${other.url}, where this hub`)
    await other.stop()
  })

  it('need an address that others can open', async () => {
    await person.type('user add ana')
    expect((await person.type('cards')).stderr).toContain('Only this computer can open the hub')
    expect((await person.type('cards --address hub.uni.example')).stderr).toContain('is not an address')
  })
})
