import {JhubError} from '../../src/errors.js'

/** The jhub process was killed: nothing it does from now on has an effect, its undo included. */
export class Killed extends Error {
  override readonly name = 'Killed'

  /** It is killed by this change, and not long dead. */
  readonly strikes: boolean

  constructor(what: string, strikes: boolean) {
    super(what)
    this.strikes = strikes
  }
}

/** Stops a world before a chosen change, as a failure or as a kill. */
export interface Fault {
  readonly changes: string[]
  /** Dies before the n-th change from now. `undefined`: lives. */
  killAt: number | undefined
  /** Makes the n-th change from now fail, once. */
  failAt: number | undefined
  readonly beforeChange: (what: string) => void
  isKilled(): boolean
  /** A new jhub begins: the one before was killed. */
  revive(): void
}

export function newFault(): Fault {
  let isDead = false
  const fault: Fault = {
    changes: [],
    killAt: undefined,
    failAt: undefined,
    isKilled: () => isDead,
    beforeChange(what) {
      if (isDead) throw new Killed(what, false)
      if (fault.killAt !== undefined && fault.killAt-- === 0) {
        fault.killAt = undefined
        isDead = true
        throw new Killed(what, true)
      }
      if (fault.failAt !== undefined && fault.failAt-- === 0) {
        fault.failAt = undefined
        throw new JhubError('JHUB-E201', `planned failure at: ${what}`)
      }
      fault.changes.push(what)
    },
    revive() {
      isDead = false
      fault.killAt = undefined
      fault.failAt = undefined
    },
  }
  return fault
}
