import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {JhubError} from '../../../src/errors.js'
import {hubSpecJsonSchema} from '../../../src/hub-spec/hub-spec.js'
import {renderNewHubSpec} from '../../../src/hub-spec/new-hub-spec.js'
import {setMaterials} from '../../../src/hub-spec/edit/edit-files.js'
import {parseHubSpec} from '../../../src/hub-spec/parse-hub-spec.js'

const head = 'version: 1\nname: workshop\nmode: vm\n'

function complaint(source: string): string {
  try {
    parseHubSpec(source)
  } catch (error) {
    if (error instanceof JhubError) return error.message
    throw error
  }
  return 'no complaint'
}

describe('a spec', () => {
  it('gets every default', () => {
    expect(parseHubSpec(head)).toMatchObject({
      version: 1,
      name: 'workshop',
      mode: 'vm',
      vm: {machine: 'auto', adminSudo: false},
      access: {address: '127.0.0.1', port: 8000, lan: false, egress: 'all'},
      auth: {method: 'password'},
      users: new Map(),
      groups: new Map(),
      limits: {default: {}, total: {}},
      idle: {afterMs: 3_600_000},
      hub: {},
    })
  })

  it('reads everything', () => {
    const spec = parseHubSpec(`${head}vm: {machine: process}
access: {lan: true, port: 8080}
users: {Ana: {admin: true}, ben: {groups: [TA], limits: {memory: 4G}}, 2025: {}}
groups: {ta: {limits: {memory: 2G, cpu: 2}}}
limits: {default: {memory: 1G, memoryGuarantee: 256M, cpu: 500m}, total: {memory: 12G, cpu: 6, servers: 40}}
idle: {after: never}
hub: {extraConfig: extra.py}
`)
    expect([...spec.users]).toEqual([
      ['2025', {admin: false, groups: [], limits: {}}],
      ['ana', {admin: true, groups: [], limits: {}}],
      ['ben', {admin: false, groups: ['ta'], limits: {memoryBytes: 4 * 1024 ** 3}}],
    ])
    expect(spec.access).toEqual({egress: 'all', address: '0.0.0.0', port: 8080, lan: true})
    expect(spec.limits.default).toEqual({memoryBytes: 1024 ** 3, memoryGuaranteeBytes: 256 * 1024 ** 2, cpuCores: 0.5})
    expect(spec.limits.total).toEqual({memoryBytes: 12 * 1024 ** 3, cpuCores: 6, servers: 40})
    expect(spec.idle).toEqual({})
  })

  it.each([
    ['{internal: true}', {by: 'internal'}],
    ['{cert: hub.pem, key: hub.key}', {by: 'files', cert: 'hub.pem', key: 'hub.key'}],
  ])('reads https: %s', (https, expected) => {
    expect(parseHubSpec(`${head}access: {https: ${https}}`).access.https).toEqual(expected)
  })

  it.each([
    ['https: {internal: true}', 8000, undefined],
    ['port: 443, https: {internal: true}', 443, 80],
    ['port: 443, https: {internal: true, redirect: false}', 443, undefined],
    ['port: 8443, https: {cert: a, key: b, redirect: 8080}', 8443, 8080],
    ['https: {domain: a.org}', 443, 80],
    ['port: 8443, https: {domain: a.org}', 8443, undefined],
  ])('opens with %s', (access, port, redirect) => {
    const found = parseHubSpec(`${head}access: {lan: true, ${access}}`).access
    expect([found.port, found.https?.redirect]).toEqual([port, redirect])
  })

  it.each([
    ['all', 'all'],
    ['none', 'none'],
    ['[10.0.0.0/8, "2001:db8::/32"]', ['10.0.0.0/8', '2001:db8::/32']],
  ])('reads egress: %s', (egress, expected) => {
    expect(parseHubSpec(`${head}access: {egress: ${egress}}`).access.egress).toEqual(expected)
  })

  it('reads whom to ask for a certificate', () => {
    const text = 'domain: Hub.Example.org, email: ana@example.org, directory: https://acme.lan/dir, ca: root.pem'
    expect(parseHubSpec(`${head}access: {lan: true, https: {${text}}}`).access.https).toEqual({
      by: 'acme',
      domain: 'hub.example.org',
      email: 'ana@example.org',
      directory: 'https://acme.lan/dir',
      ca: 'root.pem',
      redirect: 80,
    })
  })

  it('takes users as a list', () => {
    expect([...parseHubSpec(`${head}users: [ana, 2025]`).users.keys()]).toEqual(['ana', '2025'])
  })

  it('says all its problems at once, each with its line, column and the nearest right word', () => {
    const source = `version: 1
name: Work Shop
mode: vm
acess: {port: 8000}
access: {prot: 8000, port: 99999}
users:
  ana: {admn: true, limits: {memry: 4G, memory: lots}}
  b/c: {}
limits:
  default: {memory: -1}
`
    expect(complaint(source)).toBe(`jhub.yaml has 8 problems:
  2:7  name: must be a lower-case letter, then letters, digits and "-", at most 31
  4:1  acess: there is no key "acess" here (did you mean "access"?)
  5:10  access.prot: there is no key "prot" here (did you mean "port"?)
  5:28  access.port: must be at most 65535
  7:9  users.ana.admn: there is no key "admn" here (did you mean "admin"?)
  7:30  users.ana.limits.memry: there is no key "memry" here (did you mean "memory"?)
  7:49  users.ana.limits.memory: "lots" is not an amount of memory (for example 512M or 2G)
  10:21  limits.default.memory: "-1" is not an amount of memory (for example 512M or 2G)`)
  })

  it.each([
    ['', 'the file is empty'],
    ['just words', 'must be keys with values'],
    ['- a\n- b', 'must be keys with values'],
    [`${head}name: again\n`, '4:1  name: this key is given twice'],
    [`${head}\tusers: [ana]`, '4:'],
    [`${head}users: [ana`, '4:'],
    [`name: a\nmode: vm\n`, 'version: '],
    [`${head}users: {ana: {}, Ana: {}}`, '4:18  users.Ana: is the same name as "ana"'],
    [
      `${head}images: {standard: {packages: [six]}}`,
      '4:10  images.standard: is the software that jhub itself installs',
    ],
    [`${head}image: standard`, '4:1  image: is what people have without an image; remove it'],
    [`${head}users: {b/c: {}}`, '4:9  users.b/c: "b/c" cannot be a user\'s name'],
    [
      `${head}users: {ana: {groups: [tas]}}\ngroups: {ta: {}}`,
      'there is no group "tas" under "groups" (did you mean "ta"?)',
    ],
    [`${head}users: hello`, 'users: must be a list of names'],
    [`${head}users: {ana: 5}`, 'users.ana: must be keys with values'],
    [`${head}limits: {default: {memory: 1G, memoryGuarantee: 2G}}`, 'is more than the limit beside it'],
    [`${head}access: {address: 10.0.0.1}`, 'add "lan: true"'],
    [`${head}access: {address: nowhere}`, 'access.address: must be an IP address'],
    [
      `${head}access: {https: {}}`,
      '4:10  access.https: must be {internal: true}, {cert: FILE, key: FILE} or {domain: NAME, email: ADDRESS}',
    ],
    [`${head}access: {https: {internal: false}}`, '4:28  access.https.internal: must be true'],
    [`${head}access: {https: {cert: a.pem}}`, '4:18  access.https.cert: needs "key" beside it'],
    [`${head}access: {https: {key: a.pem}}`, '4:18  access.https.key: needs "cert" beside it'],
    [`${head}access: {https: {cert: '', key: a.pem}}`, '4:24  access.https.cert: must name a file'],
    [
      `${head}access: {https: {internal: true, cert: a.pem, key: b.pem}}`,
      '4:34  access.https.cert: does not go with "internal": a hub has one certificate',
    ],
    [`${head}access: {https: {certs: a.pem}}`, 'there is no key "certs" here (did you mean "cert"?)'],
    [
      `${head}access: {https: {domain: hub.example.org}}`,
      '4:18  access.https.domain: needs "lan: true": people, and the authority, come from outside',
    ],
    [
      `${head}access: {lan: true, https: {domain: hub}}`,
      'access.https.domain: must be a name, for example hub.example.org',
    ],
    [`${head}access: {lan: true, https: {domain: 10.0.0.1}}`, 'access.https.domain: must be a name'],
    [`${head}access: {lan: true, https: {domain: '*.example.org'}}`, 'access.https.domain: must be a name'],
    [`${head}access: {lan: true, https: {domain: a.org, email: ana}}`, 'access.https.email: must be an e-mail address'],
    [`${head}access: {lan: true, https: {email: ana@a.org}}`, 'access.https.email: needs "domain" beside it'],
    [`${head}access: {lan: true, https: {domain: a.org, directory: 'http://b'}}`, 'must be the https:// address'],
    [`${head}access: {lan: true, https: {domain: a.org, ca: b.pem}}`, 'access.https.ca: needs "directory" beside it'],
    [
      `${head}access: {lan: true, https: {internal: true, domain: a.org}}`,
      'access.https.domain: does not go with "internal"',
    ],
    [`${head}access: {https: {internal: true, redirect: 8080}}`, 'access.https.redirect: needs "lan: true"'],
    [
      `${head}access: {lan: true, https: {internal: true, redirect: no}}`,
      'access.https.redirect: must be a port, or false',
    ],
    [
      `${head}access: {lan: true, https: {internal: true, redirect: 8000}}`,
      'access.https.redirect: is the port of the hub itself',
    ],
    [
      'version: 1\nname: a\nmode: k8s\naccess: {https: {internal: true}}',
      '4:10  access.https: is for mode vm; a chart has its own: k8s.values',
    ],
    ...['some', '5', '{a: 1}'].map((egress): [string, string] => [
      `${head}access: {egress: ${egress}}`,
      '4:18  access.egress: must be all, none, or a list of networks, for example [10.0.0.0/8]',
    ]),
    [
      `${head}access: {egress: [10.0.0.0/8, 10.0.0.7]}`,
      '4:31  access.egress.1: must be a network, for example 10.0.0.0/8; one address is 10.0.0.7/32',
    ],
    [`${head}access: {egress: []}`, '4:18  access.egress: must not be empty'],
    [
      `${head}vm: {machine: process}\naccess: {egress: none}`,
      '5:10  access.egress: is not enforced on the process machine',
    ],
    [
      `${head}vm: {machine: docker, adminSudo: true}`,
      '4:23  vm.adminSudo: would let admins of the hub become root of this computer',
    ],
    [`${head}vm: {machine: "ssh://-Fx"}`, 'vm.machine: must be auto, docker, host, process or ssh://user@host[:port]'],
    [`${head}vm: {machine: cloud}`, 'vm.machine: must be auto, docker, host, process or ssh://user@host[:port]'],
    [`${head}idle: {after: 10}`, 'idle.after: "10" is not a duration'],
    [`${head}groups: {jhub-policy: {}}`, "is jhub's own"],
    [`version: 2\nname: a\nmode: vm\n`, '1:10  version: must be 1'],
  ])('%j complains', (source, words) => {
    expect(complaint(source)).toContain(words)
  })

  it('never throws anything but its own error', () => {
    fc.assert(fc.property(fc.string({unit: 'grapheme', maxLength: 200}), (text) => complaint(text) !== ''))
    fc.assert(fc.property(fc.json(), (text) => complaint(text) !== ''))
    const fragment = fc.constantFrom(
      'users:',
      '  ana:',
      ' {',
      '}',
      '[',
      ']',
      '\n',
      '- ',
      'limits',
      ': ',
      '1G',
      '&a',
      '*a',
      '"',
      '#',
      '\t',
      '|',
      '>',
    )
    fc.assert(fc.property(fc.array(fragment, {maxLength: 40}), (parts) => complaint(head + parts.join('')) !== ''))
  })
})

