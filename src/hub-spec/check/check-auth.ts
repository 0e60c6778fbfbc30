import {definedOnly} from '../../defined-only.js'
import type {AuthDocument, AuthMethod} from '../auth/auth-document.js'
import {normaliseGroupName} from '../people/group-name.js'
import type {HubDocument} from '../hub-spec.js'
import {groupPlaces} from './group-places.js'
import {isKeptApart} from '../auth/kept-apart.js'
import {nearest} from '../document/nearest.js'
import {checkClass} from './check-class.js'
import {checkDirectory} from './check-directory.js'
import type {DocumentProblem} from './document-problem.js'

type Key = Exclude<keyof AuthDocument, 'method'>

const common: readonly Key[] = ['clientId', 'label', 'stripDomain', 'ca', 'allow', 'adminGroups', 'groups']

/** Which keys go with a method, and which of them it is nothing without. */
const methods: Readonly<Record<AuthMethod, {readonly keys: readonly Key[]; readonly needs: readonly Key[]}>> = {
  password: {keys: [], needs: []},
  'shared-password': {keys: ['allow'], needs: []},
  oidc: {
    keys: [...common, 'issuer', 'scopes', 'usernameClaim', 'groupsClaim'],
    needs: ['issuer', 'clientId'],
  },
  github: {keys: ['clientId', 'url', 'label', 'ca', 'allow', 'adminGroups', 'groups'], needs: ['clientId']},
  google: {keys: ['clientId', 'label', 'stripDomain', 'allow'], needs: ['clientId']},
  gitlab: {keys: [...common, 'issuer'], needs: ['clientId']},
  microsoft: {keys: [...common.filter((key) => key !== 'ca'), 'tenant'], needs: ['clientId', 'tenant']},
  cilogon: {
    keys: [...common.filter((key) => key !== 'ca'), 'identityProviders', 'usernameClaim', 'groupsClaim', 'scopes'],
    needs: ['clientId', 'identityProviders'],
  },
  class: {
    keys: [
      ...common.filter((key) => key !== 'clientId' && key !== 'ca'),
      'class',
      'config',
      'secretTrait',
      'requirements',
    ],
    needs: ['class'],
  },
  ldap: {
    keys: [...common.filter((key) => key !== 'clientId'), 'server', 'base', 'userAttribute', 'bindDn', 'userDn'],
    needs: ['server'],
  },
  lti: {
    keys: [...common, 'issuer', 'authorizeUrl', 'keysUrl', 'usernameClaim', 'deployments'],
    needs: ['issuer', 'clientId', 'authorizeUrl', 'keysUrl'],
  },
}

/** Which ways of `allow` a method can tell, and why not the others. */
const tells: Readonly<Record<AuthMethod, readonly (keyof NonNullable<AuthDocument['allow']>)[]>> = {
  password: [],
  'shared-password': ['everybody'],
  oidc: ['everybody', 'domains', 'groups'],
  github: ['everybody', 'groups', 'organizations'],
  google: ['everybody', 'domains'],
  gitlab: ['everybody', 'domains', 'groups'],
  microsoft: ['everybody', 'groups'],
  cilogon: ['everybody', 'groups'],
  ldap: ['everybody', 'groups'],
  class: ['everybody', 'groups'],
  lti: ['everybody', 'groups'],
}

/** The keys of a method, whole and none of another's; groups that are there; addresses that nobody else can read. */
export function checkAuth({auth, groups, mode}: HubDocument): readonly DocumentProblem[] {
  if (auth === undefined) return []
  const {method = 'password'} = auth
  const {keys, needs} = methods[method]
  const given = Object.keys(auth).filter((key): key is Key => key !== 'method')
  const at = (key: string, problem: string): DocumentProblem => ({path: ['auth', key], problem})
  return [
    ...given.filter((key) => !keys.includes(key)).map((key) => at(key, `is not for the method ${method}`)),
    ...needs
      .filter((key) => auth[key] === undefined)
      .map((key): DocumentProblem => ({
        path: ['auth'],
        problem: `the method ${method} needs "${key}"`,
        missing: key,
      })),
    ...checkAllow(method, auth),
    ...checkAddresses(auth),
    ...(method === 'github' || method === 'gitlab' ? checkGroupNames(auth) : []),
    ...(method === 'ldap' ? checkDirectory(auth) : []),
    ...(method === 'class' ? checkClass(auth, mode) : []),
    ...checkGroups(auth, Object.keys(groups ?? {})),
  ]
}

function checkAllow(method: AuthMethod, {allow}: AuthDocument): readonly DocumentProblem[] {
  if (method === 'password') return []
  const ways = Object.keys(allow ?? {})
  return [
    ...ways
      .filter((key) => !tells[method].some((told) => told === key))
      .map((key) => ({path: ['auth', 'allow', key], problem: whyNot(method, key)})),
    ...(allow?.everybody === true && ways.length > 1
      ? [
          {
            path: ['auth', 'allow', 'everybody'],
            problem: 'lets everybody in, so the other rules have no effect; remove one of them',
          },
        ]
      : []),
    ...(allow?.domains ?? []).flatMap((domain, index) =>
      /^(?:gmail|googlemail)\.com$/i.test(domain) && method === 'google'
        ? [{path: ['auth', 'allow', 'domains', index], problem: 'is everybody with a private address at Google'}]
        : [],
    ),
  ]
}

function whyNot(method: AuthMethod, key: string): string {
  if (method === 'microsoft' && key === 'domains')
    return 'does not work: Microsoft does not verify e-mail addresses; for everybody in the tenant, write {everybody: true}'
  return `does not work with the method ${method}`
}

/** Whoever can read the way to a provider can be anybody. */
function checkAddresses(auth: AuthDocument): readonly DocumentProblem[] {
  return (['issuer', 'url', 'authorizeUrl', 'keysUrl'] as const).flatMap((key) => {
    const text = auth[key]
    if (text === undefined) return []
    const url = new URL(text)
    const {search, hash, username, password} = url
    const at = (problem: string) => [{path: ['auth', key], problem}]
    if ([search, hash, username, password].some((part) => part !== ''))
      return at('must be an address without ?, # and @')
    return isKeptApart(url)
      ? []
      : at('must begin with https://, so that nobody in between can pretend to be somebody else')
  })
}

/** GitHub and GitLab name teams and groups as they stand in addresses. */
function checkGroupNames(auth: AuthDocument): readonly DocumentProblem[] {
  return groupPlaces(auth)
    .filter(({group}) => /\s/.test(group))
    .map(({path}) => ({path, problem: 'must be as it stands in an address, without white space'}))
}

function checkGroups({groups = {}}: AuthDocument, known: readonly string[]): readonly DocumentProblem[] {
  return Object.entries(groups).flatMap(([theirs, ours]) => {
    const names = known.map(plainGroup)
    if (names.includes(plainGroup(ours))) return []
    const suggestion = nearest(ours, known)
    return [
      {
        path: ['auth', 'groups', theirs],
        problem: `names the group "${ours}", which does not exist`,
        ...definedOnly({suggestion}),
      },
    ]
  })
}

/** Names that cannot be are complained of elsewhere. */
function plainGroup(name: string): string {
  try {
    return normaliseGroupName(name)
  } catch {
    return name
  }
}
