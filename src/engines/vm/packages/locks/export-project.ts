import path from 'node:path'
import {definedOnly} from '../../../../defined-only.js'
import type {ProjectFiles} from '../../../images/read-recipe.js'
import {translateProjectError} from '../../../images/errors/project-error.js'
import type {Machine} from '../../machines/machine.js'
import {uvEnvironment} from '../find-uv.js'
import {withScratchDirectory} from '../scratch-directory.js'

export interface ProjectOptions {
  readonly machine: Machine
  readonly uv: string
  readonly python: string
  readonly image: string
  readonly project: ProjectFiles
  readonly signal?: AbortSignal | undefined
}

/**
 * The packages of a project's uv.lock with their hashes, as a requirements file. Throws `JHUB-E221` where uv.lock is older than
 * pyproject.toml, or not for this Python.
 */
export async function exportProject({machine, uv, python, image, project, signal}: ProjectOptions): Promise<string> {
  return withScratchDirectory(machine, `exporting-${image}`, async (file) => {
    await machine.files.write(file('pyproject.toml'), project.pyproject)
    await machine.files.write(file('uv.lock'), project.lock)
    const words = ['--quiet', '--locked', '--no-emit-project', '--no-header', '--no-annotate', '--python', python]
    try {
      const {stdout} = await machine.run([uv, 'export', ...words], {
        cwd: path.posix.dirname(file('uv.lock')),
        env: uvEnvironment(machine),
        ...definedOnly({signal}),
      })
      return stdout
    } catch (error) {
      throw translateProjectError(error, image)
    }
  })
}
