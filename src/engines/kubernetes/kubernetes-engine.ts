import path from 'node:path'
import {contentName} from '../../bundle/part-names.js'
import type {UnpackedBundle} from '../../bundle/read-bundle.js'
import {definedOnly} from '../../defined-only.js'
import type {Clock} from '../../host/clock.js'
import {longestTimerMs} from '../../host/longest-timer.js'
import {busyHubMs, isHubReady} from '../../jupyterhub/hub-ready.js'
import type {HubConnection} from '../../jupyterhub/hub-connection.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import {together} from '../../steps/step.js'
import {askOnce} from '../../steps/ask-once.js'
import type {Engine, Forward} from '../engine.js'
import {afterDown} from './clusters/after-down.js'
import type {Cluster} from './clusters/cluster.js'
import {chartImages} from './clusters/kind/images/chart-images.js'
import {kubernetesBundles} from './bundle/kubernetes-bundles.js'
import {neededImages} from './bundle/needed-images.js'
import {shippedFiles} from './chart/hub-files.js'
import {hubEndpoint, type HubEndpoint} from './access/hub-endpoint.js'
import {hubRecovery} from './clusters/hub-recovery.js'
import {hubPaths} from './clusters/layout.js'
import {namespaceOf} from './clusters/namespace.js'
import {readLog} from './pods/pod-log.js'
import {platformStatus} from './clusters/platform-status.js'
import {homesInUse} from './homes/homes-in-use.js'
import {kubernetesHomes} from './homes/kubernetes-homes.js'
import {kubernetesCommonFiles} from './common-files/common-files.js'
import {isDeployed, preflight} from './clusters/findings/preflight.js'
import {clusterSettings} from './clusters/kind/kind-config.js'
import {readReleaseDrift} from './release/drift.js'
import {missingObjects} from './release/missing-objects.js'
import {readReleaseRecord} from './release/release-record.js'
import {programsSeen} from './release/programs-seen.js'
import {platformNotes} from './pods/platform-notes.js'
import {runningServers} from './pods/running-servers.js'
import {homeProgram} from '../homes/home-program.js'
import {readSecrets} from '../sign-in/secrets.js'
import {signInFindings} from '../../findings/sign-in-findings.js'
import {givenSecret, givenSecretFile} from '../sign-in/sign-in-secret.js'
import {clearCluster} from './steps/removal/clear-cluster.js'
import {clearTrial} from './steps/removal/clear-trial.js'
import {deleteVolumes} from './steps/removal/delete-volumes.js'
import {ensureChart} from './steps/ensure-chart.js'
import {ensureCluster} from './steps/ensure-cluster.js'
import {ensureImages} from './steps/images/ensure-images.js'
import {ensureNamespace} from './steps/ensure-namespace.js'
import {ensureDatabaseVolume, ensureHomeVolumes} from './steps/ensure-volumes.js'
import {ensureQuota} from './steps/ensure-quota.js'
import {tryValues} from './release/trial/try-values.js'
import {ensureRelease} from './steps/ensure-release.js'
import {ensureSecrets} from './steps/ensure-secrets.js'
import {recordApplied} from './steps/record-applied.js'
import {fetchServerImage} from './steps/images/fetch-server-image.js'
import {removeCluster} from './steps/removal/remove-cluster.js'
import {removeHomes} from './steps/removal/remove-homes.js'
import {removePaths} from '../remove-paths.js'
import {removeRelease} from './steps/removal/remove-release.js'
import type {ImageWay} from './images/image-delivery.js'
import {intoNodes} from './images/into-nodes.js'
import {registryWay} from './registry/registry-way.js'
import {kubernetesImages} from './images/kubernetes-images.js'
import {removeBuilds} from './steps/images/remove-builds.js'
import {stopCluster} from './steps/removal/stop-cluster.js'
import {stopServers} from './steps/removal/stop-servers.js'
import {plainServerImages, trialRelease, wantedRelease, withImage} from './release/wanted-release.js'

