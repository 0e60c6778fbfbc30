import {JhubError} from '../../errors.js'

/** Whom a command is about: one of its flags, or names unless they are `undefined`. Throws `JHUB-E100` for neither or for both. */
export function requireOneWay(
  names: readonly string[] | undefined,
  flags: Readonly<Record<string, boolean>>,
  example: string,
): void {
  const given = Object.entries(flags).flatMap(([flag, isGiven]) => (isGiven ? [`--${flag}`] : []))
  const ways = [...(names !== undefined && names.length > 0 ? ['names'] : []), ...given]
  if (ways.length === 1) return
  const choice = [...(names === undefined ? [] : ['names']), ...Object.keys(flags).map((flag) => `--${flag}`)].join(
    ' or ',
  )
  throw new JhubError(
    'JHUB-E100',
    ways.length === 0 ? `Who is it for? Give ${choice}` : `${ways.join(' and ')} do not go together`,
    {
      fix: example,
    },
  )
}
