import {z} from 'zod'

const namePattern = /^[a-z][a-z0-9-]{0,30}$/
const nameRule = 'must be a lower-case letter, then letters, digits and "-", at most 31'

/** The name of an image, where one is named. */
export const imageNameSchema = z.string().regex(namePattern, nameRule)

/** Why a text cannot be the name of an image; pages call the software of people without an image *standard*. */
export function imageNameProblem(text: string): string | undefined {
  if (text === 'standard') return 'is the software that jhub itself installs; take another name'
  return namePattern.test(text) ? undefined : nameRule
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
