import {definedOnly, ifDefined} from '../../../../defined-only.js'
/** What Caddy's log says of a certificate that is being fetched. */
export interface CaddyLog {
  /** The last thing that was done or went wrong. */
  readonly last?: string
  /** Why the attempt is over: nothing happens for a while now. */
  readonly failure?: string
}

interface Entry {
  readonly level: string
  readonly logger: string
  readonly msg: string
  readonly error: string
  readonly challenge_type: string
}

/** Reads lines since the last start of Caddy. Lines that are not its own say why it did not start. */
export function readCaddyLog(lines: readonly string[]): CaddyLog {
  const entries = lines.flatMap(parse)
  const begin = entries.findLastIndex(({msg}) => msg.startsWith('using config from file'))
  const since = entries.slice(Math.max(begin, 0))
  const last = since.filter(({logger}) => logger.startsWith('tls.obtain') || logger.startsWith('tls.issuance')).at(-1)
  const failure = since.findLast(
    ({level, logger, msg}) =>
      level === 'error' && ((logger === 'tls.obtain' && msg === 'will retry') || /^(?:loading|Error)/.test(msg)),
  )
  return definedOnly({last: ifDefined(last, describe), failure: ifDefined(failure, describe)})
}

function parse(line: string): readonly Entry[] {
  const text = line.slice(Math.max(line.indexOf('{'), 0))
  try {
    const value = JSON.parse(text) as Partial<Entry>
    const {level = '', logger = '', msg = '', error = '', challenge_type = ''} = value
    return [{level, logger, msg, error, challenge_type}]
  } catch {
    return []
  }
}

/** The authority's words, without the names of what passed them on. */
function describe({msg, error, challenge_type: challenge}: Entry): string {
  if (error !== '' && !/^(?:creating new account|ACME account)/.test(msg))
    return error.replace(/^(?:\[[^\]]*\] )?Obtain: /, '').replace(/ \((?:order|ca)=[^)]*\)/g, '')
  return challenge === '' ? msg : `${msg} (${challenge})`
}
