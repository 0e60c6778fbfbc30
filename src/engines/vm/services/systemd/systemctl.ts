import {definedOnly} from '../../../../defined-only.js'
import type {Machine} from '../../machines/machine.js'
import {parseProperties} from './units.js'

/** The exit code with which systemctl says that it knows no such unit (systemctl(1)). */
const notLoaded = 5

/** systemd of a machine, by its own program. Each call ends after a minute at the latest. */
export interface Systemctl {
  /** Throws what the machine's `run` throws when systemctl refuses. */
  do(words: readonly string[], signal?: AbortSignal): Promise<void>
  /** Properties of a unit, as `systemctl show` prints them. */
  show(unit: string, properties: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** One property of several units, one line each, as it is printed. */
  showLines(units: readonly string[], properties: readonly string[]): Promise<string>
  isActive(unit: string): Promise<boolean>
  isEnabled(unit: string): Promise<boolean>
  /** Units of these patterns that run, or failed and still stand in systemd's list. */
  list(patterns: readonly string[]): Promise<readonly string[]>
  /** Together: else the next who connects to the socket of a service would start the service again. */
  stop(units: readonly string[], signal?: AbortSignal): Promise<void>
  /** Lets systemd forget that units failed. */
  forgetFailures(units: readonly string[]): Promise<void>
}

export function systemctl(run: Machine['run']): Systemctl {
  const options = (signal?: AbortSignal) => ({timeoutMs: 60_000, ...definedOnly({signal})})
  const ask = async (words: readonly string[], signal?: AbortSignal) =>
    (await run(['systemctl', '--no-pager', ...words], options(signal))).stdout
  const showLines = (units: readonly string[], properties: readonly string[]) =>
    ask(['show', ...units, `--property=${properties.join(',')}`])
  const show = async (unit: string, properties: readonly string[]) =>
    parseProperties(await showLines([unit], properties))
  return {
    async do(words, signal) {
      await ask(words, signal)
    },
    show,
    showLines,
    isActive: async (unit) => (await show(unit, ['ActiveState'])).get('ActiveState') === 'active',
    async isEnabled(unit) {
      const {stdout} = await run(['systemctl', 'is-enabled', unit], {okExitCodes: [0, 1, 4]})
      return stdout.trim() === 'enabled'
    },
    async list(patterns) {
      const said = await ask(['list-units', '--all', '--plain', '--no-legend', ...patterns])
      return said.split('\n').flatMap((line) => line.trim().split(/\s+/)[0] || [])
    },
    async stop(units, signal) {
      await run(['systemctl', '--no-pager', 'stop', ...units], {okExitCodes: [0, notLoaded], ...options(signal)})
    },
    async forgetFailures(units) {
      await run(['systemctl', 'reset-failed', ...units], {okExitCodes: [0, 1]})
    },
  }
}
