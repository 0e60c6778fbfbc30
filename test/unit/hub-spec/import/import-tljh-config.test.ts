import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {JhubError} from '../../../../src/errors.js'
import {importTljhConfig} from '../../../../src/hub-spec/import/import-tljh-config.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'
import {tljhAccount, type TljhUser} from '../../../../src/hub-spec/import/tljh-people.js'
import {renderYaml} from '../../../../src/hub-spec/document/yaml-text.js'

function imported(config: string, users: readonly TljhUser[] = [{name: 'ana', admin: false}]) {
  const found = {directory: '/opt/tljh', configFile: '/opt/tljh/config/config.yaml', config, users}
  const {source, notes, homes} = importTljhConfig(found, 'physics')
  return {source, spec: parseHubSpec(source), notes: notes.join('\n'), homes}
}

const names = (config: string, users: readonly TljhUser[] = []) =>
  Object.fromEntries([...imported(config, users).spec.users].map(([name, {admin}]) => [name, admin]))

const gibibyte = 1024 ** 3

describe('what TLJH has a key for', () => {
  it('becomes a spec that says where each part is from', () => {
    const {source} = imported(
      'users: {admin: [ana], allowed: [ben], extra_user_groups: {ta: [ben]}}\nlimits: {memory: 2G, cpu: 1.5}\n',
      [],
    )
    expect(source).toMatchInlineSnapshot(`
      "# From The Littlest JupyterHub in /opt/tljh, by \`jhub import tljh\`. \`jhub plan\` says what \`jhub up\` will do.
      version: 1
      name: physics
      mode: vm
      vm: {machine: host}

      # http and https
      access: {port: 80, lan: true}

      # users.admin, users.allowed and users.extra_user_groups; the users of TLJH's hub
      users:
        ana: {admin: true}
        ben: {groups: [ta]}
      groups:
        ta: {}

      # limits.memory and limits.cpu, for everybody
      limits:
        default: {memory: 2G, cpu: 1.5}

      # services.cull.timeout
      idle: {after: 10m}
      "
    `)
  })

  it.each<[string, object]>([
    ['', {idle: {afterMs: 600_000}, access: {address: '0.0.0.0', port: 80, lan: true}, limits: {default: {}}}],
    ['# nothing\n', {users: new Map([['ana', {admin: false, groups: [], limits: {}}]])}],
    ['limits: {memory: 512M}', {limits: {default: {memoryBytes: gibibyte / 2}}}],
    ['limits: {memory: 2147483648}', {limits: {default: {memoryBytes: 2 * gibibyte}}}],
    [
      'usual: &usual {memory: 2147483648}\nlimits: {<<: *usual, cpu: 2}',
      {limits: {default: {memoryBytes: 2 * gibibyte, cpuCores: 2}}},
    ],
    ['limits:\r  memory: 512M\r', {limits: {default: {memoryBytes: gibibyte / 2}}}],
    ['limits: {memory: null, cpu: 2}', {limits: {default: {cpuCores: 2}}}],
    ['http: {port: 8080}', {access: {address: '0.0.0.0', port: 8080, lan: true}}],
    ['http: {address: 127.0.0.1, port: 8080}', {access: {address: '127.0.0.1', port: 8080, lan: false}}],
    ['http: {address: 192.0.2.7}', {access: {address: '192.0.2.7', port: 80, lan: true}}],
    ['http: {address: "::1"}', {access: {address: '::1', port: 80, lan: false}}],
    ['http: {address: null, port: null}', {access: {address: '0.0.0.0', port: 80, lan: true}}],
    ['services: {cull: {timeout: 5400}}', {idle: {afterMs: 5_400_000}}],
    ['services: {cull: {enabled: false}}', {idle: {}}],
    ['https: {enabled: true}\nhttp: {port: 80}', {access: {address: '127.0.0.1', port: 8000, lan: false}}],
    [
      'https: {enabled: true, letsencrypt: {email: a@b.org, domains: [hub.b.org]}}',
      {access: {port: 443, lan: true, https: {by: 'acme', domain: 'hub.b.org', email: 'a@b.org', redirect: 80}}},
    ],
    [
      'https: {enabled: true, port: 8443, letsencrypt: {domains: hub.b.org, staging: true}}\nhttp: {port: 8080}',
      {
        access: {
          port: 8443,
          https: {
            domain: 'hub.b.org',
            directory: 'https://acme-staging-v02.api.letsencrypt.org/directory',
            redirect: 8080,
          },
        },
      },
    ],
    [
      'https: {enabled: true, tls: {cert: /c.pem, key: /c.key}}',
      {access: {port: 443, lan: true, https: {by: 'files', cert: '/c.pem', key: '/c.key', redirect: 80}}},
    ],
    [
      'https: {enabled: true, address: 127.0.0.1, letsencrypt: {domains: [a.org]}, tls: {cert: /c, key: /k}}',
      {access: {address: '127.0.0.1', port: 443, lan: false, https: {by: 'files', cert: '/c', key: '/k'}}},
    ],
    [
      'https: {enabled: true, port: 80, tls: {cert: /c, key: /k}}',
      {access: {port: 80, https: {by: 'files', cert: '/c', key: '/k'}}},
    ],
  ])('%j', (config, expected) => {
    expect(imported(config).spec).toMatchObject(expected)
  })

  it('sets no limit where TLJH has none', () => {
    expect(imported('limits: {memory: null}').spec.limits).toEqual({default: {}, total: {}})
  })
})

