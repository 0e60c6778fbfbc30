import {definedOnly} from '../../../defined-only.js'
import {JhubError, type ErrorCode} from '../../../errors.js'

/** What of a recipe is at fault; without any of it, only that some of its packages are. */
export interface RecipeFault {
  /** A package that an index or Debian does not have. */
  readonly missing?: string
  /** The one that was perhaps meant instead. */
  readonly meant?: string
  /** A file or directory of the recipe is not there. */
  readonly isNotThere?: true
  /** A key that this image cannot have as it is. */
  readonly key?: 'apt' | 'python' | 'base'
  /** What can be done in place of leaving `key` out, or what follows from that: `name another base`. */
  readonly otherwise?: string
}

export interface RecipeErrorOptions extends RecipeFault {
  readonly cause?: unknown
  /** What can be typed while the recipe stays as it is. */
  readonly elsewhere?: string
}

/** An image cannot be had as its recipe is. It says what to change in the settings file, where a recipe usually stands. */
export class RecipeError extends JhubError {
  readonly fault: RecipeFault
  readonly elsewhere: string | undefined

  constructor(code: ErrorCode, message: string, {cause, elsewhere, ...fault}: RecipeErrorOptions = {}) {
    const {missing, meant} = fault
    super(code, message, {
      cause,
      fix: [...(elsewhere === undefined ? [] : [elsewhere]), changeOfSettings(fault)],
      ...(missing === undefined ? {} : {details: {missing, ...definedOnly({meant})}}),
    })
    this.fault = fault
    this.elsewhere = elsewhere
  }
}

function changeOfSettings({key, otherwise}: RecipeFault): string {
  const words = [
    ...(key === undefined ? [] : [`take ${key} out of the image`]),
    ...(otherwise === undefined ? [] : [otherwise]),
  ]
  return words.length === 0 ? 'jhub config edit' : `jhub config edit   # ${words.join(', or ')}`
}
