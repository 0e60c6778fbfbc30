import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {importTljhConfig} from '../../../../src/hub-spec/import/import-tljh-config.js'
import {signInFindings} from '../../../../src/findings/sign-in-findings.js'
import {issuerOf} from '../../../../src/hub-spec/import/sign-in/issuer-of.js'
import {importValues} from '../../../../src/hub-spec/import/z2jh/import-values.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'
import {renderYaml} from '../../../../src/hub-spec/document/yaml-text.js'

/** The same configuration of an authenticator in the values of a chart, and in TLJH's file. */
interface Configuration {
  readonly use: string
  readonly config: Readonly<Record<string, unknown>>
}

function byValues({use, config}: Configuration) {
  const text = renderYaml({hub: {config: {JupyterHub: {authenticator_class: use}, ...config}}})
  const {document, notes} = importValues([{name: 'values.yaml', text}], {name: 'x', cluster: 'kind'})
  const source = renderYaml(document)
  return {auth: document['auth'], spec: parseHubSpec(source), notes: notes.join('\n'), source}
}

function byTljh({use, config}: Configuration) {
  const {source, notes} = importTljhConfig(
    {directory: '/opt/tljh', configFile: 'config.yaml', config: renderYaml({auth: {type: use, ...config}}), users: []},
    'x',
  )
  return {spec: parseHubSpec(source), notes: notes.join('\n'), source}
}

const keycloak = 'https://login.uni.example/realms/uni/protocol/openid-connect'
const secret = 'SECRET-value-1'

