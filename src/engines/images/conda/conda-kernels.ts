import {JhubError} from '../../../errors.js'
import type {CondaEnvironment} from '../../../hub-spec/images/conda/conda-environment.js'
import type {CondaLock} from '../../../hub-spec/images/conda/conda-lock.js'
import {translateResolveError} from '../errors/resolve-error.js'
import type {ChosenPackage, CondaChooser, CondaInstaller} from './conda-place.js'

export interface CondaOptions {
  readonly image: string
  readonly environment: CondaEnvironment
}

/** Chooses the conda packages of an image's kernels, and what pip adds to them. */
export async function resolveConda(chooser: CondaChooser, wanted: CondaOptions): Promise<CondaLock> {
  const chosen = await chooser.choose(wanted.environment)
  return {
    packages: chosen.map(({url, sha256}) => `${url}#sha256:${sha256}`),
    pip: await resolvePip(chooser, wanted, chosen),
    variables: wanted.environment.variables,
  }
}

/** A version as pip compares it; conda has others. */
const pipVersion = /^\d+(?:\.\d+)*(?:(?:a|b|rc)\d+)?(?:\.post\d+)?$/

/** Packages of conda stay as they are; of what a kernel of Python needs, pip adds what conda does not have. */
async function resolvePip(
  chooser: CondaChooser,
  {image, environment}: CondaOptions,
  chosen: readonly ChosenPackage[],
): Promise<string> {
  const python = chosen.find(({name}) => name === 'python')?.version
  if (python === undefined) {
    if (environment.pip.length === 0) return ''
    throw new JhubError('JHUB-E221', `The image ${image} cannot be built: it has packages of pip and no python`, {
      fix: 'Add python to the dependencies of the file',
    })
  }
  const requirements = [...environment.pip, ...(chosen.some(({name}) => name === 'ipykernel') ? [] : ['ipykernel'])]
  if (requirements.length === 0) return ''
  const own = chosen.filter(({isPython}) => isPython === 'yes')
  const constraints = own
    .filter(({version}) => pipVersion.test(version))
    .map(({name, version}) => `${name}==${version}`)
  const left = own.map(({name}) => name)
  try {
    return await chooser.choosePip({requirements, constraints, left, python: python.split('.').slice(0, 2).join('.')})
  } catch (error) {
    throw translateResolveError(error, {image, own: constraints, owner: 'the conda environment has'})
  }
}

/** Installs exactly the lock, and offers its kernels beside Python's. */
export async function installConda(
  installer: CondaInstaller,
  {packages, pip, variables}: CondaLock,
  report: (text: string) => void,
): Promise<void> {
  report(`${String(packages.length)} conda packages`)
  await installer.install(
    packages.map((line) => {
      const [url = '', sha256 = ''] = line.split('#sha256:')
      return {url, sha256}
    }),
  )
  if (pip !== '') await installer.installPip(pip)
  await installer.offerKernels(variables)
}
