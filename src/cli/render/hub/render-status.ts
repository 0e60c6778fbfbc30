import type {CertificateStatus, HomesStatus} from '../../../engines/engine.js'
import type {StatusResult} from '../../../hub/status.js'
import {describeOldCards} from '../../../hub/session/people/printed-cards.js'
import {formatRoughMemory} from '../../../hub-spec/limits/rough-memory.js'
import {renderAddressList} from './render-addresses.js'

export function renderStatus(status: StatusResult): string {
  const {servers} = status
  const moving = [
    servers.starting > 0 ? `${String(servers.starting)} starting` : '',
    servers.stopping > 0 ? `${String(servers.stopping)} stopping` : '',
  ].filter(Boolean)
  const services = status.services.map(
    ({name, state, pid, pod}) =>
      `${name} ${state}${pid === undefined ? '' : ` (process ${String(pid)})`}${pod === undefined ? '' : ` (pod ${pod})`}`,
  )
  const {certificate, chart} = status
  return [
    `Hub:      ${status.hub}, ${stateOf(status)}${status.jupyterhub === null ? '' : `, JupyterHub ${status.jupyterhub}`}`,
    ...(status.unreachable === undefined ? [] : [`Because:  ${status.unreachable.because}`]),
    ...renderAddresses(status),
    ...status.oldCards.map((cards) => `Cards:    ${describeOldCards(cards)} (jhub doctor)`),
    ...(certificate === undefined ? [] : renderCertificate(certificate)),
    `Where:    ${status.engine}; ${services.join(', ')}`,
    ...(chart === undefined
      ? []
      : [`Chart:    ${chart.source}${chart.digest === undefined ? '' : `, ${chart.digest}`}`]),
    `People:   ${String(status.users)}${status.state === 'running' ? '' : ' in the settings file'}`,
    ...(status.state === 'unknown'
      ? []
      : [`Servers:  ${[`${String(servers.running)} running`, ...moving, ...renderForks(status)].join(', ')}`]),
    `Homes:    ${renderHomes(status.homes)}`,
    ...(status.disk === undefined ? [] : [`Disk:     ${formatRoughMemory(status.disk.freeBytes)} free`]),
    `Settings: ${status.spec}`,
    ...(status.state === 'running' ? [] : nextAfter(status)),
  ].join('\n')
}

function renderForks({state, forks, servers}: StatusResult): readonly string[] {
  if (state !== 'running' || forks === undefined) return []
  if (!forks.isWanted) return []
  const forked = servers.running === 0 ? [] : [`${String(forks.forked)} of them forked`]
  return forks.service === 'absent' ? [...forked, 'nothing forks new ones (jhub doctor)'] : forked
}

/** Said of a hub of which there is a settings file and nothing else. */
export const notSetUp = 'not set up'

/** Whether a hub was never brought up here, or was removed. */
export function isNotSetUp({state, expected}: {readonly state: string; readonly expected: string | null}): boolean {
  return state === 'stopped' && expected === 'absent'
}

function stateOf({state, expected}: StatusResult): string {
  if (isNotSetUp({state, expected})) return notSetUp
  if (state !== 'stopped') return state
  return expected === 'stopped' ? 'stopped by `jhub stop`' : 'not running, and nobody stopped it'
}

function renderAddresses({addresses, unreachable}: StatusResult): readonly string[] {
  if (unreachable !== undefined && addresses.here === null && addresses.others.length === 0) return []
  return renderAddressList(addresses).map((line, index) => `${index === 0 ? 'Address:' : '        '}  ${line}`)
}

function nextAfter({unreachable}: StatusResult): readonly string[] {
  return (unreachable?.fix ?? ['jhub up']).map((line, index) => `${index === 0 ? 'Next:     ' : '          '}${line}`)
}

function renderHomes({count, path, volume}: HomesStatus): string {
  const place = volume === undefined ? path : `${path} (Docker volume ${volume.name})`
  return count === null ? `in ${place}, not seen while the machine is away` : `${String(count)} in ${place}`
}

function renderCertificate({issuer, names, validUntil, trustFile}: CertificateStatus): readonly string[] {
  return [
    `HTTPS:    by ${issuer}, until ${validUntil.slice(0, 10)}, for ${names.join(', ')}`,
    ...(trustFile === undefined ? [] : [`Trust:    ${trustFile}, once on each computer (docs/https.md)`]),
  ]
}
