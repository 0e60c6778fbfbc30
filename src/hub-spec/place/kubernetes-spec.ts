import {z} from 'zod'
import {definedOnly} from '../../defined-only.js'
import {clusterChoices, clusterPattern, defaultCluster, parseClusterName, type ClusterSpec} from './cluster-name.js'

/** Settings of servers' pods, besides limits. */
export interface PodSpec {
  readonly uid?: number
  readonly gid?: number
  readonly fsGid?: number
  readonly seLinuxOptions?: Readonly<Record<string, string>>
  readonly nodeSelector: Readonly<Record<string, string>>
  readonly tolerations: readonly Toleration[]
  readonly extraResources: {readonly limits: Quantities; readonly guarantees: Quantities}
}

export interface Toleration {
  readonly key?: string
  readonly operator?: 'Exists' | 'Equal'
  readonly value?: string
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
  readonly tolerationSeconds?: number
}

type Quantities = Readonly<Record<string, string | number>>

/** How a hub runs on Kubernetes, with every default filled in. */
export interface KubernetesSpec {
  readonly cluster: ClusterSpec
  /** Nodes of a kind cluster. */
  readonly nodes: number
  readonly nodeImage?: string
  readonly namespace?: string
  /** A version of the official chart, a directory, a `.tgz` or an `oci://` or `https://` address. */
  readonly chart?: string
  /** The digest that the chart's file must have. */
  readonly chartDigest?: string
  /** Laid over what jhub makes; the last word. */
  readonly values: Readonly<Record<string, unknown>>
  readonly scale: 'lean' | 'cluster'
  /** What everybody's server runs. */
  readonly image?: string
  /** Where images are pushed that jhub builds for a cluster it did not make: `registry.example/courses`. */
  readonly registry?: string
  readonly expose?: 'nodePort' | 'loadBalancer' | 'clusterIP'
  readonly storage: {
    readonly class?: string
    /** Of the volume that all servers have. */
    readonly commonClass?: string
    readonly size: string
  }
  readonly pod: PodSpec
  readonly discovery: 'dns' | 'environment'
}

/** A host with a dot or a port, so that nobody means Docker Hub by chance, and perhaps a path. */
const registryPattern =
  /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+|[a-z0-9.-]+(?=:\d))(?::\d{1,5})?(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/

const words = z.record(z.string(), z.string())
const quantities = z.record(z.string(), z.union([z.string(), z.number()]))
const id = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)

const toleration = z.strictObject({
  key: z.string().optional(),
  operator: z.enum(['Exists', 'Equal']).optional(),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
  tolerationSeconds: z.int().min(0).optional(),
})

const pod = z
  .strictObject({
    uid: id.optional().describe('Numeric user of the server. Default: 1000.'),
    gid: id.optional().describe("Numeric group of the server. Default: the image's."),
    fsGid: id.optional().describe('Group that owns the home volume. Default: 100.'),
    seLinuxOptions: words.optional().describe('SELinux labels, as {level: "s0:c123,c456"}.'),
    nodeSelector: words.optional().describe('Only on nodes with these labels.'),
    tolerations: z.array(toleration).optional().describe('Also on nodes with these taints.'),
    extraResources: z
      .strictObject({limits: quantities.optional(), guarantees: quantities.optional()})
      .optional()
      .describe('Other resources, as {limits: {nvidia.com/gpu: 1}}.'),
  })
  .describe("Settings of servers' pods, besides limits.")

/** The `k8s` part of `jhub.yaml`. */
export const kubernetesSchema = z
  .strictObject({
    cluster: z
      .string()
      .regex(clusterPattern, `must be ${clusterChoices}`)
      .optional()
      .describe(`${clusterChoices} of your kubeconfig. jhub creates and removes a kind cluster. Default: kind.`),
    nodes: z.int().min(1).max(20).optional().describe('Nodes of a kind cluster. Default: 1.'),
    nodeImage: z.string().min(1).optional().describe("The node image of a kind cluster. Default: kind's own."),
    namespace: z
      .string()
      .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be lower-case letters, digits and "-", at most 63')
      .optional()
      .describe("The namespace of this hub. Default: the hub's name."),
    chart: z
      .string()
      .min(1)
      .optional()
      .describe('A version of the official chart, a path, a .tgz, or an oci:// or https:// address.'),
    chartDigest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, 'must be "sha256:" and 64 hexadecimal digits')
      .optional()
      .describe("The digest that the chart's .tgz must have. Default: the digest of the first download."),
    values: z.record(z.string(), z.unknown()).optional().describe("Values of the chart, which override jhub's."),
    scale: z
      .enum(['lean', 'cluster'])
      .optional()
      .describe('lean: for one node; cluster: user scheduler, placeholders and image pullers. Default: lean.'),
    image: z.string().min(1).optional().describe("The image of everybody's server. Default: the chart's."),
    registry: z
      .string()
      .regex(registryPattern, 'must be a registry, and where in it: registry.example/courses or ghcr.io/my-team')
      .optional()
      .describe(
        'Where jhub pushes the images that it builds, and where nodes download them: registry.example/courses.',
      ),
    expose: z
      .enum(['nodePort', 'loadBalancer', 'clusterIP'])
      .optional()
      .describe(
        'How people reach the hub in a cluster that jhub did not create. Default: clusterIP, only through jhub.',
      ),
    storage: z
      .strictObject({
        class: z.string().optional().describe("The storage class of homes. Default: the cluster's."),
        commonClass: z
          .string()
          .optional()
          .describe(
            'The storage class of materials and the shared directory. Several servers must be able to mount its volumes at once (ReadWriteMany). Default: the class of homes.',
          ),
        size: z
          .string()
          .regex(/^\d+(?:\.\d+)?(?:[EPTGMK]i?|k)?$/, 'must be a size as Kubernetes writes it, for example 10Gi')
          .optional()
          .describe('The size of a home. Default: 10Gi.'),
      })
      .optional()
      .describe('Where homes are kept.'),
    pod: pod.optional(),
    discovery: z
      .enum(['dns', 'environment'])
      .optional()
      .describe(
        'How hub, proxy and servers find each other: dns, or environment (variables) for clusters without DNS.',
      ),
  })
  .describe('For mode k8s.')

export type KubernetesDocument = z.infer<typeof kubernetesSchema>

export function toKubernetesSpec(document: KubernetesDocument | undefined): KubernetesSpec {
  const {
    nodes,
    nodeImage,
    namespace,
    chart,
    chartDigest,
    values,
    scale,
    image,
    registry,
    expose,
    storage,
    pod: given,
    discovery,
  } = document ?? {}
  return {
    cluster: parseClusterName(document?.cluster ?? defaultCluster),
    nodes: nodes ?? 1,
    ...definedOnly({nodeImage, namespace, chart, chartDigest, image, registry, expose}),
    values: values ?? {},
    scale: scale ?? 'lean',
    storage: {
      ...definedOnly({class: storage?.class, commonClass: storage?.commonClass}),
      size: storage?.size ?? '10Gi',
    },
    pod: toPod(given),
    discovery: discovery ?? 'dns',
  }
}

function toPod(given: KubernetesDocument['pod']): PodSpec {
  const {uid, gid, fsGid, seLinuxOptions, nodeSelector = {}, tolerations = [], extraResources} = given ?? {}
  return {
    ...definedOnly({uid, gid, fsGid, seLinuxOptions}),
    nodeSelector,
    tolerations: tolerations.map((each) => definedOnly(each)),
    extraResources: {limits: extraResources?.limits ?? {}, guarantees: extraResources?.guarantees ?? {}},
  }
}
