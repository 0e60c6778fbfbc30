import {z} from 'zod'
import {JhubError} from '../errors.js'

/** In a bundle, the file that comes first and names all others. */
export const manifestName = 'bundle.json'
/** In a bundle, the image of the docker machine as `docker save` writes it. */
export const imageName = 'machine.tar'

const fileSchema = z.object({
  /** A name of ours or of a Python package: it stays in its directory when it is unpacked. */
  name: z.string().regex(/^(?:packages\/[A-Za-z0-9][\w.+!-]*|machine\.tar)$/),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

const manifestSchema = z.object({
  format: z.literal(1),
  jhub: z.string(),
  /** ISO 8601. */
  made: z.string(),
  platform: z.enum(['linux', 'darwin']),
  /** As Python calls it: `x86_64`, `aarch64`, `arm64`. */
  architecture: z.string(),
  /** Major and minor version of the Python that the packages are for: `3.13`. */
  python: z.string(),
  /** The names and hashes of the lock files whose packages are in it. */
  locks: z.record(z.string(), z.string()),
  /** The tag of the docker machine's image. */
  image: z.string().exactOptional(),
  files: z.array(fileSchema),
})

/** What is in a bundle, and for which machines it is. */
export type Manifest = z.output<typeof manifestSchema>
export type BundledFile = z.output<typeof fileSchema>

/** Throws `JHUB-E231` for the text of anything else. */
export function parseManifest(text: string, file: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new JhubError('JHUB-E231', `${file} is not a bundle that this jhub can read`, {
      cause: error,
      fix: 'jhub bundle create   # on a computer with internet, with this version of jhub',
    })
  }
}
