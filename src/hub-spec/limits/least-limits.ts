import {JhubError} from '../../errors.js'
import {formatCpu, formatMemory, parseCpu, parseMemory} from './quantity.js'

/**
 * The least with which a server starts. Measured with JupyterLab 4 in a container of its own: with 64M it is killed, with 96M it
 * starts and holds 83M. It takes 1.8 core-seconds, so that 0.02 cores need 90 seconds.
 */
export const least = {memoryBytes: 96 * 1024 ** 2, cpuCores: 0.02} as const

/** Bytes that a server can start with. Throws `JHUB-E102` for what is no amount of memory, or too little. */
export function parseServerMemory(text: string | number): number {
  const bytes = parseMemory(text)
  if (bytes >= least.memoryBytes) return bytes
  throw new JhubError(
    'JHUB-E102',
    `${describe(text, bytes)} is not enough memory: a server needs ${formatMemory(least.memoryBytes)} to start`,
    {fix: 'A notebook with pandas needs about 512M; 1G is a good start'},
  )
}

/** Cores that a server can start with. Throws `JHUB-E102` for what is no number of cores, or too few. */
export function parseServerCpu(text: string | number): number {
  const cores = parseCpu(text)
  if (cores >= least.cpuCores) return cores
  throw new JhubError(
    'JHUB-E102',
    `${formatCpu(cores)} cores are too few: with less than ${formatCpu(least.cpuCores)} a server does not start in time`,
    {fix: 'Half a core (0.5) is enough for a notebook; 1 is a good start'},
  )
}

/** A number without a unit is bytes, which few people mean. */
function describe(text: string | number, bytes: number): string {
  return /^\d+$/.test(String(text).trim()) ? `${String(bytes)} bytes` : String(text)
}
