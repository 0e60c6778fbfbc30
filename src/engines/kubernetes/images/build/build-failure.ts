import {exitCodeOf, JhubError} from '../../../../errors.js'
import {translateInstallError} from '../../../images/errors/install-error.js'
import {translateDockerError} from '../../clusters/docker-error.js'

/** Docker ends with 125 to 127 for itself, or without a code where it could not be run; any other is the program's. */
function isOfDocker(error: unknown): boolean {
  const code = error instanceof JhubError ? exitCodeOf(error) : undefined
  return typeof code !== 'number' || (code >= 125 && code <= 127)
}

/** What a program in a container said, in a person's words: `JHUB-E201`, or what is known to be Docker's. */
export function buildFailure(error: unknown, image: string): unknown {
  const said = translateInstallError(error, `the image ${image}`)
  const known = isOfDocker(said) ? translateDockerError(said) : said
  if (!(known instanceof JhubError) || known.code !== 'JHUB-E201') return known
  return new JhubError('JHUB-E201', `The image ${image} could not be built`, {cause: known.cause})
}

/** Throws it. */
export function failing(image: string): (error: unknown) => never {
  return (error) => {
    throw buildFailure(error, image)
  }
}