describe('an authenticator of JupyterHub becomes the sign-in of a spec', () => {
  it.each<[string, Configuration, object]>([
    [
      'GitHub',
      {
        use: 'github',
        config: {
          GitHubOAuthenticator: {
            client_id: 'id-1',
            client_secret: secret,
            oauth_callback_url: 'https://hub.example/hub/oauth_callback',
            allowed_organizations: ['lab', 'uni:course-42'],
            scope: ['read:org'],
          },
        },
      },
      {method: 'github', clientId: 'id-1', allow: {groups: ['uni:course-42'], organizations: ['lab']}},
    ],
    [
      'GitHub Enterprise, everybody',
      {
        use: 'oauthenticator.github.LocalGitHubOAuthenticator',
        config: {
          LocalGitHubOAuthenticator: {client_id: 'id-1', github_url: 'https://git.uni.example'},
          OAuthenticator: {allow_all: true},
        },
      },
      {method: 'github', clientId: 'id-1', url: 'https://git.uni.example', allow: {everybody: true}},
    ],
    [
      'Google, one domain',
      {
        use: 'google',
        config: {
          GoogleOAuthenticator: {
            client_id: 'id-1',
            hosted_domain: ['Uni.example'],
            login_service: 'Our university',
            allow_all: true,
          },
        },
      },
      {
        method: 'google',
        clientId: 'id-1',
        label: 'Our university',
        stripDomain: 'uni.example',
        allow: {domains: ['uni.example']},
      },
    ],
    [
      'Google, domains that let nobody in',
      {use: 'google', config: {GoogleOAuthenticator: {client_id: 'id-1', hosted_domain: ['a.example', 'b.example']}}},
      {method: 'google', clientId: 'id-1'},
    ],
    [
      'Google, whole names',
      {
        use: 'google',
        config: {
          GoogleOAuthenticator: {client_id: 'i', hosted_domain: ['a.example'], strip_domain: false, allow_all: true},
        },
      },
      {method: 'google', clientId: 'i', allow: {domains: ['a.example']}},
    ],
    [
      'any OpenID Connect provider',
      {
        use: 'generic-oauth',
        config: {
          GenericOAuthenticator: {
            client_id: 'hub',
            client_secret: secret,
            login_service: 'keycloak',
            authorize_url: `${keycloak}/auth`,
            token_url: `${keycloak}/token`,
            userdata_url: `${keycloak}/userinfo`,
            scope: ['profile', 'realm_groups'],
            username_key: 'preferred_username',
            claim_groups_key: 'eduperson_entitlement',
            allowed_groups: ['jupyter-users'],
            admin_groups: ['jupyter-admins'],
            manage_groups: true,
          },
        },
      },
      {
        method: 'oidc',
        issuer: 'https://login.uni.example/realms/uni',
        clientId: 'hub',
        label: 'keycloak',
        scopes: ['openid', 'profile', 'realm_groups'],
        usernameClaim: 'preferred_username',
        groupsClaim: 'eduperson_entitlement',
        allow: {groups: ['jupyter-users']},
        adminGroups: ['jupyter-admins'],
      },
    ],
    [
      'Auth0',
      {use: 'auth0', config: {Auth0OAuthenticator: {client_id: 'i', auth0_domain: 'uni.eu.auth0.com'}}},
      {method: 'oidc', issuer: 'https://uni.eu.auth0.com/', clientId: 'i', usernameClaim: 'email'},
    ],
    [
      'Azure AD',
      {
        use: 'azuread',
        config: {
          AzureAdOAuthenticator: {client_id: 'i', tenant_id: '1b671a64-40d5-491e-99b0-da01ff1f3341', allow_all: true},
        },
      },
      {
        method: 'microsoft',
        clientId: 'i',
        tenant: '1b671a64-40d5-491e-99b0-da01ff1f3341',
        allow: {everybody: true},
      },
    ],
    [
      'CILogon',
      {
        use: 'cilogon',
        config: {
          CILogonOAuthenticator: {
            client_id: 'i',
            allowed_idps: {
              'https://idp.uni.example/shibboleth': {
                username_derivation: {username_claim: 'email', action: 'strip_idp_domain', domain: 'uni.example'},
                allow_all: true,
              },
            },
          },
        },
      },
      {
        method: 'cilogon',
        clientId: 'i',
        identityProviders: ['https://idp.uni.example/shibboleth'],
        usernameClaim: 'email',
        stripDomain: 'uni.example',
        allow: {everybody: true},
      },
    ],
    [
      'CILogon with two institutions, of which one is open',
      {
        use: 'cilogon',
        config: {
          CILogonOAuthenticator: {
            client_id: 'i',
            allowed_idps: {'urn:mace:uni': {allow_all: true}, 'https://idp.other.example': {}},
            scope: ['openid', 'org.example.extra'],
          },
        },
      },
      {
        method: 'cilogon',
        clientId: 'i',
        identityProviders: ['urn:mace:uni', 'https://idp.other.example'],
        scopes: ['openid', 'email', 'org.cilogon.userinfo', 'org.example.extra'],
      },
    ],
    [
      'GitLab',
      {
        use: 'gitlab',
        config: {
          GitLabOAuthenticator: {
            client_id: 'i',
            gitlab_url: 'https://gitlab.uni.example',
            allowed_gitlab_groups: ['lab/course'],
          },
        },
      },
      {method: 'gitlab', clientId: 'i', issuer: 'https://gitlab.uni.example', allow: {groups: ['lab/course']}},
    ],
    [
      'LDAP by the name',
      {
        use: 'ldapauthenticator.LDAPAuthenticator',
        config: {
          LDAPAuthenticator: {
            server_address: 'ldap.uni.example',
            bind_dn_template: ['cn={username},ou=edir,o=UNI'],
            allowed_groups: ['cn=course,ou=groups,o=UNI'],
          },
        },
      },
      {
        method: 'ldap',
        server: 'ldap://ldap.uni.example',
        userDn: 'cn={username},ou=edir,o=UNI',
        allow: {groups: ['cn=course,ou=groups,o=UNI']},
      },
    ],
    [
      'LDAP by looking',
      {
        use: 'ldap',
        config: {
          LDAPAuthenticator: {
            server_address: 'ldap.uni.example',
            server_port: 636,
            use_ssl: true,
            bind_dn_template: ['uid={username},ou=people,dc=uni', 'uid={username},ou=developers,dc=uni'],
            lookup_dn: true,
            lookup_dn_search_user: 'cn=hub,dc=uni',
            lookup_dn_search_password: secret,
            lookup_dn_search_filter: '({login_attr}={login})',
            user_search_base: 'dc=uni',
            user_attribute: 'sAMAccountName',
          },
        },
      },
      {
        method: 'ldap',
        server: 'ldaps://ldap.uni.example:636',
        base: 'dc=uni',
        userAttribute: 'sAMAccountName',
        bindDn: 'cn=hub,dc=uni',
      },
    ],
    [
      'LTI 1.3',
      {
        use: 'ltiauthenticator.lti13.auth.LTI13Authenticator',
        config: {
          LTI13Authenticator: {
            issuer: 'https://moodle.uni.example',
            client_id: ['hub-1'],
            authorize_url: 'https://moodle.uni.example/mod/lti/auth.php',
            jwks_endpoint: 'https://moodle.uni.example/mod/lti/certs.php',
            username_key: 'custom_login',
          },
        },
      },
      {
        method: 'lti',
        issuer: 'https://moodle.uni.example',
        clientId: 'hub-1',
        authorizeUrl: 'https://moodle.uni.example/mod/lti/auth.php',
        keysUrl: 'https://moodle.uni.example/mod/lti/certs.php',
        usernameClaim: 'custom_login',
      },
    ],
    [
      'one password for a room',
      {use: 'dummy', config: {DummyAuthenticator: {password: secret}}},
      {method: 'shared-password', allow: {everybody: true}},
    ],
    [
      'one password for those who are named',
      {
        use: 'shared-password',
        config: {SharedPasswordAuthenticator: {user_password: secret}, Authenticator: {allowed_users: ['ana']}},
      },
      {method: 'shared-password'},
    ],
  ])('%s', (_, configuration, auth) => {
    const [values, tljh] = [byValues(configuration), byTljh(configuration)]
    expect(values.auth).toEqual(auth)
    expect(tljh.spec.auth).toEqual(values.spec.auth)
    for (const {source, notes} of [values, tljh]) expect(source + notes).not.toContain(secret)
  })

  it.each([
    'native',
    'firstuse',
    'nativeauthenticator.NativeAuthenticator',
    'firstuseauthenticator.FirstUseAuthenticator',
  ])('%s: with new passwords', (use) => {
    const {spec, notes} = byValues({use, config: {Authenticator: {allowed_users: ['ana']}}})
    expect(spec.auth.method).toBe('password')
    expect([...spec.users.keys()]).toEqual(['ana'])
    expect(notes).toContain('everybody gets a new one')
  })
})

