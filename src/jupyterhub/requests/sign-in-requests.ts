import {JhubError} from '../../errors.js'
import {isRecord} from '../../hub-spec/document/is-record.js'
import {createToken} from '../create-token.js'
import type {HubApi} from '../hub-api.js'
import type {SignInPerson, SignInSeen} from '../hub-model.js'
import type {Send} from './hub-request.js'
import {unexpectedAnswer} from './unexpected-answer.js'

type SignInRequests = Pick<HubApi, 'signIn' | 'setSignIn' | 'makeOnceLink' | 'createToken'>

/** Who may sign in, and the ways in that jhub itself opens. */
export function signInRequests(send: Send): SignInRequests {
  return {
    async signIn() {
      const {status, body} = await send('/jhub/sign-in', {answers: [404]})
      return status === 404 ? {people: new Map(), given: new Map(), removed: []} : toSignIn(body)
    },
    async setSignIn(people) {
      await send('/jhub/sign-in', {method: 'PUT', body: {people: Object.fromEntries(people)}})
    },
    async makeOnceLink(name) {
      const {status, body} = await send('/jhub/once', {method: 'POST', body: {name}, answers: [404]})
      if (status === 404)
        throw new JhubError('JHUB-E302', `${name} is not an admin of the hub`, {fix: `jhub user set ${name} --admin`})
      if (!isRecord(body) || typeof body['path'] !== 'string') throw unexpectedAnswer('/jhub/once', 'no path')
      return `/hub${body['path']}`
    },
    createToken: (name, expiresInSeconds) => createToken(send, name, expiresInSeconds),
  }
}

function toSignIn(body: unknown): SignInSeen {
  if (!isRecord(body) || !Array.isArray(body['removed'])) throw unexpectedAnswer('/jhub/sign-in', 'no names')
  return {people: toPeople(body['people']), given: toPeople(body['given']), removed: body['removed'].map(String)}
}

function toPeople(value: unknown): ReadonlyMap<string, SignInPerson> {
  if (!isRecord(value)) throw unexpectedAnswer('/jhub/sign-in', 'no people')
  return new Map(
    Object.entries(value).map(([name, entry]) => {
      if (!isRecord(entry) || !Array.isArray(entry['groups'])) throw unexpectedAnswer('/jhub/sign-in', 'no groups')
      return [name, {admin: entry['admin'] === true, groups: entry['groups'].map(String)}]
    }),
  )
}
