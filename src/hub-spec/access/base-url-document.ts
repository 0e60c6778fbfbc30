import {z} from 'zod'
import {baseUrlPattern} from './base-url.js'

export const baseUrlSchema = z
  .union([z.literal('/'), z.string().regex(baseUrlPattern, 'a path such as /jupyter/')])
  .describe('The path of the hub in its address, if it is behind another web server. Default: /.')
