import {Flags} from '@oclif/core'
import {JhubError} from '../../errors.js'
import type {LogsOptions} from '../../hub/logs.js'

const logs: readonly LogsOptions['of'][] = ['hub', 'proxy', 'https']

/** Whose log is meant. `front`, the former name of `https`, is understood too. */
export const logFlag = Flags.custom<LogsOptions['of']>({
  summary: "Whose log: the hub's, the proxy's, or the HTTPS proxy's.",
  helpValue: `<${logs.join('|')}>`,
  default: 'hub',
  parse: (text) => Promise.resolve(parseLog(text)),
})

function parseLog(text: string): LogsOptions['of'] {
  const found = text === 'front' ? 'https' : logs.find((log) => log === text)
  if (found !== undefined) return found
  throw new JhubError('JHUB-E100', `"${text}" has no log`, {fix: `One of: ${logs.join(', ')}`})
}
