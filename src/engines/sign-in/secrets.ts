import {randomBytes} from 'node:crypto'
import {definedOnly} from '../../defined-only.js'
import type {Files} from '../../host/files/files.js'
import type {SignInSecret} from '../../hub-spec/auth/auth-spec.js'
import {parseJson} from '../../hub-spec/document/parse-json.js'

/** What opens the hub: never in argv, environment or a log. */
export interface Secrets {
  readonly apiToken: string
  readonly proxyToken: string
  readonly cookieSecret: string
  /** What the sign-in method needs; absent where nothing was given. */
  readonly signIn?: SignInSecret
}

export type SecretsFound =
  {readonly state: 'whole'; readonly secrets: Secrets; readonly text: string} | {readonly state: 'missing' | 'damaged'}

export async function findSecrets(files: Files, file: string): Promise<SecretsFound> {
  const text = await files.read(file)
  if (text === undefined) return {state: 'missing'}
  const value = parseJson(text)
  return isSecrets(value) ? {state: 'whole', secrets: value, text} : {state: 'damaged'}
}

/** `undefined` when there are none, or the file is damaged. */
export async function readSecrets(files: Files, file: string): Promise<Secrets | undefined> {
  const found = await findSecrets(files, file)
  return found.state === 'whole' ? found.secrets : undefined
}

export function newSecrets(): Secrets {
  const token = () => randomBytes(32).toString('hex')
  return {apiToken: token(), proxyToken: token(), cookieSecret: token()}
}

/** As they are kept in their file. */
export function renderSecrets({apiToken, proxyToken, cookieSecret, signIn}: Secrets): string {
  const secrets = {apiToken, proxyToken, cookieSecret, ...definedOnly({signIn})}
  return `${JSON.stringify(secrets, undefined, 2)}\n`
}

export function isSecrets(value: unknown): value is Secrets {
  if (typeof value !== 'object' || value === null) return false
  const entries = new Map(Object.entries(value))
  return ['apiToken', 'proxyToken', 'cookieSecret'].every((key) => /^[0-9a-f]{64}$/.test(String(entries.get(key))))
}