describe('what has no counterpart', () => {
  it.each([
    ['', 'Passwords cannot be imported'],
    ['', "Packages of TLJH's servers were not found"],
    ['', 'adminSudo: true'],
    ['', 'open to the network by plain HTTP'],
    ['', "Port 80 is TLJH's while it runs"],
    ['auth: {type: nativeauthenticator.NativeAuthenticator}', 'Passwords cannot be imported'],
    ['auth: {type: dummy}', 'auth.type dummy is left out: everybody gets a password'],
    ['auth: {type: ltiauthenticator.LTIAuthenticator}', 'auth.type ltiauthenticator.LTIAuthenticator is left out'],
    ['auth: {type: ldap}', 'auth.server is not given here: write it in place of'],
    ['auth: {type: bitbucket}', 'is left out: everybody gets a password'],
    ['auth: {LDAPAuthenticator: {server_address: x}}', 'auth.LDAPAuthenticator (server_address) does not exist here'],
    ['auth: {FirstUseAuthenticator: {create_users: true}}', 'auth.FirstUseAuthenticator.create_users is left out'],
    ['auth: {NativeAuthenticator: {open_signup: True}}', 'auth.NativeAuthenticator.open_signup is left out'],
    ['auth: {bogus: x}', 'auth.bogus does not exist here'],
    ['auth: firstuse', 'auth.firstuse does not exist here'],
    ['users: {banned: [eve]}', 'users.banned (eve) is not needed'],
    ['users: {allowed: [a b]}', '"a b" cannot be a user\'s name: it has white space in it; left out.'],
    ['users: {extra_user_groups: {ta: [ana]}}', 'users.extra_user_groups (ta) are groups of the hub here'],
    ['users: {extra_user_groups: {ta: [zoe]}}', '"zoe" of the group ta is not one of the imported users'],
    ['users: {extra_user_groups: {a b: [ana]}}', '"a b" cannot be a group\'s name; left out.'],
    ['users: {extra_user_groups: ta}', 'users.extra_user_groups is not groups with names'],
    ['users: {colour: red}', 'users.colour is not a setting of TLJH that jhub knows'],
    ['limits: {memory: banana}', 'limits.memory: "banana" is not an amount of memory; left out.'],
    ['limits: {cpu: all}', 'limits.cpu: "all" is not a number of cores; left out.'],
    ['services: {configurator: {enabled: on}}', 'services.configurator is left out: the settings of a hub are'],
    ['limits: {disk: 5G}', 'limits.disk is not a setting of TLJH that jhub knows: left out.'],
    ['http: {port: 99999}', 'http.port is not a port number: jhub uses 8000.'],
    ['http: {address: localhost}', 'http.address localhost is not an IP address: only this machine'],
    [
      'https: {enabled: true}',
      'but jhub found no certificate that it could use. Passwords must not be sent unencrypted',
    ],
    ['https: {enabled: true, letsencrypt: {email: a@b.org}}', 'without https.letsencrypt.domains fetches no'],
    ['https: {enabled: true, letsencrypt: {domains: [hub]}}', 'https.letsencrypt.domains: hub is not a name; left out'],
    ['https: {enabled: true, letsencrypt: {domains: [a.org, b.org]}}', 'the hub has one name, a.org; b.org left out.'],
    [
      'https: {enabled: true, letsencrypt: {domains: [a.org], email: me}}',
      'https.letsencrypt.email: me is not an e-mail address; left out.',
    ],
    ['https: {enabled: true, letsencrypt: {domains: ["*.a.org", b.org]}}', 'A certificate for b.org is fetched'],
    ['https: {enabled: true, letsencrypt: {domains: ["*.a.org", b.org]}}', '*.a.org stands for many names'],
    ['https: {enabled: true, letsencrypt: {domains: [hub, "*.a.org"]}}', 'domains: hub is not a name; left out.'],
    ['https: {enabled: true, letsencrypt: {domains: [hub, "*.a.org"]}}', 'domains: *.a.org stands for many names'],
    ['https: {enabled: true, letsencrypt: {domains: [a.org]}}', "Ports 443 and 80 are TLJH's while it runs"],
    ['https: {enabled: true, letsencrypt: {domains: [a.org]}}', 'must reach this machine then'],
    ['https: {enabled: true, tls: {cert: /c}}', 'https.tls has only one of cert and key: left out.'],
    ['https: {enabled: true, tls: {cert: /c, key: /k}}', 'The certificate /c and its key stay where they are'],
    [
      'https: {enabled: true, letsencrypt: {domains: [a.org]}, tls: {cert: /c, key: /k}}',
      'https.tls is left out: of two certificates',
    ],
    ['https: {enabled: true, color: red}', 'https.color is not a setting of TLJH that jhub knows'],
    ['https: {tls: {key: /k}}', 'HTTPS is off in TLJH: the other settings of https are left out.'],
    ['user_environment: {default_app: classic}', 'user_environment.default_app classic is left out'],
    ['services: {cull: {timeout: 0}}', 'services.cull.timeout: "0s" is not a duration; left out.'],
    ['services: {cull: {every: 60}}', 'services.cull.every is left out'],
    ['services: {cull: {concurrency: 5}}', 'services.cull.concurrency is left out'],
    ['services: {cull: {users: true}}', 'services.cull.users is left out'],
    ['services: {cull: {max_age: 60}}', 'services.cull.max_age is left out'],
    ['services: {cull: {remove_named_servers: true}}', 'services.cull.remove_named_servers is left out'],
    ['base_url: /../lab', 'base_url /../lab is not a path such as /jupyter/: left out.'],
    ['traefik_api: {port: 8098}', 'traefik_api is left out'],
    [
      'limts: {memory: 2G}',
      'limts.memory is not a setting of TLJH that jhub knows: left out. Did you mean limits.memory?',
    ],
    [
      'user: {admin: [root]}',
      'user.admin is not a setting of TLJH that jhub knows: left out. Did you mean users.admin?',
    ],
    [
      'https: {enabled: true, letsencrypt: {domains: [a.org], mail: a@b.c}}',
      'left out. Did you mean https.letsencrypt.email?',
    ],
  ])('%j is told', (config, words) => {
    expect(imported(config).notes).toContain(words)
  })

  it.each([
    'base_url: /',
    'user_environment: {default_app: jupyterlab}',
    'services: {cull: {users: false, max_age: 0, remove_named_servers: false, enabled: true}}',
    'https: {enabled: false}',
    'limits: {memory: null, cpu: null}',
    'users: {admin: [], allowed: [], banned: [], extra_user_groups: {}}',
    'auth: {type: firstuseauthenticator.FirstUseAuthenticator, FirstUseAuthenticator: {create_users: false}}',
  ])("%j is TLJH's own default, and is not worth a word", (config) => {
    expect(imported(config).notes).toBe(imported('').notes)
  })

  it('is told without its value, which may be a secret', () => {
    const secret = 'hunter2hunter2'
    const {source, notes} = imported(
      `auth: {GitHubOAuthenticator: {client_secret: ${secret}}}\ntraefik_api: {password: ${secret}}\nother: {key: ${secret}, list: [${secret}]}\n`,
    )
    expect(source + notes).not.toContain(secret)
  })
})

