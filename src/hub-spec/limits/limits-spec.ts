import {z} from 'zod'
import {definedOnly, ifDefined} from '../../defined-only.js'
import {parseServerCpu, parseServerMemory} from './least-limits.js'
import {parseCpu, parseMemory} from './quantity.js'
import {readable} from '../document/readable.js'

/** What one server may use. An absent key is not a limit. */
export interface Limits {
  readonly memoryBytes?: number
  readonly memoryGuaranteeBytes?: number
  readonly cpuCores?: number
  readonly cpuGuaranteeCores?: number
}

/** What the whole hub may use. */
export interface TotalLimits {
  readonly memoryBytes?: number
  readonly cpuCores?: number
  readonly servers?: number
}

const memory = readable(parseMemory, '512M or 2G')
const cpu = readable(parseCpu, '0.5 or 500m')
const serverMemory = readable(parseServerMemory, '512M or 2G')
const serverCpu = readable(parseServerCpu, '0.5 or 500m')

export const limitsSchema = z
  .strictObject({
    memory: serverMemory
      .optional()
      .describe('At most this much memory for a server, for example 512M or 2G (1024-based).'),
    memoryGuarantee: memory.optional().describe('At least this much memory for a server.'),
    cpu: serverCpu.optional().describe('At most this many cores for a server, for example 0.5 or 500m.'),
    cpuGuarantee: cpu.optional().describe('At least this many cores for a server.'),
  })
  .nullable()

export type LimitsDocument = z.infer<typeof limitsSchema>

export const totalSchema = z
  .strictObject({
    memory: serverMemory.optional().describe('For all servers together.'),
    cpu: serverCpu.optional().describe('For all servers together.'),
    servers: z.int().min(1).optional().describe('At most this many servers at once.'),
  })
  .nullable()

export type TotalDocument = z.infer<typeof totalSchema>

export function toLimits(entry: LimitsDocument | undefined): Limits {
  if (entry === undefined || entry === null) return {}
  const {memory, memoryGuarantee, cpu, cpuGuarantee} = entry
  return definedOnly({
    memoryBytes: ifDefined(memory, parseMemory),
    memoryGuaranteeBytes: ifDefined(memoryGuarantee, parseMemory),
    cpuCores: ifDefined(cpu, parseCpu),
    cpuGuaranteeCores: ifDefined(cpuGuarantee, parseCpu),
  })
}

export function toTotal(entry: TotalDocument | undefined): TotalLimits {
  if (entry === undefined || entry === null) return {}
  const {memory, cpu, servers} = entry
  return definedOnly({memoryBytes: ifDefined(memory, parseMemory), cpuCores: ifDefined(cpu, parseCpu), servers})
}
