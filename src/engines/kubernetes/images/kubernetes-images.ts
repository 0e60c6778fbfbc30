import type {Clock} from '../../../host/clock.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {lockedPackages} from '../../../hub-spec/images/image-lock.js'
import type {StepList} from '../../../steps/step.js'
import type {ImageKeeper, ImageSeen, PackageChoice} from '../../engine.js'
import {choosePackages} from '../../images/choose-packages.js'
import {imageContents} from '../../images/image-contents.js'
import type {NamedImage} from '../../images/image-locks.js'
import {recordImages, type ImageRecordStore} from '../../images/record-images.js'
import type {Cluster, OwnCluster} from '../clusters/cluster.js'
import {buildImage} from '../steps/build-image.js'
import {loadBuilds} from '../steps/load-builds.js'
import {removeOldBuilds} from '../steps/remove-old-builds.js'
import {buildLocked} from './build-locked.js'
import {containerImageLocks, type ContainerImageLocks} from './container-image-locks.js'
import type {ImageBuilder} from './image-builder.js'
import {referenceOf} from './image-reference.js'
import {imageRecordSecrets} from './record-secrets.js'

export interface KubernetesImages {
  readonly cluster: Cluster
  readonly own: OwnCluster
  readonly builder: ImageBuilder
  readonly clock: Pick<Clock, 'now'>
  readonly namespace: string
  readonly hubName: string
}

/** Images as container images: what the base has, and the packages of a recipe beside it; or what a Dockerfile says. */
export function kubernetesImages(options: KubernetesImages): ImageKeeper {
  const {cluster, own, builder, clock, namespace, hubName} = options
  const {files} = cluster
  const records = imageRecordSecrets(cluster, namespace, hubName)
  const decided = (spec: HubSpec) => containerImageLocks({files, clock, records, builder, hubName}, spec)

  const built = async (spec: HubSpec) => {
    const named = await decided(spec).references()
    if (named.size === 0) return new Map<string, string>()
    const there = await own.imagesThere([...named.values()], 'servers')
    return new Map([...named].filter(([, each]) => there.includes(each)))
  }

  return {
    steps: (spec, choice) => imageSteps(options, records, {spec, decided: decided(spec), choice}),
    clear: () => [
      removeOldBuilds({
        cluster,
        own,
        builder,
        namespace,
        wanted: async () =>
          [...(await records.read())].flatMap(([name, locks]) => locks.map((lock) => referenceOf(hubName, name, lock))),
      }),
    ],
    built,
    contents: (spec) => imageContents(files, spec.images, decided(spec).locks.current),
    undecided: (spec) => decided(spec).locks.undecided(spec.images),
    async look(spec, name): Promise<ImageSeen> {
      const image = spec.images.get(name)
      const {locks} = decided(spec)
      const earlier = await locks.earlier(name)
      const there = (await built(spec)).get(name)
      if (image === undefined || there === undefined) return {packages: new Map(), kernels: [], earlier}
      const seen = await builder.look(there)
      const locked = lockedPackages((await locks.current(name, image))?.packages ?? '')
      return {reference: there, packages: seen?.packages ?? locked, kernels: seen?.kernels ?? [], earlier}
    },
  }
}

interface StepsWanted {
  readonly spec: HubSpec
  readonly decided: ContainerImageLocks
  readonly choice: PackageChoice | undefined
}

function imageSteps(
  options: KubernetesImages,
  records: ImageRecordStore,
  {spec, decided, choice}: StepsWanted,
): StepList {
  const {own} = options
  const {locks} = decided
  const references = async () => [...(await decided.references()).values()]
  return [
    ...[...spec.images].flatMap((named) => buildSteps(options, decided, named, choice)),
    ...(spec.images.size === 0 ? [] : [loadBuilds(own, spec.k8s.nodes, references)]),
    recordImages(records, () => locks.all(spec.images)),
  ]
}

function buildSteps(
  {cluster, own, builder, hubName}: KubernetesImages,
  {locks, base}: ContainerImageLocks,
  named: NamedImage,
  choice: PackageChoice | undefined,
): StepList {
  const [name, image] = named
  const {recipe} = image
  /** Of an image of others only its registry is asked; a directory is here. */
  const needsBase = recipe.by !== 'build' && recipe.by !== 'oci'
  return [
    choosePackages({
      name,
      local: cluster.files,
      lockFile: image.lockFile,
      current: () => locks.current(...named),
      choose: locks.chooser(named, choice),
      canChoose: async () =>
        (await locks.isDecided(...named).catch(() => false)) || !needsBase || (await builder.hasBase(base)),
    }),
    buildImage({
      name,
      lock: () => locks.current(...named),
      referenceOf: (lock) => referenceOf(hubName, name, lock),
      isHere: async (each) =>
        (await builder.builds()).includes(each) || (await own.imagesThere([each], 'servers')).includes(each),
      make: (wanted, context) => buildLocked(builder, named, wanted, context),
      remove: (each) => builder.remove([each]),
    }),
  ]
}
