import {z} from 'zod'

/** What stands on the cards of a workshop. */
export interface WorkshopSpec {
  readonly title?: string
  /** How people get on the network of the room, in one line. */
  readonly wifi?: string
}

const line = z.string().regex(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,120}$/u, 'must be one line of at most 120 characters')

export const workshopSchema = z
  .strictObject({
    title: line.optional().describe('What the course is called. Default: the name of the hub.'),
    wifi: line.optional().describe('How people get on the network of the room, as "Guest, password: welcome".'),
  })
  .describe('What stands on the cards of `jhub cards`.')

export function toWorkshop(document: z.infer<typeof workshopSchema> | undefined): WorkshopSpec {
  const {title, wifi} = document ?? {}
  return {...(title === undefined ? {} : {title}), ...(wifi === undefined ? {} : {wifi})}
}
