import {definedOnly} from '../../../../defined-only.js'
import {JhubError} from '../../../../errors.js'
import {withKnownHashes} from '../../../../hub-spec/images/image-lock.js'
import {resolveConda} from '../../../images/conda/conda-kernels.js'
import {translateProjectError} from '../../../images/errors/project-error.js'
import {checkRequirements} from '../../../images/read-recipe.js'
import {translateResolveError} from '../../../images/errors/resolve-error.js'
import type {BuildContainers} from './build-containers.js'
import {failing} from './build-failure.js'
import {requireImage, type PullAsHub, type RunDocker} from '../docker-images.js'
import {chooseCondaInContainer} from './conda-in-container.js'
import type {ChooseOptions, ChosenPackages} from './image-builder.js'
import {askProgram, type AskedOfProgram, type ProgramHost} from './image-program.js'

type Choice = ChosenPackages | {readonly refused: string; readonly base: readonly string[]}
type Export = {readonly packages: string} | {readonly refused: string}

interface Workplace {
  readonly program: ProgramHost
  readonly docker: RunDocker
  readonly asHub: PullAsHub | undefined
  readonly containers: BuildContainers
}

/** Chooses the packages of an image in a container of its base. Throws in uv's words where none fit. */
export async function chooseInContainer(
  {program, docker, containers, asHub}: Workplace,
  {image, base, requirements, hashes, project, conda, previous}: ChooseOptions,
  signal?: AbortSignal,
): Promise<ChosenPackages> {
  const options = definedOnly({signal})
  await requireImage(docker, base, {...options, asHub})
  const [run, start] = [
    ['run', '--rm', '--init', '--interactive'],
    ['--entrypoint', 'sh', base],
  ]
  const askRaw = <T>(asked: AskedOfProgram) =>
    containers.withContainer((container) =>
      askProgram<T>(program, [...run, ...containers.madeWith(container), ...start], {...asked, image: base}, options),
    )
  if (conda !== undefined) {
    const chooser = chooseCondaInContainer({program, image, ask: askRaw})
    return {packages: '\n', conda: await resolveConda(chooser, {image, environment: conda})}
  }
  const ask = <T>(asked: AskedOfProgram) => askRaw<T>(asked).catch(failing(image))
  const refused = (output: string) => new JhubError('JHUB-E201', 'uv chose no packages', {details: {output}})
  const known = project === undefined ? undefined : await ask<Export>({verb: 'export', ...project})
  if (known !== undefined && 'refused' in known) throw translateProjectError(refused(known.refused), image)
  const pins = known && checkRequirements(image, 'The uv.lock of its project', known.packages)
  const choice = await ask<Choice>({verb: 'choose', requirements: pins ?? requirements, previous})
  if ('refused' in choice)
    throw translateResolveError(refused(choice.refused), {image, own: choice.base, owner: `${base} has`})
  const given = known?.packages ?? hashes
  return given === undefined ? choice : {...choice, packages: withKnownHashes(choice.packages, given)}
}
