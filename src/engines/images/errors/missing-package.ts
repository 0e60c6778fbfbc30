import {definedOnly} from '../../../defined-only.js'

/** A package that an index or Debian does not have, and the one that was perhaps meant: particulars of `JHUB-E221`. */
export type MissingPackage = Readonly<{missing: string; meant?: string}>

/** `meant`: the nearest name, where there is one. */
export function missingPackage(missing: string, meant: string | undefined): MissingPackage {
  return {missing, ...definedOnly({meant})}
}
