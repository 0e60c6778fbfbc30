import {describe, expect, it} from 'vitest'
import type {AuthDocument} from '../../../../src/hub-spec/auth/auth-document.js'
import {endsLogins, secretNeeded, secretPurpose} from '../../../../src/hub-spec/auth/auth-spec.js'
import {changedRules, whatIsNotChecked, whoMaySignIn} from '../../../../src/hub-spec/auth/describe-auth.js'
import {setAuth} from '../../../../src/hub-spec/edit/edit-auth.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'

const spec = (auth: string, mode = 'vm') =>
  parseHubSpec(
    `version: 1\nname: w\nmode: ${mode}\nusers: {ana: {admin: true}, ben: }\ngroups: {ta: {}}\nauth: ${auth}\n`,
  )
const oidc = 'method: oidc, issuer: https://login.uni.example, clientId: hub'
const ldap = 'method: ldap, server: "ldaps://ldap.uni.example", base: "dc=x"'
const lti =
  'method: lti, issuer: "https://moodle.uni.example", clientId: hub, authorizeUrl: "https://moodle.uni.example/mod/lti/auth.php", keysUrl: "https://moodle.uni.example/mod/lti/certs.php"'
const tenant = '11111111-2222-4333-8444-555555555555'

describe('auth', () => {
  it('is passwords when nothing is said', () => {
    expect(spec('{}').auth).toEqual({
      method: 'password',
      allow: {everybody: false, domains: [], groups: [], organizations: []},
      adminGroups: [],
      groups: new Map(),
    })
  })

  it.each([
    [`{${oidc}}`, 'https://login.uni.example', 'login.uni.example', 'preferred_username', 'email'],
    ['{method: google, clientId: x}', 'https://accounts.google.com', 'Google', 'email', 'hd'],
    ['{method: gitlab, clientId: x}', 'https://gitlab.com', 'GitLab', 'preferred_username', 'email'],
    [
      `{method: microsoft, clientId: x, tenant: ${tenant}}`,
      `https://login.microsoftonline.com/${tenant}/v2.0`,
      'Microsoft',
      'preferred_username',
      'email',
    ],
    ['{method: github, clientId: x}', 'https://github.com', 'GitHub', 'login', 'email'],
    [
      '{method: github, clientId: x, url: https://git.uni.example/}',
      'https://git.uni.example',
      'GitHub',
      'login',
      'email',
    ],
  ])('%s knows its provider', (auth, issuer, label, usernameClaim, domainClaim) => {
    expect(spec(auth).auth.provider).toMatchObject({issuer, label, usernameClaim, domainClaim})
  })

  it('knows CILogon, of which only named institutions count', () => {
    const {auth} = spec('{method: cilogon, clientId: x, identityProviders: ["urn:mace:uni"], allow: {everybody: true}}')
    expect(auth.provider).toMatchObject({
      family: 'oidc',
      issuer: 'https://cilogon.org',
      usernameClaim: 'eppn',
      scopes: ['openid', 'email', 'org.cilogon.userinfo'],
      identityProviders: ['urn:mace:uni'],
    })
    expect(() => spec('{method: cilogon, clientId: x}')).toThrow('the method cilogon needs "identityProviders"')
    expect(() => spec('{method: cilogon, clientId: x, identityProviders: []}')).toThrow('identityProviders')
  })

  it('takes any class, and says what it cannot check', () => {
    const text = '{method: class, class: "remote.user:RemoteUser", config: {header: X-User}, secretTrait: key}'
    const {auth} = spec(text)
    expect(auth.provider).toMatchObject({family: 'class', label: 'RemoteUser', config: {header: 'X-User'}})
    expect(secretNeeded(auth)).toBe('the secret of RemoteUser')
    expect(whatIsNotChecked({auth})).toHaveLength(4)
    expect(changedRules(spec('{}'), spec(text)).gain.join()).toContain(
      'jhub cannot check that a name stays with one person',
    )
    expect(whatIsNotChecked(spec(`{${oidc}}`))).toEqual([])
  })

  it('takes a class that is told something else for another one', () => {
    const told = (config: string) => spec(`{method: class, class: "a:B", secretTrait: key, config: ${config}}`)
    const [one, same, other] = ['{server: x, port: 1}', '{port: 1, server: x}', '{server: y, port: 1}'].map(told)
    if (one === undefined || same === undefined || other === undefined) throw new Error('three were told')
    expect(secretPurpose(same.auth)).toBe(secretPurpose(one.auth))
    expect(secretPurpose(other.auth)).not.toBe(secretPurpose(one.auth))
    expect([endsLogins(one.auth, same.auth), endsLogins(one.auth, other.auth)]).toEqual([false, true])
    expect(changedRules(one, other)).toEqual({
      gain: ['People sign in with B, a:B, port: 1, server: "y".'],
      lose: ['People sign in with B, a:B, port: 1, server: "x".'],
    })
  })

  it.each([
    ['{method: class, class: remote}', 'must be module:Class'],
    ['{method: class}', 'the method class needs "class"'],
    ['{method: class, class: "a:B", config: {allow_all: true}}', 'decides who can sign in'],
    ['{method: class, class: "a:B", config: {admin_users: [eve]}}', 'decides who can sign in'],
    ['{method: class, class: "a:B", config: {auth_refresh_age: 0}}', 'decides who can sign in'],
    ['{method: class, class: "a:B", config: {refresh_pre_spawn: false}}', 'decides who can sign in'],
    ['{method: class, class: "a:B", config: {client_secret: x}}', 'is a secret, which does not belong in this file'],
    [
      '{method: class, class: "a:B", config: {more: {api_token: x}}}',
      'is a secret, which does not belong in this file',
    ],
    ['{method: class, class: "a:B", config: {secret: x}}', 'is a trait of jhub'],
    ['{method: class, class: "a:B", secretTrait: key, config: {key: x}}', 'does not belong in this file'],
    ['{method: class, class: "a:B", allow: {domains: [uni.example]}}', 'does not work with the method class'],
  ])('%s is refused, and why', (text, why) => {
    expect(() => spec(text)).toThrow(why)
  })

  it.each([
    ['{method: github, clientId: x, allow: {organizations: ["a b"]}}', 'auth.allow.organizations.0: must be the name'],
    ['{method: github, clientId: x, allow: {groups: ["lab:a b"]}}', 'auth.allow.groups.0: must be as it stands'],
    ['{method: gitlab, clientId: x, allow: {groups: ["a b"]}}', 'auth.allow.groups.0: must be as it stands'],
    ['{method: github, clientId: x, adminGroups: ["lab:a b"]}', 'auth.adminGroups.0: must be as it stands'],
    ['{method: gitlab, clientId: x, groups: {"a b": ta}}', 'auth.groups.a b: must be as it stands'],
    [`{${oidc}, allow: {groups: [" staff"]}}`, 'must not be empty, nor begin or end with white space'],
    [`{${oidc}, adminGroups: ["staff "]}`, 'must not be empty, nor begin or end with white space'],
  ])('%s is refused: no such name has white space there', (text, why) => {
    expect(() => spec(text)).toThrow(why)
  })

  it('takes a group with white space inside where a provider may have one', () => {
    expect(spec(`{${oidc}, allow: {groups: [Domain Users]}}`).auth.allow.groups).toEqual(['Domain Users'])
  })

  it('names packages for one machine only', () => {
    const text = '{method: class, class: "a:B", requirements: more.txt}'
    expect(spec(text).auth.provider).toMatchObject({requirements: 'more.txt'})
    expect(() => spec(text, 'k8s')).toThrow('is for one machine')
  })

  it('asks GitHub for organizations only where a rule needs them', () => {
    expect(spec('{method: github, clientId: x}').auth.provider).toMatchObject({scopes: []})
    const {auth} = spec('{method: github, clientId: x, allow: {organizations: [Lab]}, adminGroups: ["Lab:Ops"]}')
    expect(auth).toMatchObject({
      allow: {organizations: ['lab']},
      adminGroups: ['lab:ops'],
      provider: {scopes: ['read:org']},
    })
  })

  it('knows a learning platform, which needs no secret', () => {
    const {auth} = spec(`{${lti}, groups: {TeachingAssistant: ta}}`)
    expect(auth.provider).toEqual({
      family: 'lti',
      issuer: 'https://moodle.uni.example',
      clientId: 'hub',
      authorizeUrl: 'https://moodle.uni.example/mod/lti/auth.php',
      keysUrl: 'https://moodle.uni.example/mod/lti/certs.php',
      label: 'moodle.uni.example',
      usernameClaim: 'email',
    })
    expect(secretNeeded(auth)).toBeUndefined()
    expect(whoMaySignIn(spec(`{${lti}, allow: {groups: [Learner]}, adminGroups: [Instructor]}`))).toEqual([
      'ana, ben can sign in with moodle.uni.example.',
      'Everybody who opens the hub from any course of moodle.uni.example with the role Learner can sign in.',
      'Everybody who opens the hub from any course of moodle.uni.example with the role Instructor can sign in, as admin.',
    ])
  })

  it.each([
    ['{method: lti, issuer: "https://m.example", clientId: hub}', 'the method lti needs "authorizeUrl"'],
    [`{${lti.replace('https://moodle.uni.example/mod/lti/certs', 'http://moodle.uni.example/certs')}}`, 'https://'],
    [`{${lti}, allow: {domains: [uni.example]}}`, 'does not work with the method lti'],
    ['{method: oidc, clientId: hub}', 'the method oidc needs "issuer"'],
    ['{method: oidc, issuer: https://a.example}', 'the method oidc needs "clientId"'],
    ['{method: microsoft, clientId: x}', 'the method microsoft needs "tenant"'],
    ['{method: microsoft, clientId: x, tenant: common}', 'must be the directory (tenant) ID'],
    ['{method: oidc, issuer: http://login.uni.example, clientId: x}', 'must begin with https://'],
    ['{method: oidc, issuer: "https://a.example/?x", clientId: x}', 'without ?, # and @'],
    ['{method: oidc, issuer: "https://a@b.example", clientId: x}', 'without ?, # and @'],
    ['{method: oidc, issuer: ftp://a.example, clientId: x}', 'must be an address'],
    ['{method: github, clientId: x, issuer: https://a.example}', 'is not for the method github'],
    ['{method: github, clientId: x, allow: {domains: [uni.example]}}', 'does not work with the method github'],
    [`{method: microsoft, clientId: x, tenant: ${tenant}, allow: {domains: [uni.example]}}`, 'does not verify e-mail'],
    ['{method: google, clientId: x, allow: {domains: [gmail.com]}}', 'everybody with a private address'],
    ['{method: google, clientId: x, allow: {groups: [a]}}', 'does not work with the method google'],
    ['{method: google, clientId: x, adminGroups: [a]}', 'is not for the method google'],
    ['{method: shared-password, allow: {domains: [uni.example]}}', 'does not work with the method shared-password'],
    ['{method: password, allow: {everybody: true}}', 'is not for the method password'],
    ['{allow: {everybody: true}}', 'is not for the method password'],
    [
      `{${oidc}, allow: {everybody: true, domains: [uni.example]}}`,
      'lets everybody in, so the other rules have no effect',
    ],
    [`{${oidc}, allow: {domains: ["*"]}}`, 'must be a domain'],
    [`{${oidc}, allow: {domains: [".uni.example"]}}`, 'must be a domain'],
    [`{${oidc}, allow: {everybody: false}}`, 'must be true'],
    [`{${oidc}, groups: {staff: tas}}`, 'did you mean "ta"?'],
    ['{method: ldap, base: "dc=x"}', 'the method ldap needs "server"'],
    ['{method: ldap, server: "ldaps://a.example"}', 'needs "base" or "userDn"'],
    ['{method: ldap, server: "https://a.example", base: "dc=x"}', 'must be an address, for example ldaps://'],
    ['{method: ldap, server: "ldaps://a.example/dc=x", base: "dc=x"}', 'without anything behind it'],
    ['{method: ldap, server: "ldaps://:word@a.example", base: "dc=x"}', 'without anything behind it'],
    ['{method: oidc, issuer: "https://:word@a.example", clientId: x}', 'without ?, # and @'],
    [`{${ldap}, userDn: "uid={username},dc=x"}`, 'cannot be used with "base"'],
    ['{method: ldap, server: "ldaps://a.example", userDn: "uid=x,dc=x"}', 'must have ={username} in it, once'],
    ['{method: ldap, server: "ldaps://a.example", userDn: "uid={username},dc={0}"}', 'must have ={username}'],
    [
      '{method: ldap, server: "ldaps://a.example", userDn: "uid={username}", bindDn: "cn=x"}',
      'can only be used with "base"',
    ],
    [`{${ldap}, allow: {groups: [staff]}}`, 'must be the whole name of the group'],
    [`{${ldap}, adminGroups: [staff]}`, 'must be the whole name of the group'],
    [`{${ldap}, allow: {domains: [uni.example]}}`, 'does not work with the method ldap'],
    [`{${ldap}, clientId: x}`, 'is not for the method ldap'],
    [`{${oidc}, clientSecret: x}`, 'there is no key "clientSecret" here'],
    ['{method: ouath}', 'oidc'],
  ])('%s is refused', (auth, why) => {
    expect(() => spec(auth)).toThrow(why)
  })

  it('knows a directory, and needs a password only where the hub looks as somebody', () => {
    const {auth} = spec(`{${ldap}, bindDn: "cn=hub,dc=x"}`)
    expect(auth.provider).toEqual({
      family: 'ldap',
      issuer: 'ldap.uni.example',
      server: 'ldaps://ldap.uni.example',
      label: 'ldap.uni.example',
      base: 'dc=x',
      userAttribute: 'uid',
      bindDn: 'cn=hub,dc=x',
    })
    expect([secretNeeded(auth), secretNeeded(spec(`{${ldap}}`).auth)]).toEqual([
      'the password of cn=hub,dc=x',
      undefined,
    ])
  })

  it.each(['ldaps://ldap.uni.example', 'ldap://LDAP.uni.example', 'ldaps://ldap.uni.example:6636/'])(
    'binds names at %s to the host alone',
    (server) => {
      expect(spec(`{method: ldap, server: "${server}", base: "dc=x"}`).auth.provider?.issuer).toBe('ldap.uni.example')
    },
  )

  it('is the same in a cluster', () => {
    expect(spec(`{${oidc}}`, 'k8s').auth).toEqual(spec(`{${oidc}}`).auth)
  })

  it('takes an issuer of this machine without https, for tries', () => {
    expect(spec('{method: oidc, issuer: "http://127.0.0.1:9000", clientId: x}').auth.provider?.label).toBe(
      '127.0.0.1:9000',
    )
  })
})

