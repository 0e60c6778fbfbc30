import path from 'node:path'
import {JhubError} from '../../../../errors.js'
import {condaRefusal} from '../../../images/conda/conda-error.js'
import type {ChosenPackage, CondaChooser, CondaInstaller} from '../../../images/conda/conda-place.js'
import {readAsset} from '../../../read-assets.js'
import {buildFailure, failing} from './build-failure.js'
import {lockedTool, type AskedOfProgram, type ProgramHost} from './image-program.js'

export interface CondaInContainer {
  readonly program: ProgramHost
  readonly image: string
  /** Asks the program in a container of the base. Throws as `askProgram` does. */
  readonly ask: <T>(asked: AskedOfProgram) => Promise<T>
}

/** Chooses conda packages in a container. */
export function chooseCondaInContainer(container: CondaInContainer): CondaChooser {
  const {image, ask} = container
  return {
    choose: ({channels, dependencies: specs}) =>
      askConda<readonly ChosenPackage[]>(container, 'choose', {channels, specs}),
    async choosePip(wanted) {
      const asked = {verb: 'choose' as const, ...wanted}
      const chosen = await ask<{packages: string} | {refused: string}>(asked).catch(failing(image))
      if ('packages' in chosen) return chosen.packages
      throw new JhubError('JHUB-E201', 'uv chose no packages', {details: {output: chosen.refused}})
    },
  }
}

/** Installs conda packages in a container that becomes an image. */
export function installCondaInContainer(container: CondaInContainer): CondaInstaller {
  const {image, ask} = container
  return {
    async install(packages) {
      await askConda(container, 'install', {packages})
    },
    async installPip(lock) {
      await ask({verb: 'install', lock, into: 'conda'}).catch(failing(image))
    },
    async offerKernels(variables) {
      await askConda(container, 'kernels', {variables})
    },
  }
}

async function askConda<T>(
  {program: {host, assets}, image, ask}: CondaInContainer,
  verb: 'choose' | 'install' | 'kernels',
  asked: object,
): Promise<T> {
  const tool = await lockedTool(host.files, assets, 'conda')
  const source = await readAsset(host.files, path.join(assets, 'images', 'jhub_conda.py'))
  try {
    return await ask<T>({verb: 'conda', conda: {verb, tool, source, image, asked}})
  } catch (error) {
    throw condaRefusal(error, image) ?? buildFailure(error, image)
  }
}
