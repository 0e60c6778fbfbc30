import {z} from 'zod'
import {JhubError} from '../errors.js'

const fileSchema = z.object({
  /** A name of ours or of a Python package: it stays in its directory when it is unpacked. */
  name: z
    .string()
    .regex(
      /^(?:packages\/[A-Za-z0-9][\w.+!-]*|programs\/(?:kind|helm)|machine\.tar|images\.tar|chart\.tgz|content\.gitbundle)$/,
    ),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

/** Raised whenever a jhub of before could not read a bundle. */
const ourFormat = 2

const everyManifest = {
  format: z.literal(ourFormat),
  jhub: z.string(),
  /** ISO 8601. */
  made: z.string(),
  platform: z.enum(['linux', 'darwin']),
  /** As Python calls it: `x86_64`, `aarch64`, `arm64`. */
  architecture: z.string(),
  /** The address of the repository of the course, where it is in it. */
  content: z.string().exactOptional(),
  files: z.array(fileSchema),
}

const machineSchema = z.object({
  ...everyManifest,
  mode: z.literal('vm'),
  /** Major and minor version of the Python that the packages are for: `3.13`. */
  python: z.string(),
  /** The names and hashes of the lock files whose packages are in it. */
  locks: z.record(z.string(), z.string()),
  /** The tag of the docker machine's image. */
  image: z.string().exactOptional(),
})

const clusterSchema = z.object({
  ...everyManifest,
  mode: z.literal('k8s'),
  /** From which the nodes of the cluster are made. */
  nodeImage: z.string(),
  /** The chart; absent where it is a file of the person's own. */
  chart: z.object({source: z.string(), digest: z.string()}).exactOptional(),
  /** The images of hub, proxy and servers, by name: what each is, as Docker tells it. */
  images: z.record(z.string(), z.string()),
})

/** What is in a bundle for a hub on one machine, and for which machines it is. */
export type MachineManifest = z.output<typeof machineSchema>
/** What is in a bundle for a hub in a cluster that jhub makes. */
export type ClusterManifest = z.output<typeof clusterSchema>
export type Manifest = MachineManifest | ClusterManifest
export type BundledFile = z.output<typeof fileSchema>

const manifestSchema = z.discriminatedUnion('mode', [machineSchema, clusterSchema])

/** As far as every version of jhub says it. */
const anyManifest = z.looseObject({format: z.number(), jhub: z.string()})

/** Throws `JHUB-E231` for the text of anything else. */
export function parseManifest(text: string, file: string): Manifest {
  const value = readJson(text)
  const {success, data} = manifestSchema.safeParse(value)
  if (success) return data
  const other = anyManifest.safeParse(value).data
  const age =
    other === undefined || other.format === ourFormat ? undefined : other.format < ourFormat ? 'older' : 'newer'
  const why =
    age === undefined
      ? 'is not a bundle that this jhub can read'
      : `was made by jhub ${other?.jhub ?? ''}, which is ${age} than this one and makes other bundles`
  throw new JhubError('JHUB-E231', `${file} ${why}`, {
    fix: 'jhub bundle create   # on a computer with internet, with this version of jhub',
  })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