describe('what a hub let in, and a spec does not', () => {
  it.each([
    ['a room without a password', 'dummy', {}, 'without a password it lets anybody in under any name'],
    ['an account at the machine', 'pam', {}, 'pam is left out'],
    ['anybody with a name', 'tmp', {}, 'tmp is left out'],
    ['a word that every object of JavaScript has', 'constructor', {}, 'constructor is left out'],
  ])('%s', (_, use, traits, words) => {
    const {spec, notes} = byValues({use, config: {[use]: traits}})
    expect(spec.auth.method).toBe('password')
    expect(notes).toContain(words)
  })

  it.each([byValues, byTljh])('is said of a Dummy, with what to type for its password', (imported) => {
    const {spec, notes} = imported({use: 'dummy', config: {DummyAuthenticator: {password: secret}}})
    expect(spec.auth.method).toBe('shared-password')
    expect(notes).toMatch(/DummyAuthenticator\.password.* is left out, and so is the class/)
    expect(notes).toContain('`jhub auth secret` asks for')
  })

  it('is said: an old chart let everybody in without allow_all', () => {
    const {notes} = byValues({use: 'github', config: {GitHubOAuthenticator: {client_id: 'i'}}})
    expect(notes).toContain('Only people under users can sign in')
  })

  it.each([byValues, byTljh])('is everybody, where somebody is blocked', (imported) => {
    const {spec, notes} = imported({
      use: 'github',
      config: {GitHubOAuthenticator: {client_id: 'i', allow_all: true, blocked_users: ['mallory']}},
    })
    expect(spec.auth.allow.everybody).toBe(false)
    expect(notes).toMatch(/auth\.allow is left out/)
  })

  const directory = {server_address: 'ldap.uni.example', lookup_dn: true, user_search_base: 'ou=people'}
  it.each([
    ['ldap', 'LDAPAuthenticator', {...directory, search_filter: '(memberOf=cn=course)'}],
    ['github', 'GitHubOAuthenticator', {client_id: 'i', username_pattern: 'uni-.*'}],
  ])('is everybody, where a filter kept some of them out: %s', (use, name, traits) => {
    const rules = {allow_all: true, admin_groups: ['staff'], allowed_groups: ['course']}
    const {spec, notes} = byValues({use, config: {[name]: {...traits, ...rules}}})
    expect(spec.auth).toMatchObject({allow: {everybody: false, groups: []}, adminGroups: []})
    expect(notes).toContain('jhub imports no rule for auth.allow')
  })

  it.each<[string, Configuration, readonly string[]]>([
    [
      'pages and ways of a provider',
      {
        use: 'generic-oauth',
        config: {
          GenericOAuthenticator: {
            client_id: 'i',
            authorize_url: `${keycloak}/auth`,
            token_url: `${keycloak}/token`,
            userdata_url: 'https://people.uni.example/me',
            userdata_params: {state: 'state'},
            basic_auth: false,
          },
        },
      },
      [
        'GenericOAuthenticator.token_url (line 8) is left out: the issuer itself says where that is.',
        'GenericOAuthenticator.userdata_url (line 9) is left out: names and groups of people are what the issuer says',
        '(userdata_params, basic_auth) is left out: oidc has no such setting here.',
      ],
    ],
    [
      'which institution CILogon shows',
      {
        use: 'cilogon',
        config: {
          CILogonOAuthenticator: {
            client_id: 'i',
            allowed_idps: {'urn:mace:uni': {}, 'urn:mace:other': {default: true}},
            shown_idps: ['urn:mace:uni'],
            skin: 'uni',
            scope: ['openid', 'org.example.extra'],
          },
        },
      },
      [
        'proposes urn:mace:other; that is left out: CILogon asks people for their institution.',
        '(shown_idps, skin) is left out: cilogon has no such setting here.',
      ],
    ],
  ])('names what has no place: %s', (_, configuration, said) => {
    const {notes} = byValues(configuration)
    for (const each of said) expect(notes).toContain(each)
  })

  it('is nobody by an address that anybody could answer at, until somebody writes another', () => {
    const {spec, notes} = byValues({
      use: 'generic-oauth',
      config: {
        GenericOAuthenticator: {client_id: 'i', authorize_url: 'http://login.uni.example/auth', allow_all: true},
      },
    })
    expect(spec.auth).toMatchObject({method: 'oidc', provider: {issuer: 'https://YOUR-ISSUER.invalid', clientId: 'i'}})
    expect(notes).toContain('is by plain HTTP')
    expect(notes).not.toContain('is read as the issuer')
    expect(notes).toContain('auth.issuer is not given here')
    expect(signInFindings(spec.auth, undefined)).toContainEqual(expect.objectContaining({check: 'auth.issuer'}))
  })

  it('is a provider whose client stands elsewhere, until somebody writes it', () => {
    const {spec, notes} = byValues({use: 'github', config: {GitHubOAuthenticator: {allow_all: true}}})
    expect(spec.auth.provider).toMatchObject({family: 'github', clientId: 'YOUR-CLIENT-ID'})
    expect(notes).toContain('YOUR-CLIENT-ID')
  })

  it.each<[string, Configuration, object]>([
    [
      'auth.issuer',
      {
        use: 'generic-oauth',
        config: {
          GenericOAuthenticator: {
            client_id: 'hub',
            token_url: 'https://id.uni.example/token',
            userdata_url: 'https://id.uni.example/userinfo',
            username_claim: 'email',
            allowed_groups: ['physics'],
            admin_groups: ['staff'],
          },
        },
      },
      {
        method: 'oidc',
        provider: {clientId: 'hub', usernameClaim: 'email'},
        allow: {everybody: false, groups: ['physics']},
        adminGroups: ['staff'],
      },
    ],
    [
      'auth.tenant',
      {use: 'azuread', config: {AzureAdOAuthenticator: {client_id: 'hub', allow_all: true}}},
      {method: 'microsoft', provider: {clientId: 'hub'}, allow: {everybody: true}},
    ],
    [
      'auth.server',
      {use: 'ldap', config: {LDAPAuthenticator: {allowed_groups: ['cn=a,dc=uni'], user_search_base: 'ou=people'}}},
      {method: 'ldap', provider: {base: 'ou=people'}, allow: {groups: ['cn=a,dc=uni']}},
    ],
    [
      'auth.keysUrl',
      {use: 'lti13', config: {LTI13Authenticator: {client_id: ['hub'], issuer: 'https://moodle.uni.example'}}},
      {method: 'lti', provider: {clientId: 'hub', issuer: 'https://moodle.uni.example'}},
    ],
  ])('and %s is written by somebody where the configuration does not say it; the rest is kept', (key, from, auth) => {
    for (const read of [byValues, byTljh]) {
      const {spec, notes} = read({...from, config: {...from.config, Authenticator: {allowed_users: ['ana']}}})
      expect(spec.auth).toMatchObject(auth)
      expect(spec.users.has('ana')).toBe(true)
      expect(notes).toContain(`${key} is not given here: write it in place of`)
      expect(signInFindings(spec.auth, undefined)).toContainEqual(
        expect.objectContaining({check: key, state: 'problem'}),
      )
    }
  })

  it('never more than the configuration said', () => {
    const use = fc.constantFrom(
      'github',
      'google',
      'gitlab',
      'azuread',
      'generic-oauth',
      'auth0',
      'ldap',
      'shared-password',
      'pam',
    )
    const odd = fc.oneof(
      fc.boolean(),
      fc.constantFrom('true', 'yes', '', 'a.example', '*'),
      fc.integer(),
      fc.constant(null),
    )
    const traits = fc.dictionary(
      fc.constantFrom(
        ...['client_id', 'client_secret', 'hosted_domain', 'allowed_organizations', 'allowed_groups', 'authorize_url'],
        ...[
          'tenant_id',
          'server_address',
          'bind_dn_template',
          'user_password',
          'allowed_users',
          'allow_existing_users',
        ],
      ),
      fc.oneof(odd, fc.array(odd)),
    )
    fc.assert(
      fc.property(use, traits, fc.oneof(odd, fc.array(odd)), (name, some, all) => {
        const config = {Authenticator: {...some, allow_all: all}}
        // The chart's YAML reads `yes` as true, TLJH's as a word.
        const isOpen = all === true || all === 'true'
        const opened = (imported: typeof byValues | typeof byTljh) =>
          imported({use: name, config}).spec.auth.allow.everybody
        expect(!opened(byValues) || isOpen || all === 'yes').toBe(true)
        expect(!opened(byTljh) || isOpen).toBe(true)
      }),
      {numRuns: 100},
    )
  })
})

