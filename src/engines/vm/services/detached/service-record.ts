import {parseJson} from '../../../../hub-spec/document/parse-json.js'

/** What is noted of a service that runs as a process of its own session. */
export interface ServiceRecord {
  /** Of what keeps the service running. */
  readonly pid: number
  readonly startTime: string
  readonly fingerprint: string
  /** That it holds for the service. */
  readonly ports?: readonly number[]
}

/** `undefined` for a record that is missing or damaged. */
export function parseRecord(text: string | undefined): ServiceRecord | undefined {
  const value = parseJson(text)
  return isRecord(value) ? value : undefined
}

function isRecord(value: unknown): value is ServiceRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    Number.isSafeInteger(value.pid) &&
    Number(value.pid) > 1 &&
    'startTime' in value &&
    typeof value.startTime === 'string' &&
    'fingerprint' in value &&
    typeof value.fingerprint === 'string' &&
    (!('ports' in value) || (Array.isArray(value.ports) && value.ports.every(Number.isInteger)))
  )
}
