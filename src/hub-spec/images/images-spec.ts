import {z} from 'zod'
import {definedOnly} from '../../defined-only.js'

/** What an image is made from. */
export type Recipe =
  | {readonly by: 'packages'; readonly packages: readonly string[]}
  | {readonly by: 'requirements'; readonly file: string}
  | {readonly by: 'project'; readonly directory: string}
  | {readonly by: 'environment'; readonly file: string}
  | {readonly by: 'build'; readonly directory: string}
  | {readonly by: 'oci'; readonly reference: string}

/** The software of a server, under a name. */
export interface ImageSpec {
  readonly recipe: Recipe
  readonly description?: string
  /** The version of Python, as `3.12`; absent: that of the machine, or of the base. */
  readonly python?: string
  /** The container image on which its packages are installed; absent: that of `k8s.image`, else the chart's. */
  readonly base?: string
  /** Debian packages that it needs; not locked. */
  readonly apt?: readonly string[]
  /** Where the packages that were chosen are written, beside the spec. */
  readonly lockFile: string
}

const namePattern = /^[a-z][a-z0-9-]{0,30}$/
const nameRule = 'must be a lower-case letter, then letters, digits and "-", at most 31'

/** The name of an image, where one is named. */
export const imageNameSchema = z.string().regex(namePattern, nameRule)

export function isImageName(text: string): boolean {
  return namePattern.test(text)
}

const place = z.string().regex(/\S/, 'must name a file or a directory')

export const recipeKinds = ['packages', 'requirements', 'project', 'environment', 'build', 'oci'] as const

const imageSchema = z.strictObject({
  packages: z
    .array(z.string())
    .min(1, 'must name a package')
    .optional()
    .describe('Python packages, for example [pandas, "matplotlib>=3.9"].'),
  requirements: place.optional().describe('A requirements file, relative to this file.'),
  project: place.optional().describe('A directory with a pyproject.toml and uv.lock.'),
  environment: place.optional().describe("conda's environment.yml."),
  build: place.optional().describe('A directory with a Dockerfile, for mode k8s.'),
  oci: z.string().min(1).optional().describe('An existing container image, for mode k8s.'),
  base: z.string().min(1).optional().describe('The container image to install packages on, for mode k8s.'),
  python: z
    .string()
    .regex(/^3\.\d{1,2}$/, 'must be a version of Python, for example "3.12"')
    .optional()
    .describe('The version of Python, for example "3.12".'),
  apt: z
    .array(z.string())
    .min(1, 'must name a package')
    .optional()
    .describe(
      'Debian packages, for example [r-cran-irkernel]. Without another recipe, they are added to the standard software.',
    ),
  description: z.string().optional().describe('A one-line description.'),
})

export const imagesSchema = z
  .record(z.string(), imageSchema)
  .nullable()
  .describe('Software for servers, by name. Each has one recipe.')

export const chooseSchema = z
  .array(imageNameSchema)
  .min(1, 'must name an image')
  .describe('Images that people can choose when their server starts, besides their own.')

export type ImageDocument = z.infer<typeof imageSchema>

/** The one form that a checked document has. `lockFile` is relative to the spec. */
export function toImageSpec(
  {hubName, mode}: {readonly hubName: string; readonly mode: 'vm' | 'k8s'},
  name: string,
  document: ImageDocument,
): ImageSpec {
  return {
    recipe: toRecipe(document),
    ...definedOnly({
      description: document.description,
      python: document.python,
      base: document.base,
      apt: document.apt,
    }),
    lockFile: `images/${hubName}/${name}.${mode}.lock`,
  }
}

function toRecipe({packages, requirements, project, environment, build, oci}: ImageDocument): Recipe {
  if (packages !== undefined) return {by: 'packages', packages: packages.map((each) => each.trim())}
  if (requirements !== undefined) return {by: 'requirements', file: requirements}
  if (project !== undefined) return {by: 'project', directory: project}
  if (environment !== undefined) return {by: 'environment', file: environment}
  if (build !== undefined) return {by: 'build', directory: build}
  // Debian packages alone are a recipe too.
  return oci === undefined ? {by: 'packages', packages: []} : {by: 'oci', reference: oci}
}

/** The same image, with its files where they are seen from. */
export function imageSeenFrom(image: ImageSpec, seen: (relative: string) => string): ImageSpec {
  const {recipe} = image
  const lockFile = seen(image.lockFile)
  if (recipe.by === 'requirements' || recipe.by === 'environment')
    return {...image, lockFile, recipe: {...recipe, file: seen(recipe.file)}}
  if (recipe.by === 'project' || recipe.by === 'build')
    return {...image, lockFile, recipe: {...recipe, directory: seen(recipe.directory)}}
  return {...image, lockFile}
}
