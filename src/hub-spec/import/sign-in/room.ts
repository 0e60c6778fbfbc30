import type {Keys} from '../take-keys.js'
import {isFalse, isTrue, type ClassTraits} from './class-traits.js'

/** DummyAuthenticator with a password: whoever has it comes in under any name, unless some are named. `undefined` without one. */
export function readDummy(traits: ClassTraits): Keys | undefined {
  const allowsAll = traits.take('allow_all')
  if (traits.take('password') === undefined) return undefined
  const isOpen = isTrue(allowsAll) || (!isFalse(allowsAll) && traits.look('allowed_users') === undefined)
  traits.note(
    'password',
    `is left out, and so is the class, which lets anybody in under any name: shared-password is in its place. \`jhub auth secret\` asks for the new password of the room. It ${oneForAll}`,
  )
  return room(isOpen)
}

/** JupyterHub's SharedPasswordAuthenticator. Its password often stands in another file, which is secret. */
export function readRoom(traits: ClassTraits): Keys | undefined {
  const isOpen = isTrue(traits.take('allow_all'))
  traits.take('admin_password')
  traits.take('user_password')
  traits.note('user_password', oneForAll)
  return room(isOpen)
}

const oneForAll = 'is one password for everybody: admins come by a link, `jhub open --admin`.'

function room(isOpen: boolean): Keys {
  return {method: 'shared-password', ...(isOpen ? {allow: {everybody: true}} : {})}
}
