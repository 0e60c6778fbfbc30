import type {Keys} from '../../take-keys.js'
import type {Importing} from '../importing.js'
import {shown} from '../../../document/shown.js'
import {isRecord} from '../../../document/is-record.js'

/** When idle servers stop. What the spec has no word for stays a value of the chart. */
export function takeIdle({take, look, note}: Importing): Keys {
  const cull = look('cull')
  if (!isRecord(cull)) return {}
  if (take('cull', 'users') === true)
    note(['cull', 'users'], 'would remove people whose servers stop: left out. People stay until you remove them.')
  const enabled = take('cull', 'enabled')
  const timeout = take('cull', 'timeout')
  if (enabled === false || enabled === 'false') return {idle: {after: 'never'}}
  if (enabled !== undefined && enabled !== null && enabled !== true && enabled !== 'true')
    note(['cull', 'enabled'], `${shown(enabled)} is neither true nor false: left out.`)
  if (timeout === undefined || timeout === null) return {}
  const seconds = Number(timeout)
  if (Number.isInteger(seconds) && seconds > 0) return {idle: {after: `${String(seconds)}s`}}
  note(['cull', 'timeout'], `${shown(timeout)} is not a number of seconds: left out. Servers stop after an hour.`)
  return {}
}
