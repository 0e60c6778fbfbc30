import {createHash} from 'node:crypto'
import path from 'node:path'
import type {Files} from '../../../../host/files/files.js'
import {readAsset} from '../../../read-assets.js'

export interface LockFile {
  readonly text: string
  /** Twelve hex digits of the text's sha256: the name of what is built from it. */
  readonly hash: string
}

export type LockName =
  'hub' | 'hub-oauth' | 'hub-ldap' | 'hub-lti' | 'user' | 'uv' | 'node' | 'caddy' | 'build' | 'conda'

const known = new WeakMap<Files, Map<string, Promise<LockFile>>>()

/** A file of `assets/requirements`, as it was shipped; read once from the same files, since each step of a command asks for it. */
export function readLockFile(files: Files, assets: string, name: LockName): Promise<LockFile> {
  const file = path.join(assets, 'requirements', `${name}.txt`)
  const locks = known.get(files) ?? new Map<string, Promise<LockFile>>()
  known.set(files, locks)
  const lock = locks.get(file) ?? readAsset(files, file).then(hashed)
  locks.set(file, lock)
  return lock
}

export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** With the name of what is built from it. */
export function hashed(text: string): LockFile {
  return {text, hash: shortHash(text)}
}
