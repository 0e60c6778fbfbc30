import path from 'node:path'
import type {Files} from '../../host/files/files.js'
import type {SignInSecret} from '../../hub-spec/auth/auth-spec.js'
import {parseJson} from '../../hub-spec/document/parse-json.js'

/** A secret that was given on this computer, until the next `up` brings it to the hub's own. */
export interface GivenSecret {
  /** Nothing of a file that is damaged: it is given again. */
  read(): Promise<SignInSecret | undefined>
  /** Gives what takes it back: then the one that was given before, where there was one, is there again. */
  give(secret: SignInSecret): Promise<() => Promise<void>>
  forget(): Promise<void>
}

/** In the hub's directory on this computer (0600). */
export function givenSecret(local: Files, state: string): GivenSecret {
  const file = givenSecretFile(state)
  return {
    async read() {
      const found = parseJson(await local.read(file))
      return isSecret(found) ? found : undefined
    },
    async give(secret) {
      const before = await local.read(file)
      await local.makeDirectory(state, {mode: 0o700})
      await local.write(file, `${JSON.stringify(secret)}\n`, {mode: 0o600})
      return () => (before === undefined ? local.remove(file) : local.write(file, before, {mode: 0o600}))
    },
    forget: () => local.remove(file),
  }
}

export function givenSecretFile(state: string): string {
  return path.join(state, 'sign-in-secret.json')
}

function isSecret(value: unknown): value is SignInSecret {
  if (typeof value !== 'object' || value === null) return false
  const entries = new Map<string, unknown>(Object.entries(value))
  return typeof entries.get('purpose') === 'string' && typeof entries.get('value') === 'string'
}
