import {className, isAuthenticator} from './authenticators.js'
import {type Importing, shown} from './importing.js'
import {isRecord} from '../../is-record.js'

/** How people log in: with passwords that jhub gives. What the values say instead is named, without its secrets. */
export function leaveOutAuth({take, look, note}: Importing): void {
  const path = ['hub', 'config', 'JupyterHub', 'authenticator_class']
  const word = take(...path)
  if (word === 'null' || word === null)
    note(path, 'lets nobody in, and is left out. People log in with a password that jhub gives them.')
  else if (word !== undefined) {
    const text = typeof word === 'string' ? word : shown(word)
    const isDummy = className(text) === 'DummyAuthenticator'
    note(
      path,
      `${text} is left out${isDummy ? ': it lets anybody in under any name' : ''}. People log in with a password that jhub gives them.`,
    )
  }
  const config = look('hub', 'config')
  for (const name of (isRecord(config) ? Object.keys(config) : []).filter(isAuthenticator)) {
    const traits = take('hub', 'config', name)
    const keys = isRecord(traits) ? Object.keys(traits) : []
    const open = keys.filter((key) =>
      /^(?:allow_|allowed_|hosted_domain$|open_signup$|create_users$|admin_groups$|manage_groups$)/.test(key),
    )
    const others = keys.filter((key) => !open.includes(key))
    const at = ['hub', 'config', name]
    if (open.length > 0) note(at, `(${open.join(', ')}) is left out: only people whom the spec names may log in.`)
    if (others.length > 0 || !isRecord(traits))
      note(
        at,
        `${others.length === 0 ? 'is' : `(${others.join(', ')}) is`} left out: people log in with passwords here.`,
      )
  }
  const old = take('auth')
  if (old !== undefined)
    note(
      ['auth'],
      `${isRecord(old) && Object.keys(old).length > 0 ? `(${Object.keys(old).join(', ')}) ` : ''}is of charts before 1.0: left out.`,
    )
}
