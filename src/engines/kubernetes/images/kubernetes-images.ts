import {definedOnly} from '../../../defined-only.js'
import type {Clock} from '../../../host/clock.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {lockContents} from '../../../hub-spec/images/image-lock.js'
import type {StepList} from '../../../steps/step.js'
import type {ImageKeeper, ImageSeen, PackageChoice} from '../../engine.js'
import {choosePackages} from '../../images/choose-packages.js'
import {imageContents} from '../../images/image-contents.js'
import type {NamedImage} from '../../images/image-locks.js'
import {recordImages, type ImageRecordStore} from '../../images/record-images.js'
import type {Cluster} from '../clusters/cluster.js'
import {buildImage} from '../steps/images/build-image.js'
import {removeOldBuilds} from '../steps/images/remove-old-builds.js'
import {buildLocked} from './build/build-locked.js'
import {containerImageLocks, type ContainerImageLocks} from './container-image-locks.js'
import type {ImageWay} from './image-delivery.js'
import {buildOf, referenceOf} from './image-reference.js'
import {nodePlatforms, requireNodePlatform} from './node-platforms.js'
import {imageRecordSecrets} from './record-secrets.js'

export interface KubernetesImages {
  readonly cluster: Cluster
  readonly way: ImageWay
  readonly clock: Pick<Clock, 'now'>
  readonly namespace: string
  readonly hubName: string
}

export interface ContainerImages extends ImageKeeper {
  /** What the images of a spec are made as, whether they are built or not; of those whose packages are chosen. */
  references(spec: HubSpec): Promise<readonly string[]>
}

/** Images as container images: what the base has, and the packages of a recipe beside it; or what a Dockerfile says. */
export function kubernetesImages(options: KubernetesImages): ContainerImages {
  const {cluster, way, clock, namespace, hubName} = options
  const {files, builder} = cluster
  const records = imageRecordSecrets(cluster, namespace, hubName)
  const decided = (spec: HubSpec) => containerImageLocks({files, clock, records, builder, hubName}, spec)

  const built = async (spec: HubSpec) => {
    const named = await decided(spec).builds()
    if (named.size === 0) return new Map<string, string>()
    const there = await way.delivery(spec).there([...named.values()])
    return new Map(
      [...named].flatMap(([name, {reference}]) => {
        const run = there.get(reference)
        return run === undefined ? [] : [[name, run] as const]
      }),
    )
  }

  return {
    steps: (spec, choice) => imageSteps(options, records, {spec, decided: decided(spec), choice}),
    clear: (spec) => [
      removeOldBuilds({
        cluster,
        delivery: way.delivery(spec),
        namespace,
        wanted: async () =>
          [...(await records.read())].flatMap(([name, locks]) => locks.map((lock) => referenceOf(hubName, name, lock))),
      }),
    ],
    built,
    lost: (spec, references) => way.delivery(spec).lost(references),
    async references(spec) {
      return [...(await decided(spec).builds()).values()].map(({reference}) => reference)
    },
    contents: (spec) => imageContents(files, spec.images, decided(spec).locks.current),
    ...definedOnly({registry: way.registry}),
    undecided: (spec) => decided(spec).locks.undecided(spec.images),
    async look(spec, name): Promise<ImageSeen> {
      const image = spec.images.get(name)
      const {locks} = decided(spec)
      const earlier = await locks.earlier(name)
      const there = (await built(spec)).get(name)
      if (image === undefined || there === undefined) return {packages: new Map(), kernels: [], earlier}
      const build = (await decided(spec).builds()).get(name)?.reference ?? there
      const seen = await builder.look(build)
      const lock = await locks.current(name, image)
      const locked = lock === undefined ? new Map<string, string>() : lockContents(lock)
      return {
        reference: there,
        packages: seen?.packages ?? locked,
        ...(seen === undefined ? {} : {kernels: seen.kernels, disk: {bytes: seen.sizeBytes}}),
        earlier,
      }
    },
  }
}

interface StepsOptions {
  readonly spec: HubSpec
  readonly decided: ContainerImageLocks
  readonly choice: PackageChoice | undefined
}

function imageSteps(
  options: KubernetesImages,
  records: ImageRecordStore,
  {spec, decided, choice}: StepsOptions,
): StepList {
  const {locks} = decided
  const builds = async () => [...(await decided.builds()).values()]
  return [
    ...[...spec.images].flatMap((named) => buildSteps(options, {spec, decided, choice}, named)),
    ...(spec.images.size === 0 ? [] : [options.way.delivery(spec).deliver(builds)]),
    recordImages(records, () => locks.all(spec.images)),
  ]
}

function buildSteps(
  {cluster, way, hubName}: KubernetesImages,
  {spec, decided: {locks, base}, choice}: StepsOptions,
  named: NamedImage,
): StepList {
  const [name, image] = named
  const {builder} = cluster
  const {recipe} = image
  /** For somebody else's image, only the registry is asked; a directory is on this computer. */
  const needsBase = recipe.by !== 'build' && recipe.by !== 'oci'
  return [
    choosePackages({
      name,
      of: recipe.by === 'oci' ? 'digest' : recipe.by === 'build' ? 'directory' : 'packages',
      take: choice?.names.includes(name) === true ? choice.take : undefined,
      local: cluster.files,
      lockFile: image.lockFile,
      current: () => locks.current(...named),
      choose: locks.chooser(named, choice),
      canChoose: async () =>
        (await locks.isDecided(...named).catch(() => false)) || !needsBase || (await builder.hasBase(base(image))),
    }),
    buildImage({
      name,
      lock: () => locks.current(...named),
      buildOf: (lock) => buildOf(hubName, name, lock),
      isHere: async (build) =>
        (await builder.builds()).includes(build.reference) || (await way.delivery(spec).missing([build])).length === 0,
      async make(wanted, context) {
        if (cluster.own === undefined)
          requireNodePlatform(name, await builder.platform(), await nodePlatforms(cluster, spec))
        if (recipe.by !== 'oci') await way.delivery(spec).requireTaken?.()
        await buildLocked(builder, named, wanted, context)
      },
      remove: (each) => builder.remove([each]),
    }),
  ]
}
