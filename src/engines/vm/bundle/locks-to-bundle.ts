import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Machine} from '../machines/machine.js'
import type {LockFile, LockName} from '../packages/locks/lock-files.js'

export interface LocksOptions {
  readonly machine: Pick<Machine, 'proxy'>
  readonly lock: (name: LockName) => Promise<LockFile>
  /** Of the images of the spec, by name. */
  readonly imageLocks: () => Promise<ReadonlyMap<string, LockFile>>
}

/** What `up` installs from one lock file. */
export interface BundledLock extends LockFile {
  /** Nothing is known of what it takes to build its packages, so that they have to be built already. */
  readonly builtOnly: boolean
}

/** The lock files of all that `up` installs on a machine, by what a person calls it. */
export async function locksToBundle(
  {machine, lock, imageLocks}: LocksOptions,
  {access}: HubSpec,
): Promise<ReadonlyMap<string, BundledLock>> {
  const names: readonly (readonly [string, LockName])[] = [
    ['uv', 'uv'],
    ['setuptools', 'build'],
    ['JupyterHub', 'hub'],
    ['JupyterLab', 'user'],
    ...(machine.proxy.install === undefined ? [] : [['Node.js', 'node'] as const]),
    ...(access.https?.by === 'acme' ? [['Caddy', 'caddy'] as const] : []),
  ]
  const own = await Promise.all(
    names.map(async ([title, name]) => [title, {...(await lock(name)), builtOnly: false}] as const),
  )
  const images = [...(await imageLocks())].map(
    ([name, each]) => [`the image ${name}`, {...each, builtOnly: true}] as const,
  )
  return new Map<string, BundledLock>([...own, ...images])
}
