import {z} from 'zod'
import {JhubError} from '../../errors.js'

/** A text that a reader of quantities or names accepts, or its complaint as a problem of the spec. */
export const readable = (read: (text: string) => unknown, examples: string) =>
  z.union([z.string(), z.number()]).superRefine((value, context) => {
    try {
      read(String(value))
    } catch (error) {
      if (!(error instanceof JhubError)) throw error
      context.addIssue({code: 'custom', message: `${error.message} (for example ${examples})`})
    }
  })
