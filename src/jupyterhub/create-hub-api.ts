import {definedOnly} from '../defined-only.js'
import {isRecord} from '../hub-spec/document/is-record.js'
import type {HubApi} from './hub-api.js'
import type {HubConnection} from './hub-connection.js'
import {busyHubMs, isHubReady} from './hub-ready.js'
import {sendTo} from './requests/hub-request.js'
import {outlastRestart, type Patience} from './requests/outlast-restart.js'
import {readPeopleSeen} from './people/people-seen.js'
import {groupRequests} from './requests/group-requests.js'
import {passwordRequests} from './requests/password-requests.js'
import {signInRequests} from './requests/sign-in-requests.js'
import {trialRequests} from './requests/trial-requests.js'
import {readUser, userRequests} from './requests/user-requests.js'
import {startServer, stopServer} from './servers/servers.js'
import {unexpectedAnswer} from './requests/unexpected-answer.js'

export interface HubApiOptions extends Patience {
  readonly signal?: AbortSignal
  /** Told what is waited for, when that takes more than some seconds. */
  readonly onWait?: (text: string) => void
}

export function createHubApi(connection: HubConnection, options: HubApiOptions = {}): HubApi {
  const sendOnce = sendTo(connection, options)
  const send = outlastRestart(sendOnce, options)
  const findUser = (name: string) => readUser(send, name)
  const findNow = (name: string) => readUser(sendOnce, name)
  const stop = (name: string) => stopServer({send, findUser, name, ...options})
  return {
    async info() {
      const {body} = await send('/')
      if (!isRecord(body) || typeof body['version'] !== 'string') throw unexpectedAnswer('/', 'no version')
      return {version: body['version']}
    },
    isReady: async () => (await isHubReady(connection.url, connection.trust, busyHubMs)).ready,
    ...userRequests(send, stop),
    ...groupRequests(send),
    ...passwordRequests(send),
    ...signInRequests(send),
    ...trialRequests(send),
    peopleSeen: () => readPeopleSeen(send),
    startServer: (name, chosen = {}) =>
      startServer({connection, send, findUser: findNow, name, ...definedOnly({signal: options.signal})}, chosen),
    stopServer: stop,
  }
}
