import {randomBytes} from 'node:crypto'
import type {Files} from '../../host/files.js'

/** What opens the hub: never in argv, environment or a log. */
export interface Secrets {
  readonly apiToken: string
  readonly proxyToken: string
  readonly cookieSecret: string
}

export async function readSecrets(files: Files, file: string): Promise<Secrets | undefined> {
  const text = await files.read(file)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isSecrets(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function newSecrets(): Secrets {
  const token = () => randomBytes(32).toString('hex')
  return {apiToken: token(), proxyToken: token(), cookieSecret: token()}
}

function isSecrets(value: unknown): value is Secrets {
  if (typeof value !== 'object' || value === null) return false
  const entries = new Map(Object.entries(value))
  return ['apiToken', 'proxyToken', 'cookieSecret'].every((key) => /^[0-9a-f]{64}$/.test(String(entries.get(key))))
}