describe('keys of another shape', () => {
  it('https that is only switched on never ends in plain HTTP', () => {
    const {spec, notes} = imported('https: true')
    expect(spec.access.lan).toBe(false)
    expect(notes).toContain('only this machine can reach the hub')
    expect(imported('https: false').spec.access.lan).toBe(true)
  })

  it('a part without keys is said to be so, and an empty one is nothing', () => {
    const {notes} = imported('users: [ana]\nlimits: [memory: 2G]\nservices: {cull: 5}\nuser_environment:\n')
    expect(notes).toContain('users has no keys in it, as TLJH needs them: left out, with the people it names.')
    expect(notes).toContain('limits has no keys in it, as TLJH needs them: left out.')
    expect(notes).toContain('services.cull has no keys in it, as TLJH needs them: left out.')
    expect(notes).not.toContain('user_environment')
  })

  it('a password beside a name is not printed', () => {
    const {notes} = imported('users: {admin: ["ana:secret-word"]}')
    expect(notes).toContain('"ana" with a colon and more behind it, as a password, is not a name; left out.')
    expect(notes).not.toContain('secret-word')
  })
})

describe('people', () => {
  it.each<[string, string, TljhUser[], object]>([
    ['of the configuration', 'users: {admin: [ana], allowed: [ben]}', [], {ana: true, ben: false}],
    [
      'as keys, as TLJH reads them',
      'users: {admin: {ana: null, cleo: }, allowed: [{ben: }]}',
      [],
      {ana: true, cleo: true, ben: false},
    ],
    [
      'but no placeholder, and no password',
      'users: {admin: ["${ADMIN}", "ana:secret"], allowed: [ben]}',
      [],
      {ben: false},
    ],
    ['of the database', '', [{name: 'cleo', admin: false}], {cleo: false}],
    ['named twice are one', 'users: {admin: [ana], allowed: [ana]}', [{name: 'ana', admin: true}], {ana: true}],
    [
      'with digits only, as they are written',
      'users: {allowed: [12345, 007, 1e5]}',
      [],
      {12345: false, '007': false, '1e5': false},
    ],
    [
      'with words that YAML reads otherwise',
      'users: {allowed: [true, 2024-01-01]}',
      [],
      {true: false, '2024-01-01': false},
    ],
    ['set by one word', 'users: {admin: ana}', [], {ana: true}],
    ['with capitals, which JupyterHub lowers', 'users: {admin: [Ana]}', [{name: 'ana', admin: false}], {ana: true}],
    ['who are banned', 'users: {admin: [eve], banned: [Eve]}', [{name: 'eve', admin: true}], {}],
    [
      'of TLJH apart and one here: an admin only where both are',
      'users: {admin: [ﬁnn], allowed: [finn]}',
      [],
      {finn: false},
    ],
  ])('%s', (_, config, users, expected) => {
    expect(names(config, users)).toEqual(expected)
  })

  it('who become one are told, and their homes are not mixed', () => {
    const {notes, homes} = imported('users: {allowed: [ﬁnn, finn, ana]}', [])
    expect(notes).toContain('"ﬁnn" and "finn" are different users in TLJH, but the same name here, finn')
    expect(homes.map(({user}) => user)).toEqual(['ana'])
    expect(imported('users: {allowed: [Ana, ana]}', []).notes).not.toContain('apart')
  })

  it('who are admins by the database only are told', () => {
    const users = [
      {name: 'ana', admin: true},
      {name: 'cleo', admin: true},
    ]
    const {notes} = imported('users: {admin: [Ana]}', users)
    expect(notes).toContain("cleo is an admin in TLJH's database and not in users.admin")
    expect(notes).not.toContain('ana is an admin')
  })

  it('are nobody: that is told', () => {
    expect(imported('', []).notes).toContain('TLJH names nobody who can log in')
  })

  it('have a home with TLJH and a name for it here', () => {
    expect(imported('users: {allowed: [ana, x@uni.example]}', []).homes).toEqual([
      {user: 'ana', from: '/home/jupyter-ana', account: 'ana'},
      {user: 'x@uni.example', from: '/home/jupyter-x@uni.example', account: 'x-uni-example--90d66575a34d0d99'},
    ])
  })

  it.each([
    ['test', 'jupyter-test'],
    ['abcdefghijklmnopq', 'jupyter-abcdefghijklmnopq'],
    ['abcdefghijklmnopqr', 'jupyter-abcdefghijklmnopqr-e375e'],
  ])('%s has the account that TLJH gives', (name, account) => {
    expect(tljhAccount(name)).toBe(account)
  })
})