describe('the secret', () => {
  it('is asked for where the method has one, and is for that client alone', () => {
    expect(secretNeeded({method: 'password'})).toBeUndefined()
    expect(secretNeeded({method: 'shared-password'})).toBe("the room's password")
    const purposes = [`{${oidc}}`, `{${oidc}2}`, '{method: github, clientId: hub}'].map((each) =>
      secretPurpose(spec(each).auth),
    )
    expect(new Set(purposes).size).toBe(3)
  })
})

describe('who may sign in, in words', () => {
  it.each([
    ['{}', ['ana, ben can sign in with their own passwords.']],
    [`{${oidc}, label: Uni}`, ['ana, ben can sign in with Uni.']],
    [
      `{${oidc}, label: Uni, allow: {domains: [UNI.example], groups: [c]}, adminGroups: [a]}`,
      [
        'ana, ben can sign in with Uni.',
        'Everybody with a verified e-mail address of uni.example can sign in.',
        'Everybody in the group c of Uni can sign in.',
        'Everybody in the group a of Uni can sign in, as admin.',
      ],
    ],
    [
      `{${oidc}, label: Uni, allow: {everybody: true}}`,
      ['ana, ben can sign in with Uni.', 'Everybody with an account at Uni can sign in.'],
    ],
    [
      '{method: google, clientId: x, allow: {domains: [uni.example]}}',
      [
        'ana, ben can sign in with Google.',
        'Everybody with an account of uni.example at Google Workspace can sign in.',
      ],
    ],
    [
      '{method: shared-password}',
      [
        "Anybody with the room's password can sign in, with any of these names: ben.",
        "Anybody with the password can use anybody else's name, and can see that person's files.",
        'Admins (ana) sign in by a link: `jhub open --admin`.',
      ],
    ],
  ])('%s', (auth, sentences) => {
    expect(whoMaySignIn(spec(auth))).toEqual(sentences)
  })

  it('says it of one person as of one', () => {
    const {auth, users} = spec('{}')
    const onlyAna = new Map([...users].filter(([name]) => name === 'ana'))
    expect(whoMaySignIn({auth, users: onlyAna})).toEqual(['ana can sign in with their own password.'])
  })

  it('says which rules are new and which end', () => {
    const changed = changedRules(spec('{}'), spec(`{${oidc}, label: Uni, allow: {everybody: true}}`))
    expect(changed).toEqual({
      gain: [
        'People sign in with Uni, https://login.uni.example (client hub).',
        'Everybody with an account at Uni can sign in.',
      ],
      lose: ['People sign in with their own passwords.'],
    })
    expect(changedRules(spec(`{${oidc}}`), spec(`{${oidc}}`))).toEqual({gain: [], lose: []})
  })

  it.each([
    [`{${oidc}, label: Uni}`, `{${oidc.replace('login.', 'sso.')}, label: Uni}`, true],
    [`{${oidc}, label: Uni}`, `{${oidc.replace('clientId: hub', 'clientId: other')}, label: Uni}`, false],
    [`{${ldap}, label: Uni}`, `{${ldap.replace('dc=x', 'dc=y')}, label: Uni}`, false],
    [`{${ldap}, label: Uni}`, `{${ldap}, userAttribute: mail, label: Uni}`, true],
    [
      `{${oidc}, label: Uni}`,
      `{${oidc}, clientId: other, label: Uni, stripDomain: uni.example}`.replace('clientId: hub, ', ''),
      true,
    ],
  ])('tells two providers of one name apart: %s', (before, after, ends) => {
    const [one, other] = [spec(before), spec(after)]
    const {gain, lose} = changedRules(one, other)
    expect([gain.length, lose.length]).toEqual([1, 1])
    expect(gain).not.toEqual(lose)
    expect(endsLogins(one.auth, other.auth)).toBe(ends)
  })

  it('ends logins with another method, and not with another rule', () => {
    expect(endsLogins(spec('{}').auth, spec(`{${oidc}}`).auth)).toBe(true)
    expect(endsLogins(spec(`{${oidc}}`).auth, spec(`{${oidc}, allow: {everybody: true}}`).auth)).toBe(false)
  })
})

