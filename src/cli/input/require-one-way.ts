import {JhubError} from '../../errors.js'
import {orList} from '../../hub-spec/document/or-list.js'

/** Whom a command is about: one of its flags, or names unless they are `undefined`. Throws `JHUB-E100` for neither or for both. */
export function requireOneWay(
  names: readonly string[] | undefined,
  flags: Readonly<Record<string, boolean>>,
  example: string,
): void {
  const given = Object.entries(flags).flatMap(([flag, isGiven]) => (isGiven ? [`--${flag}`] : []))
  const ways = [...(names !== undefined && names.length > 0 ? ['names'] : []), ...given]
  if (ways.length === 1) return
  const all = [...(names === undefined ? [] : ['names']), ...Object.keys(flags).map((flag) => `--${flag}`)]
  throw new JhubError(
    'JHUB-E100',
    ways.length === 0 ? `Nobody is named: give ${orList(all)}` : `${ways.join(' and ')} cannot be used together`,
    {fix: example},
  )
}
