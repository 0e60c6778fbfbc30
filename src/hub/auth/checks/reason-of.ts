import {messageOf} from '../../../errors.js'

/** Why an address did not answer: what a request failed of stands in the cause. */
export function reasonOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
}
