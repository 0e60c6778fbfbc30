import path from 'node:path'
import type {Machine} from '../machines/machine.js'
import {imagePrefix} from './environments.js'
import {installMs} from './locks/install-locked.js'

/**
 * Compiles what is installed in an environment, with links to the bytecode that others of this hub have of the same sources.
 * jhub's own take none from images, whose packages may bring what they like.
 */
export async function compileEnvironment(
  machine: Machine,
  directory: string,
  {program, signal}: {readonly program: string; readonly signal: AbortSignal},
): Promise<void> {
  const {environments} = machine.layout
  const own = path.posix.basename(directory)
  const isTaken = (name: string) => name !== own && (own.startsWith(imagePrefix) || !name.startsWith(imagePrefix))
  const others = ((await machine.files.list(environments)) ?? []).filter(isTaken)
  const python = path.posix.join(directory, 'bin', 'python')
  const places = [directory, ...others.map((name) => path.posix.join(environments, name))]
  await machine.run([python, '-I', '-', ...places], {signal, stdin: program, cwd: '/', timeoutMs: installMs})
}
