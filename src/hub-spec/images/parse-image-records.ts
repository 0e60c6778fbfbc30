import {z} from 'zod'
import type {ImageRecords} from './image-records.js'

const recordsSchema = z.object({
  version: z.literal(1),
  images: z.record(
    z.string(),
    z.array(
      z.object({
        recipe: z.string(),
        python: z.string().exactOptional(),
        base: z.string().exactOptional(),
        apt: z.array(z.string()).exactOptional(),
        packages: z.string(),
        conda: z
          .object({packages: z.array(z.string()), pip: z.string(), variables: z.record(z.string(), z.string())})
          .exactOptional(),
      }),
    ),
  ),
})

/** The records of a text; none where there is no text, or it was damaged. */
export function parseImageRecords(text: string | undefined): ImageRecords {
  try {
    return new Map(Object.entries(recordsSchema.parse(JSON.parse(text ?? '')).images))
  } catch {
    return new Map()
  }
}
