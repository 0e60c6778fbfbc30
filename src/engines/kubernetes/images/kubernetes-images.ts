import {JhubError} from '../../../errors.js'
import {lockedPackages, parseImageLock, renderImageLock, type ImageLock} from '../../../hub-spec/image-lock.js'
import type {ImageSpec} from '../../../hub-spec/images-spec.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {StepList} from '../../../steps/step.js'
import type {ImageKeeper, ImageSeen, PackageChoice} from '../../engine.js'
import {choosePackages} from '../../images/choose-packages.js'
import {imageContents} from '../../images/image-contents.js'
import {readRecipe} from '../../images/read-recipe.js'
import {recordImages} from '../../images/record-images.js'
import type {Cluster, OwnCluster} from '../clusters/cluster.js'
import {withImage} from '../release/wanted-release.js'
import {buildImage} from '../steps/build-image.js'
import {loadBuilds} from '../steps/load-builds.js'
import {removeOldBuilds} from '../steps/remove-old-builds.js'
import type {ImageBuilder} from './image-builder.js'
import {referenceOf, shortHash} from './image-reference.js'
import {imageRecordSecrets} from './record-secrets.js'

export interface KubernetesImages {
  readonly cluster: Cluster
  readonly own: OwnCluster
  readonly builder: ImageBuilder
  readonly namespace: string
  readonly hubName: string
}

/** Images as container images: what the base has, and the packages of a recipe beside it. */
export function kubernetesImages({cluster, own, builder, namespace, hubName}: KubernetesImages): ImageKeeper {
  const {files} = cluster
  const records = imageRecordSecrets(cluster, namespace, hubName)
  const baseOf = (spec: HubSpec) => withImage(spec).k8s.image ?? ''
  const recipeHash = async (name: string, image: ImageSpec, base: string) =>
    shortHash(
      JSON.stringify(
        image.recipe.by === 'oci' ? image.recipe.reference : [(await readRecipe(files, name, image)).toSorted(), base],
      ),
    )
  /** Beside the spec; where it is not, as the cluster keeps it. */
  const current = async (name: string, {lockFile}: ImageSpec): Promise<ImageLock | undefined> =>
    parseImageLock(await files.read(lockFile)) ?? (await records.read()).get(name)?.[0]
  const isDecided = async (name: string, image: ImageSpec, base: string) =>
    (await current(name, image))?.recipe === (await recipeHash(name, image, base))
  const reference = async (name: string, image: ImageSpec) => {
    const lock = await current(name, image)
    return lock === undefined ? undefined : referenceOf(hubName, name, lock)
  }

  const resolve = async (name: string, image: ImageSpec, base: string, isNewest: boolean, signal?: AbortSignal) => {
    const recipe = await recipeHash(name, image, base)
    if (image.recipe.by === 'oci') {
      const {reference} = image.recipe
      return {recipe, ...(await builder.pin({image: name, reference, isNewest}, signal)), packages: '\n'}
    }
    const there = isNewest ? undefined : (await current(name, image))?.packages.trim()
    const wanted = {image: name, base, requirements: await readRecipe(files, name, image)}
    const {python, packages} = await builder.choose(
      there === undefined || there === '' ? wanted : {...wanted, previous: there},
      signal,
    )
    const lock = parseImageLock(renderImageLock({recipe, python, base, packages}))
    if (lock === undefined) throw new JhubError('JHUB-E210', `uv chose no packages for the image ${name}`)
    return lock
  }
  const previous = async (name: string, image: ImageSpec, base: string): Promise<ImageLock> => {
    const [inForce, earlier] = (await records.read()).get(name) ?? []
    if (inForce === undefined || earlier === undefined)
      throw new JhubError('JHUB-E302', `There is no earlier build of the image ${name} to go back to`, {
        fix: `jhub image show ${name}`,
      })
    // Kept for the recipe as it is now, so that nothing is chosen anew before the recipe changes.
    return {...earlier, recipe: await recipeHash(name, image, base)}
  }
  const chooser = (name: string, image: ImageSpec, base: string, choice: PackageChoice | undefined) => {
    const asked = choice?.names.includes(name) === true ? choice.take : undefined
    let chosen: ImageLock | undefined
    return async (signal?: AbortSignal): Promise<ImageLock> => {
      if (chosen !== undefined) return chosen
      const there = await current(name, image)
      if (asked === 'previous') chosen = await previous(name, image, base)
      else if (asked === undefined && there !== undefined && (await isDecided(name, image, base))) return there
      else chosen = await resolve(name, image, base, asked === 'newest', signal)
      return chosen
    }
  }

  const references = async (spec: HubSpec) => {
    const found = [...spec.images].map(async ([name, image]) => [name, await reference(name, image)] as const)
    return (await Promise.all(found)).flatMap(([name, each]) => (each === undefined ? [] : [[name, each] as const]))
  }
  const built = async (spec: HubSpec) => {
    const named = await references(spec)
    if (named.length === 0) return new Map<string, string>()
    const there = await own.imagesThere(
      named.map(([, each]) => each),
      'servers',
    )
    return new Map(named.filter(([, each]) => there.includes(each)))
  }
  const isHere = async (each: string) =>
    (await builder.builds()).includes(each) || (await own.imagesThere([each], 'servers')).includes(each)

  const steps = (spec: HubSpec, choice?: PackageChoice): StepList => {
    const base = baseOf(spec)
    return [
      ...[...spec.images].flatMap(([name, image]) => [
        choosePackages({
          name,
          local: files,
          lockFile: image.lockFile,
          current: () => current(name, image),
          choose: chooser(name, image, base, choice),
          canChoose: async () =>
            (await isDecided(name, image, base).catch(() => false)) ||
            (await builder.hasBase(image.recipe.by === 'oci' ? image.recipe.reference : base)),
        }),
        buildImage({
          builder,
          name,
          lock: () => current(name, image),
          referenceOf: (lock) => referenceOf(hubName, name, lock),
          isHere,
        }),
      ]),
      ...(spec.images.size === 0
        ? []
        : [loadBuilds(own, spec.k8s.nodes, async () => (await references(spec)).map(([, each]) => each))]),
      recordImages(records, async () => {
        const locks = [...spec.images].map(async ([name, image]) => [name, await current(name, image)] as const)
        return new Map(await Promise.all(locks))
      }),
      removeOldBuilds({
        cluster,
        own,
        builder,
        namespace,
        wanted: async () =>
          [...(await records.read())].flatMap(([name, locks]) => locks.map((lock) => referenceOf(hubName, name, lock))),
      }),
    ]
  }

  return {
    steps,
    built,
    contents: ({images}) => imageContents(files, images, current),
    async undecided(spec) {
      const found = [...spec.images].map(async ([name, image]) =>
        (await isDecided(name, image, baseOf(spec))) ? [] : [name],
      )
      return (await Promise.all(found)).flat()
    },
    async look(spec, name): Promise<ImageSeen> {
      const image = spec.images.get(name)
      const earlier = Math.max(0, ((await records.read()).get(name) ?? []).length - 1)
      const there = (await built(spec)).get(name)
      if (image === undefined || there === undefined) return {packages: new Map(), kernels: [], earlier}
      const seen = await builder.look(there)
      const locked = lockedPackages((await current(name, image))?.packages ?? '')
      return {reference: there, packages: seen?.packages ?? locked, kernels: seen?.kernels ?? [], earlier}
    },
  }
}
