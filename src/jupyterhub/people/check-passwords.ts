import type {Send} from '../requests/hub-request.js'
import {unexpectedAnswer} from '../requests/unexpected-answer.js'
import {isRecord} from '../../hub-spec/document/is-record.js'

export interface PasswordsChecked {
  readonly right: ReadonlySet<string>
  readonly made: ReadonlySet<string>
}

/** Which of these passwords hold now, and who has one that jhub made; `undefined` for a hub of an older jhub, which cannot say. */
export async function checkPasswords(
  send: Send,
  passwords: ReadonlyMap<string, string>,
): Promise<PasswordsChecked | undefined> {
  const route = '/jhub/passwords'
  const {status, body} = await send(route, {
    method: 'POST',
    body: {passwords: Object.fromEntries(passwords)},
    answers: [405],
    timeoutMs: 600_000,
  })
  if (status === 405) return undefined
  const names = (key: string) => {
    const value: unknown = isRecord(body) ? body[key] : undefined
    if (!Array.isArray(value)) throw unexpectedAnswer(route, `no ${key}`)
    return new Set(value.map(String))
  }
  return {right: names('right'), made: names('made')}
}
