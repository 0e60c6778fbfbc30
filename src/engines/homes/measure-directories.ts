import {definedOnly} from '../../defined-only.js'
import {JhubError} from '../../errors.js'
import type {CommandOptions, CommandResult} from '../../host/processes/commands.js'

type Run = (argv: readonly string[], options?: CommandOptions) => Promise<CommandResult>

/** So many directories are measured at once. */
const atOnce = 4
/** A home with a million files does not delay the sizes of the others. */
const directoryTimeoutMs = 20_000

/**
 * What directories hold on disk, in bytes, by `du`, which follows no link. A directory that is not there, or has more files
 * than can be counted in time, is left out; so are those that are still to be measured when the signal is aborted.
 */
export async function measureDirectories(
  run: Run,
  directories: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const left = [...directories]
  const measured = new Map<string, number>()
  const measureNext = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined && !signal.aborted; next = left.shift()) {
      const bytes = await measureDirectory(run, next, {signal})
      if (bytes !== undefined) measured.set(next, bytes)
    }
  }
  await Promise.all(Array.from({length: atOnce}, measureNext))
  return measured
}

export interface MeasureOptions {
  /** What the directory has in common with these is not counted. */
  readonly beside?: readonly string[]
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** The same of one directory. `du` counts a file of several names once, where it first meets it. */
export async function measureDirectory(
  run: Run,
  directory: string,
  {beside = [], timeoutMs = directoryTimeoutMs, signal}: MeasureOptions,
): Promise<number | undefined> {
  const argv = ['nice', '-n', '19', 'du', '-skx', '--', ...beside, directory]
  // What somebody deletes meanwhile, or has closed to us, is said by the exit code 1.
  const said = await orNothing(run(argv, {...definedOnly({signal}), timeoutMs, okExitCodes: [0, 1]}))
  return readKibibytes(said?.stdout ?? '')
}

/** The disk of a directory, in bytes, by `df`; `undefined` where it does not say. */
export async function measureDisk(run: Run, directory: string): Promise<DiskInUse | undefined> {
  const said = await orNothing(run(['df', '-Pk', '--', directory], {timeoutMs: directoryTimeoutMs}))
  return parseDisk(said?.stdout ?? '')
}

export interface DiskInUse {
  readonly totalBytes: number
  readonly freeBytes: number
}

/** The second line of `df -Pk`: file system, blocks, used, available. */
export function parseDisk(text: string): DiskInUse | undefined {
  const [total, , free] = /\s(\d+)\s+(\d+)\s+(\d+)\s+\d+%/.exec(text)?.slice(1) ?? []
  return total === undefined || free === undefined
    ? undefined
    : {totalBytes: Number(total) * 1024, freeBytes: Number(free) * 1024}
}

/** The number with which the last line of `du -sk` begins, in bytes. */
function readKibibytes(text: string): number | undefined {
  const counted = /^(\d+)\s/.exec(text.trimEnd().split('\n').at(-1) ?? '')?.[1]
  return counted === undefined ? undefined : Number(counted) * 1024
}

/** A home that cannot be measured fails nothing: its number is missing. */
async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof JhubError || (error instanceof Error && error.name === 'AbortError')) return undefined
    throw error
  }
}