export interface KubernetesEngineOptions {
  readonly cluster: Cluster
  readonly clock: Clock
  /** The directory of files shipped with jhub. */
  readonly assets: string
  readonly spec: HubSpec
  /** Where everything comes from in place of the internet. */
  readonly bundle?: UnpackedBundle
}

/** JupyterHub in a cluster, by the official chart. */
export function kubernetesEngine({cluster, clock, assets, spec: known, bundle}: KubernetesEngineOptions): Engine {
  const {files, layout, own} = cluster
  const namespace = namespaceOf(known)
  const given = givenSecret(files, layout.root)
  const secret = async () => (await given.read()) ?? (await readSecrets(files, layout.secrets))?.signIn
  const endpoint: HubEndpoint = hubEndpoint(cluster, known)
  const isOpen = async (patienceMs?: number) => {
    const url = await endpoint.reach()
    return url === undefined ? {ready: false, answer: 'no way to it yet'} : isHubReady(url, undefined, patienceMs)
  }
  /** To an endpoint that nothing opens from outside the cluster, through its API. */
  const forward = async (_spec: HubSpec, signal: AbortSignal): Promise<Forward | undefined> => {
    if ((await endpoint.address()).isOpen) return undefined
    const url = await endpoint.reach()
    const ended = () => undefined
    return url === undefined ? undefined : {url, closed: clock.sleep(longestTimerMs, signal).then(ended, ended)}
  }
  const way: ImageWay =
    own === undefined
      ? registryWay(cluster, clock, {namespace, hubName: known.name})
      : {delivery: (spec) => intoNodes(own, spec.k8s.nodes)}
  const images = kubernetesImages({cluster, way, clock, namespace, hubName: known.name})
  const bundledContent = bundle?.manifest.content === undefined ? undefined : path.join(bundle.directory, contentName)
  const commonFiles = kubernetesCommonFiles({cluster, clock, assets, bundledContent})
  const shipped = shippedFiles(files, assets)
  const releaseOf = (spec: HubSpec) => ({shipped, spec, built: (each: HubSpec) => images.built(each)})
  const imagesOfNodes = async (spec: HubSpec) => neededImages(cluster, releaseOf(spec), await images.references(spec))
  const bundles = own === undefined ? undefined : kubernetesBundles({cluster, own, images: imagesOfNodes, bundle})
  const homeVolumes = (spec: HubSpec) => (own === undefined ? [] : [ensureHomeVolumes(cluster, own, spec)])
  const releaseStep = (spec: HubSpec) =>
    ensureRelease({cluster, clock, spec, wanted: () => wantedRelease(cluster, releaseOf(spec)), isOpen, endpoint})

  return {
    title: `mode k8s, ${cluster.title}`,
    preflight: async (spec) => [
      ...(await preflight(cluster, releaseOf(spec))),
      ...((await way.findings?.(spec, images)) ?? []),
      ...signInFindings(spec.auth, await secret()),
      ...(await commonFiles.findings(spec)),
      ...((await bundles?.preflight(spec)) ?? []),
    ],

    steps: {
      up(spec, onReach = []) {
        const wanted = () => wantedRelease(cluster, releaseOf(spec))
        const serverImages = () => Promise.resolve(plainServerImages(spec))
        const coreImages = async () => {
          const programs = await Promise.all(cluster.programs.map((program) => program.find()))
          if (programs.includes(undefined) || (await isDeployed(cluster, releaseOf(spec)))) return []
          const next = (await wanted()) ?? (await trialRelease(cluster, spec))
          return next === undefined ? [] : chartImages(await tryValues(cluster, next))
        }
        const allImages = async () => [...(await coreImages()), ...(await serverImages())]
        const release = releaseStep(spec)
        const trial = clearTrial(cluster, namespace)
        const common = [commonFiles.materials(spec), commonFiles.shared(spec), ...commonFiles.content(spec)]
        return [
          ensureSecrets(cluster, clock, given),
          together(cluster.programs.map((program) => program.install())),
          ...(bundles?.chartSteps(spec) ?? []),
          ensureChart(cluster, spec),
          ...(own === undefined || bundles === undefined
            ? [
                ...onReach,
                ensureNamespace(cluster, namespace, spec.name),
                ensureQuota(cluster, spec),
                ...(way.registry?.steps() ?? []),
                ...images.steps(spec),
                release,
                trial,
                ...common,
              ]
            : [
                ...bundles.imageSteps(spec),
                clearCluster(cluster, own, clusterSettings(spec)),
                together([
                  ensureCluster({cluster, own, clock, settings: clusterSettings(spec), nodeImage: bundles.nodeImage}),
                  ...(spec.k8s.nodes === 1
                    ? [ensureImages(own, 'hub and servers', 1, allImages)]
                    : [
                        ensureImages(own, 'hub', spec.k8s.nodes, coreImages),
                        ensureImages(own, 'servers', spec.k8s.nodes, serverImages),
                      ]),
                ]),
                ...onReach,
                ensureNamespace(cluster, namespace, spec.name),
                ensureQuota(cluster, spec),
                ensureDatabaseVolume(cluster, own, spec),
                ...images.steps(spec),
                together([release, ...homeVolumes(spec)]),
                trial,
                fetchServerImage(own, withImage(spec)),
                ...common,
              ]),
        ]
      },

      quick: (spec) => [
        ...(own === undefined || bundles === undefined
          ? []
          : [ensureCluster({cluster, own, clock, settings: clusterSettings(spec), nodeImage: bundles.nodeImage})]),
        releaseStep(spec),
      ],

      materials: (spec) => [commonFiles.materials(spec)],

      down({deleteData}) {
        const {root, data, volumes} = layout
        return [
          ...(own === undefined
            ? [removeRelease({cluster, clock, namespace, hubName: known.name, deleteData})]
            : [...(deleteData ? [deleteVolumes(cluster, own)] : []), removeCluster(cluster, own)]),
          removeBuilds(cluster.builder),
          removePaths(files, 'Remove what jhub kept of it', [...hubPaths(layout), givenSecretFile(root)], root),
          ...(deleteData
            ? [removePaths(files, 'Delete homes and the database', [volumes], data, "people's files are deleted")]
            : []),
        ]
      },

      stop: () => (own === undefined ? undefined : [stopServers(cluster, own, namespace), stopCluster(cluster, own)]),
      live: (spec) => [ensureQuota(cluster, spec), ...homeVolumes(spec)],
      record: (source, owner) => [recordApplied(cluster, {namespace, hubName: known.name, source, owner})],
    },

    connect: askOnce(async (): Promise<HubConnection | undefined> => {
      const [url, secrets] = await Promise.all([endpoint.reach(), readSecrets(files, layout.secrets)])
      if (url === undefined || secrets === undefined || !(await isHubReady(url, undefined, busyHubMs)).ready)
        return undefined
      return {url, token: secrets.apiToken}
    }),

    platform: {
      afterDown: afterDown(cluster),
      status: (spec) => platformStatus(cluster, endpoint, spec),
      programs: (spec) => programsSeen(cluster, shipped, spec),
      async changedByHand(spec) {
        const api = await cluster.api()
        if (api === undefined) return []
        const [drift, missing] = await Promise.all([
          readReleaseRecord(api, namespace).then((record) => readReleaseDrift(api, spec, record)),
          missingObjects(cluster, api, spec),
        ])
        return [...drift.map(({text}) => text), ...missing]
      },
      logs: (options) => readLog(cluster, namespace, options),
      notes: (spec) => platformNotes(cluster, endpoint, spec),
    },

    servers: runningServers(cluster, clock, namespace),
    homes: {
      remove: (userNames) => removeHomes(cluster, namespace, userNames),
      inUse: (names, signal) => homesInUse(cluster, namespace, names, signal),
      files: kubernetesHomes({cluster, clock, spec: known, program: () => homeProgram(files, assets)}),
    },
    images,
    ...definedOnly({bundle: bundles}),
    signIn: {secret, give: (each) => given.give(each)},
    recovery: hubRecovery(cluster, namespace, known.name),
    ...(own === undefined ? {forward} : {}),
  }
}
