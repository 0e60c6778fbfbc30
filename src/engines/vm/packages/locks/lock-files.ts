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

/** A file of `assets/requirements`, as it was shipped. */
export async function readLockFile(files: Files, assets: string, name: LockName): Promise<LockFile> {
  const file = path.join(assets, 'requirements', `${name}.txt`)
  return hashed(await readAsset(files, file))
}

export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** With the name of what is built from it. */
export function hashed(text: string): LockFile {
  return {text, hash: shortHash(text)}
}
