import {isDeepStrictEqual} from 'node:util'
import {isMap, isScalar, type Document} from 'yaml'
import type {AuthDocument} from '../auth/auth-document.js'
import {editDocument} from './edit-document.js'

/**
 * The text with another way to sign in; what was said of the one before goes. `password` says nothing. Keys that both have stay
 * where they are, with their comments.
 */
export function setAuth(source: string, auth: AuthDocument): string {
  return editDocument(source, (document) => {
    if (Object.keys(auth).length === 0) document.deleteIn(['auth'])
    else changeKeys(document, auth)
  })
}

function changeKeys(document: Document, auth: AuthDocument): void {
  const there: unknown = document.get('auth', true)
  if (!isMap(there) || there.items.length === 0) {
    document.setIn(['auth'], document.createNode(auth))
    return
  }
  const said = there.toJS(document) as Readonly<Record<string, unknown>>
  there.items = there.items.filter(({key}) => isScalar(key) && Object.hasOwn(auth, String(key.value)))
  for (const [key, value] of Object.entries(auth))
    if (!Object.hasOwn(said, key) || !isDeepStrictEqual(said[key], value))
      there.set(key, typeof value === 'string' ? value : document.createNode(value))
}