describe('another way to sign in', () => {
  it('takes the place of the one before and leaves the rest of the file', () => {
    const source = 'version: 1\nname: w\nmode: vm\nauth: {method: github, clientId: x}  # ours\nusers: [ana]  # one\n'
    const next = setAuth(source, {method: 'google', clientId: 'y'})
    expect(parseHubSpec(next).auth.provider).toMatchObject({clientId: 'y', label: 'Google'})
    expect(next).toContain('users: [ana]  # one')
    expect(parseHubSpec(setAuth(next, {})).auth.method).toBe('password')
  })
})

describe('another way to sign in', () => {
  const before = `version: 1
auth:
  # Agreed with the computing centre.
  method: oidc
  issuer: https://old.example # until May
  clientId: hub # theirs
  allow:
    domains: [uni.example] # students too
groups: {}
`

  it('keeps the comments of what stays', () => {
    const auth: AuthDocument = {
      method: 'oidc',
      issuer: 'https://new.example',
      clientId: 'hub',
      allow: {domains: ['uni.example']},
    }
    expect(setAuth(before, auth)).toBe(before.replace('https://old.example', 'https://new.example'))
  })

  it('takes out what is not of the new one', () => {
    expect(setAuth(before, {method: 'shared-password'})).toBe(
      'version: 1\nauth:\n  # Agreed with the computing centre.\n  method: shared-password\ngroups: {}\n',
    )
    expect(setAuth(before, {})).toBe('version: 1\ngroups: {}\n')
  })
})
