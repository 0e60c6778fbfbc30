import {z} from 'zod'

const line = z.string().regex(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,120}$/u, 'must be one line of at most 120 characters')

export const workshopSchema = z
  .strictObject({
    title: line.optional().describe('What the course is called. Default: the name of the hub.'),
    wifi: line.optional().describe('How to join the room\'s network, for example "Guest, password: welcome".'),
  })
  .describe('Text for the cards of `jhub cards`.')

/** What is printed on the cards of a workshop. */
export type WorkshopSpec = Readonly<z.output<typeof workshopSchema>>