describe('names whose homes are the same', () => {
  it('are refused beside each other, with both of them', () => {
    // Found in 56,604 tries: an older jhub gave both the same home.
    const pair = ['student-of-physics-2026-25025@uni.example', 'student-of-physics-2026-56604@uni.example']
    const said = complaint(`${head}users: [ana, ${pair.join(', ')}]\n`)
    expect(said).toContain(`conflicts with ${pair[0] ?? ''}`)
    expect(complaint(`${head}users: [ana, ${pair[1] ?? ''}]\n`)).toBe('no complaint')
  })
})

describe('a new spec', () => {
  it('has no problems, whoever the admin is', () => {
    for (const admin of ['admin', 'ana@uni.example', '2025', 'josé', 'yes', 'null']) {
      const spec = parseHubSpec(renderNewHubSpec({name: 'jhub', machine: 'auto', port: 8123, admin}))
      expect(spec.users.get(admin)?.admin, admin).toBe(true)
      expect(spec.access.port).toBe(8123)
    }
  })

  it.each([{}, {mode: 'k8s'}, {workshop: true}, {mode: 'k8s', workshop: true}] as const)(
    'of %j can be read in a terminal of 100 columns',
    (kind) => {
      const source = renderNewHubSpec({name: 'jhub', machine: 'auto', port: 8000, admin: 'admin', ...kind})
      expect(source.split('\n').filter(({length}) => length > 100)).toEqual([])
    },
  )
})

