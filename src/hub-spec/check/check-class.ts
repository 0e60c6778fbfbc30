import type {AuthDocument} from '../auth/auth-document.js'
import {hideSecrets, withoutHidden} from '../import/z2jh/secret-values.js'
import type {DocumentProblem} from './document-problem.js'

/** Traits by which an authenticator itself would say who comes in, and as what. */
const decides =
  /^(?:allow|admin_|any_allow|blocked_|manage_|username_(?:map|pattern)$|enable_auth_state$|delete_invalid_users$|auth_refresh_|refresh_)/

/** Traits that are jhub's own. */
const own = new Set(['settings', 'secret'])

/** An authenticator of others: who comes in is said where `jhub auth show` reads it, and secrets are not in the file. */
export function checkClass(
  {config = {}, secretTrait, requirements}: AuthDocument,
  mode: 'vm' | 'k8s',
): readonly DocumentProblem[] {
  const at = (problem: string, ...path: readonly string[]): DocumentProblem => ({path: ['auth', ...path], problem})
  return [
    ...Object.keys(config).flatMap((trait) => {
      if (decides.test(trait))
        return [at('decides who can sign in, which jhub does: use "users" and "auth.allow"', 'config', trait)]
      return own.has(trait) ? [at('is a trait of jhub', 'config', trait)] : []
    }),
    ...withoutHidden(hideSecrets(config)).paths.map((path) =>
      at(
        'is a secret, which does not belong in this file: name it in "secretTrait", then run jhub auth secret',
        'config',
        ...path,
      ),
    ),
    ...(secretTrait !== undefined && Object.hasOwn(config, secretTrait)
      ? [at('is the secret, which does not belong in this file: run jhub auth secret', 'config', secretTrait)]
      : []),
    ...(requirements !== undefined && mode === 'k8s'
      ? [at("is for one machine: in a cluster, the image of the chart's hub has the packages", 'requirements')]
      : []),
  ]
}
