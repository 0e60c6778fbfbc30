import {mkdir, readFile, symlink, writeFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {parseHubSpec} from '../../src/hub-spec/parse-hub-spec.js'
import {newPerson, type Person, type Said} from './person.js'
import {withStdin} from './stdin.js'

const place = (file: string) => fileURLToPath(new URL(`../fixtures/cases/${file}`, import.meta.url))
const spec = 'version: 1\nname: jhub\nmode: vm\nvm: {machine: process}\nusers:\n  teacher: {admin: true}\n'

let person: Person
beforeEach(async () => {
  person = await newPerson()
})
afterEach(() => person.leave())

async function addFrom(bytes: Uint8Array): Promise<{said: Said; names: readonly string[]}> {
  await person.writeSpec(spec)
  const said = await withStdin(bytes, () => person.type('user add -'))
  return {said, names: [...parseHubSpec(await person.readSpec()).users.keys()].filter((name) => name !== 'teacher')}
}

describe('a list of names', () => {
  it.each([
    ['04-bom-crlf.txt', ['ana', 'ben'], ''],
    ['06-utf16le-nobom.txt', ['ana', 'ben'], ''],
    ['09-case.txt', ['ana'], '"Ana" (line 1), "ana" (line 2), "ANA" (line 3): one person, ana.'],
    ['11-oldmac.txt', ['ana', 'ben', 'cleo'], ''],
    ['12-nfc-nfd.txt', ['café'], 'one person, café.'],
    ['14-system-names.txt', ['admin', 'root', 'nobody'], ''],
    ['16-samelocal.txt', ['sam@uni.example', 'sam@other.example', 'sam'], ''],
    ['21-digits.txt', ['١٢٣', '123'], '"12３" is 123 on the hub.'],
    ['43-wrapped.txt', ['ana', 'ben', 'cleo', '20251234', '20251235'], ''],
    [
      '44-cp1252.txt',
      ['jmüller', 'françois'],
      'standard input is not UTF-8. It was read as windows-1252: jmüller, françois.',
    ],
    ['45-utf16be.txt', ['ana', 'ben'], ''],
    ['46-cp1250.txt', ['łukasz', 'żaneta'], 'It was read as windows-1250: łukasz, żaneta.'],
    ['73-bom-in-the-middle.txt', ['ana', 'ben', 'cleo'], ''],
    ['49-wide-digit.txt', ['123453', 'ben'], '"12345３" is 123453 on the hub.'],
  ])('%s gives its names', async (file, expected, note) => {
    const {said, names} = await addFrom(await readFile(place(`roster/${file}`)))
    expect(said.exitCode, said.stderr).toBe(0)
    expect(new Set(names)).toEqual(new Set(expected))
    expect(said.stderr).toContain(note)
    if (note === '') expect(said.stderr).toBe('')
  })

  it.each([
    ['01-header.csv', 'looks like a table: line 1 is "name,email"'],
    ['02-fullnames.csv', 'looks like a table: line 1 is "id,full name"'],
    ['08-hash.txt', 'line 1: "ana#1" cannot be a user\'s name: it has "#" in it'],
    ['15-odd.txt', 'line 1: "o\'brien" cannot be a user\'s name'],
    ['15-odd.txt', 'line 3: "uni\\eve" cannot be a user\'s name'],
    ['18-blank.txt', 'No names were given'],
    ['19-cjk-space.txt', 'line 1: "日本 太郎" cannot be a user\'s name: it has white space in it'],
    ['20-ideographic-space.txt', 'line 1: "ana　ben" cannot be a user\'s name: it has white space in it'],
    ['22-long.txt', 'it is longer than 254 characters'],
    ['24-replacement.txt', 'line 1: "�ana" cannot be a user\'s name: it has "�" in it'],
    ['30-moodle.csv', 'looks like a table'],
    ['31-excel-semicolon-cp1252.csv', 'looks like a table: line 1 is "Nachname;Vorname;E-Mail;Kennung"'],
    ['40-one-column-heading.csv', 'looks like a table: line 1 is "Email"'],
    ['41-last-first.txt', 'looks like a table: line 1 is "Lopez, Ana"'],
    ['42-tabs.tsv', 'looks like a table'],
    ['47-picture.txt', 'standard input has NUL bytes in it'],
    ['63-nul.txt', 'standard input has NUL bytes in it, so it is not a text file'],
    ['48-login-and-email.txt', 'it has white space in it'],
    ['50-quoted.txt', 'looks like a table: line 1 is ""ana""'],
    ['51-invisible.txt', 'line 2'],
    ['52-bullets.txt', 'line 1'],
  ])('%s is refused whole: %s', async (file, words) => {
    const {said, names} = await addFrom(await readFile(place(`roster/${file}`)))
    expect(said.exitCode).toBe(2)
    expect(said.stderr).toContain(words)
    expect(said.stderr.length).toBeLessThan(700)
    expect(await person.readSpec()).toBe(spec)
    expect(names).toEqual([])
  })

  it.each<[string, string | Buffer, readonly string[], string]>([
    ['the end mark of DOS', 'ana\r\nben\r\n\x1a', ['ana', 'ben'], ''],
    [
      'the end mark after an old encoding',
      Buffer.from('jörg\r\nmüller\r\n\x1a', 'latin1'),
      ['jörg', 'müller'],
      'windows-1252',
    ],
    ['page breaks', 'ana\nben\n\fcleo\n', ['ana', 'ben', 'cleo'], ''],
    ['UTF-16 with line ends of an old Mac', Buffer.from('\ufeffana\rben\r', 'utf16le'), ['ana', 'ben'], ''],
    ['three kinds of line ends', '\ufeffana\r\nben\rcleo\n\n \t\ncem', ['ana', 'ben', 'cleo', 'cem'], ''],
    ['separators of lines that a web page has', 'ana\u2028ben\u2029cleo', ['ana', 'ben', 'cleo'], ''],
    ['tabs before and wide spaces after', '\tana\u3000\n\tben\u00a0\n', ['ana', 'ben'], ''],
    ['wide letters', 'ａｎａ\nana\n', ['ana'], '"ａｎａ" (line 1), "ana" (line 2): one person, ana.'],
    ['joined letters', 'ﬁona\nfiona\n', ['fiona'], 'one person, fiona.'],
    ['one letter in three ways', 'Zoe\u0308\nZOË\nzoë\n', ['zoë'], '(line 3): one person, zoë.'],
    [
      'an address in capitals',
      'Sam@Uni.example\nsam@uni.EXAMPLE\n',
      ['sam@uni.example'],
      'one person, sam@uni.example.',
    ],
    ['accounts of a system', 'daemon\nwww-data\njovyan\n', ['daemon', 'www-data', 'jovyan'], ''],
    ['devices of Windows', 'con\nnul\nlpt1\n', ['con', 'nul', 'lpt1'], ''],
    ['invisible lines', '\u200b\nana\n \u200e\u00ad\nben\n\ufeff\n', ['ana', 'ben'], ''],
    ['words of YAML', 'null\ntrue\nyes\n1e3\n007\n', ['null', 'true', 'yes', '1e3', '007'], ''],
    ['words of a hub', 'hub\nuser\nshared\njhub\n', ['hub', 'user', 'shared', 'jhub'], ''],
  ])('with %s gives its names', async (_, text, expected, note) => {
    const {said, names} = await addFrom(Buffer.from(text as string))
    expect(said.exitCode, said.stderr).toBe(0)
    expect(new Set(names)).toEqual(new Set(expected))
    expect(said.stderr).toContain(note)
    if (note === '') expect(said.stderr).toBe('')
  })

  it.each([
    ['c#\nben\n', 'line 1: "c#" cannot be a user\'s name: it has "#" in it'],
    ['ben\nana＃1\n', 'line 2: "ana＃1" cannot be a user\'s name: it has "#" in it'],
    ['ana#1 # new\n', 'line 1: "ana#1" cannot be a user\'s name: it has "#" in it'],
    ['ana//new\n', 'line 1: "ana//new" cannot be a user\'s name: it has "/" in it'],
    ['\u200eana\n', 'it has an invisible character (U+200E) in it'],
    ['.ssh\n', 'it begins with "."'],
    ['ana\n-rf\n', 'line 2: "-rf" cannot be a user\'s name: it begins with "-"'],
    ['__proto__\n', 'as a key of the settings file it would be lost'],
    ['Ana Lopez <ana@uni.example>\n', 'line 1: "Ana Lopez <ana@uni.example>" cannot be a user\'s name'],
    ['ana\njo\u00adhn\n', 'line 2: '],
    ['ana\u202e\n', 'line 1: '],
    ['BEGIN:VCARD\nFN:Ana\n', 'line 1: "BEGIN:VCARD" cannot be a user\'s name'],
    ['ana;\nben;\n', 'looks like a table: line 1 is "ana;"'],
    ['["ana","ben"]\n', 'looks like a table'],
    ['1. ana\n2. ben\n', 'looks like a table: line 1 is "1. ana"'],
  ])('%j is refused whole: %s', async (text, words) => {
    const {said, names} = await addFrom(Buffer.from(text))
    expect(said.exitCode).toBe(2)
    expect(said.stderr).toContain(words)
    expect(names).toEqual([])
  })

  it('of a table says where tables will go', async () => {
    const {said} = await addFrom(await readFile(place('roster/30-moodle.csv')))
    expect(said.stderr).toContain('user import')
  })

  it('of three thousand is taken whole or not at all', async () => {
    const bytes = await readFile(place('roster/17-3000.txt'))
    expect((await addFrom(bytes)).names).toHaveLength(3000)
    for (const odd of ['a/b', '\u202e', 'Last, First'])
      expect((await addFrom(Buffer.concat([bytes, Buffer.from(`${odd}\n`)]))).names, odd).toEqual([])
  })

  it('of ten megabytes is refused with a sentence', async () => {
    const {said} = await addFrom(Buffer.from('a-student-of-ours\n'.repeat(600_000)))
    expect(said.stderr).toContain('standard input has 600,000 lines')
    expect(said.exitCode).toBe(2)
  })
})

describe('a file of passwords', () => {
  const add = async (file: string, names: string) => {
    await person.writeSpec(spec)
    const hub = await person.startHub()
    const said = await person.type(`user add ${names} --password-file ${place(`roster/${file}`)}`)
    return {said, hub}
  }

  it.each([
    ['pw-comment.txt', 'ana', {ana: 's3cret-long-one'}],
    ['pw-crlf.txt', 'ana ben', {ana: 's3cret-long-one', ben: 'pa:ss:word-long'}],
    ['pw-space.txt', 'ana ben', {ana: 'leading-space', ben: 'trailing-space'}],
    ['pw-capitals.txt', 'ana', {ana: 's3cret-long-one'}],
    ['pw-utf16.txt', 'ana', {ana: 'pa: word-long'}],
  ])('%s gives passwords that can be typed', async (file, names, expected) => {
    const {said, hub} = await add(file, names)
    expect(said.exitCode, said.stderr).toBe(0)
    for (const [name, password] of Object.entries(expected)) expect(hub.state.passwords.get(name)).toBe(password)
    expect(said.stderr).not.toMatch(/long/)
    expect(said.stderr.includes('Spaces before and after')).toBe(file === 'pw-space.txt')
  })

  it.each([
    ['pw-csv.txt', 'ana', 'line 1: it is not name:password'],
    ['pw-csv.txt', 'ana ben', 'line 1: it is not name:password'],
    ['pw-empty.txt', 'ana ben', 'line 1: ana has no password'],
    ['pw-twice.txt', 'ana', 'line 2: ana has a password in line 1 already'],
    ['pw-nul.txt', 'ana', 'has NUL bytes in it'],
    ['pw-quoted.txt', 'ana', 'line 1: it is not name:password'],
    ['pw-htpasswd.txt', 'ana', 'line 1: the password of ana is a hash'],
    ['pw-nbsp.txt', 'ana', 'line 1: the password of ana has a character in it that cannot be typed'],
    ['pw-nothing.txt', 'ana', 'holds no password'],
    ['pw-invisible.txt', 'ana', 'line 1: the password of ana has a character in it that cannot be typed'],
    ['pw-crlf.txt', 'ana cleo', 'line 2: ben is not among the people of this command'],
    ['', 'ana', 'is a directory'],
    ['none.txt', 'ana', 'none.txt\nTry:   ls /'],
  ])('%s for %s is refused: %s', async (file, names, words) => {
    const {said} = await add(file, names)
    expect(said.stderr).toContain(words)
    expect(said.stderr).not.toMatch(/s3cret|long-one/)
    expect([2, 4]).toContain(said.exitCode)
    expect(await person.readSpec()).toBe(spec)
  })

  const addText = async (text: string | Buffer) => {
    await person.writeSpec(spec)
    const hub = await person.startHub()
    const file = `${person.directory}/passwords.txt`
    await writeFile(file, text)
    return {said: await person.type(`user add ana ben --password-file ${file}`), hub}
  }

  it.each<[string, string | Buffer, string]>([
    ['a mark and line ends of an old Mac', '\ufeffana:s3cret-long-one\rben:other-long-one\r', 's3cret-long-one'],
    ['the end mark of DOS', 'ana:s3cret-long-one\r\nben:other-long-one\r\n\x1a', 's3cret-long-one'],
    ['colons and spaces inside', 'ana: my pass : word  two \nben:other-long-one', 'my pass : word  two'],
    ['comments and blank lines', '# 7a\r\n\u200b\r\nana:s3cret-#-long\r\n \t\r\nben:other-long-one', 's3cret-#-long'],
    ['a formula', 'ana:=1+long-one-x\nben:other-long-one\n', '=1+long-one-x'],
  ])('with %s gives what was written', async (_, text, password) => {
    const {said, hub} = await addText(text)
    expect(said.exitCode, said.stderr).toBe(0)
    expect(hub.state.passwords.get('ana')).toBe(password)
    expect(hub.state.passwords.get('ben')).toBe('other-long-one')
  })

  it.each([
    ['ana\ts3cret-long-one\nben\tother-long-one\n', 'line 1: it is not name:password'],
    ['ana;s3cret-long-one\nben;other-long-one\n', 'line 2: it is not name:password'],
    ['name,url,username,password\nx,https://h,ana,s3cret-long-one\n', 'line 1: it is not name:password'],
    ['Ana:s3cret-long-one\nana:another-long-one\nben:other-long-one\n', 'line 2: ana has a password in line 1 already'],
    ['ana:          \nben:other-long-one\n', 'line 1: ana has no password'],
    ['ana:$6$salt$s3cret:19000:0:99999:7:::\nben:other-long-one\n', 'line 1: the password of ana is a hash'],
    ['ana:s3cret\tlong-one\nben:other-long-one\n', 'line 1: the password of ana has a character in it'],
    ['ana:s3cret-long-one\u2028ben:other-long-one', 'line 1: the password of ana has a character in it'],
    ['ana:“s3cret-long-one”\nben:other-long-one\n', 'line 1: the password of ana is in typographic quotes'],
    ['ana:„s3cret-long-one“\nben:other-long-one\n', 'line 1: the password of ana is in typographic quotes'],
    ['ana：s3cret-long-one\nben:other-long-one\n', 'line 1: it is not name:password'],
    ['\ufeff', 'holds no password'],
  ])('of %j is refused: %s', async (text, words) => {
    const {said} = await addText(text)
    expect(said.exitCode).toBe(2)
    expect(said.stderr).toContain(words)
    expect(said.stderr).not.toMatch(/s3cret|long-one/)
    expect(await person.readSpec()).toBe(spec)
  })

  it('is refused where a letter of a password may be another one', async () => {
    await person.writeSpec(spec)
    const file = `${person.directory}/passwords.txt`
    await writeFile(file, Buffer.from('ana:größer-als-zehn\nben:nur-buchstaben\n', 'latin1'))
    const said = await person.type(`user add ana ben --password-file ${file}`)
    expect(said.stderr).toContain('is not UTF-8, so letters in the password of ana could be read wrong')
    expect(said.stderr).not.toMatch(/zehn|buchstaben/)
    expect(await person.readSpec()).toBe(spec)
  })

  it('of one person may hold a colon, and says that it was read so', async () => {
    const {said, hub} = await add('pw-of-another.txt', 'ana')
    expect(hub.state.passwords.get('ana')).toBe('zoe:s3cret-long-one')
    expect(said.stderr).toContain('is the password of ana: it does not begin with the name')
  })

  it('cannot come from where the names come from', async () => {
    await person.writeSpec(spec)
    expect((await person.type('user add - --password-file -')).stderr).toContain('cannot both come from')
  })
})

describe('a spec', () => {
  it.each([
    ['01-eks-context.yaml', {k8s: {cluster: {name: 'arn:aws:eks:eu-west-1:123456789012:cluster/prod'}}}],
    ['02-ipv6.yaml', {access: {address: 'fd00::1'}}],
    ['07-crlf.yaml', {users: new Map([['ana', {}]])}],
    ['08-bom.yaml', {name: 'x'}],
    ['12-roundtrip.yaml', {k8s: {expose: 'clusterIP'}}],
  ])('%s is read', async (file, expected) => {
    expect(parseHubSpec(await readFile(place(`specs/${file}`), 'utf8'))).toMatchObject(expected)
  })

  it('is shown without the mark that it begins with', async () => {
    const file = place('specs/08-bom.yaml')
    const said = await person.type(`config show --file ${file}`)
    expect(said.stdout).toBe((await readFile(file, 'utf8')).slice(1))
    expect(await person.json(`config show --file ${file}`)).toMatchObject({source: said.stdout})
  })

  it.each([
    ['20-numeric-keys.yaml', ['0042', '1e3', '0x1f']],
    ['24-numeric-list.yaml', ['20251234', '0042', '1e3', '0x1f', '2025-01-01']],
  ])('%s keeps names as they were written, also when somebody is added', async (file, names) => {
    const source = await readFile(place(`specs/${file}`), 'utf8')
    expect(new Set(parseHubSpec(source).users.keys())).toEqual(new Set(names))
    await person.writeSpec(source)
    await person.type('user add 007')
    expect(new Set(parseHubSpec(await person.readSpec()).users.keys())).toEqual(new Set([...names, '007']))
  })

  it.each([
    ['05-numeric-user-list.yaml', '4:30  users.3: is not a name as it stands; if it is one, write it in quotes'],
    ['04-ns-long.yaml', '4:40  k8s.namespace: must be lower-case'],
    ['09-yes.yaml', '4:15  access.lan: must be true or false'],
    ['21-two-documents.yaml', '4:1  a second document begins here'],
    ['22-tag.yaml', '4:8  tags (!…) are not allowed; write the value without it'],
    ['23-proto.yaml', '4:22  __proto__: this cannot be a key'],
    ['25-limit-words.yaml', '4:28  limits.default.memory: '],
    ['26-no-colon-space.yaml', '3:'],
    ['27-tab.yaml', '5:1  '],
    ['.', 'is a directory, not a file'],
  ])('%s is refused: %s', async (file, words) => {
    const said = await person.type(`config show --file ${place(`specs/${file}`)}`)
    expect(said.stderr).toContain(words)
    expect(said.stderr).not.toContain('    at ')
    expect([2, 3]).toContain(said.exitCode)
  })
})

describe('a spec that was made up', () => {
  const head = 'version: 1\nname: x\nmode: vm\n'
  it.each<[string, object]>([
    ['users: {1.50: {}, 0b11: {}, 1_000: {}}', {users: new Map(['1.50', '0b11', '1_000'].map((name) => [name, {}]))}],
    ['users: [yes, 1_30, 2026-11-27]', {users: new Map(['yes', '1_30', '2026-11-27'].map((name) => [name, {}]))}],
    ['groups: {007: {}}\nusers: {0042: {groups: [007]}}', {users: new Map([['0042', {groups: ['007']}]])}],
    [
      'users: {constructor: {}, tostring: {}}',
      {
        users: new Map([
          ['constructor', {}],
          ['tostring', {}],
        ]),
      },
    ],
    [
      'limits: {default: &d {memory: !!str 1G}}\nusers: {ana: {limits: *d}}',
      {limits: {default: {memoryBytes: 1024 ** 3}}},
    ],
    ['limits: {default: {memory: 1 G, cpu: 500m}}', {limits: {default: {memoryBytes: 1024 ** 3, cpuCores: 0.5}}}],
  ])('is read: %s', (text, expected) => {
    expect(parseHubSpec(head + text)).toMatchObject(expected)
  })

  it.each([
    ['context:gke_my-project_europe-west1-b_hub', 'gke_my-project_europe-west1-b_hub'],
    ['context:kubernetes-admin@cluster.local', 'kubernetes-admin@cluster.local'],
    ['context:default/api-ocp-uni-example:6443/kube:admin', 'default/api-ocp-uni-example:6443/kube:admin'],
    ['"context:My Cluster (Lab 3)"', 'My Cluster (Lab 3)'],
    ['context:arn:aws:eks:eu-west-1:1:cluster/a/b', 'arn:aws:eks:eu-west-1:1:cluster/a/b'],
  ])('has the context %s', (cluster, name) => {
    const text = `version: 1\nname: x\nmode: k8s\nk8s: {cluster: ${cluster}}\n`
    expect(parseHubSpec(text).k8s.cluster).toEqual({kind: 'context', name})
  })

  it.each([
    ['users: [ana, null]', '4:14  users.1: is not a name as it stands'],
    ['users: [ana, {ben: {admin: true}}]', '4:14  users.1: is not a name as it stands'],
    ['users: {true: {}, "true": {}}', 'this key is given twice'],
    ['auth: {method: github, clientId: 0123e4}', '4:34  auth.clientId: must be a text'],
    ['---\nusers: [ana]', '4:1  a second document begins here'],
    ['---\n# nothing', '4:1  a second document begins here'],
    ['users: {}\n---\n---', '5:1  a second document begins here'],
    ['users: {ana: {__proto__: {admin: true}}}', '4:15  __proto__: this cannot be a key'],
    ['groups: {__proto__: {}}', '4:10  __proto__: this cannot be a key'],
    ['users: [__proto__]', '"__proto__" cannot be a user\'s name'],
    ['constructor: {}', '4:1  constructor: there is no key "constructor" here'],
    ['users: {ana: !admin {}}', '4:14  tags (!…) are not allowed'],
    ['users: !!set {ana, ben}', '4:14  users: must be a list of names'],
    ['name: !ENV HUB', 'tags (!…) are not allowed'],
    ['users: &u {ana: *u}', '4:17  this alias (*…) stands inside what it names'],
    ['users: {ana: {limits: {<<: {cpu: 1}}}}', 'there is no key "<<" here'],
    ['limits: {default: {memory: 5B}}', '4:28  limits.default.memory: 5B is not enough memory'],
    ['limits: {default: {memory: .inf}}', 'limits.default.memory'],
    ['limits: {default: {memory: 999999999T}}', '"999999999T" is not an amount of memory'],
    ['limits: {default: {cpu: 1e-9}}', '"1e-9" is not a number of cores'],
    ['groups: {ta: {limits: {cpu: 0}}}', '"0" is not a number of cores'],
    ['limits: {default: {memory: null}}', 'limits.default.memory: must be'],
    ['users: {"ana\\u0007": {}}', "cannot be a user's name"],
    ['users: {"ana\\e[31m": {}}', "cannot be a user's name"],
    ['name2: "\\e]0;owned\\a"', 'there is no key "name2" here'],
  ])('is refused: %s', async (text, words) => {
    await person.writeSpec(`${head}${text}\n`)
    const said = await person.type('config show')
    expect(said.stderr).toContain(words)
    expect(said.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    expect([2, 3]).toContain(said.exitCode)
  })

  it.each([
    ['a directory', (file: string) => mkdir(file)],
    [
      'a directory with a spec in it',
      async (file: string) => {
        await mkdir(file)
        await writeFile(`${file}/jhub.yaml`, head)
      },
    ],
    ['a link to a directory', (file: string) => symlink(person.directory, file)],
    ['a link to nothing', (file: string) => symlink(`${file}.none`, file)],
  ])('is no file but %s: said in a sentence', async (_, make) => {
    const file = `${person.directory}/odd.yaml`
    await make(file)
    for (const line of ['config show', 'plan', 'user list', 'import z2jh'].map((each) =>
      each === 'import z2jh' ? `${each} ${file}` : `${each} --file ${file}`,
    )) {
      const said = await person.type(line)
      expect(said.stderr, line).toMatch(/is a directory|There is no|no hub|no spec|not exist/)
      expect(said.stderr, line).not.toContain('    at ')
      expect([2, 3, 4], line).toContain(said.exitCode)
    }
  })
})
