import {z} from 'zod'
import {definedOnly} from '../defined-only.js'

/** What all people see in their homes. */
export interface FilesSpec {
  /** A directory that everybody reads, as `~/materials`. */
  readonly materials?: string
  /** Whether there is a directory in which everybody writes, as `~/shared`. */
  readonly shared: boolean
}

export const filesSchema = z
  .strictObject({
    materials: z
      .string()
      .min(1)
      .optional()
      .describe('A directory beside this file that everybody sees in their home as "materials" and nobody can change.'),
    shared: z
      .boolean()
      .optional()
      .describe('A directory that everybody sees in their home as "shared" and can write to. Default: false.'),
  })
  .describe('Directories that everybody sees in their home.')

export function toFiles(document: z.infer<typeof filesSchema> | undefined): FilesSpec {
  const {materials, shared = false} = document ?? {}
  return {...definedOnly({materials}), shared}
}
