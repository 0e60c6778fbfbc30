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
  return new JhubError('JHUB-E100', `Nothing was changed: ${sentences(problems).join('; ')}`, {
    fix: 'jhub auth set --help',
  })
}

/** All that a method needs is one sentence. */
function sentences(problems: readonly SpecProblem[]): readonly string[] {
  const [one, ...others] = problems.filter(({problem}) => needs.test(problem))
  const rest = problems.filter((each) => !needs.test(each.problem)).map(sentence)
  if (one === undefined) return rest
  const all = [sentence(one), ...others.map((each) => sentence(each).replace(needs, ''))]
  return [new Intl.ListFormat('en-GB').format(all), ...rest]
}

const needs = /^the method \S+ needs /

function sentence({path, problem, suggestion}: SpecProblem): string {
  const [, key] = /^auth\.((?:allow\.)?\w+)/.exec(path) ?? []
  const words = problem.replace(/(?<=\b(?:with|needs|or) )"(\w+)"/g, (_, named: string) => flagOf(named))
  const hint = suggestion === undefined ? '' : ` (did you mean "${suggestion}"?)`
  return `${key === undefined ? '' : `${flagOf(key)} `}${words}${hint}`
}

function flagOf(key: string): string {
  return `--${flags[key] ?? key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
