import {JhubError} from '../../../errors.js'
import type {HubSpec, UserSpec} from '../../../hub-spec/hub-spec.js'
import {insteadOf} from '../../../hub-spec/edit/not-there.js'
import {nearest} from '../../../hub-spec/document/nearest.js'
import {normaliseUserName} from '../../../hub-spec/people/user-name.js'

/** A person of the spec. Throws `JHUB-E302` with the nearest name. */
export function requireUser(spec: HubSpec, text: string): {readonly name: string; readonly user: UserSpec} {
  const name = normaliseUserName(text)
  const user = spec.users.get(name)
  if (user !== undefined) return {name, user}
  const known = [...spec.users.keys()]
  const suggestion = nearest(name, known)
  throw new JhubError(
    'JHUB-E302',
    `There is no user "${name}"${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`,
    {
      fix: insteadOf(name, known, [`jhub user add ${name}`, 'jhub user list']),
    },
  )
}