describe('the JSON Schema', () => {
  it('describes every key and allows no other', () => {
    const schema = hubSpecJsonSchema() as {
      properties: Record<string, {description?: string}>
      additionalProperties: boolean
    }
    expect(schema.additionalProperties).toBe(false)
    expect(Object.entries(schema.properties).filter(([, {description}]) => description === undefined)).toEqual([])
    expect(schema).toMatchSnapshot()
  })
})

describe('what everybody sees', () => {
  it('is as `init --workshop` writes it, once it is no comment any more, with all that a workshop has', () => {
    const source = renderNewHubSpec({name: 'class', machine: 'auto', port: 8000, admin: 'boss', workshop: true})
    expect(parseHubSpec(source).files).toEqual({shared: false})
    const whole = source.replaceAll(/^( *)# ((?:files|content|images|total|wifi|  course): ?)/gm, '$1$2')
    expect(parseHubSpec(whole)).toMatchObject({
      files: {materials: './materials', shared: true},
      content: {git: 'https://github.com/my-team/course', branch: 'main', open: 'lesson-1.ipynb'},
      images: new Map([['course', {recipe: {by: 'packages'}}]]),
      limits: {total: {memoryBytes: 24 * 1024 ** 3}},
      workshop: {title: 'Our workshop', wifi: 'Guest, password: welcome'},
    })
  })

  it('has homes emptied when no server runs any more, in the lines of `init --workshop` for the evening', () => {
    const source = renderNewHubSpec({name: 'class', machine: 'auto', port: 8000, admin: 'boss', workshop: true})
    const verbs = [...source.slice(source.indexOf('# In the evening')).matchAll(/jhub ((?:files |server )?\w+)/g)]
    expect(verbs.map(([, verb]) => verb).slice(0, 4)).toEqual(['files collect', 'server stop', 'files reset', 'down'])
  })

  it('is named by `files push DIR`, and the rest of the file stays', () => {
    const source = `${head}files: {shared: true}   # all of us\n`
    expect(setMaterials(source, 'week 2')).toBe(`${head}files: {shared: true, materials: week 2} # all of us\n`)
    expect(setMaterials(setMaterials(source, 'a'), 'a')).toBe(setMaterials(source, 'a'))
  })

  it('is there in a cluster too', () => {
    expect(complaint('version: 1\nname: c\nmode: k8s\nfiles: {shared: true}\n')).toBe('no complaint')
  })
})
