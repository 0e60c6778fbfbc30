import {definedOnly} from '../../../defined-only.js'
import type {ProgramsSeen} from '../../engine.js'
import {ownFiles} from '../../own-files.js'
import type {LockFile, LockName} from './locks/lock-files.js'
import {sitePackages} from './site-packages.js'
import type {Machine} from '../machines/machine.js'
import {readRunningEnvironments} from '../configuration/running-configuration.js'
import {newestBackup} from '../services/database/database-copies.js'
import {environmentPath} from './environments.js'

/** Packages that people know by name, and in which environment they are. */
const known = [
  {environment: 'hub', name: 'JupyterHub', distribution: 'jupyterhub'},
  {environment: 'user', name: 'JupyterLab', distribution: 'jupyterlab'},
  {environment: 'user', name: 'Notebook', distribution: 'notebook'},
  {environment: 'hub', name: 'NativeAuthenticator', distribution: 'jupyterhub-nativeauthenticator'},
  {environment: 'hub', name: 'SystemdSpawner', distribution: 'jupyterhub-systemdspawner'},
] as const

/**
 * What the hub that last came up is run from, as it is installed there, beside what the lock files name; and the digest of the
 * files that jhub gave it, beside that of the files of this jhub.
 */
export async function programsSeen(
  machine: Machine,
  lock: (name: LockName) => Promise<LockFile>,
  shippedNow: () => Promise<string>,
): Promise<ProgramsSeen | undefined> {
  const running = await readRunningEnvironments(machine)
  if (running === undefined) return undefined
  const read = async (name: 'hub' | 'user') => {
    const [locked, installed] = await Promise.all([lock(name), readInstalled(machine, running[name])])
    return {text: locked.text, installed, isOther: running[name] !== environmentPath(machine, name, locked)}
  }
  const [hub, user, backup, shipped] = await Promise.all([
    read('hub'),
    read('user'),
    newestBackup(machine),
    shippedNow(),
  ])
  const environments = {hub, user}
  const packages = known.flatMap(({environment, name, distribution}) => {
    const {text, installed} = environments[environment]
    const there = installed.get(distribution)
    const locked = lockedVersion(text, distribution)
    if (there === undefined && locked === undefined) return []
    return [{name, ...definedOnly({there, shipped: locked})}]
  })
  return {
    programs: [...packages, ownFiles(running.shipped, shipped)],
    areOther: hub.isOther || user.isOther || running.shipped !== shipped,
    ...definedOnly({backup}),
  }
}

/** Distributions of an environment with their versions, by the directories that installers leave. */
export async function readInstalled(
  {files}: Pick<Machine, 'files'>,
  environment: string,
): Promise<ReadonlyMap<string, string>> {
  const library = await sitePackages({files}, environment)
  const names = library === undefined ? [] : await files.list(library)
  return new Map(
    (names ?? []).flatMap((name) => {
      const [, distribution, version] = /^(.+?)-([^-]+)\.dist-info$/.exec(name) ?? []
      return distribution === undefined || version === undefined
        ? []
        : [[distribution.toLowerCase().replaceAll('_', '-'), version] as const]
    }),
  )
}

function lockedVersion(text: string, distribution: string): string | undefined {
  return new RegExp(`^${distribution}==([^\\s;]+)`, 'm').exec(text)?.[1]
}