describe('admins', () => {
  it('of JupyterHub itself are those of the spec', () => {
    const {spec} = byValues({use: 'github', config: {GitHubOAuthenticator: {client_id: 'i'}}})
    expect(spec.users.size).toBe(0)
    const text = 'hub: {config: {JupyterHub: {authenticator_class: google, admin_users: [ana@uni.example]}}}'
    const {document} = importValues([{name: 'values.yaml', text}], {name: 'x'})
    expect(document['users']).toEqual({'ana@uni.example': {admin: true}})
    expect(JSON.stringify(document['k8s'])).not.toContain('admin_users')
  })
})

describe('the issuer behind a sign-in page', () => {
  it.each([
    [`${keycloak}/auth`, 'https://login.uni.example/realms/uni'],
    ['https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/auth', 'https://aai.egi.eu/auth/realms/egi'],
    ['https://login.microsoftonline.com/T/oauth2/v2.0/authorize', 'https://login.microsoftonline.com/T/v2.0'],
    ['https://accounts.google.com/o/oauth2/v2/auth', 'https://accounts.google.com'],
    ['https://uni.eu.auth0.com/authorize', 'https://uni.eu.auth0.com/'],
    ['https://uni.okta.com/oauth2/v1/authorize', 'https://uni.okta.com'],
    ['https://uni.okta.com/oauth2/default/v1/authorize', 'https://uni.okta.com/oauth2/default'],
    ['https://dex.uni.example/dex/auth', 'https://dex.uni.example/dex'],
    ['https://gitlab.uni.example/oauth/authorize', 'https://gitlab.uni.example'],
    ['https://login.uni.example/idp/profile/oidc/authorize', 'https://login.uni.example/idp/profile'],
    ['https://login.uni.example/sso.php?x=1', 'https://login.uni.example'],
    ['{{ .OIDC.Endpoint }}', undefined],
  ])('%s', (page, issuer) => {
    expect(issuerOf(page)).toBe(issuer)
  })
})
