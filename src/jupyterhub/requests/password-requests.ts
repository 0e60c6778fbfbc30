import {JhubError} from '../../errors.js'
import {isRecord} from '../../hub-spec/document/is-record.js'
import {checkPasswords} from '../people/check-passwords.js'
import type {HubApi} from '../hub-api.js'
import {hubMessage, type Send} from './hub-request.js'
import {unexpectedAnswer} from './unexpected-answer.js'

type PasswordRequests = Pick<HubApi, 'setPasswords' | 'usersWithPassword' | 'checkPasswords'>

/** People's passwords, by jhub's own routes on the hub. */
export function passwordRequests(send: Send): PasswordRequests {
  const route = '/jhub/passwords'
  const setPasswords = async (passwords: ReadonlyMap<string, string>, generated: boolean) => {
    if (passwords.size === 0) return
    const {status, body} = await send(route, {
      method: 'PUT',
      body: {generated, passwords: Object.fromEntries(passwords)},
      answers: [400],
      timeoutMs: 600_000,
    })
    if (status === 400) {
      throw new JhubError('JHUB-E105', `The hub refused a password: ${hubMessage(body)}`, {
        fix: 'Choose a longer one, or let jhub make one: jhub user password NAME',
      })
    }
  }
  return {
    setPasswords,
    async usersWithPassword() {
      const {status, body} = await send(route, {answers: [404]})
      if (status === 404) return new Set()
      const names: unknown = isRecord(body) ? body['names'] : undefined
      if (!Array.isArray(names)) throw unexpectedAnswer(route, 'no names')
      return new Set(names.map(String))
    },
    checkPasswords: (passwords) => checkPasswords(send, passwords),
  }
}
