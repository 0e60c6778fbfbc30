import type {AcmeSpec} from '../../../hub-spec/access/https-spec.js'

/** Who is asked for a certificate, as a person calls them. */
export function authorityName({directory}: AcmeSpec): string {
  return directory === undefined ? "Let's Encrypt" : new URL(directory).host
}
