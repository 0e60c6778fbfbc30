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

export function renderServerChange({done, notRunning = []}: ServerChangeResult, verb: 'started' | 'stopped'): string {
  if (done.length + notRunning.length === 0) return 'No server had to be restarted.'
  return [
    ...(done.length === 0 ? [] : [`${verb === 'started' ? 'Running' : 'Stopped'}: ${done.join(', ')}`]),
    ...(notRunning.length === 0 ? [] : [`No server was running: ${notRunning.join(', ')}`]),
  ].join('\n')
}
