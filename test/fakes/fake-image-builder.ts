import {createHash} from 'node:crypto'
import type {ImageBuildOptions, ImageBuilder} from '../../src/engines/kubernetes/images/build/image-builder.js'
import {JhubError} from '../../src/errors.js'
import {lockedPackages} from '../../src/hub-spec/images/image-lock.js'
import type {CondaEnvironment} from '../../src/hub-spec/images/conda/conda-environment.js'
import {condaVersions, type CondaLock} from '../../src/hub-spec/images/conda/conda-lock.js'
import type {MemoryFiles} from './memory-files.js'

/** Of every image that is made. */
const sizeBytes = 3 * 1024 ** 3

export interface FakeImageBuilder extends ImageBuilder {
  /** What was built, by reference, with its packages. */
  readonly made: Map<string, string>
}

export interface FakeBuilderOptions {
  /** The newest version of everything stands in `/index` of them. */
  readonly files: MemoryFiles
  readonly beforeChange: (what: string) => void
}

/** A Docker that builds images: it keeps them, and the volume of what it downloaded, until they are taken away. */
export function fakeImageBuilder({files, beforeChange}: FakeBuilderOptions): FakeImageBuilder {
  const made = new Map<string, string>()
  const kernels = new Map<string, ReadonlyMap<string, string>>()
  let hasVolume = false
  return {
    made,
    platform: async () => 'linux/amd64',
    hasBase: async () => true,
    async choose({image, requirements, conda, previous = ''}) {
      hasVolume = true
      if (conda !== undefined) return {packages: '\n', conda: await fakeCondaLock(files, image, conda)}
      const names = requirements.map((each) => /^[a-z][a-z0-9-]*/.exec(each)?.[0] ?? '')
      if (names.includes('nosuch'))
        throw new JhubError('JHUB-E221', `The image ${image} cannot be built: the package index has no package nosuch`)
      const newest = (await files.read('/index')) ?? '1.0'
      const kept = lockedPackages(previous)
      const lines = names.map((name) => `${name}==${kept.get(name) ?? newest} \\\n    --hash=sha256:00`)
      return {python: '3.12', packages: `${lines.join('\n')}\n`}
    },
    async pin({image, reference}) {
      if (reference.includes('nosuch')) throw new JhubError('JHUB-E230', `${image}: no server starts from ${reference}`)
      const digest = createHash('sha256')
        .update((await files.read('/index')) ?? '1.0')
        .digest('hex')
      return {base: `${reference.replace(/:[^/:]*$/, '')}@sha256:${digest}`}
    },
    async build({reference, packages, conda}: ImageBuildOptions) {
      beforeChange(`build ${reference}`)
      made.set(reference, packages)
      if (conda !== undefined) kernels.set(reference, condaVersions(conda))
    },
    async digest(directory) {
      const text = await files.read(`${directory}/Dockerfile`)
      if (text === undefined) throw new JhubError('JHUB-E301', `There is no Dockerfile in ${directory}`)
      return createHash('sha256').update(text).digest('hex')
    },
    async buildDirectory({image, directory, digest, reference}) {
      const text = (await files.read(`${directory}/Dockerfile`)) ?? ''
      if (createHash('sha256').update(text).digest('hex') !== digest)
        throw new JhubError('JHUB-E302', `The image ${image} was built from another state of ${directory}`)
      beforeChange(`build ${reference}`)
      if (text.includes('nosuch')) throw new JhubError('JHUB-E201', `The image ${image} could not be built`)
      if (text.includes('scratch')) throw new JhubError('JHUB-E230', `The image ${image} has no jupyterhub-singleuser`)
      made.set(reference, '')
    },
    async look(reference) {
      const packages = made.get(reference)
      if (packages === undefined) return undefined
      const beside = kernels.get(reference)
      const name = /:(.*)-[0-9a-f]+$/.exec(reference)?.[1] ?? ''
      return beside === undefined
        ? {python: '3.12', packages: lockedPackages(packages), kernels: ['python3'], sizeBytes}
        : {python: '3.12', packages: beside, kernels: [name, 'python3'], sizeBytes}
    },
    builds: async () => [...made.keys()],
    async remove(references) {
      for (const reference of references) {
        beforeChange(`remove ${reference}`)
        made.delete(reference)
      }
    },
    leftovers: async () => [...made.keys(), ...(hasVolume ? ['packages'] : [])],
    async clear() {
      beforeChange('clear images')
      made.clear()
      hasVolume = false
    },
  }
}

/** A channel that has everything but `nosuch`, in the newest version. */
async function fakeCondaLock(
  files: MemoryFiles,
  image: string,
  {dependencies, variables}: CondaEnvironment,
): Promise<CondaLock> {
  if (dependencies.includes('nosuch'))
    throw new JhubError('JHUB-E221', `The image ${image} cannot be built: No candidates were found for nosuch *.`)
  const version = (await files.read('/index')) ?? '1.0'
  const packages = dependencies.map(
    (name) => `https://conda.example/noarch/${name}-${version}-0.conda#sha256:${'0'.repeat(64)}`,
  )
  return {packages, pip: '', variables}
}