it('says of a name on two lines in one line why it is none', () => {
  expect(imported('users: {admin: ["ana\\n- all is well"]}').notes).toContain(
    '"ana\\u000a- all is well" cannot be a user\'s name: it has white space in it',
  )
})

describe('a file that cannot be read', () => {
  it.each([
    ['users:\n  admin: [ana\n', '3:1'],
    ['a: 1\nb: 2\na: 3\n', '3:1  this key is given twice'],
    ['- ana\n', '1:1'],
    ['a: *nothing\n', '1:'],
    ['a: &a {b: *a}\n', '1:11  this alias (*…) stands inside what it names'],
    ['limits: &l {<<: *l}\n', '1:17  this alias'],
    ['limits: {<<: 5, memory: 1G}\n', '1:10  << must be followed by keys with values'],
    ['limits: {<<: [{cpu: 1}, x]}\n', '1:10  << must be followed by keys with values'],
    ['limits:\n  <<:\n', '2:3  << must be followed by keys with values'],
  ])('%j is refused with the place', (config, place) => {
    expect(() => imported(config)).toThrow(JhubError)
    expect(() => imported(config)).toThrow(`/opt/tljh/config/config.yaml has a problem:\n  ${place}`)
  })
})

const scalar = fc.oneof(
  fc.string(),
  fc.string({unit: 'binary'}),
  fc.integer(),
  fc.double({noNaN: true}),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('2G', '1e3', '0x10', '127.0.0.1', '::', '80', 'true', 'Ana', 'ﬁnn', '<<', '__proto__'),
)
// A merge (<<) of what is no map is refused, as TLJH refuses it.
const key = fc.string().filter((text) => text !== '<<')
const anything = fc.oneof(
  scalar,
  fc.array(scalar, {maxLength: 4}),
  fc.dictionary(key, scalar, {maxKeys: 3}),
  fc.dictionary(key, fc.array(scalar, {maxLength: 3}), {maxKeys: 3}),
)
const keysOf = (...keys: readonly string[]) =>
  fc.oneof(anything, fc.record(Object.fromEntries(keys.map((key) => [key, anything])), {requiredKeys: []}))
