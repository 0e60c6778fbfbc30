import fc from 'fast-check'
import {JhubError} from '../../src/errors.js'
import {signInSettings} from '../../src/engines/sign-in/sign-in-settings.js'
import {whoMaySignIn} from '../../src/hub-spec/auth/describe-auth.js'
import {renderYaml} from '../../src/hub-spec/document/yaml-text.js'
import {parseHubSpec} from '../../src/hub-spec/parse-hub-spec.js'

// Prints made-up settings files that jhub accepts: what the hub is told of their sign-in, and what `jhub auth show` says of it.

const oneOf = (...texts: readonly string[]) => fc.constantFrom(...texts)
const some = (texts: fc.Arbitrary<string>) => fc.uniqueArray(texts, {maxLength: 2})
const group = oneOf('staff', 'Staff', 'Learner', 'lab:team', 'cn=staff,dc=uni,dc=example')
const optional = {requiredKeys: []}
const allow = fc.record(
  {
    everybody: fc.constant(true),
    domains: some(oneOf('uni.example', 'UNI.example', 'cs.uni.example')),
    groups: some(group),
    organizations: some(oneOf('lab', 'Lab')),
  },
  optional,
)
const rules = fc.record(
  {
    allow: fc.oneof(allow, fc.record({domains: some(oneOf('uni.example'))}), fc.record({groups: some(group)})),
    adminGroups: some(group),
    groups: fc.dictionary(group, fc.constant('ta'), {maxKeys: 2}),
    stripDomain: oneOf('uni.example'),
  },
  optional,
)
const client = {clientId: 'hub'}
const lti = {issuer: 'https://m.example', authorizeUrl: 'https://m.example/a', keysUrl: 'https://m.example/k'}
const methods: readonly Readonly<Record<string, unknown>>[] = [
  {method: 'oidc', issuer: 'https://login.uni.example', ...client},
  {method: 'oidc', issuer: 'https://login.uni.example', usernameClaim: 'email', ...client},
  {method: 'github', ...client},
  {method: 'google', ...client},
  {method: 'gitlab', ...client},
  {method: 'microsoft', tenant: '8eaef023-2b34-4da1-9baa-8bc8c9d6a490', ...client},
  {method: 'cilogon', identityProviders: ['https://idp.uni.example'], ...client},
  {method: 'ldap', server: 'ldaps://ldap.uni.example', base: 'dc=uni,dc=example'},
  {method: 'lti', ...lti, ...client},
  {method: 'class', class: 'announced:Said'},
  {method: 'shared-password'},
]
const users = fc.dictionary(oneOf('ana', 'ben', 'cleo@uni.example'), fc.record({admin: fc.boolean()}), {
  noNullPrototype: true,
})

/** Nothing for a settings file that jhub refuses. */
function announced(auth: object, people: object): object[] {
  const source = renderYaml({version: 1, name: 'hub', mode: 'vm', auth, groups: {ta: {}}, users: people})
  try {
    const spec = parseHubSpec(source)
    return [{settings: signInSettings(spec.auth, ''), who: whoMaySignIn(spec), people: Object.fromEntries(spec.users)}]
  } catch (error) {
    if (error instanceof JhubError) return []
    throw error
  }
}

const each = Number(process.argv[2])
const tried = methods.flatMap((method) => [
  ...announced(method, {ana: {admin: true}}),
  ...fc.sample(fc.tuple(rules, users), each).flatMap(([rule, people]) => announced({...method, ...rule}, people)),
])
console.log(JSON.stringify(tried))
