import {definedOnly} from '../../../../defined-only.js'
import {JhubError} from '../../../../errors.js'
import type {Files} from '../../../../host/files/files.js'
import type {AuthSpec} from '../../../../hub-spec/auth/auth-spec.js'
import {addRequirements} from './add-requirements.js'
import {hashed, readLockFile, type LockFile, type LockName} from './lock-files.js'

/** The packages of a hub: with those of its way to sign in, and of no other. */
export interface HubLock {
  readonly shipped: LockName
  /** A file of the operator's with more. */
  readonly added?: string
}

/** A hub where people have passwords. */
export const plainHub: HubLock = {shipped: 'hub'}

const locks = {oidc: 'hub-oauth', github: 'hub-oauth', ldap: 'hub-ldap', lti: 'hub-lti'} as const
const ofModules = {oauthenticator: 'hub-oauth', ldapauthenticator: 'hub-ldap', ltiauthenticator: 'hub-lti'} as const

export function hubLock({provider}: Pick<AuthSpec, 'provider'>): HubLock {
  if (provider === undefined) return plainHub
  if (provider.family !== 'class') return {shipped: locks[provider.family]}
  const module = provider.class.replace(/[.:].*$/, '')
  const [, shipped = 'hub'] = Object.entries(ofModules).find(([name]) => name === module) ?? []
  return {shipped, ...definedOnly({added: provider.requirements})}
}

/** Throws `JHUB-E301` when the operator's file is not there, or holds what is not locked. */
export async function readHubLock(local: Files, assets: string, {shipped, added}: HubLock): Promise<LockFile> {
  const lock = await readLockFile(local, assets, shipped)
  if (added === undefined) return lock
  const text = await local.read(added)
  const refuse = (why: string) =>
    new JhubError('JHUB-E301', `In the settings file, auth.requirements names ${added}, and ${why}`, {
      fix: ['uv pip compile --generate-hashes requirements.in -o requirements.txt', 'jhub config edit'],
    })
  if (text === undefined) throw refuse('there is no such file')
  const both = addRequirements(lock.text, text)
  if ('problem' in both) throw refuse(both.problem)
  return hashed(both.text)
}

/** Reads the lock of each environment; the hub's is the one that its way to sign in needs. */
export function lockReader(local: Files, assets: string, hub: HubLock): (name: LockName) => Promise<LockFile> {
  return (name) => (name === 'hub' ? readHubLock(local, assets, hub) : readLockFile(local, assets, name))
}