const config = fc.record(
  {
    base_url: anything,
    auth: keysOf('type', 'FirstUseAuthenticator', 'GitHubOAuthenticator'),
    users: keysOf('admin', 'allowed', 'banned', 'extra_user_groups'),
    limits: keysOf('memory', 'cpu'),
    http: keysOf('address', 'port'),
    https: fc.oneof(
      keysOf('enabled', 'tls', 'letsencrypt'),
      fc.record({
        enabled: fc.constant(true),
        port: anything,
        address: anything,
        letsencrypt: keysOf('email', 'domains', 'staging'),
        tls: keysOf('cert', 'key'),
      }),
      fc.record({
        enabled: fc.constant(true),
        port: fc.integer({min: 1, max: 65_535}),
        letsencrypt: fc.record({domains: fc.array(fc.domain()), email: fc.emailAddress()}),
      }),
    ),
    traefik_api: keysOf('ip', 'port', 'username', 'password'),
    user_environment: keysOf('default_app'),
    services: fc.oneof(anything, fc.record({cull: keysOf('enabled', 'timeout', 'every', 'users', 'max_age')})),
    other: anything,
  },
  {requiredKeys: []},
)
const user = fc.record({name: fc.oneof(fc.string(), fc.string({unit: 'binary'})), admin: fc.boolean()})

describe('whatever TLJH holds', () => {
  it('the spec can be used', () => {
    fc.assert(
      fc.property(config, fc.array(user, {maxLength: 5}), (document, users) => {
        const {spec, homes} = imported(renderYaml(document), users)
        for (const {user: name} of homes) expect(spec.users.has(name)).toBe(true)
      }),
      {numRuns: 1000},
    )
  })
})
