import {installConda} from '../../../images/conda/conda-kernels.js'
import {proxyVariables} from '../../../images/network-environment.js'
import type {StepContext} from '../../../../steps/step.js'
import {failing} from './build-failure.js'
import {installCondaInContainer} from './conda-in-container.js'
import type {RunDocker} from '../docker-images.js'
import type {ImageBuildOptions} from './image-builder.js'
import {askProgram, type AskedOfProgram, type ProgramHost} from './image-program.js'
import {installDebianInContainer} from './install-debian-in-container.js'

export interface InstallPlace {
  readonly program: ProgramHost
  /** Throws in the program's own words. */
  readonly run: RunDocker
  /** A running container, which becomes the image. */
  readonly container: string
}

/** Nothing stands on the base. */
export function isBaseAlone({apt = [], packages, conda}: ImageBuildOptions): boolean {
  return packages.trim() === '' && apt.length === 0 && conda === undefined
}

/** Installs what an image has beside its base: Debian's packages first, since others may need them, then Python's and conda's. */
export async function installInContainer(
  {program, run, container}: InstallPlace,
  {image, base, apt = [], packages, conda}: ImageBuildOptions,
  context: StepContext,
): Promise<void> {
  const {signal} = context
  const onLine = (line: string) => {
    if (/^\s*(?:Downloading|Building|Prepared|Installed|Bytecode)/.test(line)) context.report(line.trim())
  }
  const words = ['exec', '--interactive', container, 'sh']
  const ask = <T>(asked: AskedOfProgram) => askProgram<T>(program, words, {...asked, image: base}, {signal, onLine})
  const environment = proxyVariables(program.host.system.environment)
  if (apt.length > 0)
    await installDebianInContainer(run, {container, base, names: apt, environment}, context).catch(failing(image))
  if (packages.trim() !== '') await ask({verb: 'install', lock: packages}).catch(failing(image))
  if (conda !== undefined)
    await installConda(installCondaInContainer({program, image, ask}), conda, (text) => {
      context.report(text)
    })
}
