import {z} from 'zod'
import {definedOnly} from '../../defined-only.js'

/** Who a person is, beside the login that is their key in the spec. */
export interface PersonKeys {
  /** What they are called, in any script. */
  readonly name?: string
  readonly email?: string
}

/** The keys of it in the document. */
export const personKeys = {
  name: z
    .string()
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,200}$/u, 'must be one line of at most 200 characters')
    .optional()
    .describe("The person's name in any script, for lists and cards."),
  email: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+$/, 'must be an e-mail address, for example ana@uni.example')
    .optional()
    .describe("This person's e-mail address, for lists."),
}

export function toPersonKeys(entry: {readonly [Key in keyof PersonKeys]?: string | undefined} | null): PersonKeys {
  return definedOnly({name: entry?.name, email: entry?.email})
}
