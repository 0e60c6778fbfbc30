import type {ServerChangeResult} from '../../../hub/server/server-change.js'
import type {ListedServer} from '../../../hub/server/server-list.js'
import {renderTable} from '../text/render-table.js'
import {renderMoment} from '../user/render-users.js'

export function renderServerList(servers: readonly ListedServer[]): string {
  if (servers.length === 0) return 'No server runs.'
  return renderTable(
    ['user', 'state', 'since', 'last activity', 'url'],
    servers.map(({user, state, startedAt, lastActivity, url}) => [
      user,
      state,
      renderMoment(startedAt),
      renderMoment(lastActivity),
      url,
    ]),
  )
}

export function renderServerChange({done}: ServerChangeResult, verb: 'started' | 'stopped'): string {
  if (done.length === 0) return 'No server had to be restarted.'
  return `${verb === 'started' ? 'Running' : 'Stopped'}: ${done.join(', ')}`
}
