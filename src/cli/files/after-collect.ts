import type {CollectedPerson} from '../../hub/files/collect.js'

/** What helps those of whom not everything could be collected. */
export function afterCollect(failed: readonly CollectedPerson[]): readonly string[] {
  const others = failed.filter(({isTooMuch}) => isTooMuch !== true)
  return [
    ...(others.length < failed.length
      ? ['Choose fewer files with a narrower pattern, or take more with --max-files and --max-size']
      : []),
    ...(others.length > 0 ? ['Run the same command again: it continues where it stopped'] : []),
  ]
}
