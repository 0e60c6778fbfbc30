import path from 'node:path'
import type {CommandOptions} from '../../../host/processes/commands.js'
import type {Machine} from '../machines/machine.js'
import {sitePackages} from '../packages/site-packages.js'

/** Where Jupyter looks for kernels besides an environment: Debian's packages put theirs there. */
const shared = ['/usr/local/share/jupyter/kernels', '/usr/share/jupyter/kernels']

/** Names of the kernels that a server from this environment offers. */
export async function kernelsOf({files}: Pick<Machine, 'files'>, environment: string): Promise<readonly string[]> {
  const places = [path.posix.join(environment, 'share', 'jupyter', 'kernels'), ...shared]
  const found = await Promise.all(places.map((each) => files.list(each)))
  return [...new Set(found.flatMap((names) => names ?? []))].toSorted()
}

/**
 * Runs the installers of kernels that a wheel cannot register by itself, as Jupyter's documentation has them:
 * `python -m bash_kernel.install --sys-prefix`. Gives the modules that were run.
 */
export async function registerKernels(
  machine: Pick<Machine, 'files' | 'run'>,
  environment: string,
  options: CommandOptions,
): Promise<readonly string[]> {
  const {files} = machine
  const library = await sitePackages(machine, environment)
  if (library === undefined) return []
  const modules = ((await files.list(library)) ?? []).filter((name) => name.endsWith('_kernel'))
  const facts = await Promise.all(modules.map((name) => files.stat(path.posix.join(library, name, 'install.py'))))
  const installers = modules.filter((_, index) => facts[index]?.kind === 'file')
  const python = path.posix.join(environment, 'bin', 'python')
  for (const name of installers) await machine.run([python, '-I', '-m', `${name}.install`, '--sys-prefix'], options)
  return installers
}
