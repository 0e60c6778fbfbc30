import type {Send} from './requests/hub-request.js'
import {unexpectedAnswer} from './requests/unexpected-answer.js'
import {isRecord} from '../hub-spec/document/is-record.js'

/** A token by which somebody is known to the hub, for so many seconds. */
export async function createToken(send: Send, name: string, expiresInSeconds: number): Promise<string> {
  const path = `/users/${encodeURIComponent(name)}/tokens`
  const {body} = await send(path, {method: 'POST', body: {expires_in: expiresInSeconds}})
  if (!isRecord(body) || typeof body['token'] !== 'string') throw unexpectedAnswer(path, 'no token')
  return body['token']
}
