import {JhubError} from '../../../errors.js'
import {lockedPackages, parseImageLock, renderImageLock} from '../../../hub-spec/image-lock.js'
import type {ImageSpec} from '../../../hub-spec/images-spec.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {StepList} from '../../../steps/step.js'
import type {ImageKeeper, ImageSeen, PackageChoice} from '../../engine.js'
import {choosePackages} from '../../images/choose-packages.js'
import {imageContents} from '../../images/image-contents.js'
import {imageLocks, type ImageLocks, type NamedImage, type ToResolve} from '../../images/image-locks.js'
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
  const locksOf = (spec: HubSpec) => {
    const base = baseOf(spec)
    return imageLocks({
      files,
      records: () => records.read(),
      recipeHash: ([name, image]) => recipeHash(name, image, base),
      resolve: (named, wanted) => resolve(named, wanted, base),
    })
  }
  const reference = async (locks: ImageLocks, name: string, image: ImageSpec) => {
    const lock = await locks.current(name, image)
    return lock === undefined ? undefined : referenceOf(hubName, name, lock)
  }

  const resolve = async ([name, image]: NamedImage, {there, isNewest, signal}: ToResolve, base: string) => {
    const recipe = await recipeHash(name, image, base)
    if (image.recipe.by === 'oci') {
      const {reference} = image.recipe
      return {recipe, ...(await builder.pin({image: name, reference, isNewest}, signal)), packages: '\n'}
    }
    const previous = there?.packages.trim() ?? ''
    const wanted = {image: name, base, requirements: await readRecipe(files, name, image)}
    const {python, packages} = await builder.choose(previous === '' ? wanted : {...wanted, previous}, signal)
    const lock = parseImageLock(renderImageLock({recipe, python, base, packages}))
    if (lock === undefined) throw new JhubError('JHUB-E210', `uv chose no packages for the image ${name}`)
    return lock
  }

  const references = async (spec: HubSpec) => {
    const locks = locksOf(spec)
    const found = [...spec.images].map(async ([name, image]) => [name, await reference(locks, name, image)] as const)
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
    const locks = locksOf(spec)
    return [
      ...[...spec.images].flatMap(([name, image]) => [
        choosePackages({
          name,
          local: files,
          lockFile: image.lockFile,
          current: () => locks.current(name, image),
          choose: locks.chooser([name, image], choice),
          canChoose: async () =>
            (await locks.isDecided(name, image).catch(() => false)) ||
            (await builder.hasBase(image.recipe.by === 'oci' ? image.recipe.reference : base)),
        }),
        buildImage({
          builder,
          name,
          lock: () => locks.current(name, image),
          referenceOf: (lock) => referenceOf(hubName, name, lock),
          isHere,
        }),
      ]),
      ...(spec.images.size === 0
        ? []
        : [loadBuilds(own, spec.k8s.nodes, async () => (await references(spec)).map(([, each]) => each))]),
      recordImages(records, () => locks.all(spec.images)),
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
    contents: (spec) => imageContents(files, spec.images, locksOf(spec).current),
    undecided: (spec) => locksOf(spec).undecided(spec.images),
    async look(spec, name): Promise<ImageSeen> {
      const image = spec.images.get(name)
      const locks = locksOf(spec)
      const earlier = await locks.earlier(name)
      const there = (await built(spec)).get(name)
      if (image === undefined || there === undefined) return {packages: new Map(), kernels: [], earlier}
      const seen = await builder.look(there)
      const locked = lockedPackages((await locks.current(name, image))?.packages ?? '')
      return {reference: there, packages: seen?.packages ?? locked, kernels: seen?.kernels ?? [], earlier}
    },
  }
}
