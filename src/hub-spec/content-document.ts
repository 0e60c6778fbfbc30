import {z} from 'zod'

const isPathInside = (text: string) => !text.split('/').some((part) => part === '..' || part === '' || part === '.')

export const contentSchema = z
  .strictObject({
    git: z
      .string()
      .regex(
        /^https?:\/\/[^\s@"'\\?#%$`/]+(?:\/[\w.~+-]+)*\/[\w~+-][\w.~+-]*\/?$/,
        'must be an address that anybody can clone, for example https://github.com/my-team/course',
      )
      .describe('The address of the repository, without a password: everybody with a server can read it.'),
    branch: z
      .string()
      .regex(/^\w[\w./-]{0,200}$/, 'must be the name of a branch')
      .optional()
      .describe("The branch. Default: the repository's own."),
    open: z
      .string()
      .regex(/^[^\p{Cc}]{1,200}$/u, 'must be a path in the repository')
      .refine(isPathInside, 'must be a path in the repository, without ".."')
      .optional()
      .describe('The file that JupyterLab opens first, for example lesson-1.ipynb.'),
  })
  .describe('A repository that everybody gets in their home when their server starts. What they changed stays.')

export type ContentDocument = z.infer<typeof contentSchema>
