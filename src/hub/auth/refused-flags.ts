import {JhubError} from '../../errors.js'
import {problemsOf, type SpecProblem} from '../../hub-spec/document/spec-problem.js'

/** Keys of `auth` whose flag has another name. */
const flags: Readonly<Record<string, string>> = {
  scopes: 'scope',
  identityProviders: 'identity-provider',
  deployments: 'deployment',
  config: 'set',
  groups: 'map-group',
  adminGroups: 'admin-group',
  'allow.everybody': 'allow-everybody',
  'allow.domains': 'allow-domain',
  'allow.groups': 'allow-group',
  'allow.organizations': 'allow-organization',
}

/**
 * What the settings file cannot say of signing in was typed as flags of `auth set`, so they are named (`JHUB-E100`) and no line of
 * the file. Other errors stay as they are.
 */
export function refusedFlags(error: unknown): unknown {
  const problems = problemsOf(error)
  if (problems.length === 0 || !problems.every(({path}) => /^auth(?:\.|$)/.test(path))) return error
  return new JhubError('JHUB-E100', `Nothing was changed: ${problems.map(sentence).join('; ')}`, {
    fix: 'jhub auth set --help',
  })
}

function sentence({path, problem}: SpecProblem): string {
  const [, key] = /^auth\.((?:allow\.)?\w+)/.exec(path) ?? []
  if (key !== undefined) return `${flagOf(key)} ${problem}`
  return problem.replace(/"(\w+)"/g, (_, needed: string) => flagOf(needed))
}

function flagOf(key: string): string {
  return `--${flags[key] ?? key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
