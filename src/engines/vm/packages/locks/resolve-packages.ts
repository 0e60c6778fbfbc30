import {definedOnly} from '../../../../defined-only.js'
import {uvEnvironment} from '../find-uv.js'
import {installMs} from './install-locked.js'
import type {Machine} from '../../machines/machine.js'
import {withScratchDirectory} from '../scratch-directory.js'
import {translateResolveError} from '../../../images/errors/resolve-error.js'

export interface ResolveOptions {
  readonly machine: Machine
  readonly uv: string
  readonly python: string
  readonly image: string
  /** What the recipe asks for. */
  readonly requirements: readonly string[]
  /** What jhub asks for in every environment of people. */
  readonly standard: {readonly requirements: string; readonly lock: string; readonly overrides: string}
  /** A lock whose versions are kept where they can be; absent: those that jhub ships. */
  readonly previous?: string
  readonly signal?: AbortSignal | undefined
}

/**
 * Chooses a version of every package that an image needs, and gives the hash-locked file. Throws `JHUB-E221` when they cannot be
 * had together, `JHUB-E205` when the index cannot be reached.
 */
export async function resolvePackages({
  machine,
  uv,
  python,
  image,
  requirements,
  standard,
  previous,
  signal,
}: ResolveOptions): Promise<string> {
  const {files} = machine
  const own = requirementsOf(standard.requirements)
  const least = leastMajors(own, standard.lock)
  return withScratchDirectory(machine, `choosing-${image}`, async (file) => {
    await files.write(file('wanted.in'), `${[...own, ...requirements].join('\n')}\n`)
    await files.write(file('constraints.txt'), `${least.join('\n')}\n`)
    await files.write(file('overrides.txt'), standard.overrides)
    await files.write(file('lock.txt'), previous ?? standard.lock)
    const words = ['--quiet', '--universal', '--generate-hashes', '--no-header', '--no-annotate', '--python', python]
    const by = ['--constraints', file('constraints.txt'), '--overrides', file('overrides.txt')]
    try {
      await machine.run([uv, 'pip', 'compile', ...words, ...by, file('wanted.in'), '--output-file', file('lock.txt')], {
        cwd: '/',
        timeoutMs: installMs,
        env: uvEnvironment(machine),
        ...definedOnly({signal}),
      })
    } catch (error) {
      throw translateResolveError(error, {image, own: [...own, ...least]})
    }
    return (await files.read(file('lock.txt'))) ?? ''
  })
}

function requirementsOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean)
}

/** An image never has an older major version of what jhub's own pages and spawners build on. */
function leastMajors(own: readonly string[], lock: string): readonly string[] {
  return own.flatMap((text) => {
    const name = /^[A-Za-z0-9._-]+/.exec(text)?.[0] ?? ''
    const major = new RegExp(`^${name}==(\\d+)`, 'm').exec(lock)?.[1]
    return major === undefined || text !== name ? [] : [`${name}>=${major}`]
  })
}
