import type {AuthDocument} from '../auth-document.js'
import {editDocument} from './edit-document.js'

/** The text with another way to sign in; what was said of the one before goes. `password` says nothing. */
export function setAuth(source: string, auth: AuthDocument): string {
  return editDocument(source, (document) => {
    if (Object.keys(auth).length === 0) document.deleteIn(['auth'])
    else document.setIn(['auth'], document.createNode(auth))
  })
}
