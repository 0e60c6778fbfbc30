import {JhubError} from '../../../errors.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Machine} from '../machines/machine.js'

/** Debian packages that images name, each with the images that name it. */
export function namedDebianPackages({images}: Pick<HubSpec, 'images'>): ReadonlyMap<string, readonly string[]> {
  const named = new Map<string, readonly string[]>()
  for (const [image, {apt = []}] of images)
    for (const each of apt) named.set(each, [...new Set([...(named.get(each) ?? []), image])])
  return named
}

/** What the machine has installed; `undefined` for one that has no Debian packages at all. */
export async function installedDebianPackages(machine: Pick<Machine, 'run'>): Promise<ReadonlySet<string> | undefined> {
  // Of named ones it would end with an error where one is missing, so it is asked for all.
  const words = ['dpkg-query', '--show', '--showformat', '${Package} ${db:Status-Status}\\n']
  try {
    const {stdout} = await machine.run(words, {timeoutMs: 60_000, cwd: '/'})
    return new Set([...stdout.matchAll(/^(\S+) installed$/gm)].map(([, name = '']) => name))
  } catch (error) {
    if (error instanceof JhubError && error.code === 'JHUB-E201') return undefined
    throw error
  }
}
